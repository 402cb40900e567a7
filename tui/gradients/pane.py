"""The gradients pane: every parameter with its gradient, and what gradients say of a network."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from ...core import Snapshot
from ...core.diagnosis.causes import Finding
from ...core.diagnosis.diagnosis import Diagnosis
from ..keys import bindings
from ..pane import Pane
from .check import GradientsCheck
from .histogram import GradientsHistogram
from .layers import GradientsLayers
from .parameter_table import ParameterTable
from .step import GradientsStep
from .table import GradientsTable
from .view import GradientMemory, GradientsView

VIEWS: Final = {
    "table": GradientsTable,
    "layers": GradientsLayers,
    "histogram": GradientsHistogram,
    "check": GradientsCheck,
    "step": GradientsStep,
}


class GradientsPane(Pane):
    """Several views of the gradients, one at a time.

    Attributes:
        view: The name of the visible one, one of `VIEWS`.
    """

    TITLE = "Gradients"
    HELP_TEXT = (
        "Every parameter: its value, the gradient of the last mini-batch, a bar, the size of the "
        "last update relative to the value (update/weight), the last gradients, and a verdict. v "
        "and V show other views, as does a click on their names; a sentence on top says what goes "
        "wrong.\n"
        "table: c groups the parameters by tensor (norms, mean, largest, share of zeros) and back, "
        "x opens all tensors; enter or right opens one, left closes it. / filters by words of the "
        "name, the layer or the verdict: layer2 dead. < and > choose the column to sort by, o "
        "reverses, p pins a row on top, t chooses the columns, f holds the table still, F freezes "
        "the parameter. The selected row is the selected link of the diagram.\n"
        "layers: the gradient that reaches each layer and how far its weights move, on a log "
        "scale, and what the layer puts out.\n"
        "histogram: the distribution of a tensor's numbers, now and over the epochs; arrows show "
        "other tensors.\n"
        "check: autograd beside a central difference of the loss; a checks all.\n"
        "step: what the last step should have done and what it did, the loss along the gradient at "
        "every learning rate, and which samples of the batch push the selected weight up or down. "
        "f finds a learning rate, enter uses it, escape keeps the old one."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        v | gradients.next-view | next_view(1) | *View |
        | Show the next view: table, layers, histogram, check, step
        V | gradients.previous-view | next_view(-1) | View back | Show the previous view
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.view = next(iter(VIEWS))
        self._memory = GradientMemory()

    def compose(self) -> ComposeResult:
        yield FindingStrip(id="finding")
        with ContentSwitcher(initial=f"gradients-{self.view}"):
            for name, view in VIEWS.items():
                yield view(id=f"gradients-{name}")

    # --- What it shows -------------------------------------------------------------------------

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._strip.show(self._memory.remember(snapshot))
        super().watch_snapshot(snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._shown.show_snapshot(snapshot, self._memory)
        self._write_border()

    def show_selection(self, snapshot: Snapshot) -> None:
        self._shown.show_selection(snapshot, self.selection)

    @property
    def _strip(self) -> FindingStrip:
        return self.query_one(FindingStrip)

    @property
    def _table(self) -> GradientsTable:
        return self.query_one(GradientsTable)

    @property
    def _shown(self) -> GradientsView:
        return self.query_one(f"#gradients-{self.view}", GradientsView)

    def _write_border(self) -> None:
        words = [
            f"[reverse] {view} [/]"
            if view == self.view
            else f"[@click=show_view('{view}')]{view}[/]"
            for view in VIEWS
        ]
        summary = self._table.summary() if self.view == "table" else ""
        diagnosis = self._memory.diagnosis
        if diagnosis is not None and self.snapshot is not None and self.snapshot.step:
            summary = f"{diagnosis.headline}, {summary}" if summary else diagnosis.headline
        self.write_on_border(f"{self.TITLE}  {' '.join(words)}", summary)

    # --- What the user does --------------------------------------------------------------------

    def action_next_view(self, by: int) -> None:
        names = list(VIEWS)
        self.action_show_view(names[(names.index(self.view) + by) % len(names)])

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
        """Show the table and give the focus to its filter."""
        self.action_show_view("table")
        self._table.open_filter()

    def focus_first(self) -> None:
        self._shown.focus_first()


TOOLTIP: Final = "What goes wrong in this network, and what to try, once it lasts several steps."
FRAMES_TO_RENEW: Final = 17
"""After this many frames its numbers are updated: about once a second."""


class FindingStrip(Static):
    """The first finding, with what to try; hidden while there is none.

    Attributes:
        finding: What it says now.
    """

    DEFAULT_CSS = """
    FindingStrip {
        display: none;
        height: auto;
        max-height: 3;
        background: $warning 15%;
        color: $text;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = TOOLTIP
        self.finding: Finding | None = None
        self._age = 0

    def show(self, diagnosis: Diagnosis) -> None:
        """Say the first finding; of a run that diverged, the message over the panes says it."""
        has_ended = diagnosis.condition == "diverged"
        found = None if has_ended else next(iter(diagnosis.findings), None)
        self._age += 1
        has_changed = (found and found.word) != (self.finding and self.finding.word)
        if has_changed or self._age >= FRAMES_TO_RENEW:
            self._say(found)

    def _say(self, finding: Finding | None) -> None:
        self._age = 0
        self.finding = finding
        self.display = finding is not None
        if finding is not None:
            self.update(
                Content.from_markup(
                    "[b]$word[/]  $sentence", word=finding.word, sentence=finding.sentence
                )
            )
