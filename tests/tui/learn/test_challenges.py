"""Each challenge can be solved, is not solved by what comes near, and only by training."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from toygrad.core import Session
from toygrad.tui.learn.challenges import CHALLENGES
from toygrad.tui.learn.presets import PRESETS
from toygrad.tui.learn.progress import LessonProgress, LessonStatus

WAVES = ("x1", "x2", "sin x1", "sin x2")
PATIENT = {"optimizer": "adam", "learning_rate": 0.01}
SIGMOIDS = {"hidden": (6,) * 7, "activation": "sigmoid", "initializer": "xavier"}


@dataclass(frozen=True)
class Try:
    """What somebody does with a challenge: what is changed, and for how many epochs."""

    name: str
    epochs: int
    network: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


SOLVING = [
    Try("xor-two", 60, {"hidden": (2,), "activation": "sin"}, PATIENT),
    Try("circle-three", 60, {"hidden": (3,)}, {"learning_rate": 0.1}),
    Try(
        "spiral-40",
        80,
        {"inputs": WAVES, "hidden": (6,), "activation": "sin", "initializer": "xavier"},
        PATIENT,
    ),
    Try("bumps-30", 40, {"hidden": (6,), "activation": "sin", "initializer": "xavier"}, PATIENT),
    Try("vanish", 15, SIGMOIDS, {"learning_rate": 0.1}),
    Try("half-dead", 2, training={"learning_rate": 1.0}),
    Try(
        "overfit",
        400,
        {"hidden": (16, 16), "initializer": "xavier"},
        PATIENT,
        {"n_samples": 200, "noise": 0.4},
    ),
]
NEAR = [
    # 88 % is as far as two lines get.
    Try("xor-two", 60, {"hidden": (2,)}, PATIENT),
    Try("xor-two", 60, {"hidden": (2,), "inputs": ("x1", "x2", "x1*x2")}, PATIENT),
    Try("xor-two", 60, {"hidden": (3,), "activation": "sin"}, PATIENT),
    Try("circle-three", 60, {"hidden": (2,)}, {"learning_rate": 0.1}),
    Try("circle-three", 60, {"hidden": (3,)}, {"learning_rate": 0.1}, {"name": "gauss"}),
    Try("spiral-40", 80, {"inputs": WAVES, "hidden": (7,), "activation": "sin"}, PATIENT),
    Try(
        "spiral-40",
        80,
        {"inputs": WAVES, "hidden": (6,), "activation": "sin", "initializer": "xavier"},
        {**PATIENT, "train_share": 1.0},
    ),
    Try("bumps-30", 40, {"hidden": (4, 2)}, PATIENT),
    # No gradient at all has not vanished on its way.
    Try("vanish", 15, training={"sabotage": ("dropped_layer",)}),
    Try("half-dead", 40, training={"learning_rate": 0.03}),
    Try("overfit", 400, {"hidden": (16, 16), "initializer": "xavier"}, PATIENT),
]


class Solver(LessonProgress):
    """Notes what it solves."""

    def __init__(self) -> None:
        self.solved: set[str] = set()
        super().__init__(note=self.solved.add)


def begun(name: str) -> tuple[Session, Solver]:
    challenge = CHALLENGES[name]
    start = challenge.start
    session = Session(start.network, start.data.load(), start.training)
    progress = Solver()
    progress.begin(challenge, since=(session.run_id, 0))
    return session, progress


def follow(attempt: Try) -> tuple[Solver, LessonStatus]:
    session, progress = begun(attempt.name)
    start = CHALLENGES[attempt.name].start
    session.configure(
        replace(start.training, **attempt.training),
        network=replace(start.network, **attempt.network),
        dataset=replace(start.data, **attempt.data).load(),
    )
    # Like somebody who wants new initial weights.
    session.reset()
    session.advance_epochs(attempt.epochs)
    return progress, progress.check(session.snapshot(grid=(1, 1)))


def test_each_has_somebody_who_solves_it_and_somebody_who_nearly_does() -> None:
    assert {attempt.name for attempt in SOLVING} == set(CHALLENGES)
    assert {attempt.name for attempt in NEAR} == set(CHALLENGES)
    assert not set(CHALLENGES) & set(PRESETS)


@pytest.mark.parametrize("attempt", SOLVING, ids=str)
def test_it_can_be_solved_and_says_so_with_the_numbers(attempt: Try) -> None:
    progress, status = follow(attempt)
    assert progress.solved == {attempt.name}, status.goals
    assert status.solved.startswith(f"Solved at epoch {attempt.epochs}, step ")
    for goal, goal_status in status.goals:
        assert goal.words in status.solved
        assert goal_status.now in status.solved


@pytest.mark.parametrize("attempt", NEAR, ids=str)
def test_nearly_reaching_the_goals_does_not_solve_it(attempt: Try) -> None:
    progress, status = follow(attempt)
    assert progress.solved == set()
    assert status.solved == ""
    assert not all(goal.is_met for _, goal in status.goals)


@pytest.mark.parametrize("name", CHALLENGES)
def test_the_start_does_not_solve_it(name: str) -> None:
    session, progress = begun(name)
    for _ in range(3):
        session.advance()
        assert progress.check(session.snapshot(grid=(1, 1))).solved == ""


def test_nothing_is_solved_before_a_step_was_trained_with_the_challenge_on() -> None:
    session, _ = begun("circle-three")
    session.configure(
        replace(session.training, learning_rate=0.1),
        network=replace(session.network_spec, hidden=(3,)),
    )
    session.advance_epochs(80)
    progress = LessonProgress()
    progress.begin(CHALLENGES["circle-three"], since=(session.run_id, session.step))
    status = progress.check(session.snapshot(grid=(1, 1)))
    assert all(goal.is_met for _, goal in status.goals)
    assert status.solved == ""
    session.advance()
    assert progress.check(session.snapshot(grid=(1, 1))).solved != ""


def test_what_was_learned_before_a_challenge_does_not_count() -> None:
    session, progress = begun("half-dead")
    progress.begin(CHALLENGES["half-dead"], since=(session.run_id, math.inf))
    session.configure(replace(session.training, learning_rate=1.0))
    session.advance_epochs(2)
    assert progress.check(session.snapshot(grid=(1, 1))).solved == ""
    session.reset()
    assert progress.check(session.snapshot(grid=(1, 1))).solved == ""
    session.advance_epochs(2)
    assert progress.check(session.snapshot(grid=(1, 1))).solved != ""


def test_what_is_solved_stays_solved_with_the_numbers_of_that_moment() -> None:
    progress, status = follow(SOLVING[1])
    session, _ = begun("xor-two")
    session.advance_epochs(100)
    session.reset()
    later = progress.check(session.snapshot(grid=(1, 1)))
    assert later.solved == status.solved
    progress.begin(CHALLENGES["vanish"], since=(0, math.inf))
    assert progress.solved == {"circle-three"}
    assert progress.check(session.snapshot(grid=(1, 1))).solved == ""


def test_a_preset_ends_when_the_data_change() -> None:
    preset = PRESETS["zeros"]
    progress = LessonProgress(preset)
    session = Session(preset.start.network, preset.start.data.load(), preset.start.training)
    assert progress.check(session.snapshot(grid=(1, 1))).lesson is preset
    session.configure(dataset=PRESETS["xor-line"].start.data.load())
    assert progress.check(session.snapshot(grid=(1, 1))).lesson is None
