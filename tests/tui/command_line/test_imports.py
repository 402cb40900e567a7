"""Each command loads what it needs and no more: the user waits for the rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIST = ("numpy", "textual", "plotext", "llvmlite", "rich.progress", "toygrad.core.run.session")
PROGRAM = """
import sys
from toygrad.tui.command_line import cli
sys.argv = ["toygrad-tui", *{words!r}]
try:
    cli.main()
except SystemExit as done:
    assert not done.code
sys.stdout.flush()
print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def loaded_by(program: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (("--help",), LIST),
        (("datasets",), LIST),
        (("presets",), LIST),
        (
            ("train", "--epochs", "1", "--json"),
            ("textual", "plotext", "llvmlite", "rich.progress", "numpy.ma", "toygrad.tui.app"),
        ),
    ],
)
def test_a_command_loads_only_what_it_needs(
    words: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    loaded = loaded_by(PROGRAM.format(words=words))
    assert "toygrad.tui.learn.presets" in loaded
    assert loaded.isdisjoint(unwanted)


def test_only_options_that_are_no_plain_texts_or_numbers_load_what_checks_them() -> None:
    program = PROGRAM.replace("assert not done.code", "assert done.code == 2")
    plain = "--dataset spiral --samples 80 --noise .1 --pace inf --learning-rate 3e-2 --seed 0"
    for words in ((), tuple(plain.split())):
        assert "pydantic" not in loaded_by(program.format(words=words))
    for word in ("three", "1_0", "2.0"):
        assert "pydantic" in loaded_by(program.format(words=("--seed", word)))


def test_the_application_loads_screens_lists_and_plots_when_they_are_first_wanted() -> None:
    loaded = loaded_by("import sys, toygrad.tui.app; print(*sys.modules, file=sys.stderr)")
    assert "toygrad.tui.training.pane" in loaded
    screens = {"learn.screen", "runs.open_screen", "runs.save_screen", "microscope.screen"}
    later = {f"toygrad.tui.{name}" for name in (*screens, "help", "commands")}
    later |= {"toygrad.datasets.csv.read", "toygrad.datasets.csv.columns"}
    assert loaded.isdisjoint({*later, "plotext", "llvmlite", "numpy.ma"})
