"""A network as a picture: boxes with what units compute, links by sign and size, biases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from ..drawing.canvas import BLANK, Canvas, cut_end, glyphs_of
from ..drawing.heatmap import heat_character
from ..drawing.palette import LEVELS
from ..selection import Bias, Link, Part, Unit, unit_of
from .diagram_boxes import Kind
from .diagram_data import CUT_MARK, FROZEN_MARK, DiagramData
from .diagram_layout import BIAS_WIDTH, Column, DiagramLayout, View, lay_out
from .diagram_links import (
    LinkPicture,
    link_look,
    link_of_number,
    strengths,
)
from .diagram_styles import (
    BACKGROUND,
    CHARACTER,
    CHOSEN_BIAS,
    FRAME,
    STRONG,
    Ink,
    pair_keys,
    signed_level,
)

_UPPER: Final = ord("▀")
_LOWER: Final = ord("▄")
_CHARACTERS: Final = np.array([ord(heat_character(level)) for level in range(LEVELS)])
_FAINTEST_BIAS: Final = 0.35
_SIGNS: Final = np.array([ord(sign) for sign in "0+-"])
"""By the sign of a number: the last one is that of -1."""
_UNKNOWN: Final = ord("?")
_FLAT_CHARACTER: Final = ord("'")
_SHORT: Final = 2
FEWER: Final = "-"
MORE: Final = "+"
"""Around the number of neurons of a hidden layer, for the mouse."""
_LEAST_WORD: Final = 4
"""Cells of a box in which a word can be told by its beginning."""


@dataclass(frozen=True, eq=False)
class DiagramPicture:
    """A drawn network.

    Attributes:
        body: The picture without titles, of the layout's size.
        titles: The lines above it, of the same width.
        footer: The line below it, empty if there is none.
        layout: Where everything is.
        owners: For each cell of the body the link it shows, -1 for none.
    """

    body: Canvas
    titles: Canvas
    footer: str
    layout: DiagramLayout
    owners: NDArray[np.intp]

    def part_at(self, x: int, y: int) -> Part | None:
        """The part that a cell of the body shows."""
        for number, column in enumerate(self.layout.columns):
            unit = column.unit_at(x, y)
            if unit is not None:
                return Unit(number, unit)
            rows = column.middle_rows[column.visible]
            if number and x == column.left - 1 and y in rows:
                return Bias(number - 1, column.first + int(np.flatnonzero(rows == y)[0]))
        rows, columns = self.owners.shape
        if 0 <= y < rows and 0 <= x < columns and self.owners[y, x] >= 0:
            sizes = [column.units for column in self.layout.columns]
            return link_of_number(sizes, int(self.owners[y, x]))
        return None

    def change_at(self, x: int, y: int) -> tuple[int, int] | None:
        """The column whose - or + a cell of the titles shows, and by how many neurons."""
        rows, columns = self.titles.glyphs.shape
        if not (0 <= y < rows and 0 <= x < columns):
            return None
        by = {ord(FEWER): -1, ord(MORE): 1}.get(int(self.titles.glyphs[y, x]))
        spans = zip(self.layout.displayed, self.layout.title_spans(), strict=True)
        column = next(number for number, (start, end) in spans if start <= x < end)
        return None if by is None else (column, by)


class DiagramPainter:
    """Draws a network repeatedly, and keeps what depends only on the layout."""

    def __init__(self) -> None:
        self._links: LinkPicture | None = None

    def draw(
        self,
        data: DiagramData,
        selected: Part | None,
        layout: DiagramLayout,
        lit: frozenset[int] = frozenset(),
        *,
        ascii: bool = False,
    ) -> DiagramPicture:
        """Draw a network.

        Args:
            data: The network.
            selected: Its selected part.
            layout: What `layout_of` returns for this network.
            lit: The columns whose titles are lit.
            ascii: Whether to draw only ASCII characters, which show signs without colour.
        """
        if self._links is None or layout != self._links.layout:
            self._links = LinkPicture(layout)
        body = Canvas(layout.height, layout.width)
        owners = self._links.paint(body, link_look(data, selected), ascii=ascii)
        framed = _framed(selected)
        draw_boxes = _draw_characters if ascii else _draw_pixels
        draw_boxes(body, layout, data, framed)
        _draw_labels(body, layout, data, ascii=ascii)
        _draw_biases(body, layout, data, selected)
        _draw_markers(body, layout, ascii=ascii)
        _draw_notes(body, layout, data)
        heading = _draw_titles(layout, tuple(_title_parts(data)), lit, ascii=ascii)
        return DiagramPicture(body, heading, _footer(layout, data, ascii=ascii), layout, owners)


def layout_of(
    data: DiagramData, width: int, height: int, view: View | None = None, *, ascii: bool = False
) -> DiagramLayout:
    """The layout of a network in a room of `width` cells and `height` lines, see `lay_out`."""
    titles = tuple(_separator(ascii).join(parts) for parts in _title_parts(data))
    shapes = tuple(picture.shape for picture in data.pictures)
    names = () if shapes[0].kind is Kind.IMAGE else data.input_names
    room = max(width, 1), max(height, 1)
    # Short names, as those of digits, stand in the boxes.
    is_short = (
        shapes[-1].kind is Kind.PLAIN and max(map(cell_len, data.classes), default=0) <= _SHORT
    )
    classes = () if is_short else data.classes
    return lay_out(shapes, names, classes, titles, *room, view, ascii=ascii)


def _framed(selected: Part | None) -> set[Unit]:
    """The units whose boxes have an outline."""
    if selected is None:
        return set()
    ends = {Unit(selected.layer, selected.source)} if isinstance(selected, Link) else set()
    return {unit_of(selected), *ends}


def _draw_pixels(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, framed: set[Unit]
) -> None:
    """Boxes and outlines in half blocks."""
    pixels = np.full((layout.height * 2, layout.width), BACKGROUND, dtype=np.intp)
    for unit in framed:
        if not layout.columns[unit.column].side:
            _frame(pixels, layout, unit)
    for number, column, levels in _boxes(layout, data):
        if column.side:
            pixels[column.top : column.top + len(levels[0]), column.left : column.right] = levels[0]
        else:
            rows = column.pixel_tops[column.visible, None] + np.arange(column.size.pixels)
            pixels[rows, column.left : column.right] = levels
        for unit in (u for u in framed if u.column == number and column.side):
            left, top, right, bottom = column.edges(unit.unit)
            inside = pixels[top:bottom, left:right].copy()
            _frame(pixels, layout, unit)
            pixels[top:bottom, left:right] = inside
    upper, lower = pixels[0::2], pixels[1::2]
    drawn = (upper != BACKGROUND) | (lower != BACKGROUND)
    upper, lower = upper[drawn], lower[drawn]
    blocks = np.where(upper == BACKGROUND, _LOWER, _UPPER)
    canvas.glyphs[drawn] = np.where(upper == lower, BLANK, blocks)
    canvas.keys[drawn] = pair_keys(upper, lower)


def _boxes(
    layout: DiagramLayout, data: DiagramData
) -> Iterator[tuple[int, Column, NDArray[np.uint8]]]:
    """The number of each column shown, the column, and the levels of its boxes."""
    for number in layout.displayed:
        column = layout.columns[number]
        width, height, _ = column.size
        levels = data.pictures[number].levels(column.visible, max(width, height))
        yield number, column, levels[:, :height, :width]


def _frame(pixels: NDArray[np.intp], layout: DiagramLayout, unit: Unit) -> None:
    """An outline, over which the box is drawn."""
    column = layout.columns[unit.column]
    if column.visible.start <= unit.unit < column.visible.stop:
        left, top, right, bottom = column.edges(unit.unit)
        pixels[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = FRAME


def _draw_characters(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, framed: set[Unit]
) -> None:
    """Boxes in ASCII, outlined ones in brackets."""
    for _, column, pixels in _boxes(layout, data):
        wide = pixels.astype(np.intp)
        levels = (wide[:, 0::2] + wide[:, 1::2] + 1) // 2
        tops = column.pixel_tops[column.visible] // 2
        rows = tops[: len(levels), None] + np.arange(column.size.rows)
        characters = _CHARACTERS[levels]
        # A blank box would be no box at all.
        visible = np.where(characters == BLANK, _FLAT_CHARACTER, characters)
        canvas.glyphs[rows, column.left : column.right] = visible
        canvas.keys[rows, column.left : column.right] = levels + CHARACTER
    for unit in framed:
        column = layout.columns[unit.column]
        if column.visible.start <= unit.unit < column.visible.stop:
            left, top, right, bottom = column.edges(unit.unit)
            for row in range(top // 2, max(bottom // 2, top // 2 + 1)):
                canvas.text(row, left - 1, "[", Ink.CHOSEN)
                canvas.text(row, right, "]", Ink.CHOSEN)


def _draw_labels(canvas: Canvas, layout: DiagramLayout, data: DiagramData, *, ascii: bool) -> None:
    """The names of inputs and of classes, and numbers in boxes without a picture."""
    first, last = layout.columns[0], layout.columns[-1]
    if first.side:
        text = cut_end(data.caption, first.size.width, ascii=ascii)
        left = first.left + (first.size.width - len(text)) // 2
        canvas.text(-(-(first.top + first.size.pixels) // 2), left, text, Ink.QUIET)
    else:
        _draw_names(canvas, first, data.input_names, layout.name_width, ascii=ascii)
    if layout.class_width:
        _draw_names(canvas, last, data.classes, layout.class_width, ascii=ascii, is_right=True)
    for number in layout.displayed[not first.side :]:
        column = layout.columns[number]
        if data.pictures[number].shape.kind is Kind.PLAIN:
            is_named = column is last and data.classes and not layout.class_width
            words = data.classes if is_named else tuple(map(str, range(column.units)))
            numbers = _centred(words, column.size.width)
            units, places = np.nonzero(numbers[column.visible] != BLANK)
            cells = column.middle_rows[column.visible][units], column.left + places
            canvas.glyphs[cells] = numbers[column.visible][units, places]
            canvas.keys[cells] = Ink.NUMBER


def _draw_names(
    canvas: Canvas,
    column: Column,
    names: tuple[str, ...],
    room: int,
    *,
    ascii: bool,
    is_right: bool = False,
) -> None:
    """Names beside the boxes, in as many lines as the boxes have for them."""
    most = max(column.pitch // 2, 1)
    rows = column.middle_rows[column.visible].tolist()
    for name, row in zip(names[column.visible], rows, strict=True):
        lines = wrap(name, max(room, 1)) if cell_len(name) > room else [name]
        if len(lines) > most:
            lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        for number, line in enumerate(lines):
            text = cut_end(line, room, ascii=ascii)
            left = column.right + 1 if is_right else column.left - 1 - cell_len(text)
            canvas.text(row - (len(lines) - 1) // 2 + number, left, text, Ink.PLAIN)


def _draw_markers(canvas: Canvas, layout: DiagramLayout, *, ascii: bool) -> None:
    """How many units and layers are not shown, and which way they are."""
    for number in layout.displayed:
        column = layout.columns[number]
        for row, count in column.markers(layout.height):
            arrow = "^v" if ascii else "↑↓"
            text = f"{arrow[row > 0]} {count:,} more"
            left = (column.left + column.right - len(text)) // 2
            left = max(min(left, layout.width - len(text)), 0)
            canvas.text(row, left, text, Ink.QUIET)
    for count, left, right in layout.skips():
        dots = ". . ." if ascii else "· · ·"
        lines = (dots, f"+ {count}", "layer" if count == 1 else "layers")
        for row, line in enumerate(lines, start=max(layout.height // 2 - 1, 0)):
            middle = (left + right - BIAS_WIDTH - len(line)) // 2
            canvas.text(row, middle, line, Ink.QUIET if line == dots else Ink.PLAIN)


@lru_cache(maxsize=16)
def _centred(words: tuple[str, ...], width: int) -> NDArray[np.uint32]:
    """The characters of words in the middle of a width, shape (words, width)."""
    lines = (glyphs_of(f"{' ' * ((width - cell_len(word)) // 2)}{word}") for word in words)
    cells = [(line + [ord(" ")] * width)[:width] for line in lines]
    return np.array(cells, dtype=np.uint32).reshape(len(words), width)


def _draw_biases(
    canvas: Canvas, layout: DiagramLayout, data: DiagramData, selected: Part | None
) -> None:
    """The sign of each bias, to the left of its box."""
    for layer, (biases, limit) in enumerate(zip(data.biases, data.limits, strict=True)):
        column = layout.columns[layer + 1]
        if not column.shown:
            continue
        rows, left = column.middle_rows[column.visible], column.left - 1
        biases = biases[column.visible]
        bright = _FAINTEST_BIAS + (1.0 - _FAINTEST_BIAS) * strengths(biases, limit)
        levels = signed_level(bright, biases < 0)
        signs = _SIGNS[np.sign(np.nan_to_num(biases)).astype(np.intp)]
        canvas.glyphs[rows, left] = np.where(np.isnan(biases), _UNKNOWN, signs)
        canvas.keys[rows, left] = levels + STRONG
        for unit in (u.unit for u in _framed(selected) if u.column == layer + 1):
            if 0 <= (place := unit - column.first) < column.shown:
                is_chosen = selected == Bias(layer, unit)
                key = levels[place] + CHOSEN_BIAS if is_chosen else Ink.FRAMED
                canvas.keys[rows[place], left] = key
        if data.frozen:
            held = data.frozen[layer][-1, column.visible]
            marks = np.where(biases == 0.0, ord(CUT_MARK), ord(FROZEN_MARK))
            canvas.glyphs[rows[held], left - 1] = marks[held]
            canvas.keys[rows[held], left - 1] = Ink.MARK


def _draw_notes(canvas: Canvas, layout: DiagramLayout, data: DiagramData) -> None:
    """Words in the boxes, or next to small ones."""
    for number in layout.displayed:
        column, notes = layout.columns[number], data.notes[number]
        # The last letter may be outside on the right, where a link begins.
        width = column.size.width
        tops = column.pixel_tops
        for unit, note in enumerate(notes[column.visible], start=column.first):
            if not note:
                continue
            if width >= _LEAST_WORD and column.size.pixels > 2:
                text = _abbreviated(note, width + 1)
                row = (int(tops[unit]) + column.size.pixels // 2) // 2
                canvas.text(row, column.left + max(width - len(text), 0) // 2, text, Ink.NOTE)
            else:
                left = min(column.right + 1, layout.width - len(note))
                canvas.text(int(column.middle_rows[unit]), left, note, Ink.NOTE)


def _title_parts(data: DiagramData) -> list[tuple[str, ...]]:
    """For each column its name, its number of units and its activation.

    The number of a hidden layer stands between what a click takes away and adds.
    """
    layers = list(zip(data.layer_names, data.sizes[1:], data.activations, strict=True))
    hidden = ((name, f"{FEWER} {n} {MORE}", activation) for name, n, activation in layers[:-1])
    name, outputs, activation = layers[-1]
    return [("inputs", str(data.sizes[0])), *hidden, (name, str(outputs), activation)]


def _separator(ascii: bool) -> str:
    return ", " if ascii else " · "


@lru_cache(maxsize=4)
def _draw_titles(
    layout: DiagramLayout,
    all_parts: tuple[tuple[str, ...], ...],
    lit: frozenset[int],
    *,
    ascii: bool,
) -> Canvas:
    """The lines above the columns, as much of each title as fits."""
    canvas = Canvas(layout.title_rows, layout.width)
    separator = _separator(ascii)
    spans = layout.title_spans()
    # All hidden layers say the same of themselves.
    least = min((end - start for start, end in spans[1:-1]), default=0)
    for place, (number, (start, end)) in enumerate(zip(layout.displayed, spans, strict=True)):
        parts, column = all_parts[number], layout.columns[number]
        room = (least if 0 < place < len(spans) - 1 else end - start) - 1
        lines = [parts] if layout.title_rows == 1 else [parts[:1], parts[1:]]
        for row, line in enumerate(lines):
            text = _title(line, separator, room)
            middle = (column.left + column.right - len(text)) // 2
            left = max(start, min(middle, end - 1 - len(text)))
            canvas.text(row, left, text, Ink.LIT if number in lit else Ink.QUIET)
    return canvas


def _title(parts: tuple[str, ...], separator: str, room: int) -> str:
    """As many parts of a title as fit; the - and + of a layer rather than its name."""
    texts = [separator.join(parts[:count]) for count in range(len(parts), 1, -1)]
    texts += [part for part in parts if part.startswith(FEWER)]
    texts += [parts[0], *_short_names(parts[0])]
    return next((text for text in texts if len(text) <= room), "")


def _short_names(name: str) -> tuple[str, ...]:
    """What stands for the name of a column in little room."""
    return ("in",) if name == "inputs" else ("out",) if name == "output" else (name.split()[-1],)


def _footer(layout: DiagramLayout, data: DiagramData, *, ascii: bool) -> str:
    """What is not shown, as much of it as fits."""
    if not layout.has_footer:
        return ""
    texts = [f"{layout.links:,} of {data.links:,} links are drawn"]
    if layout.skips():
        keys = "left and right" if ascii else "← →"
        texts.insert(0, f"{keys} show the other layers")
    both = ", ".join(texts)
    return both if len(both) <= layout.width else texts[0]


def _abbreviated(note: str, width: int) -> str:
    """A note in at most so many characters, with a full stop for the end that is missing."""
    return note if len(note) <= width else f"{note[: width - 1]}."
