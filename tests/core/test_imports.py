"""The engine and the data sets stand without a terminal: imports run one way."""

import subprocess
import sys

TERMINAL = {"textual", "rich", "plotext", "typer"}

PROGRAM = """
import sys
from toygrad.core import *
from toygrad.datasets import *
print(*sys.modules, sep="\\n")
"""


def test_core_and_datasets_load_nothing_of_the_terminal() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    loaded = set(finished.stdout.split())
    assert {"toygrad.core", "toygrad.datasets", "numpy"} <= loaded
    assert {name.partition(".")[0] for name in loaded} & TERMINAL == set()
    assert not any(name.startswith("toygrad.tui") for name in loaded)
