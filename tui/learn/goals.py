"""Goals: what a preset promises and a challenge asks for, each checked on a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..drawing.numbers import loss_text, percent

if TYPE_CHECKING:
    from ...core import Snapshot

LEAST_TEST_SAMPLES = 50
"""With fewer test samples than this, a test accuracy or loss says too little to count."""

TOO_FEW = "too few test samples"


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """How far a goal is.

    Attributes:
        is_met: Whether it is reached.
        now: The present value, in a few characters; empty where that says nothing more.
    """

    is_met: bool
    now: str


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach.

    Attributes:
        words: What, in a few words.
        check: Checks a snapshot; cheap enough for every frame.
    """

    words: str
    check: Callable[[Snapshot], GoalStatus]


# --- Data and network --------------------------------------------------------------------------


def learns(name: str) -> Goal:
    """The data set has this name."""

    def check(snapshot: Snapshot) -> GoalStatus:
        is_met = snapshot.dataset.name == name
        return GoalStatus(is_met, "" if is_met else snapshot.dataset.name)

    return Goal(f"on {name}", check)


def plain_inputs() -> Goal:
    """The only inputs are x1 and x2."""

    def check(snapshot: Snapshot) -> GoalStatus:
        extra = [name for name in snapshot.inputs if name not in ("x1", "x2")]
        return GoalStatus(not extra, f"also {extra[0]}" if extra else "")

    return Goal("inputs x1 and x2 only", check)


def hidden_neurons_at_most(n: int) -> Goal:
    """All hidden layers together have at most n neurons."""
    return _at_most(n, "hidden neurons", lambda snapshot: sum(snapshot.sizes[1:-1]))


def parameters_at_most(n: int) -> Goal:
    """The network has at most n weights and biases."""
    return _at_most(n, "parameters", lambda snapshot: len(snapshot.parameters))


def _at_most(n: int, noun: str, count: Callable[[Snapshot], int]) -> Goal:
    def check(snapshot: Snapshot) -> GoalStatus:
        now = count(snapshot)
        return GoalStatus(now <= n, f"{now:,}")

    return Goal(f"at most {n} {noun}", check)


# --- Accuracy and loss -------------------------------------------------------------------------


def accuracy_at_least(share: float) -> Goal:
    """At least this share (0 to 1) of `LEAST_TEST_SAMPLES` or more is classified correctly."""

    def check(snapshot: Snapshot) -> GoalStatus:
        accuracy = snapshot.evaluation.test_accuracy
        if accuracy is None or len(snapshot.test_rows) < LEAST_TEST_SAMPLES:
            return GoalStatus(False, TOO_FEW)
        return GoalStatus(accuracy >= share, percent(accuracy).strip())

    return Goal(f"test accuracy of {100 * share:.0f} %", check)


def accuracy_below(share: float) -> Goal:
    """Less than this share (0 to 1) of the test samples is classified correctly."""

    def check(snapshot: Snapshot) -> GoalStatus:
        accuracy = snapshot.evaluation.test_accuracy
        if accuracy is None:
            return GoalStatus(False, TOO_FEW)
        return GoalStatus(accuracy < share, percent(accuracy).strip())

    return Goal(f"test accuracy below {100 * share:.0f} %", check)


def tested_loss_at_most(loss: float) -> Goal:
    """The test loss is this or less, on `LEAST_TEST_SAMPLES` or more."""
    return _loss_goal(f"test loss {loss:g} or less", lambda now: now <= loss, is_test=True)


def tested_loss_at_least(loss: float) -> Goal:
    """The test loss is this or more, on `LEAST_TEST_SAMPLES` or more."""
    return _loss_goal(f"test loss {loss:g} or more", lambda now: now >= loss, is_test=True)


def train_loss_at_most(loss: float) -> Goal:
    """The training loss is this or less."""
    return _loss_goal(f"train loss {loss:g} or less", lambda now: now <= loss, is_test=False)


def train_loss_at_least(loss: float) -> Goal:
    """The training loss is this or more."""
    return _loss_goal(f"train loss {loss:g} or more", lambda now: now >= loss, is_test=False)


def _loss_goal(words: str, is_met: Callable[[float], bool], *, is_test: bool) -> Goal:
    def check(snapshot: Snapshot) -> GoalStatus:
        if is_test and len(snapshot.test_rows) < LEAST_TEST_SAMPLES:
            return GoalStatus(False, TOO_FEW)
        evaluation = snapshot.evaluation
        now = evaluation.test_loss if is_test else evaluation.train_loss
        return GoalStatus(is_met(now), loss_text(now).strip())

    return Goal(words, check)


def diverges() -> Goal:
    """The loss is no longer a finite number."""
    return Goal("an infinite loss", lambda s: GoalStatus(s.state == "diverged", s.state))


def half_a_layer_dead() -> Goal:
    """Half of the relus of a layer, or more, output 0 for every sample."""

    def check(snapshot: Snapshot) -> GoalStatus:
        from ...core.diagnosis.causes import DEAD_SHARE

        dead = max(layer.dead for layer in snapshot.activity)
        return GoalStatus(dead >= DEAD_SHARE, percent(dead).strip())

    return Goal("half of a layer's relus dead", check)


# --- Verdicts ----------------------------------------------------------------------------------


def has_verdict(word: str) -> Goal:
    """The network has this problem, as its diagnosis names it: vanishing, dead, alike, ..."""
    return _verdict_goal(word, is_wanted=True)


def has_no_verdict(word: str) -> Goal:
    """The network does not have this problem."""
    return _verdict_goal(word, is_wanted=False)


def _verdict_goal(word: str, *, is_wanted: bool) -> Goal:
    def check(snapshot: Snapshot) -> GoalStatus:
        from ...core.diagnosis.diagnosis import diagnose

        diagnosis = diagnose(snapshot)
        has_it = word in [finding.word for finding in diagnosis.findings]
        return GoalStatus(has_it is is_wanted, "" if has_it else diagnosis.headline)

    return Goal(f"verdict {word}" if is_wanted else f"not {word}", check)
