"""The gradients pane: every parameter with its gradient, and what gradients say of a network."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from ...core import Snapshot
from ...core.diagnosis.causes import Finding
from ...core.diagnosis.diagnosis import Diagnosis
from ..drawing.fitting import fitting
from ..key_words import with_keys
from ..keys import bindings
from ..pane import BORDER_MARGIN, Pane
from .parameter_table import ParameterTable
from .table import GradientsTable
from .view import GradientMemory, GradientsView

HINTS: Final = {
    "Lower it": "[{rate.lower}",
    "Raise it": "]{rate.higher}",
    "then reset": "r{train.reset}",
    "new initial weights": "R{train.reseed}",
}
"""What findings advise, and the key that does it."""
VIEWS: Final = ("table", "layers", "histogram", "check", "step")


def view_class(name: str) -> type[GradientsView]:
    """The class of a view, loaded when it is first wanted."""
    module = import_module(f".{name}", __package__)
    found: type[GradientsView] = getattr(module, f"Gradients{name.capitalize()}")
    return found


class GradientsPane(Pane):
    """Several views of the gradients, one at a time.

    Attributes:
        view: The name of the visible one, one of `VIEWS`.
    """

    TITLE = "Gradients"
    HELP_TEXT = (
        "Every parameter: its value, the gradient of the last mini-batch, a bar, the size of the "
        "last update relative to the value (update/weight), the last gradients, and a verdict. "
        "v{gradients.next-view} and V{gradients.previous-view} show other views, as does a click "
        "on their names; a sentence on top says what goes wrong.\n"
        "table: c{parameter-table.collapse} groups the parameters by tensor (norms, mean, largest, "
        "share of zeros) and back, x{parameter-table.open-all} opens all tensors; enter or right "
        "opens one, left closes it. /{gradients.filter} filters by words of the name, the layer or "
        "the verdict: layer2 dead. <{parameter-table.sort-left} and >{parameter-table.sort-right} "
        "choose the column to sort by, o{parameter-table.reverse} reverses, "
        "p{parameter-table.pin} pins a row on top, t{gradients.columns} chooses the columns, "
        "f{gradients.freeze} holds the table still, F{gradients.freeze-parameters} freezes the "
        "parameter. The selected row is the selected link of the diagram.\n"
        "layers: the gradient that reaches each layer and how far its weights move, on a log "
        "scale, and what the layer puts out.\n"
        "histogram: the distribution of a tensor's numbers, now and over the epochs; arrows show "
        "other tensors.\n"
        "check: autograd beside a central difference of the loss; a{gradients.check-all} checks "
        "all.\n"
        "step: what the last step should have done and what it did, the loss along the gradient at "
        "every learning rate, and which samples of the batch push the selected weight up or down. "
        "f{gradients.find-rate} finds a learning rate, enter uses it, escape keeps the old one."
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
        self.view = VIEWS[0]
        self._memory = GradientMemory()

    def compose(self) -> ComposeResult:
        yield FindingStrip(id="finding")
        with ContentSwitcher(initial=f"gradients-{self.view}"):
            # The others are made when they are first shown: a start has no time for them.
            yield GradientsTable(id=f"gradients-{self.view}")

    def later_widgets(self) -> Iterable[type[Widget]]:
        return map(view_class, VIEWS)

    # --- What it shows -------------------------------------------------------------------------

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._strip.show(
                self._memory.remember(snapshot), is_moving=snapshot.state == "training"
            )
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
        room, title = self.size.width - BORDER_MARGIN, f"{self.TITLE}  "
        names = sorted(VIEWS, key=lambda view: view != self.view)
        widths = {view: len(view) + 2 * (view == self.view) for view in names}
        if len(title) + sum(widths.values()) + len(VIEWS) - 1 > room:
            # The marked name of a view says enough.
            title = ""
        shown = [names[at] for at in fitting([*widths.values()], room - len(title), gap=1)]
        words = [
            f"[reverse] {view} [/]"
            if view == self.view
            else f"[@click=show_view('{view}')]{view}[/]"
            for view in VIEWS
            if view in shown
        ]
        summary = self._table.summary() if self.view == "table" else ""
        diagnosis = self._memory.diagnosis
        if diagnosis is not None and self.snapshot is not None and self.snapshot.step:
            summary = f"{diagnosis.headline}, {summary}" if summary else diagnosis.headline
        self.write_on_border(f"{title}{' '.join(words)}", summary)

    def on_resize(self) -> None:
        self._write_border()

    # --- What the user does --------------------------------------------------------------------

    async def action_next_view(self, by: int) -> None:
        await self.action_show_view(VIEWS[(VIEWS.index(self.view) + by) % len(VIEWS)])

    async def action_show_view(self, view: str) -> None:
        switcher, name = self.query_one(ContentSwitcher), f"gradients-{view}"
        if not self.query(f"#{name}"):
            made = view_class(view)(id=name)
            made.display = False
            await switcher.mount(made)
        if not self.query_one(f"#{name}").is_mounted:
            # Whoever makes it shows it.
            return
        has_focus = self.has_focus_within
        self.view, switcher.current = view, name
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)
            self.show_selection(self.snapshot)
        if has_focus:
            self._shown.focus_first()

    def on_gradients_table_changed(self, message: GradientsTable.Changed) -> None:
        message.stop()
        self._write_border()

    async def on_parameter_table_opened(self, message: ParameterTable.Opened) -> None:
        message.stop()
        await self.action_show_view("step")

    async def open_filter(self) -> None:
        """Show the table and give the focus to its filter."""
        await self.action_show_view("table")
        await self._table.open_filter()

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
        background: $warning-muted;
        color: $text;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = TOOLTIP
        self.finding: Finding | None = None
        self._age = 0

    def show(self, diagnosis: Diagnosis, *, is_moving: bool) -> None:
        """Say the first finding; of a run that diverged, the message over the panes says it.

        Args:
            diagnosis: What is to be said.
            is_moving: Whether another frame follows soon, so that there is time to read this one.
        """
        has_ended = diagnosis.condition == "diverged"
        found = None if has_ended else next(iter(diagnosis.findings), None)
        self._age += 1
        has_changed = (found and found.word) != (self.finding and self.finding.word)
        if has_changed or not is_moving or self._age >= FRAMES_TO_RENEW:
            self._say(found)

    def _say(self, finding: Finding | None) -> None:
        self._age = 0
        self.finding = finding
        self.display = finding is not None
        if finding is not None:
            self.update(
                Content.from_markup(
                    "[b]$word[/]  $sentence",
                    word=finding.word,
                    sentence=_with_hint(finding.sentence),
                )
            )


def _with_hint(sentence: str) -> str:
    """A finding's sentence with the key that does what it says."""
    for words, key in HINTS.items():
        sentence = sentence.replace(words, f"{words} ({key})")
    return with_keys(sentence)
