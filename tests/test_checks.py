"""The checks that are no tests, so that pytest alone runs all there are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What type checkers follow; an unpacked source distribution is without it.
CHECKOUT_LINKS = ROOT / ".src" / "toygrad" / "core"


def check(*command: str) -> None:
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_ruff_finds_nothing() -> None:
    check(sys.executable, "-m", "ruff", "check")


def test_ruff_would_format_nothing() -> None:
    check(sys.executable, "-m", "ruff", "format", "--check")


@pytest.mark.timeout(180)
@pytest.mark.skipif(not CHECKOUT_LINKS.exists(), reason="type checkers need the checkout's links")
def test_mypy_finds_nothing() -> None:
    check(sys.executable, "-m", "mypy")


def test_imports_run_one_way() -> None:
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter is not None, "import-linter is not installed beside this Python"
    check(linter)
