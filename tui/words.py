"""Sentences that say what happened, in the learner's words."""

from __future__ import annotations

import math

from ..core.training import Trouble


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
