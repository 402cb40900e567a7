"""The gradients pane: every parameter with its gradient."""

from __future__ import annotations

from collections import deque
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from ...core import Snapshot
from ...core.training import VERDICTS, verdicts
from ..widgets.parameter_rows import TableRows
from ..widgets.parameter_table import ParameterTable
from .pane import Pane

HISTORY = 12


class GradientsPane(Pane):
    """The table of parameters, with a filter."""

    TITLE = "Gradients"
    HELP_TEXT = (
        "Every parameter: its value, the gradient of the last mini-batch, a bar, how large the "
        "last update was beside the value, the last gradients, and a verdict. / filters (by words "
        "of the name or the verdict: bias, layer2, dead), left and right choose the column to sort "
        "by, o reverses, f freezes the table while training goes on."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f",
            "toggle_frozen",
            "Freeze",
            id="gradients.freeze",
            tooltip="Hold the table still while training goes on",
        ),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._names: list[str] = []
        self._names_of: tuple[object, ...] = ()
        self._history: deque[NDArray[np.float64]] = deque(maxlen=HISTORY)
        self._last_step = -1

    def compose(self) -> ComposeResult:
        """The filter above, the table below."""
        yield Input(placeholder="filter: layer2 bias dead", id="gradient-filter", compact=True)
        yield ParameterTable(id="parameters")

    def on_mount(self) -> None:
        """Hides the filter until it is wanted."""
        super().on_mount()
        self.query_one("#gradient-filter").display = False

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        """Keeps the last gradients, seen or not."""
        if snapshot is not None:
            self._remember(snapshot)
        super().watch_snapshot(snapshot)

    def _remember(self, snapshot: Snapshot) -> None:
        network = (snapshot.run_id, snapshot.sizes)
        if network != self._names_of:
            if self._names_of[1:] != network[1:]:
                self._names = snapshot.parameter_names()
            self._names_of = network
            self._history.clear()
            self._last_step = -1
        if snapshot.step != self._last_step and snapshot.step:
            self._last_step = snapshot.step
            self._history.append(snapshot.gradients)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows every parameter."""
        gradients = snapshot.gradients
        history = np.stack(self._history) if self._history else np.empty((0, len(gradients)))
        # Before the first step a gradient of zero says nothing.
        past = history[:-1] if snapshot.step else history[:0]
        rows = TableRows(
            self._names,
            snapshot.parameters,
            gradients,
            snapshot.updates,
            history,
            verdicts(gradients, past),
            VERDICTS,
        )
        table = self.query_one(ParameterTable)
        table.show(rows)
        total = len(rows)
        shown = table.shown_count
        count = f"{shown:,} of {total:,}" if shown != total else f"{total:,}"
        frozen = ", frozen" if table.frozen else ""
        self.write_on_border(self.TITLE, f"{count} parameters{frozen}")

    def open_filter(self) -> None:
        """Shows the filter and gives it the focus."""
        field = self.query_one("#gradient-filter", Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters as it is typed."""
        event.stop()
        self.query_one(ParameterTable).filter_text = event.value
        self._show_again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the filter and goes to the table."""
        event.stop()
        event.input.display = bool(event.value)
        self.query_one(ParameterTable).focus()

    def key_escape(self) -> None:
        """Takes the filter away."""
        field = self.query_one("#gradient-filter", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.query_one(ParameterTable).focus()

    def action_toggle_frozen(self) -> None:
        """Holds the table still, or lets it go."""
        table = self.query_one(ParameterTable)
        table.frozen = not table.frozen
        self._show_again()

    def focus_first(self) -> None:
        """Goes to the table."""
        self.query_one(ParameterTable).focus()

    def _show_again(self) -> None:
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)
