"""The quick checks that are no tests; `.ci/run` adds the types."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def check(*command: str) -> None:
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_ruff_finds_nothing() -> None:
    check(sys.executable, "-m", "ruff", "check")


def test_ruff_would_format_nothing() -> None:
    check(sys.executable, "-m", "ruff", "format", "--check")


def test_nothing_in_the_product_is_unused() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "vulture"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stderr == ""
    assert [line for line in found.stdout.splitlines() if not line.startswith("tests")] == []


def test_imports_run_one_way() -> None:
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter is not None, "import-linter is not installed beside this Python"
    check(linter)
