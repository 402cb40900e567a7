"""RaceBar: the lanes of a race with the numbers of each, under the status bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from ...core.training.snapshot import LaneView
from ..drawing.canvas import cut_end
from ..drawing.numbers import loss_text, percent
from ..drawing.palette import html, lane_color
from ..key_words import with_keys
from ..widgets.basics import background_color, is_ascii, show_text

GAP: Final = "  "
MOST_LINES: Final = 3
SHORT_SCREEN: Final = 30
"""On screens with fewer lines there are fewer lines for the lanes, too."""
LONGEST_NAME: Final = 40
STOPPED: Final = {"diverged": "diverged", "failed": "failed"}


class RaceBar(Static):
    """A line or more: what each lane is called, its loss, its accuracy; a click chooses it."""

    DEFAULT_CSS = """
    RaceBar { display: none; height: auto; padding: 0 1; background: $panel; text-wrap: nowrap; }
    RaceBar.-on { display: block; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._views: tuple[LaneView, ...] = ()
        self._is_for_all = False
        self._n_lines = 0
        self.tooltip = with_keys(
            "The lanes of the race, named by what differs between them, with test loss and "
            "accuracy. All are at the same epoch. A click or I{race.next} chooses one: the panes "
            "show it, and what you change changes it; after E{race.all} it changes every lane. "
            "O{race.keep} keeps the chosen lane alone, Q{race.drop} drops it, U{race.swap} moves "
            "it, ={race.fork} forks it once more. ctrl+z{edit.undo} undoes each of these."
        )

    def on_mount(self) -> None:
        # Links would have a colour of their own, and be underlined.
        self.auto_links = False

    def show(self, views: tuple[LaneView, ...], *, is_for_all: bool) -> None:
        """Shows the lanes; hides itself if there are none.

        Args:
            views: The lanes of a race.
            is_for_all: Whether changes are for all of them.
        """
        self._views, self._is_for_all = views, is_for_all
        self.set_class(bool(views), "-on")
        if views:
            self._write()

    def on_resize(self) -> None:
        if self._views:
            self._write()

    def _write(self) -> None:
        width = (self.size.width or self.app.size.width) - 2
        lines = 2 if self.app.size.height < SHORT_SCREEN else MOST_LINES
        text = race_lines(
            self._views,
            width,
            lines,
            background_color(self),
            is_for_all=self._is_for_all,
            ascii=is_ascii(self),
        )
        n_lines = text.plain.count("\n") + 1
        show_text(self, text, layout=n_lines != self._n_lines)
        self._n_lines = n_lines


def race_lines(
    views: Sequence[LaneView],
    width: int,
    most_lines: int,
    background: Color,
    *,
    is_for_all: bool,
    ascii: bool,
) -> Content:
    """The lanes in full, or as briefly as they fit.

    Args:
        views: The lanes.
        width: Cells of a line.
        most_lines: At most so many lines.
        background: Behind them.
        is_for_all: Whether changes are for all of them.
        ascii: Whether to use plain characters alone.
    """
    chosen = next(view for view in views if view.is_chosen)
    target = "all lanes" if is_for_all else f"lane {chosen.number}"
    word = with_keys("E{race.all}")
    last = Content.assemble((f"{word} ", "bold"), f"changes {target}").stylize(
        Style.from_meta({"@click": "app.race_all"})
    )
    lines: list[list[Content]] = []
    for texts in _versions(views):
        items = [
            _item(view, text, background, ascii=ascii)
            for view, text in zip(views, texts, strict=True)
        ]
        lines = _wrapped([*items, last], width)
        if len(lines) <= most_lines:
            break
    shown = [Content(GAP).join(line) for line in lines[:most_lines]]
    return Content("\n").join(shown)


def _versions(views: Sequence[LaneView]) -> Iterator[list[str]]:
    """What is said of each lane, the longest version first."""
    is_brief = views[0].short != views[0].name
    named = [view.short if is_brief and place else view.name for place, view in enumerate(views)]
    names = [cut_end(name, LONGEST_NAME, ascii=True) for name in named]
    numbers = [_numbers(view) for view in views]
    pairs = list(zip(views, names, numbers, strict=True))
    yield [" ".join((name, *numbers)) for _, name, numbers in pairs]
    yield [" ".join((name, numbers[0])) for _, name, numbers in pairs]
    yield [
        " ".join((cut_end(view.short, 12, ascii=True), numbers[0])) for view, _, numbers in pairs
    ]
    yield [numbers[0] for *_, numbers in pairs]
    yield [cut_end(view.short, 6, ascii=True) for view, *_ in pairs]


def _numbers(view: LaneView) -> tuple[str, ...]:
    """Test loss and accuracy, or those of the training samples; or why it has stopped."""
    snapshot = view.snapshot
    if snapshot.state in STOPPED:
        return (STOPPED[snapshot.state],)
    evaluation = snapshot.evaluation
    has_tests = len(snapshot.test_rows) > 0
    loss = evaluation.test_loss if has_tests else evaluation.train_loss
    share = evaluation.test_accuracy if has_tests else evaluation.train_accuracy
    return (loss_text(loss, 6).strip(), *([] if share is None else [percent(share).strip()]))


def _item(view: LaneView, text: str, background: Color, *, ascii: bool) -> Content:
    color = html(lane_color(view.number, background))
    mark = (">" if ascii else "▸") if view.is_chosen else " "
    style = Style.parse(f"bold {color}" if view.is_chosen else color)
    click = Style.from_meta({"@click": f"app.race_choose({view.number})"})
    number = Content.styled(f"{mark}{view.number} ", style)
    words = Content.styled(text, "bold") if view.is_chosen else Content(text)
    return Content.assemble(number, words).stylize(click)


def _wrapped(items: Sequence[Content], width: int) -> list[list[Content]]:
    lines: list[list[Content]] = [[]]
    for item in items:
        used = sum(cell_len(other.plain) + len(GAP) for other in lines[-1])
        if lines[-1] and used + cell_len(item.plain) > width:
            lines.append([])
        lines[-1].append(item)
    return lines
