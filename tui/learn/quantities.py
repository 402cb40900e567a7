"""Quantities: what texts, goals and answers of a lesson can speak of; nothing else is computed."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ...core.explain.formulas import number_text
from ...core.explain.replay import Replay
from ...core.explain.stepper import StepError, Stepper
from ...core.expression import run_program

if TYPE_CHECKING:
    from ...core import Snapshot
    from ...core.autograd import Value

Quantity = float | str | None
"""A number or a text; None while it is unknown."""


# The name of a key in the key map, such as `step.forward`.
_KEY: Final = re.compile(r"[a-z-]+\.[a-z-]+")


class QuantityError(ValueError):
    """A quantity that does not exist; in a sentence without its end."""


@dataclass(frozen=True)
class Scene:
    """What the learner has before them.

    Attributes:
        stepper: Of the graph in the microscope; None without one.
        selected: The name of the node that is selected there; empty for none.
        snapshot: Of the session; None before the first.
        screen: "microscope" or "playground".
        output_view: The name of the view in the Output pane.
        gradients_view: Likewise in the Gradients pane.
        point: The selected sample or place, by the names of the data's columns.
        looking_at: What exactly the learner examines; another text for another thing.
        looks: How many things they have examined so far.
    """

    stepper: Stepper | None = None
    selected: str = ""
    snapshot: Snapshot | None = None
    screen: str = ""
    output_view: str = ""
    gradients_view: str = ""
    point: Mapping[str, float] = field(default_factory=dict)
    looking_at: str = ""
    looks: int = 0


def solved(program: str) -> Stepper | None:
    """The graph of a program after its backward pass; None if it has no output.

    Raises:
        QuantityError: If a line is wrong, or a step impossible.
    """
    run = run_program(program)
    if run.errors:
        error = run.errors[0]
        raise QuantityError(f"line {error.line} of the program: {error}")
    if run.output is None:
        return None
    try:
        stepper = Stepper(run.output)
        stepper.jump(stepper.n_steps)
    except (StepError, ValueError) as error:
        raise QuantityError(f"the program can't be differentiated: {error}") from None
    return stepper


def fill(text: str, scene: Scene) -> str:
    """A text with each `{quantity}` as it is in a scene; the names of keys stay.

    Raises:
        QuantityError: If one does not exist, or is unknown.
    """

    def written(match: re.Match[str]) -> str:
        if _KEY.fullmatch(match[1]):
            return match[0]
        value = quantity(match[1], scene)
        if value is None:
            raise QuantityError(f'"{match[1]}" is not known there')
        return number_text(value) if isinstance(value, float) else str(value)

    return re.sub(r"\{([^{}]*)\}", written, text)


def quantity(name: str, scene: Scene) -> Quantity:
    """One quantity of a scene; None while it is unknown.

    Raises:
        QuantityError: If it does not exist.
    """
    if name in OF_GRAPH:
        return None if scene.stepper is None else OF_GRAPH[name](scene.stepper)
    if name in OF_RUN:
        return None if scene.snapshot is None else OF_RUN[name](scene.snapshot)
    if name in OF_SCREEN:
        return OF_SCREEN[name](scene)
    first, *names = name.split() or [""]
    if first in _OF_NODES and names:
        return _of_nodes(first, names, scene)
    if first == POINT and names:
        return scene.point.get(" ".join(names))
    if first == GRADIENT and len(names) == 1:
        return _gradient_of_layer(names[0], scene.snapshot)
    of_names = (*_OF_NODES.values(), f"{POINT} COLUMN", f"{GRADIENT} LAYER")
    known = ", ".join([*of_names, *OF_GRAPH, *OF_RUN, *OF_SCREEN])
    raise QuantityError(f'"{name}" is no quantity: use {known}')


# --- Of nodes ------------------------------------------------------------------------------------

_OF_NODES: Final = MappingProxyType(
    {
        "data": "data NODE",
        "grad": "grad NODE",
        "slope": "slope OF BY",
        "rise": "rise OF BY STEP",
        "stepped": "stepped NODE RATE",
    }
)


POINT: Final = "place"
"""Before the name of a column: where the selected sample is."""

GRADIENT: Final = "gradient"
"""Before the number of a layer, from 1: how large its gradients are."""

# What the graph shows only from a step on; the others are computed from it.
_SHOWN: Final = ("data", "grad", "slope")


def is_of_node(name: str) -> bool:
    """Whether a quantity is one of a graph's nodes."""
    return name.split(" ")[0] in _OF_NODES


def names_in(text: str) -> tuple[str, ...]:
    """The quantities that stand in a text."""
    found = re.findall(r"\{([^{}]*)\}", text)
    return tuple(name for name in found if not _KEY.fullmatch(name))


def place_before(names: Iterable[str], stepper: Stepper) -> int:
    """The last step, up to where a stepper is, at which none of these quantities is known.

    Where there is none, because a leaf has its number from the start, it is where it is.
    """
    names = [name for name in names if name.split()[0] in _SHOWN]
    trial = Stepper(stepper.output, stepper.bugs)

    def shows(place: int) -> bool:
        trial.jump(place)
        return any(quantity(name, Scene(trial)) is not None for name in names)

    if not names or shows(0):
        return stepper.position
    return bisect_left(range(stepper.position + 1), True, key=shows) - 1


