"""An edit that begins a lesson, or goes back to what was there before it."""

from __future__ import annotations

from dataclasses import dataclass

from ...core import Session
from ...core.training import Weights
from ..learn.progress import Lesson
from .edits import BeforeEdit, PlaygroundState


@dataclass(frozen=True, slots=True)
class LessonEdit:
    """Takes a setup with a lesson, from the start or with weights; it is an `Edit`.

    Attributes:
        setup: All that is configured.
        lesson: What is on from now on; None for nothing.
        before: What was on until now; None for nothing.
        weights: To be taken with it; None for first weights at epoch 0.
    """

    setup: PlaygroundState
    lesson: Lesson | None
    before: Lesson | None
    weights: Weights | None = None

    def apply(self, session: Session) -> None:
        """See `Edit`.

        Raises:
            ConfigError: If the setup cannot be.
        """
        setup = self.setup
        session.configure(
            setup.training, network=setup.network, dataset=setup.dataset, weights=self.weights
        )
        if self.weights is None:
            session.unfreeze_all()
            session.reset()

    def inverse(self, present: BeforeEdit) -> LessonEdit:
        """See `Edit`; the weights come back, the epochs do not."""
        return LessonEdit(present.setup, self.before, self.lesson, present.weights)
