"""HelpScreen: all keys and panes, made from the bindings and the help texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from .footer import Footer
from .key_words import with_keys
from .keys import bindings, own_bindings, written_keys
from .pane import Pane

FIRST: Final = (
    ("space{train.toggle}  s{train.step}  e{train.epoch}", "train and pause; one step, one epoch"),
    ("[{rate.lower}  ]{rate.higher}", "lower or raise the learning rate"),
    ("r{train.reset}  R{train.reseed}", "start over: the same weights, or new ones"),
    ("ctrl+z{edit.undo}  backspace{time.back}", "undo an edit; go back by one mini-batch"),
    ("1 to 7  z{pane.maximize}", "go to a pane; show it alone"),
    ("arrows  enter", "choose a neuron, a setting, a data set"),
    ("7{go.gradients}  v{gradients.next-view}", "each gradient and its verdict; other views"),
    ("S{slow-motion.start}", "one update in slow motion"),
    ("m{microscope.open}  M{microscope.network}", "the chain rule node by node; your network's"),
    ("D{doctor.open}", "what would help this run, tried on copies"),
    ("={race.fork}  W{wall.open-wall}", "fork the run and race; many runs on a wall"),
    ("L{lessons.open}", "networks that work or fail, and challenges"),
    ("ctrl+s{run.save}  ctrl+o{run.open}  X{run.export}", "save a run; open one; export it"),
    ("ctrl+p", "every action by its name"),
)
"""What to press, and what for: the first screen of the help."""


class _LaidOutOnce:
    """What is laid out once for a width; Textual asks for it five times while a screen opens."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable, self._width = renderable, 0
        self._segments: list[Segment] = []

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        if options.max_width != self._width:
            self._width = options.max_width
            self._segments = list(console.render(self._renderable, options))
        return self._segments


class HelpScreen(ModalScreen[None]):
    """All keys and panes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--heading"}
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape,q,? | help.close | dismiss    | *Close | Close the help
        j          | help.down  | scroll(1)  | Down   | Scroll down
        k          | help.up    | scroll(-1) | Up     | Scroll up
        """
    )

    def __init__(self, subject: Screen[Any], *, is_first: bool = False) -> None:
        """Explains a screen.

        Args:
            subject: It.
            is_first: Whether it is the screen that everybody begins with.
        """
        super().__init__()
        self._is_first = is_first
        self._subject = subject

    def compose(self) -> ComposeResult:
        # One text: with a widget for each of thirty parts it would take twice as long to open.
        heading = self.get_component_rich_style("help--heading", partial=True)
        parts = [
            part
            for title, below in self._sections()
            for part in (Text(f"\n{title}", heading), *below)
        ]
        with VerticalScroll(id="help") as scroll:
            scroll.border_title = "Help"
            yield Static(_LaidOutOnce(Group(*parts)))
        yield Footer()

    def _sections(self) -> Iterator[tuple[str, list[RenderableType]]]:
        """A title and what stands below it, each."""
        if self._is_first:
            yield "What matters first", [_table([tuple(map(with_keys, row)) for row in FIRST])]
        keys = [*own_bindings(self._subject), *own_bindings(self.app)]
        yield "All keys", [_table(map(_row, keys))]
        for pane in self._subject.query(Widget):
            if help_text := getattr(pane, "HELP_TEXT", ""):
                rows = _own_rows(pane)
                tables = [_table(rows)] if rows else []
                yield getattr(pane, "TITLE", ""), [Text(with_keys(help_text)), *tables]

    def action_scroll(self, lines: int) -> None:
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def _own_rows(pane: Widget) -> list[tuple[str, str]]:
    """The keys that work in a pane, each once."""
    later = pane.later_widgets() if isinstance(pane, Pane) else ()
    owners = (pane, *pane.query(Widget), *later)
    bindings = {b.id: b for owner in owners for b in own_bindings(owner)}
    return list(map(_row, bindings.values()))


def _row(binding: Binding) -> tuple[str, str]:
    return written_keys(binding), binding.tooltip


def _table(rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", min_width=12, no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(*row)
    return table
