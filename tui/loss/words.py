"""LossWords: what the loss pane writes around its plot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from ...core import Snapshot
from ..drawing.numbers import loss_text, percent
from ..widgets.plot import SPARSE, shortened
from .curves import LOSSES, PENALTY, Inks
from .legend import Item, legend
from .picture import ASCII_BEST_GLYPH, BEST_GLYPH, LossPicture
from .view import LossView

LONGEST_NAME = 24
NUMBER_CELLS = 9
SHARE_CELLS = 6
BESIDE = " · "
ASCII_BESIDE = " | "
NO_PLACE_FOR_ZERO = "0 is not on a log axis: y"


@dataclass(frozen=True, eq=False)
class LossWords:
    """The words and numbers of one moment.

    Attributes:
        snapshot: The session.
        picture: What is drawn of it.
        view: Which epochs.
        cursor: The epoch whose values are told; None for the present ones.
        axis: What the vertical axis is: "log", "linear" or "accuracy".
        smoothing: How smooth the curves are.
        n_hidden: How many past runs are hidden.
        inks: The colours.
        is_ascii: Whether only plain characters may be used.
    """

    snapshot: Snapshot
    picture: LossPicture
    view: LossView
    cursor: float | None
    axis: str
    smoothing: str
    n_hidden: int
    inks: Inks
    is_ascii: bool

    def title(self, name: str) -> Content:
        """What is shown, in words that a click changes.

        Args:
            name: Of the pane.
        """
        low, high = self.view.shown(self.picture.limits)
        if self.view.zoom is not None:
            part = f"epochs {low:.0f}-{high:.0f}"
        else:
            part = f"last {self.view.last} epochs" if self.view.last else "all epochs"
        return Content.from_markup(
            "[@click=toggle_accuracy]$name[/]  [@click=click_axis]$axis[/], "
            "[@click=toggle_recent]$part[/], [@click=smooth]$smoothing[/]",
            name=name,
            axis=self.axis,
            part=part,
            smoothing=self.smoothing,
        )

    def subtitle(self, room: int, columns: int) -> Content:
        """Where the cursor is, or else which knobs were turned last.

        Args:
            room: Cells there are.
            columns: Cells of the plot's canvas across.
        """
        marks = self.picture.curves.marks
        if self.cursor is not None and len(self.picture.points.epochs):
            first, last = self.picture.span(self.cursor)
            words = f"epoch {last}" if first == last else f"mean of epochs {first}-{last}"
            low, high = self.view.shown(self.picture.limits)
            column = (high - low) / columns
            near = [m.text for m in marks if abs(m.epoch - self.cursor) <= column]
            return self._joined([words, *near[::-1]], room)
        texts = [f"{mark.text} at epoch {mark.epoch:.0f}" for mark in reversed(marks)]
        if self.axis == "log" and self.picture.ends_at_zero:
            texts.insert(0, NO_PLACE_FOR_ZERO)
        return self._joined(texts, room)

    def _joined(self, texts: list[str], room: int) -> Content:
        """As many of the texts as there is room for, the first one in any case."""
        between = ASCII_BESIDE if self.is_ascii else BESIDE
        joined = "".join(texts[:1])
        for text in texts[1:]:
            if len(joined) + len(between) + len(text) > room:
                break
            joined += between + text
        return Content(joined)

    def legend(self, width: int, most_lines: int) -> Content:
        """Names and numbers of the curves.

        Args:
            width: Cells of a line.
            most_lines: How many lines at the most.
        """
        items = [*self._present(), *self._best(), *self._past()]
        return legend(items, width, most_lines)

    def _present(self) -> Iterator[Item]:
        for kind in self.picture.present:
            if self.cursor is None:
                number = getattr(self.snapshot.evaluation, kind.curve)
            else:
                number = self.picture.value(kind, self.cursor)
            glyph = kind.stroke.plain if self.is_ascii else kind.stroke.sample
            # The numbers of the two that are always there begin at the same place.
            name = kind.name if kind is PENALTY else f"{kind.name:<5}"
            yield Item(glyph, f"{name} {self._number(number)}", self.inks.line(kind.color))

    def _number(self, number: float | None) -> str:
        """As many characters for every number, so that what follows stays where it is."""
        if number is None:
            return " " * SHARE_CELLS
        if self.axis == "accuracy":
            return f"{percent(number).strip():<{SHARE_CELLS}}"
        return f"{loss_text(number).strip():<{NUMBER_CELLS}}"

    def _best(self) -> Iterator[Item]:
        best = self.picture.curves.best
        if best is not None and self.axis != "accuracy":
            glyph = ASCII_BEST_GLYPH if self.is_ascii else BEST_GLYPH
            color = next(kind.color for kind in LOSSES if kind.curve == best.curve)
            text = f"best {loss_text(best.loss).strip()} at {best.epoch:.0f}"
            yield Item(glyph, text, self.inks.line(color))

    def _past(self) -> Iterator[Item]:
        glyph = SPARSE.plain if self.is_ascii else SPARSE.sample
        for run in reversed(self.picture.past):
            name = shortened(run.name, LONGEST_NAME, ascii=self.is_ascii)
            yield Item(glyph, f"{run.number} {name}", self.inks.past(run.number))
        if self.n_hidden:
            runs = "past run" if self.n_hidden == 1 else "past runs"
            yield Item(glyph, f"{self.n_hidden} {runs} hidden", self.inks.mark)
