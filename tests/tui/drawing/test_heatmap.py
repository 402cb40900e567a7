"""Heat maps: literal pictures, runs, marks and the way without colour."""

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from toygrad.tui.drawing.heatmap import Mark, class_strips, heat_strips
from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.drawing.palette import diverging, qualitative

TABLE = diverging(Color.parse("#1e1e1e"))
UP, ZERO, DOWN = 63, 32, 0


def pixels(*rows: list[int]) -> NDArray[np.uint8]:
    return np.array(rows, dtype=np.uint8)


def texts(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def hexes(segment: Segment) -> tuple[str | None, str | None]:
    style = segment.style
    assert style is not None
    names = [color.get_truecolor().hex if color else None for color in (style.color, style.bgcolor)]
    return names[0], names[1]


def test_a_cell_shows_its_upper_pixel_in_front_of_its_lower() -> None:
    (strip,) = heat_strips(pixels([DOWN, UP], [UP, UP]), TABLE)
    assert [segment.text for segment in strip] == ["▀", " "]
    assert [hexes(segment) for segment in strip] == [("#f59322", "#0877bd"), (None, "#0877bd")]


def test_equal_cells_are_one_segment() -> None:
    strips = heat_strips(pixels([UP] * 5, [DOWN] * 5, [ZERO] * 5, [ZERO] * 5), TABLE)
    assert texts(strips) == ["▀▀▀▀▀", "     "]
    assert [len(list(strip)) for strip in strips] == [1, 1]
    assert [strip.cell_length for strip in strips] == [5, 5]


def test_a_mark_lies_on_the_mean_colour_of_its_cell() -> None:
    mark = Mark(0, 1, "o", Style(color="#ffffff", bold=True))
    (strip,) = heat_strips(pixels([UP, UP, UP], [UP, ZERO, UP]), TABLE, [mark])
    assert strip.text == " o "
    background = list(strip)[1]
    assert hexes(background) == ("#ffffff", TABLE[48].hex.lower())
    assert background.style is not None and background.style.bold


def test_the_last_of_two_marks_is_seen_and_those_outside_are_not() -> None:
    marks = [Mark(0, 0, "o", Style()), Mark(0, 0, "x", Style()), Mark(5, 0, "?", Style())]
    assert texts(heat_strips(pixels([UP, UP], [UP, UP]), TABLE, marks)) == ["x "]


@pytest.mark.parametrize("level", range(64))
@pytest.mark.parametrize("color", ["#f59322", "#0877bd"])
def test_a_mark_can_be_told_from_every_ground(level: int, color: str) -> None:
    mark = Mark(0, 0, "o", Style(color=color))
    (strip,) = heat_strips(pixels([level], [level]), TABLE, [mark])
    front, background = hexes(next(iter(strip)))
    assert front is not None and background is not None
    assert contrast_ratio(Color.parse(front), Color.parse(background)) >= 3.0


def test_without_colour_the_characters_tell_sign_and_magnitude() -> None:
    row = [0, 8, 16, 24, 32, 40, 48, 56, 63]
    assert texts(heat_strips(pixels(row, row), TABLE, ascii=True)) == ["==-. +*##"]


def test_without_colour_a_cell_is_the_mean_of_its_pixels() -> None:
    assert texts(heat_strips(pixels([DOWN, UP], [UP, UP]), TABLE, ascii=True)) == [" #"]


def test_a_class_map_has_the_classes_colours() -> None:
    colors = qualitative(3)
    (strip,) = class_strips(pixels([0, 1, 2], [0, 2, 2]), colors)
    assert strip.text == " ▀ "
    expected = [(None, 0), (1, 2), (None, 2)]
    for segment, (front, background) in zip(strip, expected, strict=True):
        wanted = None if front is None else colors[front].hex.lower()
        assert hexes(segment) == (wanted, colors[background].hex.lower())


def test_a_class_map_without_colour_names_the_classes() -> None:
    mark = Mark(0, 2, "x", Style())
    strips = class_strips(pixels([0, 1, 2], [0, 2, 2]), qualitative(3), [mark], ascii=True)
    assert texts(strips) == ["01x"]


@pytest.mark.parametrize("draw", [heat_strips, class_strips])
def test_half_a_cell_is_refused(draw: object) -> None:
    assert callable(draw)
    with pytest.raises(ValueError, match="even number of rows, not 3"):
        draw(np.zeros((3, 2), dtype=np.uint8), TABLE)


def test_a_reversed_mark_stands_on_its_own_colour() -> None:
    levels = pixels([ZERO], [ZERO])
    background = TABLE[ZERO].rich_color
    plain, reverse = (
        heat_strips(levels, TABLE, [Mark(0, 0, "x", Style(color="#f59322", reverse=flag))])[0]
        for flag in (False, True)
    )
    (segment,), (turned,) = plain, reverse
    assert segment.style is not None
    assert turned.style is not None
    assert segment.style.bgcolor == turned.style.color == background
    assert segment.style.color == turned.style.bgcolor
    assert not turned.style.reverse


def test_an_empty_map_is_no_strips() -> None:
    assert heat_strips(np.zeros((0, 4), dtype=np.uint8), TABLE) == []
