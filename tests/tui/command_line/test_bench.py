"""`toygrad-tui bench`: every engine is there, and they agree."""

import subprocess
import sys

import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DataChoice
from toygrad.tui.command_line.bench import TIMED, time_engines
from toygrad.tui.config import AppConfig

MOST_DIFFERENT = 1e-10


@pytest.mark.parametrize("name", ["circle", "iris", "square"])
def test_engines_agree_on_every_gradient(name: str) -> None:
    options = AppConfig(
        data=DataChoice(name=name, n_samples=40),
        network=NetworkSpec(hidden=(4, 3), activation=("tanh", "relu")),
        training=TrainingConfig(batch_size=7),
    )
    timings = list(time_engines(options, seconds=0.01))
    assert [timing.engine for timing in timings] == list(TIMED)
    assert all(timing.steps_per_second > 0.0 for timing in timings)
    assert all(timing.largest_difference < MOST_DIFFERENT for timing in timings)


def test_the_command_prints_a_row_for_each_engine() -> None:
    pytest.importorskip("llvmlite")
    result = subprocess.run(
        [sys.executable, "-m", "toygrad.tui", "bench", "--samples", "30", "--seconds", "0.1"],
        capture_output=True,
        text=True,
        check=True,
    )
    first_words = [line.split()[0] for line in result.stdout.splitlines() if line.strip()]
    assert first_words == ["engine", *TIMED]
