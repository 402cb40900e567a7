"""The cells of a wall: all that are seen have room, the cursor among them; no name is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.sweep.axis import Axis
from toygrad.core.sweep.fields import CellRecipe
from toygrad.core.sweep.sweep import Sweep
from toygrad.datasets import DataChoice
from toygrad.tui.wall.cells import fitted, spread
from toygrad.tui.wall.grid import Grid, digits_of, short_value
from toygrad.tui.wall.measures import LOSS, Coloring, best_cell

sizes = st.integers(1, 90)


@given(sizes, sizes, sizes, sizes, st.integers(0, 89), st.integers(0, 89), st.booleans())
def test_cells_fit_and_the_cursor_is_seen(
    n_rows: int, n_columns: int, width: int, height: int, row: int, column: int, whole: bool
) -> None:
    cursor = row % n_rows, column % n_columns
    cells = fitted(n_rows, n_columns, width, height, cursor, whole_lines=whole)
    assert cells.width <= width and cells.height <= height
    assert not whole or cells.halves % 2 == 0
    assert 0 <= cells.first_row <= cursor[0] < cells.first_row + cells.n_rows <= n_rows
    assert 0 <= cells.first_column <= cursor[1] < cells.first_column + cells.n_columns <= n_columns
    for place in range(cells.n_rows):
        lines = cells.lines_of(place)
        assert len(lines) >= (1 if cells.halves > 1 else 0) and lines.stop <= height
        for line in lines:
            assert cells.at(0, line) == (cells.first_row + place, cells.first_column)
    assert cells.at(cells.width, 0) is None and cells.at(0, cells.height) is None


@given(
    st.lists(st.text("0.123456789e-x", min_size=1, max_size=9), min_size=1, max_size=40),
    st.integers(1, 12),
    st.integers(0, 39),
)
def test_names_below_columns_do_not_touch_and_are_whole(
    names: list[str], columns: int, chosen: int
) -> None:
    width = max(len(names) * columns, max(map(len, names)))
    chosen %= len(names)
    places = spread(names, columns, width, chosen)
    assert chosen in [place for place, _ in places]
    end = -1
    for place, start in places:
        assert start > end - 1 and start >= 0 and start + len(names[place]) <= width
        end = start + len(names[place]) + 1


def test_the_grid_has_the_numbers_of_the_sweep() -> None:
    base = CellRecipe(DataChoice(), NetworkSpec(), TrainingConfig())
    for over in (("width=1..3:3", "learning-rate=0.1,1"), ("optimizer=sgd,adam", "width=1,2,4")):
        sweep = Sweep(base, tuple(map(Axis.parse, over)), n_seeds=3)
        grid = Grid(sweep)
        assert sorted(grid.numbers.ravel().tolist()) == list(range(sweep.n_cells))
        for (row, column, seed), number in np.ndenumerate(grid.numbers):
            across, down, place = sweep.places(int(number))
            shown = grid.n_rows - 1 - down if grid.grows_upwards else down
            assert (across, shown, place) == (column, row, seed)
            values = grid.across.values
            assert grid.column_name(column) == short_value(values[across], digits_of(values))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0316227766, "0.0316"), (7443.8, "7440"), (1e-5, "1e-05"), (8, "8"), ((4, 2), "4x2")],
)
def test_values_have_few_digits(value: object, text: str) -> None:
    assert short_value(value) == text


def test_of_equal_cells_the_best_has_the_lowest_loss_and_none_is_best_of_nothing() -> None:
    nothing = np.full((1, 3), np.nan)
    assert best_cell(Coloring(nothing, nothing, "", ""), LOSS, nothing) is None
    values = np.array([[np.inf, 2.0, 1.0]])
    assert best_cell(Coloring(values, values, "", ""), LOSS, values) == (0, 2)


@pytest.mark.parametrize("low", [0.001, 57.9, 57.999, 57.99999])
def test_labels_tell_the_values_of_a_zoomed_axis_apart(low: float) -> None:
    values = tuple(float(v) for v in np.linspace(low, low * 1.0001, 6))
    labels = [short_value(value, digits_of(values)) for value in values]
    assert len(set(labels)) == len(values)
    assert max(map(len, labels)) <= 10
