"""Goals: what a preset promises and a challenge asks for, each read off a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core import Snapshot
from ...core.diagnosis.network import findings
from ..drawing.numbers import loss_text, percent

LEAST_TEST_POINTS = 50
"""With fewer points than this a test accuracy says too little to count."""

NOTHING_TESTS = "too few test points"
NO_VERDICT = "healthy"


@dataclass(frozen=True, slots=True)
class Look:
    """How a goal stands.

    Attributes:
        is_met: Whether it is reached.
        now: What it is at present, in a few characters; empty where that says nothing more.
    """

    is_met: bool
    now: str


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach.

    Attributes:
        words: What, in a few words.
        look: Reads it off a snapshot; cheap enough for every frame.
    """

    words: str
    look: Callable[[Snapshot], Look]


def learns(name: str) -> Goal:
    """The data set has this name."""

    def look(snapshot: Snapshot) -> Look:
        is_it = snapshot.dataset.name == name
        return Look(is_it, "" if is_it else snapshot.dataset.name)

    return Goal(f"on {name}", look)


def plain_inputs() -> Goal:
    """No inputs but x1 and x2."""

    def look(snapshot: Snapshot) -> Look:
        extra = [name for name in snapshot.inputs if name not in ("x1", "x2")]
        return Look(not extra, f"also {extra[0]}" if extra else "")

    return Goal("inputs x1 and x2 only", look)


def hidden_neurons_at_most(n: int) -> Goal:
    """So many neurons in all hidden layers together."""

    def look(snapshot: Snapshot) -> Look:
        neurons = sum(snapshot.sizes[1:-1])
        return Look(neurons <= n, str(neurons))

    return Goal(f"{n} hidden neurons at most", look)


def parameters_at_most(n: int) -> Goal:
    """So many weights and biases."""

    def look(snapshot: Snapshot) -> Look:
        count = len(snapshot.parameters)
        return Look(count <= n, f"{count:,}")

    return Goal(f"{n} parameters at most", look)


def accuracy_at_least(share: float) -> Goal:
    """Such a share of the test points is classified right, of `LEAST_TEST_POINTS` or more.

    Args:
        share: From 0 to 1.
    """

    def look(snapshot: Snapshot) -> Look:
        accuracy = snapshot.evaluation.test_accuracy
        if accuracy is None or len(snapshot.test_rows) < LEAST_TEST_POINTS:
            return Look(False, NOTHING_TESTS)
        return Look(accuracy >= share, percent(accuracy).strip())

    return Goal(f"{share:.0%} test accuracy", look)


def accuracy_below(share: float) -> Goal:
    """Fewer of the test points are classified right.

    Args:
        share: From 0 to 1.
    """

    def look(snapshot: Snapshot) -> Look:
        accuracy = snapshot.evaluation.test_accuracy
        if accuracy is None:
            return Look(False, NOTHING_TESTS)
        return Look(accuracy < share, percent(accuracy).strip())

    return Goal(f"test accuracy below {share:.0%}", look)


def tested_loss_at_most(loss: float) -> Goal:
    """The test loss has fallen so far, on `LEAST_TEST_POINTS` or more."""

    def look(snapshot: Snapshot) -> Look:
        if len(snapshot.test_rows) < LEAST_TEST_POINTS:
            return Look(False, NOTHING_TESTS)
        now = snapshot.evaluation.test_loss
        return Look(now <= loss, loss_text(now).strip())

    return Goal(f"test loss {loss:g} or less", look)


def tested_loss_at_least(loss: float) -> Goal:
    """The test loss is so large, on `LEAST_TEST_POINTS` or more."""

    def look(snapshot: Snapshot) -> Look:
        if len(snapshot.test_rows) < LEAST_TEST_POINTS:
            return Look(False, NOTHING_TESTS)
        now = snapshot.evaluation.test_loss
        return Look(now >= loss, loss_text(now).strip())

    return Goal(f"test loss {loss:g} or more", look)


def train_loss_at_most(loss: float) -> Goal:
    """The training loss has fallen so far."""

    def look(snapshot: Snapshot) -> Look:
        now = snapshot.evaluation.train_loss
        return Look(now <= loss, loss_text(now).strip())

    return Goal(f"train loss {loss:g} or less", look)


def train_loss_at_least(loss: float) -> Goal:
    """The training loss is still so large."""

    def look(snapshot: Snapshot) -> Look:
        now = snapshot.evaluation.train_loss
        return Look(now >= loss, loss_text(now).strip())

    return Goal(f"train loss {loss:g} or more", look)


def has_verdict(word: str) -> Goal:
    """The network has this illness, as `findings` names it: vanishing, dead, alike, ..."""

    def look(snapshot: Snapshot) -> Look:
        words = [finding.word for finding in findings(snapshot)]
        return Look(word in words, _others(words, word))

    return Goal(f"verdict {word}", look)


def has_no_verdict(word: str) -> Goal:
    """The network does not have this illness."""

    def look(snapshot: Snapshot) -> Look:
        words = [finding.word for finding in findings(snapshot)]
        return Look(word not in words, _others(words, word))

    return Goal(f"not {word}", look)


def _others(words: list[str], word: str) -> str:
    if word in words:
        return ""
    return words[0] if words else NO_VERDICT


def diverges() -> Goal:
    """The loss is no finite number any more."""
    return Goal("an infinite loss", lambda s: Look(s.state == "diverged", s.state))
