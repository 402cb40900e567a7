"""What the loss pane writes around its plot: the legend, the title, the line below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.content import Content

from ..drawing.canvas import cut_end
from ..drawing.fitting import fitting
from ..drawing.numbers import loss_text, percent
from ..key_words import with_keys
from ..past import what_to_do, where_in_time
from ..widgets.plot import SOLID, SPARSE
from .curves import LOSSES, REGULARIZATION, LossPicture

GAP = "  "
LONGEST_NAME = 24
NUMBER_CELLS = 9
SHARE_CELLS = 6
BESIDE = " · "
ASCII_BESIDE = " | "
HERE = "this is now"
NO_PLACE_FOR_ZERO = "a log axis can't show 0: press y{loss.axis}"
_AXES = {"share": "accuracy", "logarithmic": "log", "linear": "linear"}


def title(picture: LossPicture, name: str, room: int) -> Content:
    """What is shown, in words that a click changes.

    Args:
        picture: What is drawn.
        name: Of the pane.
        room: Cells there are; first the word "epochs" is left out, then the last words.
    """
    view, (low, high) = picture.view, picture.shown
    if view.zoom is not None:
        part = f"epochs {low:.0f}-{high:.0f}"
    else:
        part = f"last {view.last} epochs" if view.last else "all epochs"
    words = {"click_axis": _AXES[picture.scale], "toggle_recent": part, "smooth": picture.smoothing}
    room -= len(name) + len(GAP)
    if len(", ".join(words.values())) > room:
        words["toggle_recent"] = part.replace("epochs", "").strip()
    shown = fitting([*map(len, words.values())], room, gap=len(", "))
    links = [_link(word, action) for action, word in words.items()]
    return Content.assemble(
        _link(name, "toggle_accuracy"), GAP, Content(", ").join(links[place] for place in shown)
    )


def _link(word: str, action: str) -> Content:
    return Content.from_markup(f"[@click={action}]$word[/]", word=word)


def strip_title(name: str, items: Sequence[Item], room: int) -> Content:
    """The legend on the border, of a pane without a line for it.

    Args:
        name: Of the pane.
        items: The first ones are the most important.
        room: Cells there are; if they are few, numbers stand without their names.
    """
    for texts in ([item.text for item in items], [item.number for item in items]):
        parts = [
            Content.styled(f"{item.glyph} {text}", item.color)
            for item, text in zip(items, texts, strict=True)
            if text
        ]
        line = Content(GAP).join([Content(name), *parts[:2]]).rstrip()
        if line.cell_length <= room:
            return line
    return Content(name)


def subtitle(picture: LossPicture, cursor: float | None, room: int, columns: int) -> Content:
    """Where the cursor is, or the step back in time, or else which settings were changed last.

    Args:
        picture: What is drawn.
        cursor: The epoch of the cursor; None for no cursor.
        room: Cells there are.
        columns: Cells of the plotting area across.
    """
    marks, hint = picture.snapshot.curves.marks, ""
    if cursor is not None and len(picture.points.epochs):
        first, last = picture.span(cursor)
        low, high = picture.shown
        near = [m.text for m in picture.marks if abs(m.epoch - cursor) <= (high - low) / columns]
        words = f"epoch {last}" if first == last else f"mean of epochs {first}-{last}"
        goal = "it" if first == last else f"epoch {last}"
        way = way_to(picture, cursor)
        hint = "" if way == HERE else f"enter goes {way} to {goal}"
        texts = [words, hint or HERE, *near[::-1]]
    else:
        texts = [f"{mark.text} at epoch {mark.epoch:.0f}" for mark in reversed(marks)]
        if picture.scale == "logarithmic" and picture.ends_at_zero:
            texts.insert(0, with_keys(NO_PLACE_FOR_ZERO))
        if where := where_in_time(picture.snapshot):
            texts[:0] = [f"step {where}", *what_to_do(picture.snapshot)[::-1]]
    between = ASCII_BESIDE if picture.ascii else BESIDE
    if texts and len(texts[0]) > room:
        texts[0] = texts[0].partition(" at epoch ")[0]
    joined = between.join(texts[at] for at in fitting([*map(len, texts)], room, gap=len(between)))
    if not hint or hint not in joined:
        return Content(joined)
    before, _, after = joined.partition(hint)
    return Content.from_markup(
        "$before[@click=go]$hint[/]$after", before=before, hint=hint, after=after
    )


def way_to(picture: LossPicture, cursor: float) -> str:
    """The direction in time of the point nearest to an epoch: back, forward, or `HERE`."""
    tick, here = picture.seek_to(cursor).tick, picture.snapshot.tick
    return HERE if tick == here else "back" if tick < here else "forward"


# --- The legend --------------------------------------------------------------------------------


class Item(NamedTuple):
    """One curve in the legend.

    Attributes:
        glyph: What its line looks like.
        text: Its name and number, as long in every frame.
        color: HTML, of both.
        number: The number alone; empty for other items than the present curves.
    """

    glyph: str
    text: str
    color: str
    number: str = ""


def items(picture: LossPicture, cursor: float | None) -> Iterator[Item]:
    """The curves with their numbers, now or at the cursor; the most important first."""
    ascii, inks = picture.ascii, picture.inks
    if picture.snapshot.lanes:
        yield from _lane_items(picture)
        return
    for kind in picture.present:
        if cursor is None:
            number = getattr(picture.snapshot.evaluation, kind.curve)
        else:
            number = picture.value(kind, cursor)
        glyph = kind.stroke.plain if ascii else kind.stroke.sample
        # The numbers of training and test loss begin at the same place.
        name = kind.name if kind is REGULARIZATION else f"{kind.name:<5}"
        written = _number(picture, number)
        yield Item(glyph, f"{name} {written}", inks.line(kind.color), written)
    best = picture.snapshot.curves.best
    if best is not None and picture.scale != "share":
        color = next(kind.color for kind in LOSSES if kind.curve == best.curve)
        text = f"best {loss_text(best.loss).strip()} at {math.floor(best.epoch)}"
        yield Item(picture.best_glyph, text, inks.line(color))
    glyph = SPARSE.plain if ascii else SPARSE.sample
    for run in reversed(picture.past):
        name = cut_end(run.name, LONGEST_NAME, ascii=ascii)
        yield Item(glyph, f"{run.number} {name}", inks.past(run.number))
    if picture.n_hidden:
        runs = "past run" if picture.n_hidden == 1 else "past runs"
        yield Item(glyph, f"{picture.n_hidden} {runs} hidden", inks.mark)


def _lane_items(picture: LossPicture) -> Iterator[Item]:
    """The lanes of a race, named by what differs between them."""
    glyph = SOLID.plain if picture.ascii else SOLID.sample
    for place, lane in enumerate(picture.snapshot.lanes):
        kind = picture.lane_kind(lane.snapshot)
        written = _number(picture, getattr(lane.snapshot.evaluation, kind.curve)).strip()
        name = lane.short if place else f"{kind.name}: {lane.name}"
        name = cut_end(name, LONGEST_NAME, ascii=picture.ascii)
        mark = (">" if picture.ascii else "▸") if lane.is_chosen else ""
        text = f"{mark}{lane.number} {name}"
        yield Item(glyph, text, picture.inks.lane(lane.number), written)


def _number(picture: LossPicture, number: float | None) -> str:
    """The same width for every number, so that what follows does not move."""
    if number is None:
        return " " * SHARE_CELLS
    if picture.scale == "share":
        return f"{percent(number).strip():<{SHARE_CELLS}}"
    return f"{loss_text(number).strip():<{NUMBER_CELLS}}"


def legend(items: Sequence[Item], width: int, most_lines: int) -> Content:
    """Lines of items; if there is no room for all, the number of those left out.

    Args:
        items: The first ones are the most important.
        width: Cells of a line.
        most_lines: At most this many lines, 1 or more.
    """
    lines: list[list[Item]] = [[]]
    for place, item in enumerate(items):
        used = sum(len(GAP) + _cells(other) for other in lines[-1])
        if lines[-1] and used + _cells(item) > width:
            if len(lines) == most_lines:
                return _written(lines) + Content(f" +{len(items) - place}")
            lines.append([])
        lines[-1].append(item)
    return _written(lines)


def _cells(item: Item) -> int:
    return len(item.glyph) + 1 + len(item.text)


def _written(lines: list[list[Item]]) -> Content:
    return Content("\n").join(
        Content(GAP).join(Content.styled(f"{i.glyph} {i.text}", i.color) for i in line)
        for line in lines
    )
