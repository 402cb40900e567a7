"""A problem is named once, and only when it has lasted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from toygrad.core.diagnosis.lasting import EPOCHS, FRAMES, LastingProblem

if TYPE_CHECKING:
    from tests.core.conftest import Make
    from toygrad.core import Snapshot


@pytest.fixture(scope="module")
def ill(make: Make) -> Snapshot:
    """A frame of a run with a problem."""
    run = make("xor", initializer="zeros")
    run.advance_epochs(5)
    return replace(run.snapshot(), state="training")


def frames(first: Snapshot, count: int, epochs: int = 2) -> Iterator[Snapshot]:
    """More frames of it."""
    for k in range(count):
        yield replace(first, step=first.step + k, epoch=first.epoch + epochs * k)


def test_a_problem_that_lasts_is_named_once_and_not_again_after_a_reset(ill: Snapshot) -> None:
    lasting = LastingProblem()
    named = [k for k, frame in enumerate(frames(ill, 3 * FRAMES), 1) if lasting.see(frame)]
    assert named == [FRAMES]
    again = replace(ill, run_id=ill.run_id + 1)
    assert not any(map(lasting.see, frames(again, 3 * FRAMES)))
    other = replace(ill, network=replace(ill.network, hidden=(5,)))
    assert sum(map(lasting.see, frames(other, 3 * FRAMES))) == 1


def test_few_frames_few_epochs_pauses_and_planted_bugs_are_no_reason(ill: Snapshot) -> None:
    assert not any(map(LastingProblem().see, frames(ill, FRAMES - 1, 100)))
    assert not any(map(LastingProblem().see, frames(ill, EPOCHS - 1, 1)))
    paused = replace(ill, state="paused")
    assert not any(map(LastingProblem().see, frames(paused, 2 * FRAMES)))
    planted = replace(ill, training=replace(ill.training, sabotage=("wrong_sign",)))
    assert not any(map(LastingProblem().see, frames(planted, 2 * FRAMES)))


def test_time_begins_again_with_another_run(ill: Snapshot) -> None:
    lasting = LastingProblem()
    assert not any(map(lasting.see, frames(ill, FRAMES - 1)))
    again = replace(ill, run_id=ill.run_id + 1)
    named = [k for k, frame in enumerate(frames(again, 2 * FRAMES), 1) if lasting.see(frame)]
    assert named == [FRAMES]


def test_what_the_user_looked_at_is_not_named(ill: Snapshot) -> None:
    lasting = LastingProblem()
    lasting.note_known(ill)
    assert not any(map(lasting.see, frames(ill, 2 * FRAMES)))


def test_what_has_diverged_need_not_last(make: Make) -> None:
    run, lasting = make("plane", (8, 8), activation="relu", learning_rate=10.0), LastingProblem()
    run.advance_epochs(50)
    diverged = run.snapshot()
    assert diverged.state == "diverged"
    assert [lasting.see(diverged) for _ in range(2)] == [True, False]
