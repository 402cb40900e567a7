"""What stands in the README and in docs/ works: every command, every example, every link."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from toygrad.tui import failures
from toygrad.tui.command_line import cli, group
from toygrad.tui.config import AppConfig
from toygrad.tui.learn.presets import PRESETS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAM = "toygrad-tui"
# Set-ups, which .ci/run and whoever installs it run.
SET_UP = re.compile(r"^(python3 -m venv|pip install|pipx|uvx?\b|\.venv/bin)")
# In the comment after a `print`, or in lines of their own after what prints.
PRINTED = re.compile(r"^(?: *print\(.*\)  )?# (.*)$", re.MULTILINE)
TABLE = "id,size,rooms,price\n" + "".join(f"{k},{40 + k},{k % 4},{300 + k}\n" for k in range(40))


def blocks(page: Path, language: str) -> list[str]:
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [str(block) for block in found]


def having(language: str) -> list[Any]:
    """The pages with such blocks, by name."""
    pages = [page for page in PAGES if blocks(page, language)]
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages]


@dataclass(frozen=True)
class Sitting:
    """What `resume` goes on with."""

    document: Any


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: with a table, a run and a sitting, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(group, "start_logging", lambda: None)
    monkeypatch.setattr(failures, "log_path", lambda: tmp_path / "test.log")
    (tmp_path / "my.csv").write_text(TABLE)
    session = AppConfig().session()
    session.advance(5)
    from toygrad.core.run.file import save_run

    for name in ("lesson.toygrad", "moons.toygrad", "first.toygrad"):
        save_run(session.document(), tmp_path / name)
    monkeypatch.setattr(cli, "newest_sitting", lambda folder: Sitting(session.document()))
    examples = blocks(ROOT / "docs" / "lessons.md", "toml")
    (tmp_path / "week1").mkdir()
    for name in ("my.toml", "week1/1.toml"):
        (tmp_path / name).write_text(examples[0], encoding="utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    return tmp_path


@pytest.mark.parametrize("page", having("sh"))
def test_every_command_runs(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[AppConfig] = []

    def open_app(options: AppConfig, *_: object, **__: object) -> int:
        opened.append(options)
        return 0

    monkeypatch.setattr(cli, "_run_app", open_app)
    monkeypatch.setattr("toygrad.tui.command_line.serve.serve", lambda *_, **__: 0)
    for line in "".join(blocks(page, "sh")).splitlines():
        if not line or SET_UP.match(line):
            continue
        program, *words = shlex.split(line.replace("NAME", next(iter(PRESETS))), comments=True)
        assert program == PROGRAM, line
        # What is timed is not what is promised.
        words += ["--seconds", "0.01"] if words[:1] == ["bench"] else []
        before = len(opened)
        result = CliRunner().invoke(cli.app, words)
        assert result.exit_code == 0, (line, result.output)
        assert result.output or len(opened) > before or words[0] == "serve", line


@pytest.mark.parametrize("page", having("python"))
def test_every_example_runs_and_prints_what_its_comments_say(page: Path, folder: Path) -> None:
    names: dict[str, Any] = {"__name__": "example"}
    state = random.getstate()
    for block in blocks(page, "python"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block, str(page), "exec"), names)
        assert printed.getvalue().splitlines() == PRINTED.findall(block), block
    random.setstate(state)


def test_every_command_in_a_sentence_exists() -> None:
    known = {command.name for command in cli.app.registered_commands}
    for page in PAGES:
        for words in re.findall(rf"`{PROGRAM} ([^`]+)`", page.read_text(encoding="utf-8")):
            first = words.split()[0]
            assert first in known or first.startswith("-") or "." in first or first == "FILE", words


@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target
