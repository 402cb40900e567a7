"""Every preset keeps its promise, and its advice cures it."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from tests.tui.learn.promises import Run, keeps, missed, outcome, samples
from toygrad.core import ConfigError, NetworkSpec, Session
from toygrad.tui.command_line.lists import print_presets
from toygrad.tui.key_words import with_keys
from toygrad.tui.learn.presets import PRESETS, Preset
from toygrad.tui.options import CliArguments, make_config

# Drawn once; `tests/benchmarks/presets.py` draws others.
FIRST_WEIGHTS, OTHER_DATA = range(5), range(100, 103)
RUNS = [
    Run(name, is_cure)
    for name, preset in PRESETS.items()
    for is_cure in ((False, True) if preset.cure else (False,))
]
LONGEST_LINE = 200
# What a slow machine with the screen open still does.
SLOW_STEPS_PER_SECOND = 1_000


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.preset.title)
def test_it_keeps_its_promise_and_no_other_for_any_weights_and_data(run: Run) -> None:
    others = [replace(run, weights=seed) for seed in FIRST_WEIGHTS]
    others += [replace(run, weights=seed, data=seed) for seed in OTHER_DATA]
    assert [(other, miss) for other in others if (miss := missed(other))] == []


def test_only_the_spiral_needs_no_cure() -> None:
    assert [name for name, preset in PRESETS.items() if preset.cure is None] == ["spiral"]


def test_regularization_lowers_the_test_loss_with_the_same_initial_weights() -> None:
    for seed in FIRST_WEIGHTS:
        wild, smooth = (outcome(Run("overfitting", c, seed)).evaluation for c in (False, True))
        assert smooth.test_loss < wild.test_loss


def test_the_spiral_takes_less_than_twenty_seconds_at_its_pace_and_on_a_slow_machine() -> None:
    preset = PRESETS["spiral"]
    assert preset.epochs / preset.start.training.pace <= 20.0
    assert outcome(Run("spiral")).step / SLOW_STEPS_PER_SECOND <= 20.0


def test_without_the_sines_the_spiral_takes_ten_times_as_long() -> None:
    preset = PRESETS["spiral"]
    for seed in FIRST_WEIGHTS:
        assert first_epoch(preset, preset.start.network, seed) <= 15
        plain = replace(preset.start.network, inputs=("x1", "x2"))
        assert first_epoch(preset, plain, seed) >= 90


def first_epoch(preset: Preset, network: NetworkSpec, seed: int) -> int:
    """When the promise is kept for the first time, of every fifth epoch up to the hundredth."""
    session = Session(network, samples(preset.start.data), preset.start.training, seed=seed)
    while session.epoch < 100:
        session.advance_epochs(5)
        if keeps(preset, session.snapshot(grid=(1, 1))):
            break
    return session.epoch


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.preset.title)
def test_why_and_what_to_try_are_a_line_each(run: Run) -> None:
    for line in (run.preset.why, run.preset.advice):
        assert line.endswith((".", "?"))
        assert 20 < len(line) <= LONGEST_LINE
        assert "\n" not in line


# --- On the command line -------------------------------------------------------------------------


def test_an_option_takes_a_preset_however_it_is_spelled_and_others_change_it() -> None:
    preset = PRESETS["dead-relus"]
    options = make_config(CliArguments(preset="Dead_Relus", learning_rate=0.5, samples=300, seed=3))
    assert options.preset is preset
    assert options.network == preset.start.network
    assert options.training == replace(preset.start.training, learning_rate=0.5)
    assert options.data == replace(preset.start.data, n_samples=300)
    assert options.seed == 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (CliArguments(preset="nope"), "No preset 'nope': choose from xor-line, spiral, "),
        (CliArguments(preset="spiral", dataset="xor"), "--preset comes with its own data"),
    ],
)
def test_an_impossible_option_is_refused_in_a_sentence(given: CliArguments, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        make_config(given)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_list_has_every_preset_with_its_why_and_what_to_try(is_terminal: bool) -> None:
    output = StringIO()
    console = Console(file=output, width=80, force_terminal=is_terminal, color_system=None)
    print_presets(console, as_json=False)
    text = " ".join(output.getvalue().split())
    for preset in PRESETS.values():
        assert f"{preset.name} {preset.title} {preset.why} Try: {with_keys(preset.advice)}" in text
    longest = max(map(len, output.getvalue().splitlines()))
    assert longest <= 80 if is_terminal else longest > 80
