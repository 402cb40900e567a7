"""The Python in README and docs runs, and prints what its comments say."""

from __future__ import annotations

import contextlib
import io
import random
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.exists() and BLOCK.search(page.read_text(encoding="utf-8"))
]
# After a `print`, or in lines of their own after what prints.
PRINTED = re.compile(r"^(?: *print\(.*\)  )?# (.*)$", re.M)


@pytest.fixture
def _same_random_numbers() -> Any:
    state = random.getstate()
    yield
    random.setstate(state)


@pytest.mark.usefixtures("_same_random_numbers")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "page"}
    for source in BLOCK.findall(page.read_text(encoding="utf-8")):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, page.name, "exec"), names)
        assert printed.getvalue().splitlines() == PRINTED.findall(source), source


def test_the_library_has_a_page() -> None:
    assert "library.md" in {page.name for page in PAGES}
