"""Curves as braille: literal pictures, and every curve whole from end to end."""

import numpy as np
import pytest

from toygrad.tui.drawing.braille import BRAILLE, STROKES, CurveCells, curve_cells

COLUMNS, ROWS = 8, 3


def curves(*ends: tuple[int, int]) -> CurveCells:
    starts, stops = (np.array(side, dtype=np.intp) for side in zip(*ends, strict=True))
    numbers = np.arange(len(ends)) + 5
    return curve_cells(
        numbers, starts, stops, left=1, right=7, largest_rise=11, columns=COLUMNS, rows=ROWS
    )


def picture(cells: CurveCells, *, thick: bool = False) -> list[str]:
    bits = np.zeros(COLUMNS * ROWS, dtype=int)
    np.bitwise_or.at(bits, cells["cell"], cells["thick"] if thick else cells["thin"])
    text = "".join(chr(BRAILLE + dots) if dots else " " for dots in bits.tolist())
    return [text[start : start + COLUMNS].rstrip() for start in range(0, len(text), COLUMNS)]


def test_a_level_curve_is_a_line_of_dots() -> None:
    assert picture(curves((4, 4))) == ["", " ⠉⠉⠉⠉⠉⠉", ""]
    assert picture(curves((4, 4)), thick=True) == ["", " ⠛⠛⠛⠛⠛⠛", ""]


def test_a_curve_leaves_and_arrives_level() -> None:
    assert picture(curves((0, 11))) == [" ⠙⢢", "   ⠑⢄", "     ⠣⣄"]


@pytest.mark.parametrize("ends", [(0, 11), (11, 0), (3, 8), (6, 6), (0, 400)])
def test_a_curve_has_no_gap(ends: tuple[int, int]) -> None:
    rows = 101
    cells = curve_cells(
        np.zeros(1, dtype=np.intp),
        np.array(ends[:1]),
        np.array(ends[1:]),
        left=0,
        right=COLUMNS,
        largest_rise=400,
        columns=COLUMNS,
        rows=rows,
    )
    row, column = np.divmod(cells["cell"][cells["thin"] > 0], COLUMNS)
    assert set(column.tolist()) == set(range(COLUMNS))
    low, high = sorted(end // 4 for end in ends)
    assert set(row.tolist()) == set(range(low, high + 1))


def test_each_curve_keeps_its_own_cells() -> None:
    both = curves((0, 11), (4, 4))
    assert set(both["curve"].tolist()) == {5, 6}
    alone = curves((0, 11))
    mine = both[both["curve"] == 5]
    assert mine["cell"].tolist() == alone["cell"].tolist()
    assert mine["thin"].tolist() == alone["thin"].tolist()
    assert len(mine) + len(both[both["curve"] == 6]) == len(both)


def test_dots_outside_are_left_out() -> None:
    assert picture(curves((-3, 3))) == ["    ⠓⠤⣀", "", ""]
    assert picture(curves((14, 14))) == ["", "", ""]


def test_no_room_or_no_curve_is_no_cell() -> None:
    numbers = np.zeros(1, dtype=np.intp)
    for given, right in ((numbers, 3), (numbers[:0], 9)):
        cells = curve_cells(
            given, given, given, left=3, right=right, largest_rise=0, columns=9, rows=2
        )
        assert not len(cells["cell"])


@pytest.mark.parametrize(
    ("braille", "stroke"), [("⠉", "-"), ("⠑", "\\"), ("⠊", "/"), ("⡇", "|"), ("⣿", "|"), ("⠁", "-")]
)
def test_dots_have_a_stroke_that_runs_the_same_way(braille: str, stroke: str) -> None:
    assert chr(STROKES[ord(braille) - BRAILLE]) == stroke
