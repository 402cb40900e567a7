"""Sentences that say what happened, in the learner's words."""

from __future__ import annotations

import math

from ..core.training import TrainingFailure


def stop_sentence(stopped: str) -> str:
    """Why training paused as it was asked to, and how it goes on; empty if it did not.

    Args:
        stopped: See `Snapshot.stopped`.
    """
    return f"{stopped} Press space to go on." if stopped else ""


def failure_sentence(failure: TrainingFailure, *, advice: str) -> str:
    """Why training stopped by itself, and what to do.

    Args:
        failure: What happened.
        advice: What to do about it, a sentence.
    """
    if failure.error:
        return f"Training failed at step {failure.step}: {failure.error}. {advice}"
    became = "became infinite" if math.isinf(failure.loss) else "stopped being a number"
    return (
        f"Loss {became} at step {failure.step}: learning rate {failure.learning_rate:g} is too "
        f"large for this network. {advice}"
    )
