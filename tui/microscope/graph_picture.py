"""A computational graph in characters: boxes with numbers, and wires, some highlighted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.explain.graph import GraphNode, GraphView
from ...core.explain.stepper import Stepper
from ..drawing.canvas import Canvas, cut_end
from ..drawing.numbers import signed
from .graph_layout import Box, Edge, GraphLayout, Place

Kind = Literal["leaf", "parameter", "constant", "inner", "output"]

NUMBER_WIDTH: Final = 8
# The word before a number.
_WORD: Final = 5
LONGEST_TITLE: Final = 21
"""A longer name and operation take two lines."""
WIDEST: Final = 27
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
    OP = 16


class GraphLine(NamedTuple):
    """A line in a box: a word on the left, a text on the right, and the ink of the blanks."""

    left: str
    left_ink: GraphInk
    right: str
    right_ink: GraphInk
    blank_ink: GraphInk = GraphInk.PLAIN


class NodeFace(NamedTuple):
    """What a box shows: the frame of its kind in an ink, and lines from the top, if they fit."""

    kind: Kind
    ink: GraphInk
    lines: tuple[GraphLine, ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """Highlighted wires.

    Attributes:
        labels: For each wire the text before its arrow; may be empty.
        wire: The ink of the wires.
        text: The ink of the texts.
    """

    labels: Mapping[Edge, str]
    wire: GraphInk
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
_ARROW, _PLAIN_ARROW = "▶", ">"


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
        self._arrow = _PLAIN_ARROW if plain else _ARROW
        self._plain = plain
        self._glyphs = _GLYPHS[plain]
        # Boxes and wires share no cells, so only what changed is painted again.
        whole = Box(0, 0, layout.width, layout.height)
        self._picture = self._wires(layout.wires.values(), GraphInk.WIRE, whole)
        self._faces: dict[str, NodeFace] = {}
        self._covered: list[tuple[_Area, Canvas]] = []

    def paint(self, faces: Mapping[str, NodeFace], highlights: Sequence[Highlight] = ()) -> Canvas:
        """The whole picture; the same canvas each time, brought up to date.

        Args:
            faces: What each box shows.
            highlights: Highlighted wires, the last ones on top.
        """
        self._uncover()
        for node, face in faces.items():
            if self._faces.get(node) != face:
                self._faces[node] = face
                self._paint_box(self._picture, self.layout.boxes[node], face)
        for highlight in highlights:
            for edge, text in highlight.labels.items():
                self._highlight(self.layout.wires[edge], text, highlight)
        return self._picture

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
        before = Canvas(0, 0)
        before.glyphs, before.keys = glyphs.copy(), keys.copy()
        self._covered.append((area, before))
        wire = self._wires([corners], highlight.wire, box)
        drawn = wire.keys > 0
        glyphs[drawn], keys[drawn] = wire.glyphs[drawn], wire.keys[drawn]
        if text:
            self._picture.text(end.y, end.x - len(text) - 1, " ", GraphInk.PLAIN)
            self._picture.text(end.y, end.x - len(text), text, highlight.text)

    def _wires(self, wires: Iterable[tuple[Place, ...]], ink: GraphInk, area: Box) -> Canvas:
        """Only the wires, in a part of the picture."""
        canvas = Canvas(area.height, area.width)
        directions = np.zeros(canvas.glyphs.shape, dtype=np.uint8)
        ends = []
        for corners in wires:
            moved = [Place(x - area.left, y - area.top) for x, y in corners]
            ends.append(moved[-1])
            for here, there in pairwise(moved):
                _draw(directions, here, there)
        canvas.glyphs[...] = self._glyphs[directions]
        canvas.keys[directions > 0] = ink
        for end in ends:
            canvas.text(end.y, end.x, self._arrow, ink)
        return canvas

    def _paint_box(self, canvas: Canvas, box: Box, face: NodeFace) -> None:
        (corners, level, upright), inner = self._frames[face.kind], box.width - _BORDERS
        top, bottom, left = box.top, box.top + box.height - 1, box.left
        canvas.text(top, left, f"{corners[0]}{level * inner}{corners[1]}", face.ink)
        canvas.text(bottom, left, f"{corners[3]}{level * inner}{corners[2]}", face.ink)
        for row in range(top + 1, bottom):
            canvas.text(row, left, f"{upright}{' ' * inner}{upright}", face.ink)
            canvas.text(row, left + 1, " " * inner, GraphInk.PLAIN)
        for row, line in zip(range(top + 1, bottom), face.lines, strict=False):
            right = line.right[:inner]
            room = inner - len(right) - 1 if right else inner
            text = cut_end(line.left, room, ascii=self._plain)
            canvas.text(row, left + 1, " " * inner, line.blank_ink)
            canvas.text(row, left + 1, text, line.left_ink)
            canvas.text(row, left + 1 + inner - len(right), right, line.right_ink)


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


def box_size(view: GraphView, numbers: int) -> tuple[int, int]:
    """Columns and rows of each box of a graph, with borders.

    Args:
        view: The graph.
        numbers: How many numbers a box shows, 0 to 2.
    """
    if has_long_titles(view):
        longest = max(max(len(node.label), len(node.op)) for node in view.nodes)
    else:
        longest = max(map(_title_length, view.nodes))
    inner = max(longest, _WORD + NUMBER_WIDTH) if numbers else max(longest, _WORD)
    rows = 1 + has_long_titles(view) + numbers
    return min(inner, WIDEST - _BORDERS) + _BORDERS, rows + _BORDERS


def _title_length(node: GraphNode) -> int:
    return len(node.label) + bool(node.op) + len(node.op)


def has_long_titles(view: GraphView) -> bool:
    """Whether names and operations need a line each."""
    return any(_title_length(node) > LONGEST_TITLE and node.op for node in view.nodes)


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The boxes at one step.

    Attributes:
        stepper: At this step.
        is_split: Whether names and operations have a line each, see `has_long_titles`.
        numbers: How many a box shows; 1 is the data, or the gradient in the backward pass.
        current: The node of the step.
        selected: The id of the selected node.
        on_path: The nodes of the highlighted path.
    """

    stepper: Stepper
    is_split: bool
    numbers: int
    current: GraphNode | None
    selected: str | None
    on_path: Collection[GraphNode | None]

    def of(self, node: GraphNode) -> NodeFace:
        """What a node's box says."""
        is_shown = self.stepper.done(node.value) or node is self.current
        frame = GraphInk.FRAME if is_shown else GraphInk.WAITING
        name, op, blank = GraphInk.NAME, GraphInk.OP, GraphInk.PLAIN
        if not is_shown:
            name = op = GraphInk.WAITING
        if node is self.current:
            frame, name = GraphInk.CURRENT, GraphInk.CURRENT_TITLE
            op = blank = name
        elif node.id == self.selected:
            frame, name = GraphInk.SELECTED, GraphInk.SELECTED_TITLE
            op = blank = name
        elif node in self.on_path:
            frame = GraphInk.PATH
        lines = [GraphLine(node.label, name, "" if self.is_split else node.op, op, blank)]
        if self.is_split:
            lines.append(GraphLine(node.op, GraphInk.WAITING, "", GraphInk.WAITING))
        for word, number in self._numbers(node):
            text = "" if number is None else signed(number, NUMBER_WIDTH).strip()
            ink = _number_ink(number) if is_shown else GraphInk.WAITING
            lines.append(GraphLine(word, GraphInk.WAITING, text, ink))
        return NodeFace(node.kind, frame, tuple(lines))

    def _numbers(self, node: GraphNode) -> list[tuple[str, float | None]]:
        found = [("data", self.stepper.data(node.value))]
        if node.kind != "constant":
            found.append(("grad", self.stepper.grad(node.value)))
            if self.numbers == 1 and self.stepper.position > self.stepper.backward_position:
                return found[1:]
        return found[: self.numbers]


def _number_ink(number: float | None) -> GraphInk:
    if number is None or not abs(number) > 0.0:
        return GraphInk.NUMBER
    return GraphInk.NEGATIVE if number < 0.0 else GraphInk.POSITIVE
