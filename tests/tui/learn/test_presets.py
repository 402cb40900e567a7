"""Every preset keeps its promise, and its advice cures it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import StringIO

import pytest
from rich.console import Console

from toygrad.core import ConfigError, NetworkSpec, Session, Snapshot
from toygrad.datasets import DataChoice, Dataset
from toygrad.tui.command_line.cli import print_presets
from toygrad.tui.command_line.options import CliArguments, make_config
from toygrad.tui.key_words import with_keys
from toygrad.tui.learn.presets import PRESETS, Preset

SEEDS = range(5)
CURES = [preset.cure for preset in PRESETS.values() if preset.cure is not None]
LONGEST_LINE = 200
# What a slow machine with the screen open still does.
SLOW_STEPS_PER_SECOND = 1_000


@cache
def samples(choice: DataChoice) -> Dataset:
    return choice.load()


@cache
def outcome(preset: Preset, seed: int) -> Snapshot:
    """A preset's run at the epoch for which it promises something."""
    start = preset.start
    session = Session(start.network, samples(start.data), start.training, seed=seed)
    session.advance_epochs(preset.epochs)
    return session.snapshot(grid=(1, 1))


def keeps(preset: Preset, snapshot: Snapshot) -> bool:
    """Whether a run keeps the promise."""
    return all(goal.check(snapshot).is_met for goal in preset.promise)


@pytest.mark.parametrize("preset", [*PRESETS.values(), *CURES], ids=lambda preset: preset.title)
def test_it_keeps_its_promise_for_five_seeds(preset: Preset) -> None:
    for seed in SEEDS:
        snapshot = outcome(preset, seed)
        assert keeps(preset, snapshot), (seed, [goal.check(snapshot) for goal in preset.promise])


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_a_failing_preset_does_not_keep_the_promise_of_its_cure(preset: Preset) -> None:
    if preset.cure is not None:
        for seed in SEEDS:
            assert not keeps(preset.cure, outcome(preset, seed))
            assert not keeps(preset, outcome(preset.cure, seed))


def test_only_the_spiral_needs_no_cure() -> None:
    assert [name for name, preset in PRESETS.items() if preset.cure is None] == ["spiral"]


def test_regularization_lowers_the_test_loss_with_the_same_initial_weights() -> None:
    preset = PRESETS["overfitting"]
    assert preset.cure is not None
    for seed in SEEDS:
        wild, smooth = (outcome(p, seed).evaluation for p in (preset, preset.cure))
        assert smooth.test_loss < wild.test_loss


def test_the_spiral_takes_less_than_twenty_seconds_at_its_pace_and_on_a_slow_machine() -> None:
    preset = PRESETS["spiral"]
    assert preset.epochs / preset.start.training.pace <= 20.0
    assert outcome(preset, 0).step / SLOW_STEPS_PER_SECOND <= 20.0


def test_without_the_sines_the_spiral_takes_ten_times_as_long() -> None:
    preset = PRESETS["spiral"]
    for seed in SEEDS:
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


@pytest.mark.parametrize("preset", [*PRESETS.values(), *CURES], ids=lambda preset: preset.title)
def test_why_and_what_to_try_are_a_line_each(preset: Preset) -> None:
    for line in (preset.why, preset.advice):
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
    print_presets(Console(file=output, width=80, force_terminal=is_terminal, color_system=None))
    text = " ".join(output.getvalue().split())
    for preset in PRESETS.values():
        assert f"{preset.name} {preset.title} {preset.why} Try: {with_keys(preset.advice)}" in text
    longest = max(map(len, output.getvalue().splitlines()))
    assert longest <= 80 if is_terminal else longest > 80
