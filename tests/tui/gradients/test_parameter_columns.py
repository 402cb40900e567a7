"""Columns of the table: what fits, and literal rows."""

import numpy as np
import pytest
from rich.style import Style

from toygrad.tui.drawing.canvas import cut_middle
from toygrad.tui.gradients.parameter_columns import (
    RowLook,
    header_text,
    lay_out,
    row_segments,
    sort_key_at,
)
from toygrad.tui.gradients.parameter_rows import SortKey, TableRows
from toygrad.tui.widgets.row_styles import RowStyles

STYLES = RowStyles(*(Style(color=f"color({number})") for number in range(7)))
ROWS = TableRows(
    ("layer1.weight[0,3]", "layer1.bias[3]"),
    np.array([1.9633, -0.5]),
    np.array([-1.91e-4, 0.0]),
    np.array([1e-6, 0.0]),
    np.array([[0.0, 0.0], [1.0, 0.0], [-2.0, 0.0]]),
    np.array([0, 3], dtype=np.uint8),
    ("ok", "vanishing", "exploding", "dead"),
)


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (120, "name value gradient bar ratio history verdict"),
        (71, "name value gradient bar ratio history verdict"),
        (70, "name value gradient bar ratio verdict"),
        (60, "name value gradient bar verdict"),
        (54, "name value gradient verdict"),
        (45, "name value gradient"),
        (30, "name value gradient"),
    ],
)
def test_narrow_tables_drop_history_ratio_bar_and_verdict_in_turn(width: int, names: str) -> None:
    columns = lay_out(width)
    assert " ".join(column.name for column in columns) == names
    assert columns[-1].start + columns[-1].width <= width


def test_titles_are_above_their_columns_with_an_arrow_at_the_sorted_one() -> None:
    assert header_text(lay_out(77), "ratio", True) == (
        "parameter               value  gradient |grad|     Δ/w▼ last 10    verdict  "
    )


@pytest.mark.parametrize(
    ("sort_by", "descending", "title"),
    [("gradient", False, "gradient▲"), ("abs gradient", True, "|grad|▼")],
)
def test_without_a_bar_the_gradient_column_shows_what_is_sorted_by(
    sort_by: SortKey, descending: bool, title: str
) -> None:
    assert header_text(lay_out(45), sort_by, descending).endswith(title)


def test_titles_in_ascii() -> None:
    text = header_text(lay_out(77), "ratio", False, ascii=True)
    assert text.isascii() and "d/w^" in text


def test_a_column_is_found_by_its_cells() -> None:
    columns = lay_out(77)
    places = [columns[0].start, columns[1].start, columns[3].start, columns[5].start, 76, 200]
    keys = [sort_key_at(columns, x) for x in places]
    assert keys == ["name", "value", "abs gradient", None, "verdict", None]


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "layer1.weight[0,3]    +1.9633 -1.91e-04 ████▏     5e-07        ▁▅█ ok        "),
        (1, "layer1.bias[3]        -0.5000    0.0000     ▏         0        ▁▁▁ dead      "),
    ],
)
def test_rows_are_drawn_in_their_columns(index: int, text: str) -> None:
    segments = row_segments(ROWS, index, lay_out(77), STYLES, RowLook(1.91e-4))
    assert "".join(segment.text for segment in segments) == text


def test_rows_in_ascii_are_ascii() -> None:
    segments = row_segments(ROWS, 0, lay_out(77), STYLES, RowLook(1.91e-4, ascii=True))
    text = "".join(segment.text for segment in segments)
    assert text.isascii() and "---|" in text


def test_signs_zeros_and_verdicts_have_their_styles() -> None:
    drawn = {
        segment.text.strip(): segment.style
        for index in (0, 1)
        for segment in row_segments(ROWS, index, lay_out(77), STYLES, RowLook(1.0))
    }
    assert drawn["+1.9633"] == STYLES.positive
    assert drawn["-0.5000"] == STYLES.negative
    assert drawn["0.0000"] == STYLES.quiet
    assert drawn["ok"] == STYLES.healthy
    assert drawn["dead"] == STYLES.warning
    assert STYLES.of_sign(float("nan")) == STYLES.warning


@pytest.mark.parametrize(
    ("width", "text"), [(18, "layer1.weight[0,3]"), (9, "laye…0,3]"), (1, "…"), (0, "")]
)
def test_a_long_name_loses_its_middle(width: int, text: str) -> None:
    assert cut_middle("layer1.weight[0,3]", width) == text
