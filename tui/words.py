"""Sentences that say what happened, in the learner's words."""

from __future__ import annotations

import math

from ..core.training import Trouble


def stop_sentence(stopped: str) -> str:
    """Why training paused as it was asked to, and how it goes on; empty if it did not.

    Args:
        stopped: See `Snapshot.stopped`.
    """
    return f"{stopped} Press space to go on." if stopped else ""


def trouble_sentence(trouble: Trouble, *, advice: str) -> str:
    """Why training stopped by itself, and what to do.

    Args:
        trouble: What happened.
        advice: What to do about it, a sentence.
    """
    if trouble.error:
        return f"Training failed at step {trouble.step}: {trouble.error}. {advice}"
    became = "became infinite" if math.isinf(trouble.loss) else "stopped being a number"
    return (
        f"Loss {became} at step {trouble.step}: learning rate {trouble.learning_rate:g} is too "
        f"large for this network. {advice}"
    )
