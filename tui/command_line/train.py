"""Training without a screen: the steps, the clock, Ctrl-C, and the outcome."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from ...core import Session
from ...core.training import LEARNING_RATES, Evaluation, TrainingFailure
from ..failures import ExitCode, failure_sentence, where_it_is_logged

# How long Ctrl-C may have to wait, unless a single step takes longer.
CHUNK_SECONDS = 0.05
REPORTS = 10

Watch = Callable[[Session], None]
"""Called with the session between steps, to show its progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a training.

    Attributes:
        dataset: Its name.
        hidden: Neurons of each hidden layer.
        parameters: How many the network has.
        epochs: Full passes.
        steps: Updates.
        evaluation: Losses and accuracies at the end.
        seconds: Of training alone.
        seed: Of the session.
        engine: Its name.
        failure: Why it failed; None if it did not.
        interrupted: Whether it was interrupted before its end.
        stopped: Which stop condition ended it, a sentence; empty if none did.
    """

    dataset: str
    hidden: tuple[int, ...]
    parameters: int
    epochs: int
    steps: int
    evaluation: Evaluation
    seconds: float
    seed: int
    engine: str
    failure: TrainingFailure | None
    interrupted: bool
    stopped: str = ""

    @property
    def steps_per_second(self) -> float:
        """Of training alone; 0.0 if no time was spent."""
        return self.steps / self.seconds if self.seconds > 0.0 else 0.0

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns to the shell."""
        if self.failure is not None:
            return ExitCode.FAILED if self.failure.error else ExitCode.DIVERGED
        return ExitCode.INTERRUPTED if self.interrupted else ExitCode.DONE

    @property
    def complaint(self) -> str:
        """Why it ended early, in a sentence or two; empty if it did not."""
        if self.failure is not None:
            return failure_sentence(self.failure, advice=_advice(self.failure))
        return f"Interrupted in epoch {self.epochs + 1}." if self.interrupted else ""

    def as_json(self) -> dict[str, object]:
        """The numbers, for a program to read; None where one is missing or not finite."""
        e = self.evaluation
        return {
            "dataset": self.dataset,
            "hidden": list(self.hidden),
            "parameters": self.parameters,
            "epochs": self.epochs,
            "steps": self.steps,
            "train_loss": _finite(e.train_loss),
            "test_loss": _finite(e.test_loss),
            "train_accuracy": e.train_accuracy,
            "test_accuracy": e.test_accuracy,
            "seconds": self.seconds,
            "steps_per_second": self.steps_per_second,
            "seed": self.seed,
            "engine": self.engine,
        }


def train(session: Session, *, epochs: int, watch: Watch, interrupt: threading.Event) -> Outcome:
    """Trains for some epochs, as fast as possible.

    Args:
        session: A new one; its pace is ignored.
        epochs: How many, at least 1.
        watch: Called every `CHUNK_SECONDS` or so, and after each epoch that `is_reported`.
        interrupt: Ends the training when set.
    """
    last = epochs * session.steps_per_epoch
    milestone = report_interval(epochs) * session.steps_per_epoch
    seconds, chunk, interrupted = 0.0, 1, False
    while session.step < last and session.state not in ("diverged", "failed"):
        if (interrupted := interrupt.is_set()) or session.snapshot(grid=(1, 1)).stopped:
            break
        steps = min(chunk, milestone - session.step % milestone, last - session.step)
        started = time.perf_counter()
        session.advance(steps)
        took = time.perf_counter() - started
        seconds += took
        chunk = max(1, min(2 * steps, int(steps * CHUNK_SECONDS / max(took, 1e-9))))
        watch(session)
    return _outcome(session, seconds, interrupted=interrupted)


def _outcome(session: Session, seconds: float, *, interrupted: bool) -> Outcome:
    snapshot = session.snapshot(grid=(1, 1))
    return Outcome(
        dataset=session.dataset.name,
        hidden=session.network_spec.hidden,
        parameters=session.network.n_parameters,
        epochs=session.epoch,
        steps=session.step,
        evaluation=session.evaluate(),
        seconds=seconds,
        seed=session.seed,
        engine=session.training.engine,
        failure=snapshot.failure,
        stopped=snapshot.stopped,
        interrupted=interrupted,
    )


def report_interval(epochs: int) -> int:
    """Epochs from one report to the next, for about `REPORTS` in all."""
    return max(1, round(epochs / REPORTS))


def is_reported(session: Session, epochs: int) -> bool:
    """Whether the session is at the end of an epoch that gets a line."""
    if session.step == 0 or session.step % session.steps_per_epoch:
        return False
    return session.epoch == epochs or session.epoch % report_interval(epochs) == 0


@contextmanager
def ctrl_c_as_event() -> Iterator[threading.Event]:
    """Makes the first Ctrl-C set an event; a second one acts as before."""
    interrupt = threading.Event()
    previous = signal.getsignal(signal.SIGINT)

    def note(signal_number: int, frame: FrameType | None) -> None:
        interrupt.set()
        signal.signal(signal.SIGINT, previous)

    # A shell starts background jobs with SIGINT ignored, which should stay so.
    if previous is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, previous)


def _advice(failure: TrainingFailure) -> str:
    if failure.error:
        said = where_it_is_logged()
        return f"{said[0].upper()}{said[1:]}."
    lower = [rate for rate in LEARNING_RATES if rate < failure.learning_rate]
    return f"Try --learning-rate {lower[-1]:g}." if lower else "Try a smaller --learning-rate."


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
