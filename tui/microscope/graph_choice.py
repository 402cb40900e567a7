"""Which graph the microscope shows, and where it stands in each."""

from __future__ import annotations

from typing import Final, Literal, get_args

from ...core import Snapshot
from ...core.autograd import Value
from ...core.expression import Program
from ..selection import Selection
from .graph_source import (
    GraphState,
    NetworkSource,
    ProgramSource,
    network_source,
    selected_neuron,
)

Source = Literal["program", "network", "neuron"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)


class GraphChoice:
    """A program, the network on a sample, and one of its neurons: one of them is shown.

    Attributes:
        source: Which.
        program: None before one was run.
        network: The network or neuron shown last; None before.
        snapshot: The newest of the playground.
        selection: What is selected there.
    """

    def __init__(self) -> None:
        self.source: Source = "program"
        self.program: ProgramSource | None = None
        self.network: NetworkSource | None = None
        self.snapshot: Snapshot | None = None
        self.selection = Selection()
        self._states: dict[Source, GraphState] = {}

    @property
    def state(self) -> GraphState | None:
        """Of the graph that is shown; None if nothing could be computed."""
        return self._states.get(self.source)

    @property
    def shown_network(self) -> NetworkSource | None:
        """What the graph is of; None for a program."""
        return None if self.source == "program" else self.network

    @property
    def shown_program(self) -> Program | None:
        """What the graph is of; None for a network."""
        return self.program.program if self.source == "program" and self.program else None

    @property
    def next_source(self) -> Source:
        return SOURCES[(SOURCES.index(self.source) + 1) % len(SOURCES)]

    def put_program(self, program: ProgramSource) -> None:
        self.program = program
        self._put("program", program)

    def show_network(self, network: NetworkSource) -> None:
        self.network = network
        self.source = "network" if network.neuron is None else "neuron"
        self._put(self.source, network)

    def _put(self, name: Source, source: ProgramSource | NetworkSource) -> None:
        graph = source.graph
        if graph is None:
            self._states.pop(name, None)
        else:
            self._states[name] = GraphState.of(graph, self._states.get(name))

    def network_for(self, source: Source) -> NetworkSource | None:
        """The network or neuron of a source; None for a program, and without a network."""
        if source == "program" or self.snapshot is None:
            return None
        network = self.network or network_source(self.snapshot, self.selection)
        neuron = None
        if source == "neuron":
            neuron = network.neuron or selected_neuron(self.selection)
        return network.with_neuron(neuron)

    def suppose_next(self) -> bool:
        """Supposes the next thing of the backward pass, at last nothing; whether it could."""
        state = self.state
        if state is None or not state.what_ifs:
            return False
        order = (None, *state.what_ifs)
        place = order.index(state.what_if) + 1
        self._states[self.source] = state.supposing(order[place % len(order)])
        return True

    def suppose_nothing(self) -> None:
        if self.state is not None:
            self._states[self.source] = self.state.supposing(None)

    def line_of(self, value: Value | None) -> int | None:
        """The line of the program that a value is computed on."""
        return None if value is None or self.program is None else self.program.lines.get(value)
