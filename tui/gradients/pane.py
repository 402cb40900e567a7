"""The gradients pane: every parameter with its gradient, and what gradients tell of a network."""

from __future__ import annotations

from typing import ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from ...core import Snapshot
from ..keys import bindings
from ..pane import Pane
from .check import GradientsCheck
from .finding_strip import FindingStrip
from .histogram import GradientsHistogram
from .layers import GradientsLayers
from .memory import GradientMemory
from .parameter_table import ParameterTable
from .step import GradientsStep
from .table import GradientsTable
from .view import GradientsView

VIEWS: Final = ("table", "layers", "histogram", "check", "step")
WELL: Final = "all well"


class GradientsPane(Pane):
    """Several views of the gradients, one at a time.

    Attributes:
        view: The name of the one that is seen, one of `VIEWS`.
    """

    TITLE = "Gradients"
    HELP_TEXT = (
        "Every parameter: its value, the gradient of the last mini-batch, a bar, how large the "
        "last update was beside the value, the last gradients, and a verdict. v and V go to other "
        "views, as a click on their names does; a sentence on top says what goes wrong.\n"
        "table: c puts the parameters together by tensor (norms, mean, largest, share of zeros) "
        "and back, x opens all; enter or right opens a tensor, left closes it. / filters by words "
        "of the name, the layer or the verdict: layer2 dead. < and > choose the column to sort "
        "by, o reverses, p pins a row on top, t chooses the columns, f holds the table still, F "
        "freezes the parameter. The selected row is the selected link of the diagram.\n"
        "layers: the gradient that reaches each layer and how far its weights move, on a log "
        "scale, and what the layer puts out.\n"
        "histogram: the numbers of a tensor now and over the epochs; arrows go to the next.\n"
        "check: autograd beside a central difference of the loss; a checks all.\n"
        "step: what the last step promised and what it did, the loss along the gradient for every "
        "learning rate, and which points of the batch push the selected weight up or down. f "
        "finds a learning rate, enter takes it, escape leaves it."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        v | gradients.next-view | next_view(1) | *View |
        | The next view: table, layers, histogram, check, step
        V | gradients.previous-view | next_view(-1) | View back | The view before
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.view = VIEWS[0]
        self._memory = GradientMemory()

    def compose(self) -> ComposeResult:
        yield FindingStrip(id="finding")
        with ContentSwitcher(initial=f"gradients-{self.view}"):
            yield GradientsTable(id="gradients-table")
            yield GradientsLayers(id="gradients-layers")
            yield GradientsHistogram(id="gradients-histogram")
            yield GradientsCheck(id="gradients-check")
            yield GradientsStep(id="gradients-step")

    # --- What it shows -------------------------------------------------------------------------

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._memory.remember(snapshot)
            self._strip.show_snapshot(snapshot)
        super().watch_snapshot(snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the view that is seen."""
        self._shown.show_snapshot(snapshot, self._memory)
        self._write_border()

    def show_selection(self, snapshot: Snapshot) -> None:
        """Shows what is selected in the view that is seen."""
        self._shown.show_selection(snapshot, self.selection)

    @property
    def _strip(self) -> FindingStrip:
        return self.query_one(FindingStrip)

    @property
    def _table(self) -> GradientsTable:
        return self.query_one(GradientsTable)

    @property
    def _shown(self) -> GradientsView:
        return cast(GradientsView, self.query_one(f"#gradients-{self.view}"))

    def _write_border(self) -> None:
        words = [
            f"[reverse] {view} [/]"
            if view == self.view
            else f"[@click=show_view('{view}')]{view}[/]"
            for view in VIEWS
        ]
        summary = self._table.summary() if self.view == "table" else ""
        if self._strip.finding is None and self.snapshot is not None and self.snapshot.step:
            summary = f"{WELL}, {summary}" if summary else WELL
        self.write_on_border(f"{self.TITLE}  {' '.join(words)}", summary)

    # --- What the user does --------------------------------------------------------------------

    def action_next_view(self, by: int) -> None:
        place = VIEWS.index(self.view) + by
        self.action_show_view(VIEWS[place % len(VIEWS)])

    def action_show_view(self, view: str) -> None:
        has_focus = self.has_focus_within
        self.view = view
        self.query_one(ContentSwitcher).current = f"gradients-{view}"
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)
            self.show_selection(self.snapshot)
        if has_focus:
            self._shown.focus_first()

    def on_gradients_table_changed(self, message: GradientsTable.Changed) -> None:
        message.stop()
        self._write_border()

    def on_parameter_table_opened(self, message: ParameterTable.Opened) -> None:
        message.stop()
        self.action_show_view("step")

    def open_filter(self) -> None:
        """Shows the table with its filter, and gives that the focus."""
        self.action_show_view("table")
        self._table.open_filter()

    def focus_first(self) -> None:
        """Goes to the view that is seen."""
        self._shown.focus_first()
