"""Thumbnails: literal pictures of each kind, and every data set has one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from toygrad.datasets import DATASETS, Dataset
from toygrad.tui.data.thumbnail import Thumbnail, draw_thumbnail, pictured_columns, thumbnail_strip
from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.drawing.palette import MARK_CONTRAST, NEGATIVE, POSITIVE

DARK, LIGHT = Color.parse("#161a21"), Color.parse("#f9fafb")


def made(name: str) -> Dataset:
    return DATASETS[name](rng=np.random.default_rng(0))


def lines(thumbnail: Thumbnail, *, ascii: bool = False) -> list[str]:
    rows, _ = thumbnail.size
    return [thumbnail_strip(thumbnail, row, DARK, ascii=ascii).text for row in range(rows)]


def hex_of(segment: Segment) -> str:
    style = segment.style
    assert style is not None and style.color is not None
    return Color.from_rich_color(style.color).hex


def plane(points: list[tuple[float, float]], targets: list[float], **fields: Any) -> Dataset:
    classes = {"classes": ("orange", "blue"), "task": "classification"}
    return Dataset(
        name="plane",
        points=np.array(points),
        targets=np.array(targets),
        columns=("x1", "x2"),
        **(classes | fields),
    )


def line(x: list[float], targets: list[float]) -> Dataset:
    return Dataset(
        name="line",
        points=np.array(x)[:, None],
        targets=np.array(targets),
        columns=("x",),
        task="regression",
    )


def test_samples_are_drawn_where_they_are_in_quarters_of_cells() -> None:
    corners = plane([(0, 0), (1, 1)], [-1, 1])
    assert lines(draw_thumbnail(corners, 2, 1)) == ["▖▝"]
    assert lines(draw_thumbnail(corners, 2, 1), ascii=True) == ["ox"]
    assert lines(draw_thumbnail(corners, 3, 2), ascii=True) == ["  x", "o  "]


def test_a_cell_has_the_colours_of_two_classes() -> None:
    both = plane([(0, 0), (1, 0), (0, 1), (1, 1), (1, 1)], [-1, -1, -1, 1, 1])
    strip = thumbnail_strip(draw_thumbnail(both, 1, 1), 0, DARK)
    (segment,) = strip
    assert segment.text == "▙"
    assert hex_of(segment) == Color.parse(NEGATIVE).hex
    assert segment.style is not None and segment.style.bgcolor is not None
    assert Color.from_rich_color(segment.style.bgcolor).hex == Color.parse(POSITIVE).hex


def test_numbers_are_the_mean_of_the_samples_there() -> None:
    points = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    numbers = plane(points, [-1.0, 1.0, 1.0, 1.0], classes=(), task="regression")
    thumbnail = draw_thumbnail(numbers, 3, 1)
    assert lines(thumbnail) == ["▀  "]
    assert lines(thumbnail, ascii=True) == ["= #"]


def test_a_curve_has_no_gap_and_its_sign_below_and_above_its_middle() -> None:
    x = np.linspace(-1, 1, 50).tolist()
    thumbnail = draw_thumbnail(line(x, [10 * v for v in x]), 4, 2)
    assert lines(thumbnail) == ["⠀⠀⡠⠊", "⡠⠊⠀⠀"]
    assert lines(thumbnail, ascii=True) == ["  //", "//  "]
    steep = draw_thumbnail(line([0, 1, 2, 3], [-1, -1, 1, 1]), 2, 1)
    assert lines(steep) == ["⣀⠏"]
    below, above = thumbnail_strip(steep, 0, DARK)
    assert (hex_of(below), hex_of(above)) == (Color.parse(NEGATIVE).hex, Color.parse(POSITIVE).hex)


def test_a_fast_wave_is_drawn_only_as_far_as_it_stays_legible() -> None:
    x = np.linspace(0, 1, 2000)
    slow, quick = (line(x.tolist(), np.sin(n * 2 * np.pi * x).tolist()) for n in (4, 16))
    assert lines(draw_thumbnail(slow, 8, 3)) == lines(draw_thumbnail(quick, 8, 3))


def test_of_many_columns_the_picture_shows_two_and_names_them() -> None:
    assert pictured_columns(made("iris")) == ("petal length", "petal width")
    for name in ("circle", "parabola", "digits"):
        assert pictured_columns(made(name)) == ()
    assert lines(draw_thumbnail(made("iris"), 8, 3), ascii=True) == [
        "     222",
        "  11112 ",
        "00      ",
    ]


def test_a_digit_is_drawn_pixel_by_pixel() -> None:
    assert lines(draw_thumbnail(made("digits"), 8, 4), ascii=True) == [
        "  *###  ",
        "  *###* ",
        "   **#* ",
        "  #*##* ",
    ]


@pytest.mark.parametrize("name", DATASETS)
def test_every_set_of_the_package_fills_each_line_of_its_picture(name: str) -> None:
    thumbnail = draw_thumbnail(made(name), 8, 3)
    assert thumbnail.size == (3, 8)
    for ascii in (False, True):
        text = lines(thumbnail, ascii=ascii)
        assert [len(row) for row in text] == [8, 8, 8]
        assert text.count(" " * 8) == 0
        assert not ascii or "".join(text).isascii()


@pytest.mark.parametrize("background", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", ["circle", "parabola", "iris"])
def test_classes_contrast_with_the_background(name: str, background: Color) -> None:
    strip = thumbnail_strip(draw_thumbnail(made(name), 8, 3), 1, background)
    for segment in strip:
        if segment.text.strip(" ⠀"):
            assert contrast_ratio(Color.parse(hex_of(segment)), background) >= MARK_CONTRAST - 0.01


@st.composite
def any_dataset(draw: st.DrawFn) -> Dataset:
    n_columns, n = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    number = st.floats(-1e100, 1e100)
    rows = st.lists(number, min_size=n_columns, max_size=n_columns)
    points = np.array(draw(st.lists(rows, min_size=n, max_size=n)))
    prefix = draw(st.sampled_from(["c", "pixel "]))
    common: dict[str, Any] = {
        "name": "any",
        "points": points,
        "columns": tuple(f"{prefix}{column}" for column in range(n_columns)),
    }
    k = draw(st.integers(1, 4))
    if k == 1:
        targets = draw(st.lists(st.floats(-1e90, 1e90), min_size=n, max_size=n))
        return Dataset(task="regression", targets=np.array(targets), **common)
    codes = [-1.0, 1.0] if k == 2 else [float(code) for code in range(k)]
    targets = draw(st.lists(st.sampled_from(codes), min_size=n, max_size=n))
    classes = tuple(f"class {code}" for code in range(k))
    return Dataset(task="classification", targets=np.array(targets), classes=classes, **common)


@settings(deadline=None, max_examples=60)
@given(dataset=any_dataset(), columns=st.integers(1, 9), rows=st.integers(1, 4))
def test_whatever_the_data_there_is_a_picture_of_the_size_asked_for(
    dataset: Dataset, columns: int, rows: int
) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        thumbnail = draw_thumbnail(dataset, columns, rows)
    for ascii in (False, True):
        text = lines(thumbnail, ascii=ascii)
        assert [len(row) for row in text] == [columns] * rows


def test_no_two_pictures_are_the_same_without_colour() -> None:
    pictures = {tuple(lines(draw_thumbnail(made(name), 8, 3), ascii=True)) for name in DATASETS}
    assert len(pictures) == len(DATASETS)
