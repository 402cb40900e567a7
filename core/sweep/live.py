"""LiveSweep: all cells of a sweep side by side, in rounds, to be watched while they train."""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..run.document import RunDocument
from ..training.config import ConfigError
from ..training.failures import describe_error
from ..training.learner import Learner
from .cell import document_of, learner_of, train_until
from .sweep import Cell, Sweep
from .workers import is_compiled, n_processors

MAX_LIVE_CELLS: Final = 4_096
# Where it is reached every second point goes, and half as many come.
MAX_POINTS: Final = 512
# A round goes on by a share of the epochs before it: curves bend early, and evaluating costs.
SHARE_A_ROUND: Final = 16

LiveState = Literal["ready", "running", "paused", "done", "stopped"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The losses of some cells that differ in their seeds alone.

    Attributes:
        epochs: Shape (points,).
        low: Their lower quartile at each, shape (points,); infinite where more have diverged.
        median: Likewise.
        high: Their upper quartile, likewise.
    """

    epochs: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray


class LiveSweep:
    """Trains all cells at a time, each by some epochs a round.

    Its arrays are written by its threads, one number at a time, and may be read by any other
    without waiting.

    Attributes:
        sweep: What is trained.
        losses: Of each cell the test loss, or the training loss where nothing tests, shape
            (cells,); nan before its first round, infinite once it has diverged or failed.
        accuracies: Likewise; nan for regressions.
        epochs: How far each has come, shape (cells,).
        diverged: Which have diverged, shape (cells,).
        failures: What went wrong in a cell, by its number.
        rounds: How many were finished.
        state: What it is doing.
    """

    def __init__(
        self, sweep: Sweep, *, epochs_a_round: int | None = None, n_workers: int | None = None
    ) -> None:
        """Makes no network yet.

        Args:
            sweep: What to train.
            epochs_a_round: By how much a cell goes on at a time; by default one epoch at first, and
                a sixteenth of those before later.
            n_workers: So many threads; by default one a processor where steps are compiled.

        Raises:
            ConfigError: If there are more than `MAX_LIVE_CELLS`.
        """
        n = sweep.n_cells
        if n > MAX_LIVE_CELLS:
            raise ConfigError(
                f"At most {MAX_LIVE_CELLS:,} runs train side by side, and these are {n:,}: vary "
                "less, or use toygrad-tui sweep."
            )
        self.sweep = sweep
        self._epochs_a_round = epochs_a_round
        self._goal = self._goal_after(0)
        self._n_workers = n_workers or (n_processors() if is_compiled(sweep) else 1)
        self.losses: FloatArray = np.full(n, np.nan)
        self.accuracies: FloatArray = np.full(n, np.nan)
        self.epochs: NDArray[np.int64] = np.zeros(n, dtype=np.int64)
        self.diverged: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_)
        self.failures: dict[int, str] = {}
        self.rounds = 0
        self.state: LiveState = "ready"
        self._learners: list[Learner | None] = [None] * n
        self._locks = [threading.Lock() for _ in range(n)]
        self._changed = threading.Condition()
        self._next_cell = self._n_at_work = 0
        self._points: list[tuple[int, FloatArray]] = []
        self._rounds_a_point = 1
        self._threads: list[threading.Thread] = []

    # --- Steering it ---------------------------------------------------------------------------

    def start(self) -> None:
        """Begins, in threads of its own."""
        self.state = "running"
        self._threads = [
            threading.Thread(target=self._work, name=f"sweep-{n}") for n in range(self._n_workers)
        ]
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Stops after the cells that are at work, each of which ends its round."""
        self._go_over("running", "paused")

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._go_over("paused", "running")

    def stop(self, seconds: float = 1.0) -> None:
        """Ends it for good; waits for its threads, but not for long."""
        with self._changed:
            if self.state != "done":
                self.state = "stopped"
            self._changed.notify_all()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until it is done or stopped; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self.state in ("done", "stopped"), seconds)

    def _go_over(self, before: LiveState, after: LiveState) -> None:
        with self._changed:
            if self.state == before:
                self.state = after
                self._changed.notify_all()

    # --- Reading it ----------------------------------------------------------------------------

    def cell(self, number: int) -> Cell:
        """What a cell is made from."""
        return self.sweep.cell(number)

    @property
    def best(self) -> int | None:
        """The cell of the lowest loss; None while there is none."""
        losses = np.where(np.isnan(self.losses), np.inf, self.losses)
        place = int(np.argmin(losses))
        return place if math.isfinite(losses[place]) else None

    def curve(self, number: int) -> tuple[FloatArray, FloatArray]:
        """The losses of a cell after its rounds: epochs and losses, each of shape (points,)."""
        points = list(self._points)
        epochs = np.array([epoch for epoch, _ in points], dtype=np.float64)
        return epochs, np.array([losses[number] for _, losses in points])

    def band(self, number: int) -> Band:
        """The quartiles over the seeds of a cell's values."""
        seeds = self.seeds_of(number)
        points = list(self._points)
        epochs = np.array([epoch for epoch, _ in points], dtype=np.float64)
        losses = np.array([row[seeds] for _, row in points]).reshape(len(points), len(seeds))
        # An infinite loss is a large one: between two numbers nothing is interpolated.
        low, median, high = (
            np.quantile(losses, share, axis=1, method="higher") for share in (0.25, 0.5, 0.75)
        )
        return Band(epochs, low, median, high)

    def seeds_of(self, number: int) -> list[int]:
        """The cells that differ from one in their seeds alone, itself too."""
        first = number - number % self.sweep.n_seeds
        return list(range(first, first + self.sweep.n_seeds))

    def document(self, number: int) -> RunDocument:
        """A cell as a run for the playground, up to where it is now.

        It may take as long as a round of this cell; the others go on.

        Raises:
            ValueError: If the cell could not be made.
        """
        cell = self.sweep.cell(number)
        with self._locks[number]:
            learner = self._learners[number]
            if learner is None:
                learner = learner_of(cell.recipe)
            return document_of(cell.recipe, learner)

    # --- The threads ---------------------------------------------------------------------------

    def _work(self) -> None:
        while (number := self._take()) is not None:
            try:
                with self._locks[number]:
                    self._advance(number)
            except Exception as error:
                if not isinstance(error, ValueError):
                    _log.exception("run %d of a sweep failed", number)
                self._note_failed(number, error)
            with self._changed:
                self._n_at_work -= 1
                if not self._n_at_work and self._next_cell >= len(self._locks):
                    self._end_round()
                self._changed.notify_all()

    def _take(self) -> int | None:
        """The next cell of this round, once there is one; None if it is over."""
        with self._changed:
            self._changed.wait_for(self._has_work_or_ended)
            if self.state in ("done", "stopped"):
                return None
            number = self._next_cell
            self._next_cell += 1
            self._n_at_work += 1
            return number

    def _has_work_or_ended(self) -> bool:
        if self.state == "running":
            return self._next_cell < len(self._locks)
        return self.state in ("done", "stopped")

    def _advance(self, number: int) -> None:
        learner = self._learners[number]
        if number in self.failures:
            return
        if learner is None:
            recipe = self.sweep.cell(number).recipe
            learner = learner_of(recipe, self.sweep.epochs, stopped=self._is_stopped)
            self._learners[number] = learner
        if learner.failure is not None or learner.stopped:
            return
        train_until(learner, self._goal, self._is_stopped)
        with np.errstate(all="ignore"):
            e = learner.evaluation()
        has_tests = not math.isnan(e.test_loss) or bool(len(learner.problem.test_rows))
        loss, accuracy = (
            (e.test_loss, e.test_accuracy) if has_tests else (e.train_loss, e.train_accuracy)
        )
        has_failed = learner.failure is not None
        self.epochs[number] = learner.epoch
        self.accuracies[number] = math.nan if accuracy is None else accuracy
        self.diverged[number] = has_failed
        self.losses[number] = loss if math.isfinite(loss) and not has_failed else math.inf
        if learner.failure is not None and learner.failure.error:
            self.failures[number] = learner.failure.error

    def _note_failed(self, number: int, error: Exception) -> None:
        said = str(error) if isinstance(error, ValueError) else describe_error(error)
        self.failures[number], self.losses[number] = said, math.inf

    def _is_stopped(self) -> bool:
        return self.state == "stopped"

    def _end_round(self) -> None:
        self.rounds += 1
        epoch = self._goal
        is_over = epoch >= self.sweep.epochs
        if self.rounds % self._rounds_a_point == 0 or is_over:
            points = [*self._points, (epoch, self.losses.copy())]
            if len(points) > MAX_POINTS:
                points = points[::2] if len(points) % 2 else points[1::2]
                self._rounds_a_point *= 2
            # A reader has the old list, or the new one.
            self._points = points
        if is_over:
            self.state = "done"
        else:
            self._next_cell, self._goal = 0, self._goal_after(epoch)

    def _goal_after(self, epoch: int) -> int:
        """Where the round after an epoch ends."""
        by = self._epochs_a_round or max(1, epoch // SHARE_A_ROUND)
        return min(epoch + by, self.sweep.epochs)
