"""Signed bars and sparklines: literal pictures."""

import math

import numpy as np
import pytest
from rich.segment import Segment
from rich.style import Style

from toygrad.tui.drawing.bars import signed_bar, sparkline

BAR = Style(color="blue", bgcolor="black")
LINE = Style(color="white", bgcolor="black")


def bar(value: float, limit: float = 1.0, width: int = 8, ascii: bool = False) -> list[Segment]:
    return signed_bar(value, limit, width, bar=BAR, line=LINE, ascii=ascii)


def text(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


@pytest.mark.parametrize(
    ("value", "picture"),
    [
        (0.0, "    ▏   "),
        (1.0, "    ████"),
        (0.5, "    ██  "),
        (0.40625, "    █▋  "),
        (-1.0, "████▏   "),
        (-0.40625, "  ▍█▏   "),
        (math.inf, "    ████"),
        (-math.inf, "████▏   "),
        (math.nan, "    ?   "),
    ],
)
def test_bars_grow_from_the_centre_line(value: float, picture: str) -> None:
    assert text(bar(value)) == picture


def test_the_end_of_a_bar_to_the_left_is_drawn_in_reverse() -> None:
    reversed_texts = [s.text for s in bar(-0.40625) if s.style is not None and s.style.reverse]
    assert reversed_texts == ["▍"]


@pytest.mark.parametrize(
    ("value", "picture"),
    [(0.0, "    |   "), (1.0, "    |+++"), (-1.0, " ---|   "), (-0.3, "   -|   ")],
)
def test_bars_in_ascii(value: float, picture: str) -> None:
    assert text(bar(value, ascii=True)) == picture


@pytest.mark.parametrize("limit", [0.0, math.nan])
def test_without_a_limit_there_is_no_bar(limit: float) -> None:
    assert text(bar(1.0, limit)) == "    ▏   "


@pytest.mark.parametrize("width", range(12))
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("value", [-2.0, -0.1, 0.0, 0.7, math.nan])
def test_a_bar_fills_its_width_without_empty_segments(
    value: float, ascii: bool, width: int
) -> None:
    segments = bar(value, width=width, ascii=ascii)
    assert len(text(segments)) == width
    assert all(segment.text for segment in segments)


@pytest.mark.parametrize(
    ("values", "picture"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([-7.0, 0.0, 7.0], "     █▁█"),
        ([3.0, 3.0], "      ██"),
        ([0.0, 0.0], "      ▁▁"),
        ([math.nan, 1.0, math.inf], "      ██"),
        ([math.inf, 0.0], "      █▁"),
        ([], "        "),
        (np.arange(16.0), "▅▅▆▆▇▇██"),
    ],
)
def test_sparklines(values: list[float], picture: str) -> None:
    assert sparkline(values, 8) == picture


def test_sparklines_in_ascii() -> None:
    assert sparkline(range(8), 8, ascii=True) == "_.-:=+*#"


def test_a_sparkline_without_room_is_empty() -> None:
    assert sparkline([1.0], 0) == ""
