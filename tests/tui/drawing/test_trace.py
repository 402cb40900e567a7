"""Traces: no extreme is lost, what is connected stays connected, what is not stays apart."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.drawing.braille import Frame, dots_of, traced

FRAME = Frame(0.0, 10.0, 0.0, 5.0)


def picture(xs: list[float], ys: list[float], frame: Frame = FRAME) -> list[str]:
    """A curve in 11 x 6 dots, a dot for each whole number."""
    x, y = np.array(xs), np.array(ys)
    columns, rows = traced(x, y, y, frame, 11, 6)
    grid = [[" "] * 11 for _ in range(6)]
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        grid[5 - row][column] = "#"
    return ["".join(line).rstrip() for line in grid]


def test_a_line_goes_through_its_points() -> None:
    assert picture([0.0, 5.0, 10.0], [0.0, 5.0, 5.0]) == [
        "     ######",
        "    #",
        "   #",
        "  #",
        " #",
        "#",
    ]


def test_a_jump_is_connected_upright() -> None:
    assert picture([0.0, 4.0, 5.0, 10.0], [0.0, 0.0, 5.0, 5.0]) == [
        "     ######",
        "     #",
        "     #",
        "    #",
        "    #",
        "#####",
    ]


def test_there_is_a_gap_where_a_value_is_missing() -> None:
    row = picture([0.0, 3.0, 5.0, 7.0, 10.0], [1.0, 1.0, math.nan, 1.0, 1.0])[4]
    assert row == "####   ####"


def test_a_lonely_point_is_seen() -> None:
    assert picture([4.0], [2.0])[3] == "    #"


def test_what_lies_outside_leads_the_line_in_and_out() -> None:
    assert picture([-10.0, 20.0], [3.0, 3.0])[2] == "###########"


def test_a_band_is_filled() -> None:
    x = np.array([0.0, 10.0])
    columns, rows = traced(x, np.array([1.0, 1.0]), np.array([3.0, 3.0]), FRAME, 11, 6)
    assert sorted(set(rows.tolist())) == [1, 2, 3]
    assert len(columns) == 33


@given(
    ys=st.lists(
        st.one_of(st.floats(0.0, 5.0), st.sampled_from([math.nan, math.inf])),
        min_size=1,
        max_size=300,
    )
)
def test_every_finite_value_lies_on_a_dot_however_many_there_are(ys: list[float]) -> None:
    x, y = np.linspace(0.0, 10.0, len(ys)), np.array(ys)
    columns, rows = traced(x, y, y, FRAME, 20, 16)
    assert ((columns >= 0) & (columns < 20) & (rows >= 0) & (rows < 16)).all()
    drawn = set(zip(columns.tolist(), rows.tolist(), strict=True))
    assert len(drawn) == len(columns)
    good = np.isfinite(y)
    wanted = zip(
        dots_of(x[good], 0.0, 10.0, 20).tolist(),
        dots_of(y[good], 0.0, 5.0, 16).tolist(),
        strict=True,
    )
    assert set(wanted) <= drawn