def _of_nodes(what: str, names: list[str], scene: Scene) -> Quantity:
    stepper = scene.stepper
    if stepper is None:
        return None
    if what == "rise" and len(names) == 3:
        return _rise(_node(names[0], stepper), _node(names[1], stepper), _step(names[2]))
    if what == "stepped" and len(names) == 2:
        node = _node(names[0], stepper)
        return float(node.data) - _step(names[1]) * (stepper.grad(node) or 0.0)
    nodes = [_node(name, stepper) for name in names]
    match what, nodes:
        case "data", [node]:
            return stepper.data(node)
        case "grad", [node]:
            return stepper.grad(node) if stepper.done(node) else None
        case "slope", [node, by] if by in node.parents:
            if stepper.data(node) is None:
                return None
            derivatives = stepper.derivatives(node)
            pairs = zip(node.parents, derivatives, strict=True)
            return sum(derivative for parent, derivative in pairs if parent is by)
    raise QuantityError(f'"{what} {" ".join(names)}" does not exist: it is {_OF_NODES[what]}')


def _rise(of: Value, by: Value, step: float) -> float:
    """How much a node grows if another grows by a step."""
    return Replay(of).value({by: float(by.data) + step}) - float(of.data)


def _gradient_of_layer(number: str, snapshot: Snapshot | None) -> Quantity:
    from ...core.diagnosis.layers import layer_health

    if snapshot is None:
        return None
    layers = layer_health(snapshot)
    if not number.isdecimal() or not 1 <= int(number) <= len(layers):
        raise QuantityError(f'"{GRADIENT} {number}" does not exist: use 1 to {len(layers)}')
    return layers[int(number) - 1].gradient


def _step(text: str) -> float:
    try:
        step = float(text)
        if math.isfinite(step):
            return step
        raise ValueError
    except ValueError:
        raise QuantityError(f'"{text}" is no step: write a number such as 0.001') from None


def _node(name: str, stepper: Stepper) -> Value:
    node = next((node for node, known in stepper.names.items() if known == name), None)
    if node is None:
        raise QuantityError(f'the program has no "{name}"')
    return node


# --- Of the graph, the run, the screen -----------------------------------------------------------


def _values_left(stepper: Stepper) -> float:
    return max(stepper.backward_position - stepper.position, 0)


OF_GRAPH: Final[Mapping[str, Callable[[Stepper], Quantity]]] = MappingProxyType(
    {
        "steps taken": lambda stepper: stepper.position,
        "values left": _values_left,
        "steps left": lambda stepper: stepper.n_steps - stepper.position,
    }
)
"""What is known of the graph in the microscope."""


def _verdict(snapshot: Snapshot) -> Quantity:
    from ...core.diagnosis.diagnosis import diagnose

    return ", ".join(finding.word for finding in diagnose(snapshot).findings) or "none"


def _hidden_bug(snapshot: Snapshot) -> Quantity:
    from ...core.training.sabotage import SABOTAGES

    return ", ".join(SABOTAGES[name].title for name in snapshot.training.hidden_sabotage) or "none"


OF_RUN: Final[Mapping[str, Callable[[Snapshot], Quantity]]] = MappingProxyType(
    {
        "data set": lambda s: s.dataset.name,
        "samples": lambda s: s.dataset.n_samples,
        "state": lambda s: s.state,
        "epoch": lambda s: s.epoch,
        "step": lambda s: s.step,
        "train loss": lambda s: s.evaluation.train_loss,
        "test loss": lambda s: s.evaluation.test_loss,
        "train accuracy": lambda s: s.evaluation.train_accuracy,
        "test accuracy": lambda s: s.evaluation.test_accuracy,
        "learning rate": lambda s: s.training.learning_rate,
        "batch size": lambda s: s.training.batch_size,
        "optimizer": lambda s: s.training.optimizer,
        "loss": lambda s: s.loss,
        "inputs": lambda s: ", ".join(s.inputs),
        "hidden layers": lambda s: len(s.sizes) - 2,
        "hidden neurons": lambda s: sum(s.sizes[1:-1]),
        "parameters": lambda s: len(s.parameters),
        "activation": lambda s: ", ".join(dict.fromkeys(s.network.activations)) or "none",
        "verdict": _verdict,
        "planted bugs": lambda s: ", ".join(s.training.sabotage) or "none",
        "hidden bug": _hidden_bug,
    }
)
"""What is known of the run on the playground."""

OF_SCREEN: Final[Mapping[str, Callable[[Scene], Quantity]]] = MappingProxyType(
    {
        "screen": lambda scene: scene.screen,
        "selected": lambda scene: scene.selected or None,
        "output view": lambda scene: scene.output_view or None,
        "gradients view": lambda scene: scene.gradients_view or None,
        "looks": lambda scene: scene.looks,
    }
)
"""What the learner looks at."""

TEXTS: Final = frozenset(
    {
        *("screen", "selected", "output view", "gradients view"),
        *("data set", "state", "optimizer", "loss", "inputs", "activation"),
        *("verdict", "planted bugs", "hidden bug"),
    }
)
"""The quantities that are texts, not numbers."""
