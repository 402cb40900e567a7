"""Words that a learner could not understand, or that had another name, are in no text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_SAID = re.compile(
    r"""
    \bcannot\s+be\b | there\ is\ no\ more | is\ there\ already | \banew\b | \btake\ back\b
    | \blet\ go\b | bring\ about | \bat\ the\ most\b | points\ of\ this\ batch
    | target\ [+-]1,\ it\ trains
    | all\ well | straight\ line\ parts | \d\s?%\ of\ it\b | times\ the\ gradient\ jumps
    | \bflat\ \d | error\ by\ h\b | \bby\ h\ ?= | lowest\ at | spread\ of\ the\ outputs
    | the\ points\ pull | bold\ trains | \braw\b | \bpenalt(?:y|ies)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
TEXTS = sorted((*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"))
MODULES = sorted(
    path for room in ("core", "datasets", "tui") for path in (ROOT / room).rglob("*.py")
)


def said_in(module: Path) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    silent = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # Docstrings, of attributes too.
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_text_says_it_in_words_that_are_understood(path: Path) -> None:
    without_addresses = re.sub(r"https?://\S+", "", path.read_text(encoding="utf-8"))
    assert not NOT_SAID.findall(without_addresses)


def test_the_screen_says_it_in_words_that_are_understood() -> None:
    found = [
        (str(path.relative_to(ROOT)), match.group(), text)
        for path in MODULES
        for text in said_in(path)
        for match in NOT_SAID.finditer(text)
    ]
    assert not found
