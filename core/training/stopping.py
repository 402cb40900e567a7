"""Stopping: the conditions that end a run by themselves."""

from __future__ import annotations

import math

from .config import TrainingConfig


class StopConditions:
    """Looks after every epoch whether a condition has just come true.

    Just: a run that is resumed after it stopped goes on.
    """

    def __init__(self) -> None:
        self._last = math.inf
        self._best = math.inf
        self._best_epoch = 0

    def check(self, training: TrainingConfig, epoch: int, loss: float) -> str:
        """Looks at one epoch.

        Args:
            training: Has the conditions.
            epoch: How many are done.
            loss: The test loss, or the training loss where nothing tests.

        Returns:
            A sentence on why to stop; empty to go on.
        """
        was_above = self._last > training.stop_loss
        self._last = loss
        if loss < self._best:
            self._best, self._best_epoch = loss, epoch
        if epoch == training.stop_epochs:
            return f"Stopped after {epoch:,} epochs, as asked."
        if training.stop_loss > 0.0 and was_above and loss <= training.stop_loss:
            return f"Stopped at epoch {epoch:,}: the loss reached {training.stop_loss:g}, as asked."
        if epoch - self._best_epoch == training.stop_patience and training.stop_patience:
            return (
                f"Stopped at epoch {epoch:,}: no improvement in {training.stop_patience:,} epochs; "
                f"the best loss was {self._best:.4g} at epoch {self._best_epoch:,}."
            )
        return ""


def has_stop_condition(training: TrainingConfig) -> bool:
    """Whether any is set."""
    return bool(training.stop_epochs or training.stop_loss or training.stop_patience)
