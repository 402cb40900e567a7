"""Sources of a graph, a program or the network on a sample, and the state of a graph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ...core import Snapshot
from ...core.autograd import Value, topological_order
from ...core.diagnosis.causes import planted_bugs
from ...core.explain.graph import GraphView, Outline
from ...core.explain.loss_text import loss_text
from ...core.explain.planted import NO_BUGS, BackwardBugs, WhatIf, planted_in, what_ifs
from ...core.explain.sample_graph import nearest_row, neuron_graph, sample_graph
from ...core.explain.stepper import StepError, Stepper
from ...core.expression import Program
from ..selection import Bias, Link, Selection, Unit, element_of

MOST_WHOLE: Final = 2000
"""A network with more weights and biases than this is shown one neuron at a time."""

Neuron = tuple[int, int]
"""Its layer, 1 for the first after the inputs, and its place in the layer."""

NOT_OF_THE_LOSS: Final = "The gradients are of the neuron's output, not of the loss."
_SHOWN: Final = 3

Graph = tuple[Value, tuple[Value, ...], BackwardBugs]
"""The output, the leaves that are weights and biases, and what is wrong with the backward pass."""


@dataclass(frozen=True, eq=False)
class GraphState:
    """A graph as it is drawn, and the stepper that moves through it.

    Attributes:
        outline: Of its boxes.
        view: All of them.
        stepper: With its bugs, and with what is supposed.
        bugs: What is wrong with its backward pass without that.
        what_if: What is supposed of the backward pass; None for nothing.
    """

    outline: Outline
    view: GraphView
    stepper: Stepper
    bugs: BackwardBugs
    what_if: WhatIf | None = None

    @classmethod
    def of(cls, graph: Graph, before: GraphState | None) -> GraphState:
        """The state of a graph, at the same step as another graph, such as an earlier version."""
        output, parameters, bugs = graph
        outline = Outline(output, parameters)
        state = cls(outline, outline.view(outline.finest()), Stepper(output, bugs), bugs)
        if before is not None:
            state = state.supposing(before.what_if)
            state.go_to(min(before.stepper.position, state.stepper.n_steps))
        return state

    @cached_property
    def what_ifs(self) -> dict[WhatIf, BackwardBugs]:
        """What can be supposed of this graph."""
        return what_ifs(self.bugs, self.stepper.order)

    def supposing(self, what_if: WhatIf | None) -> GraphState:
        """The same at the same step, with something else supposed; with nothing if it can't be."""
        stepper, wrong = Stepper(self.stepper.output, self.bugs), None
        if what_if in self.what_ifs:
            wrong, bugs = what_if, self.what_ifs[what_if]
            stepper = Stepper(self.stepper.output, bugs, beside=self.bugs)
        state = replace(self, stepper=stepper, what_if=wrong)
        state.go_to(self.stepper.position)
        return state

    def go_to(self, target: int | Value) -> str:
        """Steps to a position or a node.

        Returns:
            Empty, or a sentence that says why it stopped before the target.
        """
        try:
            self.stepper.jump(target)
        except StepError as error:
            return f"{error}."
        return ""


@dataclass(frozen=True)
class ProgramSource:
    """A program that was run."""

    program: Program

    @property
    def graph(self) -> Graph | None:
        """None if nothing could be computed."""
        output = self.program.output
        return None if output is None else (output, (), NO_BUGS)

    @cached_property
    def lines(self) -> dict[Value, int]:
        """The line, from 1, that each value is computed on: the first that needs it."""
        found: dict[Value, int] = {}
        for statement in self.program.statements:
            if statement.value is not None:
                for value in topological_order(statement.value):
                    found.setdefault(value, statement.line)
        return found


