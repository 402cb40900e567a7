"""The list of a table's columns, by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from toygrad.datasets import CsvTable, DataChoice, TableOptions
from toygrad.datasets.csv import layout
from toygrad.tui.config import AppConfig
from toygrad.tui.data import pane
from toygrad.tui.data.columns_screen import ColumnsScreen
from toygrad.tui.playground import PlaygroundScreen

from .test_data_choice import type_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tui.conftest import Start, User

HEADER = "id,name,age,fare,port,born,married,weight,survived"


def people(folder: Path) -> Path:
    """A table with a column of nearly each kind."""
    path = folder / "people.csv"
    rows = (
        f'{k},"Person {k}",{"" if k % 7 == 0 else 20 + k * 7 % 50},"${k % 9}.50",{"CQS"[k % 3]},'
        f"19{10 + k}-0{1 + k % 9}-1{k % 10},{('yes', 'no')[k % 2]},{40 + k % 37} kg,{k % 5 % 2}"
        for k in range(1, 61)
    )
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def screen(user: User) -> ColumnsScreen:
    listed = user.app.screen
    assert isinstance(listed, ColumnsScreen)
    return listed


def said(user: User, part: str) -> str:
    """The text of a part of the list, without the breaks of its lines."""
    return " ".join(user.text(part).split())


def line(user: User, name: str) -> str:
    """The row of a column."""
    rows = user.text("#columns-list").splitlines()
    return next(row for row in rows if f"  {name} " in row)


async def test_a_file_is_listed_when_it_opens_and_what_is_changed_is_taken_and_undone(
    start_small: Start, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    path = people(tmp_path)
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_path(user, path)
        assert user.app.session.dataset.name == "circle"
        for size in ((120, 40), (150, 46), (80, 24)):
            await user.resize(*size)
            golden("columns_{}x{}".format(*size), user.text())
        assert '"survived" (guessed' in said(user, "#columns-summary")
        assert "learned as classes (guessed" in said(user, "#columns-summary")

        # id is left out, and can be taken; name as well, and is left out again.
        await user.press("space", "down", "space", "space")
        assert line(user, "id").startswith("input")
        assert line(user, "name").startswith("left out")
        # age is left out, fare learned, its task changed twice.
        await user.press("down", "space", "down", "t")
        assert line(user, "age").startswith("left out")
        assert line(user, "fare").startswith("target")
        assert "guessed" not in said(user, "#columns-summary")
        await user.press("c")
        assert "learned as classes" in said(user, "#columns-summary")
        await user.press("c")
        # born goes through what it can be read as.
        seen = []
        await user.press("down", "down")
        for _ in screen(user)._column.kinds:
            await user.press("a")
            seen.append(screen(user)._column.kinds[0])
        assert sorted(seen) == sorted(screen(user)._column.kinds)
        await user.press("a", "f")
        kind = screen(user)._column.kinds[0]
        await user.press("enter")
        assert isinstance(user.app.screen, PlaygroundScreen)
        assert user.app.editor.choice == DataChoice(
            path=path,
            table=TableOptions(
                target="fare",
                left_out=("age",),
                taken=("id",),
                missing="drop",
                task="regression",
                kinds=(("born", kind),),
            ),
        )
        assert user.snapshot.dataset.task == "regression"
        assert user.said == [note for note in user.said if "comes with" in note]
        await user.press("ctrl+z")
        assert user.app.session.dataset.name == "circle"


async def test_it_opens_on_demand_with_what_is_in_force_and_escape_keeps_that(
    start: Start, tmp_path: Path
) -> None:
    table = TableOptions(target="fare", left_out=("age",))
    choice = DataChoice(path=people(tmp_path), table=table)
    async with start((120, 40), AppConfig(data=choice)) as user:
        await user.advance(3)
        await user.press("2")
        assert "Columns" in user.lines()[-1]
        dataset = user.snapshot.dataset
        for leave in ("enter", "escape"):
            await user.press("c")
            assert line(user, "fare").startswith("target")
            assert line(user, "age").startswith("left out")
            if leave == "escape":
                await user.press("space", "f", "c")
            await user.press(leave)
            assert user.snapshot.dataset is dataset
            assert user.snapshot.step == 3
        await user.press("c")
        # The survey may still be on its way when it is taken.
        await user.press("f", "enter")
        assert user.app.editor.choice.table == TableOptions(
            target="fare", left_out=("age",), missing="drop"
        )

    async with start((80, 24)) as user:
        await user.press("2")
        assert "Columns" not in user.lines()[-1]
        await user.press("c")
        assert isinstance(user.app.screen, PlaygroundScreen)


async def test_what_cannot_be_is_refused_in_a_sentence(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    rows = "".join(f"{k % 9}.5,,{'ab'[k % 2]}\n" for k in range(30))
    path.write_text("x,nothing,y\n" + rows, encoding="utf-8")
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_path(user, path)
        await user.press("down", "space")
        assert user.said[-1] == '"nothing" can\'t be an input: every cell is empty.'
        await user.press("t")
        assert user.said[-1] == '"nothing" can\'t be the target: every cell is empty.'
        await user.press("a")
        assert user.said[-1] == '"nothing" can be read as nothing else.'
        await user.press("down", "space")
        assert user.said[-1] == '"y" is the target: press t on another column first.'
        # Names can't be learned as numbers.
        # What was said so far lies on the lowest lines.
        user.app.clear_notifications()
        await user.press("c")
        fault = screen(user)._survey.fault
        assert "y" in fault
        assert said(user, "#columns-notes").startswith(" ".join(fault.split()))
        await user.press("enter")
        assert user.said[-1] == fault
        assert isinstance(user.app.screen, ColumnsScreen)
        await user.press("c", "enter")
        assert user.snapshot.dataset.name == "odd"


async def test_a_change_that_fails_leaves_what_is_listed_in_force(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(table: CsvTable, options: TableOptions) -> None:
        raise ValueError("This can't be listed.")

    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_path(user, people(tmp_path))
        with monkeypatch.context() as patch:
            patch.setattr(CsvTable, "survey", fail)
            await user.press("f")
        assert user.said[-1] == "This can't be listed."
        await user.press("enter")
        assert user.app.editor.choice.table == TableOptions()
        assert user.snapshot.dataset.name == "people"


async def test_of_too_many_rows_a_sample_is_offered(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MAX_SAMPLES", 40)
    monkeypatch.setattr(pane, "SAMPLE", 30)
    async with start_small((80, 24)) as user:
        await user.press("2")
        await type_path(user, people(tmp_path))
        assert "30 of 60 rows drawn at random." in said(user, "#columns-notes")
        await user.press("enter")
        assert user.app.editor.choice.table == TableOptions(sample=30)
        assert user.snapshot.dataset.n_samples == 30


async def test_odd_files_are_listed_with_their_fault_and_nothing_is_lost(
    start_small: Start, tmp_path: Path
) -> None:
    one, wide = tmp_path / "one.csv", tmp_path / "wide.csv"
    one.write_text("x\n" + "".join(f"{k}.5\n" for k in range(9)), encoding="utf-8")
    names = ",".join(f"a column with a long name {k}" for k in range(256))
    cells = "".join(",".join(str(k * j % 11) for j in range(256)) + "\n" for k in range(20))
    wide.write_text(f"{names}\n{cells}", encoding="utf-8")
    async with start_small((80, 24)) as user:
        await user.press("2")
        for path in (one, wide):
            await type_path(user, path)
            if path == wide:
                await user.press(*["pagedown"] * 40)
                assert user.text("#columns-list").splitlines()[-1].startswith("target")
                await user.press("escape")
            else:
                assert "there is only one column" in user.said[-1]
            assert user.app.screen.query_one("#csv-path", Input).value == str(path)
        assert user.app.session.dataset.name == "circle"
