"""Curves over cells: literal pictures, gaps, edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from rich.style import Style

from toygrad.tui.output.paint import curve_marks


def picture(
    fractions: list[float] | NDArray[np.float64], columns: int, rows: int, *, ascii: bool = False
) -> list[str]:
    lines = [[" "] * columns for _ in range(rows)]
    marks = curve_marks(np.asarray(fractions, float), columns, rows, Style(), ascii=ascii)
    for row, column, glyph, _ in marks:
        lines[row][column] = glyph
    return ["".join(line) for line in lines]


def test_a_level_curve_is_a_row_of_dots() -> None:
    assert picture([0.1] * 6, 3, 1) == ["⠉⠉⠉"]
    assert picture([0.9] * 6, 3, 1) == ["⣀⣀⣀"]
    assert picture([0.1] * 6, 3, 1, ascii=True) == ["---"]


def test_a_steep_curve_has_no_gaps() -> None:
    assert picture([0.0, 0.99], 1, 2) == ["⢱", "⢸"]
    assert picture([0.99, 0.0], 1, 2) == ["⢸", "⡸"]


def test_nan_leaves_a_gap() -> None:
    assert picture([np.nan, 0.1, np.nan, 0.1], 2, 1) == ["⠈⠈"]
    assert picture([np.nan] * 4, 2, 1) == ["  "]


def test_what_is_outside_is_drawn_to_the_edge() -> None:
    assert picture([0.9, -5.0, -5.0, -5.0], 2, 1) == ["⡸ "]
    assert picture([np.inf, np.inf, -np.inf, 0.6], 2, 1) == [" ⡿"]


def test_of_other_numbers_of_values_the_nearest_are_taken() -> None:
    assert picture([0.1, 0.9], 2, 1) == picture([0.1, 0.1, 0.9, 0.9], 2, 1)
    assert picture(np.repeat([0.1, 0.9], 50), 2, 1) == picture([0.1, 0.1, 0.9, 0.9], 2, 1)


@pytest.mark.parametrize(("n", "columns", "rows"), [(0, 3, 3), (4, 0, 3), (4, 3, 0)])
def test_without_room_or_values_there_is_nothing(n: int, columns: int, rows: int) -> None:
    assert curve_marks(np.zeros(n), columns, rows, Style(), ascii=False) == []


@given(
    arrays(np.float64, st.integers(1, 40), elements=st.floats()),
    st.integers(1, 12),
    st.integers(1, 6),
    st.booleans(),
)
def test_whatever_the_curve_its_marks_are_inside(
    fractions: NDArray[np.float64], columns: int, rows: int, ascii: bool
) -> None:
    for row, column, glyph, _ in curve_marks(fractions, columns, rows, Style(), ascii=ascii):
        assert 0 <= row < rows
        assert 0 <= column < columns
        assert glyph.isascii() is ascii
