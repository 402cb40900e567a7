"""Outcome: how a training without a screen has ended."""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGINT

from ...core import Snapshot
from ...core.diagnosis.baselines import UNKNOWN, Baselines, Score
from ...core.diagnosis.result import notes_of
from ..failures import ExitCode, failure_sentence, other_cause, where_it_is_logged
from ..signals import exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a training.

    Attributes:
        snapshot: The session at the end.
        seed: Of the session.
        seconds: Of training alone.
        interrupted: Whether it was interrupted before its end.
        interrupted_by: The number of the signal that did it.
        score: The network's, on the samples that its baselines are scored on.
        baselines: What it has to beat; None if it did not come to its end.
    """

    snapshot: Snapshot
    seed: int
    seconds: float
    interrupted: bool
    interrupted_by: int = SIGINT
    score: Score = UNKNOWN
    baselines: Baselines | None = None

    @property
    def steps_per_second(self) -> float:
        """Of training alone; 0.0 if no time was spent."""
        return self.snapshot.step / self.seconds if self.seconds > 0.0 else 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided about the data, and how uneven its classes are; sentences."""
        return notes_of(self.snapshot.dataset)

    @property
    def exit_code(self) -> int:
        """What the command returns to the shell."""
        if (failure := self.snapshot.failure) is not None:
            return ExitCode.FAILED if failure.error else ExitCode.DIVERGED
        return exit_code(self.interrupted_by) if self.interrupted else ExitCode.DONE

    @property
    def complaint(self) -> str:
        """Why it ended early, in a sentence or two; empty if it did not."""
        if (failure := self.snapshot.failure) is None:
            return f"Interrupted in epoch {self.snapshot.epoch + 1}." if self.interrupted else ""
        said = where_it_is_logged()
        advice = (
            f"{said[0].upper()}{said[1:]}." if failure.error else "Try a smaller --learning-rate."
        )
        return failure_sentence(failure, advice=advice, cause=other_cause(self.snapshot))
