"""The pages of the book say what is so: keys, figures, the compiler's code, what is in the list."""

from __future__ import annotations

import json
import re
import tomllib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.benchmarks.figures import SHOWN
from tests.book.pages import DOCS, PAGES, ROOT, anchors, prose
from tests.book.two_neurons import two_neurons
from toygrad.core.nn.names import (
    ACTIVATION_NAMES,
    INITIALIZER_NAMES,
    LOSS_NAMES,
    OPTIMIZER_NAMES,
)
from toygrad.core.nn.schedules import SCHEDULES
from toygrad.core.training.config import ENGINES
from toygrad.tui.command_line.cli import app
from toygrad.tui.key_map import scopes
from toygrad.tui.keys import default_keys, key_text
from toygrad.tui.learn.chapters import NAMES

if not (ROOT / "zensical.toml").exists():
    pytest.skip("there is no book here", allow_module_level=True)

KEYS = {
    str(binding.id): [key_text(key) for key in default_keys(binding)]
    for scope in scopes()
    for binding in scope.bindings
}
KEY = re.compile(r"<kbd([^>]*)>(.*?)</kbd>")
IN_DOCS = [page for page in PAGES if page.parent == DOCS]
COUNTED = {12: "Twelve", 13: "Thirteen", 14: "Fourteen"}
LINK = re.compile(r"\]\(([^)\s#]*)#([^)\s]+)")


def by_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_each_key_does_what_the_page_says(page: Path) -> None:
    for attributes, shown in KEY.findall(page.read_text(encoding="utf-8")):
        named = re.fullmatch(r' title="([^"]+)"', attributes)
        assert named is not None, f"{shown} has no name in its title"
        assert named[1] in KEYS, named[1]
        assert unescape(shown) in KEYS[named[1]], (named[1], KEYS[named[1]])


def test_a_key_is_named_in_every_answer() -> None:
    answers = prose(DOCS / "questions.md").split("\n### ")[1:]
    assert len(answers) == 30
    assert [answer.splitlines()[0] for answer in answers if not KEY.search(answer)] == []


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_each_figure_is_the_one_that_was_measured(page: Path) -> None:
    for shown in SHOWN.finditer(page.read_text(encoding="utf-8")):
        measured = measurement(shown["file"])["figures"]
        assert shown["text"] == measured.get(shown["name"]), shown["name"]


def measurement(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((DOCS / "figures" / name).read_text(encoding="utf-8"))
    return made


def test_each_measurement_says_how_when_and_where_and_is_shown() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for path in (DOCS / "figures").iterdir():
        made = measurement(path.name)
        script = made["by"].split()[1]
        assert made["by"].startswith("python ") and (ROOT / script).exists(), made["by"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", made["date"])
        assert "cores" in made["machine"] and "Python" in made["machine"]
        assert f"figures/{path.name} " in texts, path.name


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_each_link_to_a_heading_finds_it(page: Path) -> None:
    for file, anchor in LINK.findall(prose(page)):
        if "://" not in file:
            assert anchor in anchors(page.parent / file if file else page), (file, anchor)


def test_what_the_tape_and_the_compiler_make_of_two_neurons_is_shown() -> None:
    made = two_neurons()
    tape, compiler = (
        (DOCS / name).read_text(encoding="utf-8") for name in ("tape.md", "compiler.md")
    )
    assert "\n".join(made.calls) in tape
    shown = re.findall(r"^```llvm\n(.*?)\n```$", compiler, re.DOTALL | re.MULTILINE)
    assert shown and [code for code in shown if code not in made.assembly] == []
    turns = sum("swapaxes" in call for call in made.calls)
    assert made.n_statements == len(made.calls) - turns
    numbers = (len(made.calls), made.n_statements, made.n_fused)
    said = re.search(
        r"has (\d+) calls\. .*? other (\d+) become .*?: (\d+) are left", " ".join(compiler.split())
    )
    assert said is not None and tuple(map(int, said.groups())) == numbers


def in_backticks(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", (DOCS / page).read_text(encoding="utf-8")))


def test_everything_that_can_be_chosen_is_among_the_knobs() -> None:
    tables = (ACTIVATION_NAMES, INITIALIZER_NAMES, OPTIMIZER_NAMES, LOSS_NAMES, SCHEDULES, ENGINES)
    assert {name for table in tables for name in table} - in_backticks("knobs.md") == set()


def test_every_chapter_is_in_the_table_of_concepts() -> None:
    assert set(NAMES) - in_backticks("concepts.md") == set()
    for page in (ROOT / "README.md", DOCS / "concepts.md"):
        assert f"{COUNTED[len(NAMES)]} chapters" in prose(page), page.name


def test_every_option_in_a_sentence_exists() -> None:
    known = {"--help", *options_of(get_command(app))}
    for page in PAGES:
        named = set(re.findall(r"`(--[a-z][\w-]*)", prose(page)))
        assert named - known == set(), page.name


def options_of(command: Any) -> set[str]:
    """Of a command of the program, and of those below it."""
    own = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    below = getattr(command, "commands", {}).values()
    return own.union(*(options_of(part) for part in below))


def test_every_page_is_in_the_contents() -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    listed = set(files_of(config["project"]["nav"]))
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert (listed - pages, pages - listed) == (set(), set())


def files_of(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    return [file for part in parts for file in files_of(part)]
