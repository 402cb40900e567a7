"""What the keys of the list of columns change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tests.tui.extremes import SIZES
from toygrad.datasets import Column, CsvTable, Survey, TableOptions, read_table
from toygrad.tui.data import column_edits
from toygrad.tui.data.column_rows import HEADINGS, ColumnRows
from toygrad.tui.widgets.row_styles import RowStyles

if TYPE_CHECKING:
    from pathlib import Path

STYLES = RowStyles(*[Style()] * 7)
CELLS = "id,empty,x,when,kind,y\n" + "".join(
    f"{k},,{k * 7 % 5}.5,{1 + k % 12}/{1 + k % 9}/2020,{'abc'[k % 3]},{k % 2}\n"
    for k in range(1, 40)
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> CsvTable:
    path: Path = tmp_path_factory.mktemp("columns") / "table.csv"
    path.write_text(CELLS, encoding="utf-8")
    return read_table(path)


def column(survey: Survey, name: str) -> Column:
    return next(column for column in survey.columns if column.name == name)


def test_a_column_that_is_switched_twice_leaves_no_trace(table: CsvTable) -> None:
    before = TableOptions()
    survey = table.survey(before)
    roles = {"id": ("left out", "input"), "x": ("input", "left out"), "kind": ("input", "left out")}
    for name, (now, then) in roles.items():
        assert column(survey, name).role == now
        once = column_edits.toggled(before, column(survey, name))
        assert column(table.survey(once), name).role == then
        # The second key may come before the survey of the first.
        assert column_edits.toggled(once, column(survey, name)) == before
        assert column_edits.toggled(once, column(table.survey(once), name)) == before


def test_another_target_is_an_input_no_more_and_its_task_is_open(table: CsvTable) -> None:
    options = TableOptions(left_out=("x",), taken=("id",), task="classification")
    survey = table.survey(options)
    for name in ("x", "id"):
        changed = column_edits.with_target(options, column(survey, name))
        assert changed.target == name and changed.task is None
        assert name not in (*changed.left_out, *changed.taken)
    once = column_edits.with_target(TableOptions(task="regression"), column(survey, "y"))
    assert column_edits.with_target(once, column(survey, "y")) == once


def test_every_kind_comes_up_once_before_the_first_comes_again(table: CsvTable) -> None:
    options, seen = TableOptions(), []
    kinds = column(table.survey(options), "when").kinds
    assert len(kinds) > 2
    for _ in kinds:
        options = column_edits.read_otherwise(options, column(table.survey(options), "when"))
        seen.append(column(table.survey(options), "when").kinds[0])
    assert sorted(seen) == sorted(kinds)
    assert seen[-1] == kinds[0]


EDITS = ("toggled", "with_target", "read_otherwise", "task", "missing")


@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 5)), max_size=8))
def test_whatever_is_changed_can_be_listed(table: CsvTable, edits: list[tuple[str, int]]) -> None:
    options = TableOptions()
    survey = table.survey(options)
    for edit, place in edits:
        try:
            if edit == "task":
                options = column_edits.with_other_task(options, survey)
            elif edit == "missing":
                options = column_edits.with_other_missing(options)
            else:
                options = getattr(column_edits, edit)(options, survey.columns[place])
        except ValueError as error:
            assert str(error).endswith(".")
        survey = table.survey(options)
        assert bool(survey.fault) != bool(survey.n_inputs)


ODD = Survey(
    name="odd.csv",
    n_rows=3,
    n_samples=3,
    n_inputs=0,
    columns=(
        Column(name="", kind="empty", role="left out", values=(), histogram=(), missing=3),
        Column(
            name="长" * 60,
            kind="row numbers",
            role="input",
            values=("长" * 60, "1e308", "\x1b[31m"),
            histogram=(0,) * 10,
            missing=1,
            encoding="one input for each of 50 values, " * 3,
            fault="odd.csv: is not.",
        ),
    )
    * 150,
    task="regression",
    target="",
    target_is_guessed=True,
    task_is_guessed=True,
    notes=(),
)


@pytest.mark.parametrize("ascii", [False, True])
def test_rows_fit_every_width_and_no_number_is_cut(ascii: bool, table: CsvTable) -> None:
    for survey in (ODD, table.survey()):
        for width in {width for width, _ in SIZES}:
            rows = ColumnRows.of(survey, width, ascii=ascii)
            titles = [title for title, room in zip(HEADINGS, rows.widths, strict=True) if room]
            assert rows.heading.split("  ")[0] in ("", *(title[:width] for title in titles))
            for place in range(2):
                row = rows.row(place, STYLES)
                assert sum(segment.cell_length for segment in row) <= width + 2
                text = "".join(segment.text for segment in row)
                if "missing" in titles and survey.columns[place].missing:
                    assert "%" in text