@dataclass(frozen=True)
class NetworkSource:
    """The network, or one neuron of it, on one sample.

    Attributes:
        snapshot: The network and its data.
        row: The sample's row in the data set.
        neuron: None for the whole network.
        reasons: Why it is this sample, or this neuron; one sentence each.
        names_bugs: Whether planted bugs are named; they act all the same.
    """

    snapshot: Snapshot
    row: int
    neuron: Neuron | None
    reasons: tuple[str, ...] = ()
    names_bugs: bool = True

    @cached_property
    def loss_text(self) -> str:
        """The loss of the sample as its formula, with its numbers."""
        return loss_text(self.snapshot, self.row)

    @cached_property
    def graph(self) -> Graph:
        """The loss of the whole network, or the output of the neuron."""
        if self.neuron is None:
            whole = sample_graph(self.snapshot, self.row)
            bugs = planted_in(self.snapshot, whole.parameters)
            return whole.loss, tuple(whole.parameters.values()), bugs
        alone = neuron_graph(self.snapshot, self.row, *self.neuron)
        # What is left over are gradients of the loss.
        bugs = replace(planted_in(self.snapshot, alone.parameters), left_over={})
        return alone.output, tuple(alone.parameters.values()), bugs

    @property
    def bugs(self) -> str:
        """A sentence on each planted bug; empty without, and where they are to be found."""
        found = planted_bugs(self.snapshot) if self.names_bugs else ()
        return " ".join(f"A bug is planted in the code. {bug.sentence}" for bug in found)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The sample, its target and the network's output, as (name, text) pairs."""
        snapshot, dataset = self.snapshot, self.snapshot.dataset
        numbers = dataset.points[self.row][:_SHOWN].tolist()
        shown = [(name, f"{x:+.4g}") for name, x in zip(dataset.columns, numbers, strict=False)]
        if len(dataset.columns) > _SHOWN:
            shown.append(("", f"and {len(dataset.columns) - _SHOWN} more"))
        numbers = snapshot.outputs[self.row][:_SHOWN].tolist()
        # Two classes share one output.
        names = dataset.classes if snapshot.outputs.shape[1] > 1 else ("",)
        outputs = ", ".join(
            f"{name} {y:+.4f}".lstrip() for name, y in zip(names, numbers, strict=False)
        )
        if snapshot.outputs.shape[1] > _SHOWN:
            outputs += f" and {snapshot.outputs.shape[1] - _SHOWN} more"
        target = f"{dataset.targets[self.row]:+.4g}"
        if dataset.n_classes:
            target = dataset.classes[int(dataset.labels[self.row])]
        part = "test set" if self.row in snapshot.test_rows else "training set"
        return (
            *shown,
            ("target", f"{target} ({part})"),
            ("output", outputs),
            ("loss", self.loss_text),
            ("weights", f"at step {snapshot.step:,}"),
        )

    def with_row(self, row: int) -> NetworkSource:
        """The same on another sample, or on the last if there are fewer."""
        last = self.snapshot.dataset.n_samples - 1
        reasons = () if self.neuron is None else (NOT_OF_THE_LOSS,)
        return replace(self, row=min(max(row, 0), last), reasons=reasons)

    def with_neuron(self, neuron: Neuron | None) -> NetworkSource:
        """Another neuron of the network, or the whole network if it is small enough."""
        if neuron is None and self.snapshot.parameters.size > MOST_WHOLE:
            too_large = _too_large(self.snapshot), NOT_OF_THE_LOSS
            return replace(self, neuron=(1, 0), reasons=too_large)
        reasons = () if neuron is None else (NOT_OF_THE_LOSS,)
        return replace(self, neuron=neuron, reasons=reasons)

    def with_snapshot(self, snapshot: Snapshot) -> NetworkSource:
        """The same neuron and sample at another step, if they still exist."""
        neuron = self.neuron
        if neuron is not None and not _holds(snapshot, neuron):
            neuron = (1, 0)
        newer = NetworkSource(snapshot, 0, neuron, names_bugs=self.names_bugs)
        return newer.with_row(self.row).with_neuron(neuron)


def network_source(snapshot: Snapshot, selection: Selection) -> NetworkSource:
    """The whole network on the selected sample, or on the first training sample.

    Args:
        snapshot: The network and its data.
        selection: What is selected on the playground.
    """
    row = int(snapshot.train_rows[0])
    reason = "No sample is selected: this is the first training sample."
    if selection.point is not None:
        row, reason = nearest_row(snapshot, selection.point), "The selected sample."
    source = NetworkSource(snapshot, row, None).with_neuron(None)
    return replace(source, reasons=(reason, *source.reasons))


def selected_neuron(selection: Selection) -> Neuron:
    """The neuron that is selected, or that the selected weight or bias belongs to.

    Without a selection it is the first neuron of the first layer.
    """
    match selection.part:
        case Unit(column, unit) if column > 0:
            return column, unit
        case Link() | Bias() as part:
            element = element_of(part)
            return element.layer, element.target
        case _:
            return 1, 0


def neuron_name(neuron: Neuron) -> str:
    """Such as `layer1[0]`, as in the graph."""
    layer, unit = neuron
    return f"layer{layer}[{unit}]"


def neurons(snapshot: Snapshot) -> list[Neuron]:
    """All neurons of a network, layer by layer."""
    return [(k, u) for k, size in enumerate(snapshot.sizes[1:], start=1) for u in range(size)]


def _holds(snapshot: Snapshot, neuron: Neuron) -> bool:
    layer, unit = neuron
    return 1 <= layer < len(snapshot.sizes) and unit < snapshot.sizes[layer]


def _too_large(snapshot: Snapshot) -> str:
    return (
        f"The network has {snapshot.parameters.size:,} weights and biases, too many to draw: "
        "this is one of its neurons."
    )
