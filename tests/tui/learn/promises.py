"""Runs of presets and cures, and what they miss of what they promise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from toygrad.core import Session, Snapshot
from toygrad.datasets import DataChoice, Dataset
from toygrad.tui.learn.presets import PRESETS, Preset


@dataclass(frozen=True, slots=True)
class Run:
    """A preset's run, or its cure's.

    Attributes:
        name: The preset's.
        is_cure: Whether its cure is meant.
        weights: The seed of the first weights.
        data: The seed of the data; the preset's own by default.
    """

    name: str
    is_cure: bool = False
    weights: int = 0
    data: int | None = None

    @property
    def preset(self) -> Preset:
        """What is run."""
        preset = PRESETS[self.name]
        return (preset.cure or preset) if self.is_cure else preset

    @property
    def other(self) -> Preset | None:
        """The cure of a preset, the preset of a cure; none where it needs none."""
        preset = PRESETS[self.name]
        return preset if self.is_cure else preset.cure


def missed(run: Run) -> list[str]:
    """What a run misses of its promise, in words; also if it keeps its counterpart's."""
    snapshot = outcome(run)
    found = [
        f"{goal.words}: {status.now}"
        for goal in run.preset.promise
        if not (status := goal.check(snapshot)).is_met
    ]
    if run.other is not None and keeps(run.other, snapshot):
        found.append(f"keeps the promise of “{run.other.title}”")
    return found


def keeps(preset: Preset, snapshot: Snapshot) -> bool:
    """Whether a run keeps the promise."""
    return all(goal.check(snapshot).is_met for goal in preset.promise)


@cache
def outcome(run: Run) -> Snapshot:
    """The run at the epoch for which something is promised."""
    preset, start = run.preset, run.preset.start
    choice = start.data if run.data is None else replace(start.data, seed=run.data)
    session = Session(start.network, samples(choice), start.training, seed=run.weights)
    session.prepare(preset.epochs * session.steps_per_epoch)
    session.advance_epochs(preset.epochs)
    return session.snapshot(grid=(1, 1))


@cache
def samples(choice: DataChoice) -> Dataset:
    """The data, loaded once."""
    return choice.load()
