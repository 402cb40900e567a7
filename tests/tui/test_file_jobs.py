"""Whatever the application reads or writes: the screen goes on, and how it ended is said."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.hostile_files import HOSTILE
from toygrad.datasets import Dataset
from toygrad.tui import file_jobs
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.file_jobs import run_job, save_file, save_folder

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


@asynccontextmanager
async def bare() -> AsyncIterator[tuple[App[None], Pilot[None]]]:
    app: App[None] = App()
    async with app.run_test(notifications=True) as pilot:
        yield app, pilot


def said(app: App[None]) -> list[str]:
    return [note.message for note in app._notifications]


async def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 5.0
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.005)


async def test_what_is_no_file_is_refused_in_a_sentence_for_every_kind(tmp_path: Path) -> None:
    async with bare() as (app, _):
        for number, (make, words) in enumerate(HOSTILE.values()):
            folder = tmp_path / str(number)
            folder.mkdir()
            path = make(folder)
            before = sorted(folder.iterdir())
            app.clear_notifications()
            save_file(app, path, lambda: "new")
            await until(partial(said, app))
            assert words in said(app)[-1]
            assert sorted(folder.iterdir()) == before


async def test_a_file_is_saved_and_overwritten_after_one_question(tmp_path: Path) -> None:
    path, done = tmp_path / "name", []
    async with bare() as (app, pilot):
        save_file(app, path, lambda: "first", what="it", then=lambda: done.append(1))
        await until(partial(said, app))
        assert said(app) == [f"Saved it to {path}."]
        save_file(app, path, lambda: "second")
        await until(lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("escape")
        assert path.read_text() == "first"
        save_file(app, path, lambda: "second", then=lambda: done.append(2))
        await until(lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(lambda: done == [1, 2])
        assert path.read_text() == "second"
        assert not isinstance(app.screen, ConfirmScreen)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("a sentence."), "a sentence."),
        (MemoryError(), "name was not saved: not enough memory."),
        (RuntimeError("odd"), "name was not saved: RuntimeError('odd')."),
    ],
)
async def test_whatever_fails_while_saving_is_said(
    tmp_path: Path, error: Exception, sentence: str
) -> None:
    def fail() -> NoReturn:
        raise error

    async with bare() as (app, _):
        save_file(app, tmp_path / "name", fail)
        await until(lambda: said(app))
        assert said(app) == [sentence]


@pytest.mark.parametrize("where", ["in the work", "with its result"])
async def test_whatever_fails_while_loading_is_said(where: str) -> None:
    sentences: list[str] = []

    def fail(*_: object) -> NoReturn:
        raise MemoryError

    async with bare() as (app, _):
        work: Callable[[], object] = fail if where == "in the work" else object
        run_job(app, work, fail, sentences.append, failed="It failed")
        await until(lambda: sentences)
    assert sentences == ["It failed: not enough memory."]


async def test_jobs_that_an_end_overtakes_leave_no_warning() -> None:
    async with bare() as (app, _):
        app.exit()
        run_job(app, object, print, print, failed="")
    gc.collect()


async def test_a_read_that_hangs_keeps_neither_the_screen_nor_the_end() -> None:
    hang = threading.Event()
    results: list[object] = []
    async with bare() as (app, pilot):
        run_job(app, lambda: hang.wait(20), results.append, results.append, failed="")
        await pilot.press("a")
        assert app.is_running
    assert results == []
    hang.set()


async def test_leaving_waits_for_a_file_that_is_being_saved(tmp_path: Path) -> None:
    started, go_on = threading.Event(), threading.Event()

    def content() -> str:
        started.set()
        go_on.wait(10)
        return "all of it"

    async with bare() as (app, _):
        save_file(app, tmp_path / "name", content)
        await until(started.is_set)
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "file job")
    assert not thread.daemon
    go_on.set()
    thread.join(10)
    assert (tmp_path / "name").read_text() == "all of it"


def test_a_folder_to_save_to_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(file_jobs, "user_downloads_path", lambda: tmp_path / "Downloads")
    assert save_folder() == tmp_path
    (tmp_path / "Downloads").mkdir()
    assert save_folder() == tmp_path / "Downloads"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert save_folder() == Path()


# --- The application -----------------------------------------------------------------------------


async def points(user: User, path: Path) -> None:
    await user.press("2", "w")
    await user.fill(str(path))


async def screenshot(user: User, path: Path) -> None:
    user.app.deliver_screenshot(path.name, str(path.parent))
    await user.settle()


async def test_points_and_screenshots_refuse_what_is_no_file_and_say_a_full_disk(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "")

    path = tmp_path / "name"
    async with start_small((80, 24)) as user:
        for save, kind in ((screenshot, "folder"), (points, "FIFO")):
            make, words = HOSTILE[kind]
            await save(user, make(tmp_path))
            assert words in user.said[-1]
            await user.press("escape", "escape")
            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", fail)
                await save(user, path)
            assert "the disk is full). Free some space" in user.said[-1]
            assert not path.exists()
            await user.press("escape", "escape")
            await save(user, path)
            assert user.said[-1].endswith(f"to {path}.")
            assert path.stat().st_size > 100
            path.unlink()
        await a_screenshot_without_a_folder_for_downloads_is_saved(user, tmp_path, monkeypatch)


def test_no_picture_is_taken_of_a_screen_that_is_gone() -> None:
    ToygradApp(AppConfig()).deliver_screenshot()


async def a_screenshot_without_a_folder_for_downloads_is_saved(
    user: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(file_jobs, "user_downloads_path", lambda: home / "Downloads")
    await user.press("ctrl+p")
    await user.type("screenshot")
    await user.press("enter")
    await until(lambda: str(home) in user.said[-1])
    (path,) = home.iterdir()
    assert user.said[-1] == f"Saved a picture of the screen to {path}."
    assert path.read_text().startswith("<svg")


async def test_data_that_load_but_can_not_be_taken_are_said(
    start_small: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_small((80, 24)) as user:

        def fail(self: object, *, dataset: Dataset | None = None, **_: object) -> NoReturn:
            raise MemoryError

        monkeypatch.setattr(type(user.app.editor), "configure", fail)
        user.app.action_choose_dataset("xor")
        await user.advance(1)
        user.app.action_choose_dataset("spiral")
        await user.settle()
        assert "The data could not be loaded: not enough memory." in user.said
