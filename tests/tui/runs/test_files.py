"""Runs are saved and opened by keys alone, and nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from textual.widgets import Input

from tests.tui.test_failure import until
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run.file import read_run, save_run
from toygrad.datasets import DataChoice, write_file
from toygrad.tui.config import AppConfig
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.learn.presets import PRESETS
from toygrad.tui.runs import files as run_files
from toygrad.tui.runs.open_screen import OpenScreen
from toygrad.tui.runs.recent import RecentFiles
from toygrad.tui.runs.save_screen import SaveScreen, first_name, with_suffix

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder of the test's own."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


def is_on_playground(user: User) -> bool:
    return user.app.screen is user.app.playground


def saved_name(user: User) -> str:
    field = user.app.focused
    assert isinstance(field, Input)
    return field.value


async def test_a_run_is_saved_changed_saved_again_and_opened_as_it_was(
    start: Start, folder: Path
) -> None:
    async with start((150, 46)) as user:
        await user.advance(60)
        await user.press("right_square_bracket")
        await user.press("ctrl+s")
        assert isinstance(user.app.screen, SaveScreen)
        name = saved_name(user)
        stem = f"circle-{time.strftime('%Y-%m-%d')}"
        assert name == f"{stem}.toygrad"
        await user.press("enter")
        assert user.said[-1] == f"Saved to {folder / name}."
        assert f"file {stem} " in user.text("#status")
        before, curves = user.snapshot.parameters, user.snapshot.curves

        # Saving changes nothing; and what changes shows as a star.
        assert user.snapshot.step == 60
        await user.press("s")
        assert f"file {stem}*" in user.text("#status")

        # From now on without a question.
        first = (folder / name).read_bytes()
        await user.press("ctrl+s")
        assert is_on_playground(user)
        assert f"file {stem} " in user.text("#status")
        second = (folder / name).read_bytes()
        assert second != first
        (folder / "first.toygrad").write_bytes(first)

        # Not over what another program wrote there meanwhile.
        (folder / name).write_bytes(first)
        await user.press("s", "ctrl+s")
        assert isinstance(user.app.screen, ConfirmScreen)
        assert "has changed on the disk" in user.text("#confirm")
        await user.press("y", "ctrl+s", "ctrl+s")
        assert is_on_playground(user)
        assert (folder / name).read_bytes() not in (first, second)

        # Another data set, and then back to the first file, in place of all of it.
        user.app.action_choose_dataset("xor")
        await user.settle()
        await user.press("s", "ctrl+o")
        await user.type("fir")
        await user.press("tab", "enter")
        assert user.said[-1] == "Opened first.toygrad."
        assert user.state() == "paused"
        assert user.snapshot.dataset.name == "circle"
        np.testing.assert_array_equal(user.snapshot.parameters, before)
        np.testing.assert_array_equal(user.snapshot.curves.mean, curves.mean)
        assert user.app.editor.choice == DataChoice()
        assert "circle" in user.text("#data")
        assert "file first " in f"{user.text('#status')} "

        # What can be undone is in the file.
        rate = user.snapshot.training.learning_rate
        await user.press("ctrl+z")
        assert user.snapshot.training.learning_rate < rate
        await user.press("ctrl+y")
        assert user.snapshot.training.learning_rate == rate


async def test_a_save_that_ends_after_another_run_was_opened_does_not_name_its_file(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Session(NetworkSpec(), DataChoice(name="xor").load())
    other.advance(3)
    other.seek(2)
    save_run(other.document(), folder / "other.toygrad")
    async with start((80, 24)) as user:

        def open_meanwhile(*given: Any, **options: Any) -> None:
            files, document = user.app._files, read_run(folder / "other.toygrad")
            user.app.call_from_thread(files._open, folder / "other.toygrad", document)
            write_file(*given, **options)

        monkeypatch.setattr(run_files, "write_file", open_meanwhile)
        await user.press("s", "ctrl+s", "enter")
        assert user.said[-1].startswith("Saved to ")
        assert user.app._files.name == "other"
        # It opens where it was saved, back in time.
        assert user.snapshot.step == 2
        assert user.snapshot.future is not None
        assert user.app.editor.choice.name == "xor"


async def test_saving_asks_before_it_overwrites_and_escape_saves_nothing(
    start_small: Start, folder: Path
) -> None:
    (folder / "mine.toygrad").write_text("something else", encoding="utf-8")
    (folder / "sub").mkdir()
    async with start_small((80, 24)) as user:
        await user.press("s", "ctrl+s")
        # A path that is longer than the field still shows its end.
        await user.type("y" * 80)
        assert "y" * 60 in user.text("#save-run")
        await user.press("escape")
        assert is_on_playground(user)

        # Many terminals send the same for ctrl+shift+s as for ctrl+s.
        await user.press("f12")
        await user.fill("mine")
        assert isinstance(user.app.screen, ConfirmScreen)
        await user.press("escape")
        assert (folder / "mine.toygrad").read_text(encoding="utf-8") == "something else"

        await user.press("ctrl+s")
        await user.fill("sub")
        # A folder is not overwritten: the name goes into it.
        assert saved_name(user).startswith(f"sub{os.sep}circle-")
        await user.press("escape", "ctrl+s")
        await user.fill("mine.toygrad")
        await user.press("y")
        assert user.said[-1] == f"Saved to {folder / 'mine.toygrad'}."
        await user.press("ctrl+s")
        assert is_on_playground(user)

        await user.press("ctrl+shift+s")
        assert saved_name(user) == "mine.toygrad"
        await user.press("escape")
        for typed, said in (
            (str(folder / "none" / "x"), "does not exist"),
            ("x" * 300, "too long"),
            ("a\0b", "not a valid file name"),
            ("/dev/null/x", "not a folder"),
        ):
            await user.press("ctrl+shift+s")
            await user.fill(typed)
            assert said in user.said[-1]
        assert sorted(path.name for path in folder.iterdir()) == ["mine.toygrad", "sub"]


async def test_a_bad_file_is_refused_in_a_sentence_and_the_run_goes_on(
    start_small: Start, folder: Path
) -> None:
    (folder / "bad.toygrad").write_text("nothing of the kind", encoding="utf-8")
    async with start_small((80, 24), AppConfig(preset=PRESETS["zeros"])) as user:
        await user.advance(7)
        before = user.snapshot.parameters
        os.mkfifo(folder / "pipe.toygrad")
        for typed in (
            "bad.toygrad",
            "none.toygrad",
            "pipe.toygrad",
            "x" * 300,
            "a\0b",
            "/dev/null",
        ):
            # What is said disappears with time.
            user.app.clear_notifications()
            await user.press("ctrl+o")
            await user.fill(typed)
            (said,) = user.said
            assert said.endswith(".") and len(said) < 200
            assert "Traceback" not in said
            assert is_on_playground(user)
        await user.press("ctrl+o", "escape")
        assert user.snapshot.step == 7
        np.testing.assert_array_equal(user.snapshot.parameters, before)


async def test_a_run_can_be_saved_and_opened_at_any_moment_and_nothing_changes(
    start: Start, folder: Path
) -> None:
    async with start((80, 24)) as user:
        await user.press("ctrl+s")
        await user.fill("any")
        for keys in (
            ("s", "s", "R", "s"),
            ("ctrl+z", "right_square_bracket"),
            ("r",),
            ("e",),
            ("ctrl+z",),
        ):
            await user.press(*keys)
            before = user.snapshot
            await user.press("ctrl+s", "ctrl+o")
            await user.fill("any.toygrad")
            after = user.snapshot
            assert (after.step, after.tick, after.epoch) == (before.step, before.tick, before.epoch)
            assert (after.training, after.network) == (before.training, before.network)
            assert [run.name for run in after.past_runs] == [run.name for run in before.past_runs]
            np.testing.assert_array_equal(after.parameters, before.parameters)
            np.testing.assert_array_equal(after.dataset.points, before.dataset.points)


async def test_while_a_thread_trains_a_run_is_saved_and_opened_paused(
    start_small: Start, folder: Path
) -> None:
    path = folder / first_name("circle")
    # Slow enough to be idle between steps: a key waits for that.
    config = AppConfig(training=TrainingConfig(pace=2.0))
    async with start_small((80, 24), config, run_trainer=True) as user:
        await until(lambda: user.app.trainer.snapshot is not None)
        await user.pilot.press("space", "ctrl+s", "enter")
        await until(path.exists)
        saved = read_run(path)
        await until(lambda: user.snapshot.step > saved.end)
        assert user.app.session.state == "training"
        await user.pilot.press("ctrl+o")
        await until(lambda: path.name in user.text())
        await user.pilot.press("down", "enter")
        await until(lambda: (user.snapshot.state, user.snapshot.step) == ("paused", saved.end))


async def test_the_lesson_of_the_file_is_on_and_one_that_does_not_exist_is_none(
    start: Start, folder: Path
) -> None:
    config = AppConfig(preset=PRESETS["xor-line"], data=DataChoice(name="xor"))
    unknown = Session(NetworkSpec(), DataChoice().load(), lesson="of a later version")
    save_run(unknown.document(), folder / "later.toygrad")
    async with start((100, 30), config) as user:
        await user.press("ctrl+s")
        await user.fill("lesson")
        strip = user.app.screen.query_one("#lesson")
        await user.press("ctrl+o")
        await user.fill("later.toygrad")
        assert not strip.display and user.snapshot.dataset.name == "circle"
        await user.press("ctrl+o")
        await user.fill("lesson.toygrad")
        assert "XOR without a hidden layer" in user.text("#lesson")


# --- What the open screen lists ------------------------------------------------------------------


async def test_the_open_screen_lists_what_matches_and_the_recent_files(
    start_small: Start, folder: Path, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    state = tmp_path / "state"
    now = time.time()
    for name, minutes in (("circle.toygrad", 5), ("café.toygrad", 60 * 24), (".hidden.toygrad", 0)):
        (folder / name).touch()
        os.utime(folder / name, (now, now - 60 * minutes - 1))
    (folder / "spirals").mkdir()
    (folder / "spirals" / "long.toygrad").touch()
    (folder / "data.csv").touch()
    RecentFiles(state).note(folder / "spirals" / "long.toygrad")
    async with start_small((80, 24), state_folder=state) as user:
        await user.press("ctrl+o")
        golden("open_run_80x24", user.text("#open-run"))

        await user.type("s")
        assert "spirals/" in user.text("#open-files") and "circle" not in user.text("#open-files")
        await user.press("tab")
        field = user.app.focused
        assert isinstance(field, Input) and field.value == f"spirals{os.sep}"
        assert "long.toygrad" in user.text("#open-files")
        for _ in "spirals/":
            await user.press("backspace")
        # However long a name and the list are, each has a line of its own.
        (folder / "many").mkdir()
        for name in ("a" * 120, "語" * 60, *map(str, range(20))):
            (folder / "many" / f"{name}.toygrad").touch()
        await user.type("many/")
        first, *lines = user.text("#open-files").splitlines()
        assert "In ~/runs/many" in first and len(lines) > 5
        assert all(".toygrad" in line and line.strip(" ▁▂▃▄▅▆▇█").endswith("just now")
                   for line in lines)  # fmt: skip
        shutil.rmtree(folder / "many")
        for _ in "many/":
            await user.press("backspace")
        await user.type(".")
        assert ".hidden.toygrad" in user.text("#open-files")
        await user.press("backspace")
        await user.type("zzz")
        assert "No run and no folder begins like this." in user.text("#open-files")
        for _ in "zzz":
            await user.press("backspace")
        # The files here, then the recent one.
        await user.press("up", "enter")
        assert is_on_playground(user)
        assert "This file is not a run" in user.said[-1]

        await user.press("ctrl+o", "down", "down", "down", "enter")
        # A folder is looked into.
        assert isinstance(user.app.screen, OpenScreen)
        assert f"In ~{os.sep}runs{os.sep}spirals" in user.text("#open-files")


def test_a_first_name_is_free_and_every_run_gets_the_suffix(folder: Path) -> None:
    first = first_name("my data/2")
    assert first == f"my-data-2-{time.strftime('%Y-%m-%d')}.toygrad"
    Path(first).touch()
    assert first_name("my data/2") == first.replace(".toygrad", "-2.toygrad")
    assert with_suffix(Path("a/b.c")) == Path("a/b.c.toygrad")
    assert with_suffix(Path("a.toygrad")) == Path("a.toygrad")
