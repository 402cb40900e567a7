"""Chapters from the command line: listed, begun, checked, forgotten."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from toygrad.tui.command_line import cli, group, serve
from toygrad.tui.config import AppConfig
from toygrad.tui.learn.chapters import NAMES, chapter, chapter_text
from toygrad.tui.learn.records import Record, Records


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder."""
    monkeypatch.setattr(group, "start_logging", lambda: None)
    monkeypatch.setattr(cli, "state_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[AppConfig]:
    """What the application was opened with."""
    found: list[AppConfig] = []

    def open_app(options: AppConfig, *_: object, **__: object) -> int:
        found.append(options)
        return 0

    monkeypatch.setattr(cli, "_run_app", open_app)
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_the_list_says_what_is_solved(folder: Path) -> None:
    (folder / "chapters.json").write_text('["slope", "order", "nonsense"]')
    lines = run("learn", "--list").stdout.splitlines()
    assert [line[4:].split()[0] for line in lines] == list(NAMES)
    assert [line[1] == "x" for line in lines] == [n in ("slope", "order") for n in NAMES]
    assert run("learn", "--forget", "--list").stdout.count("[x]") == 0


@pytest.mark.parametrize("content", ["{}", "[", "[1, null]", "\0" * 10])
def test_what_somebody_else_wrote_there_counts_for_nothing(content: str, folder: Path) -> None:
    (folder / "chapters.json").write_text(content)
    assert run("learn", "--list").stdout.count("[x]") == 0


def test_it_begins_with_the_first_that_is_not_solved(folder: Path, opened: list[AppConfig]) -> None:
    (folder / "chapters.json").write_text(json.dumps(NAMES[:2]))
    assert run("learn").exit_code == 0
    assert run("learn", "Chain Rule").exit_code == 0
    assert [config.chapter for config in opened] == [NAMES[2], "chain-rule"]


def test_a_lesson_of_one_s_own_is_checked_and_begun(
    tmp_path: Path, opened: list[AppConfig]
) -> None:
    path, report = tmp_path / "own.toml", tmp_path / "done.jsonl"
    path.write_text(chapter_text("tanh"))
    assert run("check-lesson", str(path)).stdout == f"own.toml: {chapter('tanh').title}, 4 steps.\n"
    assert run("learn", "--lesson", str(path), "--report", str(report)).exit_code == 0
    assert opened[0].course is not None
    assert opened[0].course.lesson("own") == chapter("tanh")
    assert (opened[0].chapter, opened[0].report) == ("own", report)


def test_a_folder_is_a_course_in_the_order_of_its_names(
    tmp_path: Path, opened: list[AppConfig]
) -> None:
    week = tmp_path / "week1"
    week.mkdir()
    for file, name in (("2 second.toml", "tanh"), ("1 first.toml", "slope")):
        (week / file).write_text(chapter_text(name))
    (week / "notes.txt").write_text("no lesson")
    lines = run("learn", "--lesson", str(week), "--list").stdout.splitlines()
    assert [line[4:11] for line in lines] == ["1 first", "2 secon"]
    assert run("learn", "2 Second", "--lesson", str(week)).exit_code == 0
    assert run("--lesson", str(week)).exit_code == 0
    Records(tmp_path).add(f"1 first: {chapter('slope').title}", Record.now())
    assert run("--lesson", str(week), "--dataset", "xor").exit_code == 0
    assert [config.chapter for config in opened] == ["2 second", "1 first", "2 second"]
    course = opened[0].course
    assert course is not None
    assert course.after("1 first") == "2 second"
    assert course.after("2 second") == ""


def test_what_is_solved_is_exported_and_forgotten(folder: Path, tmp_path: Path) -> None:
    Records(folder).add("slope", Record.now(hints=1, wrong=2))
    out = tmp_path / "progress.json"
    assert run("learn", "--export", str(out), "--forget").exit_code == 0
    kept = json.loads(out.read_text())
    assert (kept["slope"]["hints"], kept["slope"]["wrong"]) == (1, 2)
    assert datetime.fromisoformat(kept["slope"]["at"])
    assert not Records(folder).solved


def test_what_is_served_begins_with_the_lessons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[list[str]] = []

    def begin(typed: list[str], **_: object) -> int:
        served.append(typed)
        return 0

    monkeypatch.setattr(serve, "serve", begin)
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(chapter_text("tanh"))
    assert run("serve", "--lesson", "own.toml", "--report", "done.jsonl").exit_code == 0
    assert served == [[f"--lesson={tmp_path / 'own.toml'}", f"--report={tmp_path / 'done.jsonl'}"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("learn", "nonsense"), "No chapter 'nonsense': choose from slope"),
        (("learn", "--lesson", "no.toml"), "no.toml: the file does not exist"),
        (("learn", "--lesson", "bad.toml"), 'bad.toml: "schema" is missing'),
        (("check-lesson", "bad.toml"), 'bad.toml: "schema" is missing'),
        (("check-lesson", "empty"), "empty has no lessons"),
        (("--lesson", "no.toml"), "no.toml: the file does not exist"),
        (("--lesson", "bad.toml"), 'bad.toml: "schema" is missing'),
        (("--lesson", "empty"), "empty has no lessons"),
        (("serve", "--lesson", "bad.toml"), 'bad.toml: "schema" is missing'),
        (("--report", "nowhere/done.jsonl"), "nowhere"),
        (("--lesson", "bad.toml", "train"), "Options come after the command"),
        (("learn", "nothing", "--lesson", "good.toml"), "No lesson 'nothing': choose from good"),
        (("check-lesson", "latin.toml"), "latin.toml is not UTF-8"),
        (("learn", "--report", "nowhere/x"), "can't be written"),
    ],
)
def test_what_cannot_be_used_is_exit_code_2_and_one_sentence(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened: list[AppConfig],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text("title = 'x'\n")
    (tmp_path / "good.toml").write_text(chapter_text("tanh"))
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    (tmp_path / "empty").mkdir()
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not opened
