"""The map in CONTRIBUTING leads to where things are, and every path in a text exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "tests" / "benchmarks" / "README.md",
]
if not (ROOT / "CONTRIBUTING.md").exists():
    pytest.skip("a source distribution has no CONTRIBUTING.md", allow_module_level=True)

MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

ROW = re.compile(r"^\| (?P<seen>[^|]+) \| `(?P<file>[\w/]+\.py)`: `(?P<symbol>\w+)` \|$", re.M)
ROWS = list(ROW.finditer(MAP))
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
# A title may follow, or the name of a heading.
LINK = re.compile(r"\]\((?!\w+://)([^)#\s]+)")
# From the root: below one of its folders, or whatever ends like a file of the project.
PATH = re.compile(
    r"(?:\.ci|\.src|core|datasets|docs|tests|tui)(?:/[\w./]*)?|[\w./]+\.(?:py|md|toml|svg)"
)


def named_paths(text: str) -> set[str]:
    """The paths that a text names in backticks, or in the commands it shows."""
    commands = [block["body"] for block in FENCED.finditer(text) if block["language"] == "sh"]
    snippets = [*commands, *IN_BACKTICKS.findall(FENCED.sub("", text))]
    words = (word.strip("(),:'\"") for snippet in snippets for word in snippet.split())
    return {word for word in words if PATH.fullmatch(word)}


def defined_in(path: Path) -> set[str]:
    """The classes, functions and constants at the top of a file."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_the_map_has_25_rows_or_more_and_names_each_thing_once() -> None:
    assert len(ROWS) >= 25
    seen = [row["seen"] for row in ROWS]
    assert len(set(seen)) == len(seen)


def test_no_row_of_the_map_is_malformed() -> None:
    _, _, table = MAP.partition("| What you see | Where it is |\n|---|---|\n")
    lines = table.partition("\n\n")[0].splitlines()
    assert [line for line in lines if not ROW.fullmatch(line)] == []
    assert len(lines) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["seen"])
def test_what_the_map_names_is_there(row: re.Match[str]) -> None:
    assert row["symbol"] in defined_in(ROOT / row["file"])


def test_every_room_is_in_the_list_of_rooms() -> None:
    files = (file for top in ("core", "datasets", "tui") for file in (ROOT / top).rglob("*.py"))
    rooms = {file.parent.relative_to(ROOT).as_posix() for file in files} - {"core"}
    listed = {
        line.split()[0] for block in FENCED.finditer(MAP) for line in block["body"].splitlines()
    }
    assert rooms - listed == set()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.relative_to(ROOT).as_posix())
def test_every_path_in_a_text_exists(text: Path) -> None:
    content = text.read_text(encoding="utf-8")
    links = LINK.findall(FENCED.sub("", content))
    paths = {ROOT / path for path in named_paths(content)} | {text.parent / link for link in links}
    # A file of the reader's own is called my.something.
    own = [path for path in paths if path.name.startswith("my.")]
    assert [str(path) for path in paths if not path.exists() and path not in own] == []
