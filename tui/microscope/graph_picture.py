"""A computational graph in characters: boxes with numbers, and wires, some highlighted."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.autograd import Value
from ...core.explain.graph import GraphNode
from ...core.explain.graph_layout import Box, Edge, GraphLayout, Place
from ...core.explain.stepper import Stepper
from ..drawing.canvas import Canvas, cut_end, cut_middle
from ..drawing.numbers import signed

Kind = Literal["leaf", "parameter", "constant", "inner", "output"]

# The word before a number.
_WORD: Final = 5
_IF_RIGHT: Final = "true "
LONGEST_TITLE: Final = 21
# In a box without words, if there is room for labels.
_LONGEST_SHORT: Final = 13
MOST_ROWS: Final = 8
"""A box with more rows shows those of the step."""
_BORDERS: Final = 2


class GraphInk(IntEnum):
    """The looks of a cell."""

    PLAIN = 0
    WIRE = 1
    HIGHLIGHT = 2
    WAITING = 3
    NAME = 4
    NUMBER = 5
    NEGATIVE = 6
    POSITIVE = 7
    CURRENT = 8
    SELECTED = 9
    LABEL = 10
    FRAME = 11
    PATH = 12
    PATH_LABEL = 13
    CURRENT_TITLE = 14
    SELECTED_TITLE = 15
    WRONG = 16


_Part = tuple[str, int, GraphInk]
GraphLine = tuple[_Part, ...]
"""A line in a box: texts with the cells that each takes, and inks."""


class NodeFace(NamedTuple):
    """What a box shows: the frame of its kind in an ink, a title in it, and lines."""

    kind: Kind
    ink: GraphInk
    title: str
    title_ink: GraphInk
    lines: tuple[GraphLine, ...]


class Form(NamedTuple):
    """How much room a box takes.

    Attributes:
        numbers: How many it shows: 2, or 1, the gradient in the backward pass; 0 for names only.
        words: Whether it says what each is.
        number_width: Cells of a number.
        label_width: Cells kept free on wires for a local derivative.
        is_tight: Whether boxes may touch, and arrows have no stub.
    """

    numbers: int
    words: bool
    number_width: int
    label_width: int
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """Highlighted wires.

    Attributes:
        labels: For each wire the text before its arrow; may be empty.
        wire: The ink of the wires; None if only the texts are drawn.
        text: The ink of the texts.
    """

    labels: Mapping[Edge, str]
    wire: GraphInk | None
    text: GraphInk


class _Frame(NamedTuple):
    """Corners clockwise from the top left, then the sides."""

    corners: str
    level: str
    upright: str


_FRAMES: Final[dict[Kind, _Frame]] = {
    "leaf": _Frame("┌┐┘└", "─", "│"),
    "parameter": _Frame("╔╗╝╚", "═", "║"),
    "constant": _Frame("┌┐┘└", "╌", "╎"),
    "inner": _Frame("╭╮╯╰", "─", "│"),
    "output": _Frame("┏┓┛┗", "━", "┃"),
}
_PLAIN_FRAMES: Final[dict[Kind, _Frame]] = {
    "leaf": _Frame("++++", "-", "|"),
    "parameter": _Frame("++++", "=", "|"),
    "constant": _Frame("::::", ".", ":"),
    "inner": _Frame("....", "-", "|"),
    "output": _Frame("####", "#", "#"),
}

_WORDS: Final[dict[Kind, str]] = {
    "leaf": "input",
    "parameter": "weight, bias",
    "constant": "constant",
    "inner": "computed",
    "output": "output",
}


def legend(kinds: Collection[Kind], *, plain: bool = False) -> str:
    """What the frames of some kinds of node mean."""
    frames = _PLAIN_FRAMES if plain else _FRAMES
    return "  ".join(
        f"{frames[kind].corners[0]}{frames[kind].level}{frames[kind].corners[1]} {word}"
        for kind, word in _WORDS.items()
        if kind in kinds
    )


_Area = tuple[slice, slice]
_LEFT, _RIGHT, _UP, _DOWN = 1, 2, 4, 8
# The character for each set of directions in which wires leave a cell.
_WIRE_OF: Final[dict[int, str]] = {
    _LEFT: "─", _RIGHT: "─", _LEFT | _RIGHT: "─",
    _UP: "│", _DOWN: "│", _UP | _DOWN: "│",
    _LEFT | _UP: "╯", _RIGHT | _UP: "╰", _LEFT | _DOWN: "╮", _RIGHT | _DOWN: "╭",
    _LEFT | _RIGHT | _UP: "┴", _LEFT | _RIGHT | _DOWN: "┬",
    _LEFT | _UP | _DOWN: "┤", _RIGHT | _UP | _DOWN: "├",
    _LEFT | _RIGHT | _UP | _DOWN: "┼",
}  # fmt: skip
_ARROWS, _PLAIN_ARROWS = "▶◀", "><"


def _glyph_table(plain: bool) -> NDArray[np.uint32]:
    table = np.full(16, ord(" "), dtype=np.uint32)
    for directions, glyph in _WIRE_OF.items():
        if plain:
            glyph = {"─": "-", "│": "|"}.get(glyph, "+")
        table[directions] = ord(glyph)
    return table


_GLYPHS: Final = {plain: _glyph_table(plain) for plain in (False, True)}


class GraphPainter:
    """Paints one layout repeatedly, with other numbers and other highlights.

    Args:
        layout: Where everything is.
        plain: Without line-drawing characters.
    """

    def __init__(self, layout: GraphLayout, *, plain: bool = False) -> None:
        self.layout = layout
        self._frames = _PLAIN_FRAMES if plain else _FRAMES
        self._arrows = _PLAIN_ARROWS if plain else _ARROWS
        self._is_backward = False
        self._plain = plain
        self._glyphs = _GLYPHS[plain]
        # Boxes and wires share no cells, so only what changed is painted again.
        whole = Box(0, 0, layout.width, layout.height)
        self._bases = {
            is_backward: self._wires(layout.wires.values(), GraphInk.WIRE, whole, is_backward)
            for is_backward in (False, True)
        }
        self._picture = self._wires((), GraphInk.WIRE, whole, False)
        self._turn(is_backward=False)
        self._faces: dict[str, NodeFace] = {}
        self._covered: list[tuple[_Area, Canvas]] = []

    def _turn(self, *, is_backward: bool) -> None:
        """Lets the arrows point with a pass."""
        base, self._is_backward = self._bases[is_backward], is_backward
        drawn = base.keys > 0
        self._picture.glyphs[drawn], self._picture.keys[drawn] = base.glyphs[drawn], GraphInk.WIRE

    def paint(
        self,
        faces: Mapping[str, NodeFace],
        highlights: Sequence[Highlight] = (),
        *,
        is_backward: bool = False,
    ) -> Canvas:
        """The whole picture; the same canvas each time, brought up to date.

        Args:
            faces: What each box shows.
            highlights: Highlighted wires, the last ones on top.
            is_backward: Whether arrows point from the results to the operands.
        """
        self._uncover()
        if is_backward is not self._is_backward:
            self._turn(is_backward=is_backward)
        for node, face in faces.items():
            if self._faces.get(node) != face:
                self._faces[node] = face
                self._paint_box(self._picture, self.layout.boxes[node], face)
        for highlight in highlights:
            for edge, text in highlight.labels.items():
                self._highlight(self.layout.wires[edge], text, highlight)
        return self._picture

    def caption(self, node: str, texts: Sequence[str]) -> None:
        """Writes the first of some texts that fits above or below a box, until the next `paint`."""
        box, glyphs = self.layout.boxes[node], self._picture.glyphs
        bottom, (rows, columns) = box.top + box.height, glyphs.shape
        for text in texts:
            width = len(text) + _BORDERS
            ends = (box.left + box.width, (box.left + box.width + width) // 2, box.left + width)
            for row in (bottom, box.top - 1, bottom + 1, box.top - 2):
                for end in (min(end, columns) for end in ends):
                    area = (slice(row, row + 1), slice(end - width, end))
                    is_inside = 0 <= row < rows and end >= width
                    if is_inside and bool((glyphs[area] == ord(" ")).all()):
                        self._cover(area)
                        self._picture.text(row, end - width + 1, text, GraphInk.LABEL)
                        return

    def _cover(self, area: _Area) -> None:
        """Notes what is there, for `_uncover`."""
        before = Canvas(0, 0)
        before.glyphs = self._picture.glyphs[area].copy()
        before.keys = self._picture.keys[area].copy()
        self._covered.append((area, before))

    def _uncover(self) -> None:
        """Removes the highlights."""
        while self._covered:
            area, before = self._covered.pop()
            self._picture.glyphs[area] = before.glyphs
            self._picture.keys[area] = before.keys

    def _highlight(self, corners: tuple[Place, ...], text: str, highlight: Highlight) -> None:
        box, end = _bounds(corners), corners[-1]
        area = (slice(box.top, box.top + box.height), slice(box.left, box.left + box.width))
        glyphs, keys = self._picture.glyphs[area], self._picture.keys[area]
        self._cover(area)
        if highlight.wire is not None:
            wire = self._wires([corners], highlight.wire, box, self._is_backward)
            drawn = wire.keys > 0
            glyphs[drawn], keys[drawn] = wire.glyphs[drawn], wire.keys[drawn]
        if text:
            self._picture.text(end.y, end.x - len(text) - 1, " ", GraphInk.PLAIN)
            self._picture.text(end.y, end.x - len(text), text, highlight.text)

    def _wires(
        self, wires: Iterable[tuple[Place, ...]], ink: GraphInk, area: Box, is_backward: bool
    ) -> Canvas:
        """Only the wires, in a part of the picture."""
        canvas = Canvas(area.height, area.width)
        directions = np.zeros(canvas.glyphs.shape, dtype=np.uint8)
        ends = []
        for corners in wires:
            moved = [Place(x - area.left, y - area.top) for x, y in corners]
            ends.append(moved[0 if is_backward else -1])
            for here, there in pairwise(moved):
                _draw(directions, here, there)
        canvas.glyphs[...] = self._glyphs[directions]
        canvas.keys[directions > 0] = ink
        for end in ends:
            canvas.text(end.y, end.x, self._arrows[is_backward], ink)
        return canvas

    def _paint_box(self, canvas: Canvas, box: Box, face: NodeFace) -> None:
        (corners, level, upright), inner = self._frames[face.kind], box.width - _BORDERS
        top, bottom, left = box.top, box.top + box.height - 1, box.left
        canvas.text(top, left, f"{corners[0]}{level * inner}{corners[1]}", face.ink)
        canvas.text(bottom, left, f"{corners[3]}{level * inner}{corners[2]}", face.ink)
        title = face.title
        while len(title) > inner and " " in title:
            title = title.rpartition(" ")[0].rstrip(":")
        title = cut_end(title, inner, ascii=self._plain)
        canvas.text(top, left + 1, title, face.title_ink)
        for row in range(top + 1, bottom):
            canvas.text(row, left, f"{upright}{' ' * inner}{upright}", face.ink)
            canvas.text(row, left + 1, " " * inner, GraphInk.PLAIN)
        for row, line in zip(range(top + 1, bottom), face.lines, strict=False):
            at = left + 1
            for text, width, ink in line:
                canvas.text(row, at, cut_end(text, width, ascii=self._plain), ink)
                at += width


def _bounds(corners: tuple[Place, ...]) -> Box:
    left, right = min(p.x for p in corners), max(p.x for p in corners)
    top, bottom = min(p.y for p in corners), max(p.y for p in corners)
    return Box(left, top, right - left + 1, bottom - top + 1)


def _draw(directions: NDArray[np.uint8], here: Place, there: Place) -> None:
    if here.y == there.y:
        first, last = sorted((here.x, there.x))
        directions[here.y, first:last] |= _RIGHT
        directions[here.y, first + 1 : last + 1] |= _LEFT
    else:
        first, last = sorted((here.y, there.y))
        directions[first:last, here.x] |= _DOWN
        directions[first + 1 : last + 1, here.x] |= _UP


_LAYER: Final = re.compile(r"layer\d+\.?")
_LONGEST_ROW: Final = 6


def short_name(name: str) -> str:
    """`layer1.w[0,1]` for `layer1.weight[0,1]`."""
    return name.replace(".weight", ".w").replace(".bias", ".b")


def row_name(name: str) -> str:
    """A name as short as it is clear in its box: `w[0,1]` for `layer1.weight[0,1]`."""
    return cut_middle(_LAYER.sub("", short_name(name)), _LONGEST_ROW)


def _title(node: GraphNode) -> str:
    return f"{short_name(node.label)} {node.op}".rstrip()


def _name_width(node: GraphNode) -> int:
    return max(len(row_name(row.label)) for row in node.rows)


def box_size(node: GraphNode, form: Form, wrong: Container[Value] = frozenset()) -> tuple[int, int]:
    """Columns and rows of a node's box, with borders; of a wrong gradient with room for both."""
    title = min(len(_title(node)), LONGEST_TITLE)
    if not form.numbers:
        return max(title, _WORD) + _BORDERS, 3
    number = form.number_width
    if node.rows:
        n_numbers = 2 - _is_constant(node) + _has_wrong(node, wrong)
        inner = _name_width(node) + n_numbers * (number + 1)
        return inner + _BORDERS, len(node.rows[:MOST_ROWS]) + (not node.is_many) + _BORDERS
    inner = number + _WORD * form.words
    rows = form.numbers + (node.value in wrong)
    longest = LONGEST_TITLE if form.words else _LONGEST_SHORT if form.label_width else inner + 2
    return max(inner, min(title, longest)) + _BORDERS, rows + _BORDERS


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The boxes at one step.

    Attributes:
        stepper: At this step.
        form: How they are drawn.
        current: The box of the step.
        selected: The id of the selected node.
        on_path: The nodes of the highlighted path.
    """

    stepper: Stepper
    form: Form
    current: GraphNode | None
    selected: str | None
    on_path: Collection[GraphNode | None]

    def of(self, node: GraphNode) -> NodeFace:
        """What a node's box says; while one of its members acts, that one."""
        value, title = node.value, _title(node)
        acting = self.stepper.current
        if node is self.current and acting is not None and acting not in (value, *node.rows):
            value, title = acting, f"{node.label}: {short_name(self.stepper.names[acting])}"
        is_shown = self.stepper.done(value) or node is self.current
        frame, name = GraphInk.FRAME, GraphInk.NAME
        if node is self.current:
            frame, name = GraphInk.CURRENT, GraphInk.CURRENT_TITLE
        elif node.id == self.selected:
            frame, name = GraphInk.SELECTED, GraphInk.SELECTED_TITLE
        elif node in self.on_path:
            frame = GraphInk.PATH
        elif not is_shown:
            frame = name = GraphInk.WAITING
        if not self.form.numbers:
            lines: list[GraphLine] = []
        elif node.rows:
            lines = self._table(node, value)
        else:
            lines = self._numbers(node, value)
        return NodeFace(node.kind, frame, title, name, tuple(lines))

    def _table(self, node: GraphNode, value: Value) -> list[GraphLine]:
        """A line for each row: its name, data and gradient; the last for the value."""
        shown = _window(node.rows, self.stepper)
        rows = [(row_name(row.label), row) for row in shown]
        if not node.is_many:
            rows.append(("=", value))
        width = _name_width(node)
        lines: list[GraphLine] = []
        for text, row in rows:
            line: GraphLine = (
                (text, width + 1, GraphInk.WAITING),
                self._number(self.stepper.data(row), row),
            )
            if not row.constant:
                line += ((" ", 1, GraphInk.PLAIN), self._gradient(row))
                right = self.stepper.right_grad(row)
                if right is not None:
                    line += ((" ", 1, GraphInk.PLAIN), self._number(right, row))
            lines.append(line)
        return lines

    def _numbers(self, node: GraphNode, value: Value) -> list[GraphLine]:
        found = [("data ", self.stepper.data(value))]
        if node.kind != "constant":
            found.append(("grad ", self.stepper.grad(value)))
            if self.form.numbers == 1 and self.stepper.position > self.stepper.backward_position:
                found = found[1:]
        word = _WORD * self.form.words
        lines: list[GraphLine] = [
            ((text if word else "", word, GraphInk.WAITING), self._number(number, value))
            for text, number in found[: self.form.numbers]
        ]
        right = self.stepper.right_grad(value)
        if right is not None:
            lines[-1] = (lines[-1][0], self._gradient(value))
            said = _IF_RIGHT if word else ""
            lines.append(((said, word, GraphInk.WAITING), self._number(right, value)))
        return lines

    def _gradient(self, value: Value) -> tuple[str, int, GraphInk]:
        """Its number; one that is wrong, where the right one stands beside it, is marked."""
        text, width, ink = self._number(self.stepper.grad(value), value)
        is_wrong = self.stepper.right_grad(value) is not None
        return text, width, GraphInk.WRONG if is_wrong else ink

    def _number(self, number: float | None, value: Value) -> tuple[str, int, GraphInk]:
        width = self.form.number_width
        is_shown = self.stepper.done(value) or value is self.stepper.current
        text = "" if number is None else signed(number, width)
        return text, width, _number_ink(number) if is_shown else GraphInk.WAITING


def _has_wrong(node: GraphNode, wrong: Container[Value]) -> bool:
    """Whether a row of a box has a wrong gradient."""
    return any(row in wrong for row in (*node.rows, *(() if node.is_many else (node.value,))))


def _is_constant(node: GraphNode) -> bool:
    return all(row.constant for row in (*node.rows, node.value))


def _window(rows: tuple[Value, ...], stepper: Stepper) -> tuple[Value, ...]:
    """As many rows as a box shows, so that those of the step are among them."""
    acting = stepper.current
    wanted = () if acting is None else (acting, *acting.parents)
    first = next((k for k, row in enumerate(rows) if row in wanted), 0)
    first = max(min(first, len(rows) - MOST_ROWS), 0)
    return rows[first : first + MOST_ROWS]


def _number_ink(number: float | None) -> GraphInk:
    if number is None or not abs(number) > 0.0:
        return GraphInk.NUMBER
    return GraphInk.NEGATIVE if number < 0.0 else GraphInk.POSITIVE
