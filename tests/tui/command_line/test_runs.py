"""Runs on the command line: opened, saved, trained again, and refused in a sentence."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tui.command_line.test_cli import assert_refused, run
from toygrad.core import Session
from toygrad.core.run.autosave import Autosave
from toygrad.core.run.file import read_run, save_run
from toygrad.tui.command_line import cli, runs
from toygrad.tui.config import AppConfig
from toygrad.tui.options import CliArguments, make_config
from toygrad.tui.runs.places import SITTINGS

TRAIN = ("train", "--epochs", "2", "--samples", "30")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[AppConfig]:
    """What the playground was started with, in place of starting it."""
    configs: list[AppConfig] = []

    def note(options: AppConfig, ascii: bool | None, *, instead: str) -> int:
        configs.append(replace(options, ascii=bool(ascii)))
        return 0

    monkeypatch.setattr(cli, "_run_app", note)
    return configs


def test_a_training_is_saved_and_its_file_opened(tmp_path: Path, opened: list[AppConfig]) -> None:
    path = tmp_path / "small.toygrad"
    plain = run(*TRAIN, "--json")
    saved = run(*TRAIN, "--json", "--save", str(path))
    drop = {"seconds", "steps_per_second"}
    assert saved.exit_code == 0
    assert {k: v for k, v in json.loads(saved.stdout).items() if k not in drop} == {
        k: v for k, v in json.loads(plain.stdout).items() if k not in drop
    }
    assert f"Saved to {path}." in run(*TRAIN, "--save", str(path)).stdout

    drawing = ("--ascii", "--fps", "3")
    for arguments in ((str(path),), (*drawing, str(path)), (str(path), *drawing)):
        assert run(*arguments).exit_code == 0
        config = opened.pop()
        assert config.file == path and config.ascii == (len(arguments) > 1)
        assert config.fps == (3 if config.ascii else 17)
        session = config.session()
        assert session.state == "paused" and session.epoch == 2
        trained = make_config(CliArguments(samples=30)).session()
        trained.advance_epochs(2)
        for name, array in trained.parameters().items():
            np.testing.assert_array_equal(session.parameters()[name], array)


def test_a_file_that_is_no_run_is_refused_and_so_are_options_that_a_run_brings(
    tmp_path: Path, opened: list[AppConfig]
) -> None:
    bad = tmp_path / "bad.toygrad"
    bad.write_bytes(b"no run at all")
    good = tmp_path / "good.toygrad"
    run(*TRAIN, "--save", str(good))
    assert_refused(run(str(bad)), "This file is not a run")
    assert_refused(run("replay", str(bad)), "This file is not a run")
    assert_refused(run(str(tmp_path / "none.toygrad")), "does not exist")
    assert_refused(run(str(tmp_path)), "folder")
    assert_refused(run("my.csv"), "my.csv holds data, not a run: use --data my.csv.")
    assert_refused(run(str(good), "--hidden", "3"), "omit --hidden.")
    assert_refused(run(str(good), "--as", "a=number"), "omit --as.")
    assert_refused(run("--no-shuffle", str(good)), "omit --no-shuffle.")
    assert_refused(run("trian"), "No such command 'trian'. Did you mean 'train'?")
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 1
    bad.write_bytes(data)
    assert_refused(run(str(bad)), "damaged")
    assert opened == []


def test_without_a_terminal_it_says_what_can_be_done(tmp_path: Path) -> None:
    # Any name that the system allows is one for a file.
    path = tmp_path / os.fsdecode(b"caf\xe9 \x1b.toygrad")
    run(*TRAIN, "--save", str(path))
    shown = tmp_path / "caf? ?.toygrad"
    assert_refused(run(str(path)), f"without one, use toygrad-tui replay {shown}")


def test_where_nothing_can_be_saved_nothing_is_learned(tmp_path: Path) -> None:
    for place, said in (
        (tmp_path / "none" / "x", "does not exist"),
        (tmp_path, "this is a folder"),
        (tmp_path / ("x" * 300), "the name is too long"),
        (tmp_path / "my.csv", "my.csv is a name for data: save the run as my.toygrad."),
    ):
        result = run(*TRAIN, "--save", str(place))
        assert_refused(result, said)
        assert not result.stdout


def test_a_run_that_diverged_is_saved_too_and_diverges_again(tmp_path: Path) -> None:
    path = tmp_path / "far.toygrad"
    result = run("train", "--dataset", "plane", "--activation", "relu", "--learning-rate", "10",
                 "--json", "--save", str(path))  # fmt: skip
    assert result.exit_code == 3
    assert Session.load(path).state == "diverged"
    again = run("replay", str(path), "--json")
    assert again.exit_code == 3 and again.stderr == result.stderr
    assert json.loads(again.stdout)["same"] is True


def test_a_replay_prints_what_train_prints_and_whether_it_is_the_same(tmp_path: Path) -> None:
    path, other = tmp_path / "small.toygrad", tmp_path / "other.toygrad"
    trained = json.loads(run(*TRAIN, "--json", "--save", str(path)).stdout)
    result = run("replay", str(path), "--json")
    replayed = json.loads(result.stdout)
    assert result.exit_code == 0 and replayed.pop("same") is True
    for timing in ("seconds", "steps_per_second"):
        del trained[timing], replayed[timing]
    assert replayed == trained
    assert "The same weights and curves as in the file" in run("replay", str(path)).stdout

    # The journal of one run with the weights of another.
    document = read_run(path)
    checkpoints = tuple(
        replace(kept, state=replace(kept.state, parameters=kept.state.parameters + 0.5))
        for kept in document.checkpoints
    )
    save_run(replace(document, checkpoints=checkpoints), other)
    result = run("replay", str(other), "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)["same"] is False
    assert "The numbers differ from the file." in run("replay", str(other)).stdout


def test_resume_continues_the_last_sitting_or_says_that_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[AppConfig]
) -> None:
    monkeypatch.setattr(cli, "state_folder", lambda: tmp_path)
    assert_refused(run("resume"), "Nothing to continue")
    session = AppConfig().session()
    autosave = Autosave(session, tmp_path / SITTINGS)
    autosave.start()
    session.advance(30)
    autosave.save()
    # One that still goes on, by its path.
    monkeypatch.setattr(runs, "state_folder", lambda: tmp_path)
    assert run(str(autosave.path)).exit_code == 0
    assert opened.pop().session().step == 30
    autosave.close()
    assert run("resume", "--ascii", "--fps", "4").exit_code == 0
    (config,) = opened
    assert config.ascii and config.fps == 4 and config.file is None
    assert config.session().step == 30
