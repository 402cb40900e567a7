"""The screen as a picture: SVG with one path for each colour, a third of the usual size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from rich.color import Color
from rich.style import Style
from textual.strip import Strip

CELL, LINE, BASELINE = 10, 20, 15
HALF = LINE // 2
# Which halves of a cell have the colour of the text.
BLOCKS = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
FONT = "ui-monospace, Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace"

NUMBER = re.compile(r"[-+]?[\d.][\d.,]*(?:e[-+]?\d+|k)?")
DRAWN = re.compile(r"[\u2500-\u259f\u2800-\u28ff●\u00a0]")
"""Lines, blocks, braille and handles."""

Rectangle = tuple[int, int, int, int]
"""Left, top, width, height."""


class Picture:
    """A drawing of lines of the screen.

    Args:
        front: The colour of text that has none, `#rrggbb`.
        behind: That of the background.
    """

    def __init__(self, front: str, behind: str) -> None:
        self._front, self._behind = front, behind
        self._rectangles: dict[str, list[Rectangle]] = {}
        self._texts: dict[str, list[str]] = {}

    def svg(self, strips: Sequence[Strip], title: str) -> str:
        """The lines from top to bottom as an SVG file with a title."""
        for row, strip in enumerate(strips):
            for x, text, style in _runs(strip):
                self._draw(x, row, text, style)
        width, height = CELL * max(strip.cell_length for strip in strips), LINE * len(strips)
        paths = [
            f'<path fill="{color}" d="{"".join(map(_outline, rectangles))}"/>'
            for color, rectangles in self._rectangles.items()
        ]
        groups = [f"<g {look}>{''.join(texts)}</g>" for look, texts in self._texts.items()]
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'font-family="{FONT}" font-size="16.4" shape-rendering="crispEdges">'
        )
        ground = f'<rect width="{width}" height="{height}" fill="{self._behind}"/>'
        return "\n".join(
            (head, f"<title>{escape(title)}</title>", ground, *paths, *groups, "</svg>\n")
        )

    def _draw(self, x: int, row: int, text: str, style: Style) -> None:
        front, behind = _hex(style.color, self._front), _hex(style.bgcolor, self._behind)
        if style.reverse:
            front, behind = behind, front
        if BLOCKS.keys() >= set(text):
            # No font draws these without gaps.
            for place, glyph in enumerate(text, x):
                for half, is_front in enumerate(BLOCKS[glyph]):
                    at = CELL * place, LINE * row + HALF * half, CELL, HALF
                    self._fill(front if is_front else behind, at)
            return
        self._fill(behind, (CELL * x, LINE * row, CELL * len(text), LINE))
        look = f'fill="{front}"' + (' font-weight="bold"' if style.bold else "")
        self._texts.setdefault(look, []).append(_text(x, row, text))

    def _fill(self, color: str, rectangle: Rectangle) -> None:
        if color == self._behind:
            return
        x, y, width, height = rectangle
        known = self._rectangles.setdefault(color, [])
        for number in range(len(known) - 1, max(len(known) - 3, -1), -1):
            left, top, before, tall = known[number]
            if (top, tall, left + before) == (y, height, x):
                known[number] = (left, top, before + width, tall)
                return
        known.append(rectangle)


def words_of(svg: str) -> list[str]:
    """The texts of a picture, line by line and from left to right, without numbers and drawings.

    The last digits of a number depend on the processor, and with them a dot of a curve.
    """
    found = re.findall(r'<text x="(\d+)" y="(\d+)"[^>]*>([^<]*)</text>', svg)
    ordered = sorted((int(y), int(x), unescape(text)) for x, y, text in found)
    texts = (NUMBER.sub("#", DRAWN.sub(" ", text)).split() for _, _, text in ordered)
    return [" ".join(words) for words in texts if words]


def _outline(rectangle: Rectangle) -> str:
    x, y, width, height = rectangle
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _runs(strip: Strip) -> Iterator[tuple[int, str, Style]]:
    """Where each text of one style begins, and it."""
    x = 0
    for text, style, _ in strip.simplify():
        yield x, text, style or Style.null()
        x += len(text)


def _hex(color: Color | None, default: str) -> str:
    return default if color is None or color.is_default else color.get_truecolor().hex


def _text(x: int, row: int, text: str) -> str:
    x += len(text) - len(text.lstrip())
    text = text.strip()
    shown = escape(text).replace("  ", " \u00a0")
    length = f' textLength="{CELL * len(text)}"' if len(text) > 1 else ""
    return f'<text x="{CELL * x}" y="{LINE * row + BASELINE}"{length}>{shown}</text>'
