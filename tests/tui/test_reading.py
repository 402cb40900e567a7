"""A file that takes long to read: the screen goes on, says how far it is, and can give it up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App

from toygrad.datasets import CsvTable, DataChoice, Progress, TableOptions, read_table
from toygrad.datasets.csv import read
from toygrad.datasets.csv.text import read_text
from toygrad.tui.config import AppConfig
from toygrad.tui.data.columns_screen import ColumnsScreen
from toygrad.tui.playground import PlaygroundScreen
from toygrad.tui.reading import ReadingScreen, run_reading

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Start, User

MOST_SECONDS = 30.0
"""Nothing takes as long; only a test that fails waits for it."""


async def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + MOST_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


class Slow:
    """Reads a file as fast as a test wants it: it tells each share once the test lets it."""

    def __init__(self) -> None:
        self._shares: list[float] = []
        self._changed = threading.Condition()
        self.ended: list[str] = []

    def go_to(self, share: float) -> None:
        with self._changed:
            self._shares.append(share)
            self._changed.notify()

    def has_ended(self, how: str) -> bool:
        return self.ended[-1:] == [how]

    def __call__(self, progress: Progress) -> str:
        try:
            share = 0.0
            while share < 1.0:
                with self._changed:
                    assert self._changed.wait_for(lambda: self._shares, MOST_SECONDS)
                    share = self._shares.pop(0)
                progress(share)
        except ValueError:
            self.ended.append("given up")
            raise
        self.ended.append("read")
        return "the table"


async def test_shares_are_shown_until_it_is_read_or_given_up_and_a_forgotten_one_ends() -> None:
    app: App[None] = App()
    results: list[str] = []
    slows = Slow(), Slow(), Slow(), Slow(), Slow()

    def begin(slow: Slow) -> None:
        run_reading(
            app,
            "big.csv",
            slow,
            results.append,
            results.append,
            failed="No",
            give_up=lambda: results.append("given up"),
        )

    def text() -> str:
        assert isinstance(app.screen, ReadingScreen)
        return str(app.screen._said.content)

    def is_read() -> bool:
        return not isinstance(app.screen, ReadingScreen)

    async with app.run_test() as pilot:
        begin(slows[0])
        slows[0].go_to(0.25)
        await until(lambda: not is_read() and text() == "Reading big.csv: 25%")
        slows[0].go_to(0.5)
        await until(lambda: text() == "Reading big.csv: 50%")
        slows[0].go_to(1.0)
        await until(lambda: results == ["the table"])
        assert is_read()

        begin(slows[1])
        slows[1].go_to(0.25)
        await until(lambda: not is_read())
        await pilot.press("escape")
        await until(is_read)
        assert results.pop() == "given up"
        slows[1].go_to(0.5)
        await until(lambda: slows[1].ended == ["given up"])

        begin(slows[2])
        slows[2].go_to(0.25)
        await until(lambda: not is_read())
        # The last one counts: what is forgotten takes its screen along.
        begin(slows[3])
        slows[3].go_to(1.0)
        await until(lambda: results == ["the table"] * 2)
        assert is_read()
        slows[2].go_to(0.5)
        await until(lambda: slows[2].ended == ["given up"])
        assert results == ["the table"] * 2

        begin(slows[4])
        slows[4].go_to(0.25)
        await until(lambda: not is_read())
        # It ends under another screen, and is gone when that one is.
        await pilot.press("ctrl+p")
        slows[4].go_to(1.0)
        await until(lambda: results == ["the table"] * 3)
        assert len(app.screen_stack) == 3
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)


async def test_a_file_that_is_opened_is_read_once_shows_its_share_and_can_be_given_up(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.csv"
    path.write_text("u,v,w\n" + "".join(f"{k},{k % 7},{k % 3}.5\n" for k in range(40)))
    slow, read_texts = Slow(), []

    def slowly(path: Path, *, progress: Progress, **options: Any) -> CsvTable:
        slow(progress)
        return read_table(path, **options)

    def counted(path: Path) -> Any:
        read_texts.append(path)
        return read_text(path)

    def is_reading(user: User) -> bool:
        is_on = isinstance(user.app.screen, ReadingScreen)
        return is_on and "Reading big.csv: 34%" in user.text()

    monkeypatch.setattr("toygrad.datasets.read_table", slowly)
    monkeypatch.setattr(read, "read_text", counted)
    async with start((80, 24)) as user:
        await user.press("2", "end", "enter")
        await user.type(str(path))
        for ends in ("given up", "read"):
            await user.pilot.press("enter")
            slow.go_to(0.34)
            await until(lambda: is_reading(user))
            # The screen goes on: nothing of it waits for the file.
            await user.pilot.resize_terminal(100, 30)
            await until(lambda: user.app.screen.size.width == 100)
            await user.pilot.resize_terminal(80, 24)
            if ends == "given up":
                await user.pilot.press("escape")
                await until(lambda: isinstance(user.app.screen, PlaygroundScreen))
                assert user.app.session.dataset.name == "circle"
            slow.go_to(1.0)
            await until(partial(slow.has_ended, ends))
            await user.settle()
        assert user.said == []
        assert isinstance(user.app.screen, ColumnsScreen)
        await user.press("enter")
        assert user.snapshot.dataset.name == "big"
        assert user.value("target") == "w"
        assert user.value("samples") == 40
    assert read_texts == [path]


async def test_another_target_reads_the_file_once_more_and_can_be_given_up(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    path = tmp_path / "big.csv"
    path.write_text("u,v,w\n" + "".join(f"{k},{k % 7},{k % 3}.5\n" for k in range(40)))
    slow, load = Slow(), DataChoice.load

    def slowly(choice: DataChoice, progress: Progress, table: CsvTable | None = None) -> Any:
        slow(progress)
        return load(choice)

    async with start((80, 24), AppConfig(data=DataChoice(path=path))) as user:
        monkeypatch.setattr(DataChoice, "load", slowly)
        await user.press("2")
        await user.reach("target")
        await user.press("enter")
        await user.pilot.press("home", "enter")
        slow.go_to(0.5)
        await until(lambda: isinstance(user.app.screen, ReadingScreen))
        await user.pilot.press("escape")
        await until(lambda: isinstance(user.app.screen, PlaygroundScreen))
        slow.go_to(0.75)
        await until(lambda: slow.ended == ["given up"])
        await user.settle()
        assert user.value("target") == "w"
        assert user.app.editor.choice.table == TableOptions()
