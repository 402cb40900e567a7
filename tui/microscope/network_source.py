"""NetworkLook: which point, and how much of the network, the microscope looks at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ...core import Snapshot
from ...core.autograd import Value
from ...core.explain.sample_graph import nearest_row, neuron_graph, sample_graph
from ..selection import Bias, Link, Selection, Unit, element_of

MOST_WHOLE: Final = 2000
"""A network of more weights and biases than this is looked at one neuron at a time."""

Neuron = tuple[int, int]
"""Its layer, 1 for the first after the inputs, and its place in it."""

_SHOWN: Final = 3


@dataclass(frozen=True)
class NetworkLook:
    """One point, and the network or one neuron of it, at one instant.

    Attributes:
        snapshot: The network and its data.
        row: The point, a row of the data set.
        neuron: The one that is looked at; None for the whole network.
        said: Why it is this point, or this neuron; one sentence each.
    """

    snapshot: Snapshot
    row: int
    neuron: Neuron | None
    said: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> tuple[Value, tuple[Value, ...]]:
        """The output of the graph, and its weights and biases."""
        if self.neuron is None:
            whole = sample_graph(self.snapshot, self.row)
            return whole.loss, tuple(whole.parameters.values())
        alone = neuron_graph(self.snapshot, self.row, *self.neuron)
        return alone.output, tuple(alone.parameters.values())

    @property
    def title(self) -> str:
        """What is looked at."""
        what = "the network" if self.neuron is None else f"neuron {neuron_name(self.neuron)}"
        return f"{what} on point {self.row}"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The point with its target and what the network makes of it: names and what they are."""
        snapshot, dataset = self.snapshot, self.snapshot.dataset
        numbers = dataset.points[self.row][:_SHOWN].tolist()
        shown = [(name, f"{x:+.4g}") for name, x in zip(dataset.columns, numbers, strict=False)]
        if len(dataset.columns) > _SHOWN:
            shown.append(("", f"and {len(dataset.columns) - _SHOWN} more"))
        outputs = " ".join(f"{y:+.4f}" for y in snapshot.outputs[self.row][:_SHOWN].tolist())
        target = f"{dataset.targets[self.row]:+.4g}"
        if dataset.n_classes:
            target = dataset.classes[int(dataset.labels[self.row])]
        part = "tests" if self.row in snapshot.test_rows else "trains"
        return (
            *shown,
            ("target", f"{target}, it {part}"),
            ("output", outputs),
            ("weights", f"of step {snapshot.step:,}"),
        )

    def with_row(self, row: int) -> NetworkLook:
        """The same on another point; beyond the last it is the last."""
        last = self.snapshot.dataset.n_samples - 1
        return replace(self, row=min(max(row, 0), last), said=())

    def with_neuron(self, neuron: Neuron | None) -> NetworkLook:
        """The same of another neuron; the whole network only if it is small enough."""
        if neuron is None and self.snapshot.parameters.size > MOST_WHOLE:
            return replace(self, neuron=(1, 0), said=(_too_large(self.snapshot),))
        return replace(self, neuron=neuron, said=())

    def with_snapshot(self, snapshot: Snapshot) -> NetworkLook:
        """The same at another instant, as far as the network and the data still have it."""
        neuron = self.neuron
        if neuron is not None and not _holds(snapshot, neuron):
            neuron = (1, 0)
        look = NetworkLook(snapshot, 0, neuron).with_row(self.row)
        return look.with_neuron(neuron)


def look_at(snapshot: Snapshot, selection: Selection) -> NetworkLook:
    """The whole network on the selected point, or on the first that trains.

    Args:
        snapshot: The network and its data.
        selection: What is selected on the playground.
    """
    row, why = int(snapshot.train_rows[0]), "No point is selected: this is the first that trains."
    if selection.point is not None:
        row, why = nearest_row(snapshot, selection.point), "The selected point."
    look = NetworkLook(snapshot, row, None).with_neuron(None)
    return replace(look, said=(why, *look.said))


def selected_neuron(selection: Selection) -> Neuron:
    """The neuron that is selected, or the one that the selected weight or bias belongs to.

    Without any it is the first of the first layer.
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
    """As everywhere in its graph: `layer1[0]`."""
    layer, unit = neuron
    return f"layer{layer}[{unit}]"


def neurons(snapshot: Snapshot) -> list[Neuron]:
    """All of a network's, layer by layer."""
    return [(k, u) for k, size in enumerate(snapshot.sizes[1:], start=1) for u in range(size)]


def _holds(snapshot: Snapshot, neuron: Neuron) -> bool:
    layer, unit = neuron
    return 1 <= layer < len(snapshot.sizes) and unit < snapshot.sizes[layer]


def _too_large(snapshot: Snapshot) -> str:
    return (
        f"The network has {snapshot.parameters.size:,} weights and biases, too many to draw one by "
        "one: this is one of its neurons."
    )
