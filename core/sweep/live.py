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
from ..nn.parameters import count_parameters
from ..run.document import RunDocument
from ..training.config import ConfigError
from ..training.failures import describe_error
from ..training.learner import Learner
from .cell import document_of, learner_of, setup_of, train_until
from .fields import CellRecipe
from .sweep import Cell, Sweep
from .workers import is_compiled, n_processors

MAX_LIVE_CELLS: Final = 4_096
# Where it is reached every second point goes, and half as many come.
MAX_POINTS: Final = 512
# A round goes on by a share of the epochs before it: curves bend early, and evaluating costs.
SHARE_A_ROUND: Final = 16

MAX_LIVE_BYTES: Final = 1_000_000_000
# Of a number per unit and sample: before and after its activation.
BYTES_A_UNIT: Final = 16
# Of a parameter: its value, gradient, last update, moments, and those of a copy.
BYTES_A_PARAMETER: Final = 80
BYTES_A_CELL: Final = 120_000
"""All else."""

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


def bytes_of(sweep: Sweep) -> int:
    """About how much memory the networks of all cells take; those that can't be made, none."""
    sizes: dict[tuple[object, ...], int] = {}
    total = 0
    for number in range(0, sweep.n_cells, sweep.n_seeds):
        try:
            recipe = sweep.cell(number).recipe
            data, network = recipe.data, recipe.network
            key = data.name, data.path, data.n_samples, network.inputs, network.hidden
            if key not in sizes:
                sizes[key] = _bytes_of(recipe)
            total += sizes[key] * sweep.n_seeds
        except ValueError:
            continue
    return total


def _bytes_of(recipe: CellRecipe) -> int:
    setup = setup_of(recipe)
    n_units, n_samples = sum(setup.sizes), len(setup.dataset.targets)
    n_parameters = count_parameters(setup.sizes)
    own = BYTES_A_UNIT * n_units * n_samples + BYTES_A_PARAMETER * n_parameters
    return own + BYTES_A_CELL


def quartiles(losses: FloatArray, axis: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The lower quartile, the median and the upper one, each an actual one of the losses."""
    low = np.quantile(losses, 0.25, axis=axis, method="lower")
    median = np.quantile(losses, 0.5, axis=axis, method="higher")
    high = np.quantile(losses, 0.75, axis=axis, method="higher")
    return np.asarray(low), np.asarray(median), np.asarray(high)


class LiveSweep:
    """Trains all cells at a time, each by some epochs a round.

    Its arrays are written by its threads, one number at a time, and may be read by any other
    without waiting.

    Attributes:
        sweep: What is trained.
        losses: Of each cell the test loss, or the training loss where nothing tests, shape
            (cells,); nan before its first round, infinite once it has diverged or failed.
        first_losses: Likewise before the first step, shape (cells,).
        accuracies: Likewise; nan for regressions.
        epochs: How far each has come, shape (cells,).
        diverged: Which have diverged, shape (cells,).
        failures: What went wrong in a cell, by its number.
        rounds: How many were finished.
        visits: How many times a cell has gone on, all of them together.
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
            n_workers: So many threads; by default one a processor where steps are compiled. With
                none of them it goes on where `advance` is called.

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
        if n_workers is None:
            n_workers = n_processors() if is_compiled(sweep) else 1
        self._n_workers = n_workers
        self.first_losses: FloatArray = np.full(n, np.nan)
        self.losses: FloatArray = np.full(n, np.nan)
        self.accuracies: FloatArray = np.full(n, np.nan)
        self.epochs: NDArray[np.int64] = np.zeros(n, dtype=np.int64)
        self.diverged: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_)
        self.failures: dict[int, str] = {}
        self.rounds = self.visits = 0
        self.state: LiveState = "ready"
        self._learners: list[Learner | None] = [None] * n
        self._locks = [threading.Lock() for _ in range(n)]
        self._changed = threading.Condition()
        self._next_cell = self._n_at_work = 0
        self._points: list[tuple[int, FloatArray]] = []
        self._rounds_a_point = 1
        self._rests_until = 0.0
        self._threads: list[threading.Thread] = []

    # --- Steering it ---------------------------------------------------------------------------

    def start(self) -> None:
        """Begins, in threads of its own."""
        self.state = "running"
        self._threads = [
            threading.Thread(target=self._work, name=f"sweep-{n}", daemon=True)
            for n in range(self._n_workers)
        ]
        for thread in self._threads:
            thread.start()

    def advance(self, n_cells: int) -> None:
        """Without threads, lets so many cells go on, each by its round; none if it is paused."""
        for _ in range(n_cells):
            number = self._take() if self.state == "running" else None
            if number is not None:
                self._visit(number)

    def pause(self) -> None:
        """Stops after the cells that are at work, each of which ends its round."""
        self._go_over("running", "paused")

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._go_over("paused", "running")

    def rest(self, seconds: float) -> None:
        """Begins no more rounds of cells for so long, or until `end_rest`.

        Beside threads that nearly always hold Python's lock drawing takes twice as long or longer,
        and they gain nothing by it.
        """
        self._rests_until = time.monotonic() + seconds

    def end_rest(self) -> None:
        """Goes on after `rest`."""
        with self._changed:
            self._rests_until = 0.0
            self._changed.notify_all()

    def stop(self, seconds: float = 1.0) -> None:
        """Ends it for good; waits for its threads, but not for long."""
        with self._changed:
            if self.state != "done":
                self.state = "stopped"
            self._changed.notify_all()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def release(self) -> None:
        """Stands still, and frees what its networks take; its numbers stay, and it can go on.

        A cell that is asked for later trains again to where it was, to the same numbers.
        """
        self.pause()
        for number, lock in enumerate(self._locks):
            # One that is at work stays.
            if lock.acquire(blocking=False):
                self._learners[number] = None
                lock.release()

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

    def curves(self) -> tuple[FloatArray, FloatArray]:
        """The losses after each round: epochs of shape (points,), losses (points, cells)."""
        points = list(self._points)
        epochs = np.array([epoch for epoch, _ in points], dtype=np.float64)
        losses = np.array([row for _, row in points]).reshape(len(points), len(self.losses))
        return epochs, losses

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
        return Band(epochs, *quartiles(losses, axis=1))

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
            return document_of(cell.recipe, self._learner(number, int(self.epochs[number])))

    def picture(self, number: int, columns: int, rows: int) -> FloatArray | None:
        """What a cell's network computes over the view of its data, see `Snapshot.grid`.

        None where there is no view, before its first round, and while it is at work.
        """
        lock, learner = self._locks[number], self._learners[number]
        if learner is None or not lock.acquire(blocking=False):
            return None
        try:
            with np.errstate(all="ignore"):
                grid = learner.pictures.grid(columns, rows)
            return None if grid is None else grid.copy()
        finally:
            lock.release()

    def _learner(self, number: int, epochs: int) -> Learner:
        """The learner of a cell, trained so far; its lock is held."""
        learner = self._learners[number]
        if learner is None:
            recipe = self.sweep.cell(number).recipe
            learner = learner_of(recipe, self.sweep.epochs, stopped=self._is_stopped)
            train_until(learner, epochs, self._is_stopped)
            self._learners[number] = learner
        return learner

    # --- The threads ---------------------------------------------------------------------------

    def _work(self) -> None:
        while (number := self._take_rested()) is not None:
            self._visit(number)

    def _visit(self, number: int) -> None:
        try:
            with self._locks[number]:
                self._advance(number)
        except Exception as error:
            if not isinstance(error, ValueError):
                _log.exception("run %d of a sweep failed", number)
            self._note_failed(number, error)
        with self._changed:
            self.visits += 1
            self._n_at_work -= 1
            if not self._n_at_work and self._next_cell >= len(self._locks):
                self._end_round()
            self._changed.notify_all()

    def _take_rested(self) -> int | None:
        """As `_take`, after the rest that somebody has asked for."""
        with self._changed:
            while self.state == "running" and (left := self._rests_until - time.monotonic()) > 0.0:
                self._changed.wait(left)
        return self._take()

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
        if number in self.failures or self.epochs[number] >= self.sweep.epochs:
            return
        if self.diverged[number]:
            return
        learner = self._learner(number, int(self.epochs[number]))
        if not learner.step:
            self.first_losses[number], _ = self._measured(learner)
        if learner.failure is not None or learner.stopped:
            return
        train_until(learner, self._goal, self._is_stopped)
        loss, accuracy = self._measured(learner)
        failure = learner.failure
        self.epochs[number] = learner.epoch
        self.accuracies[number] = math.nan if accuracy is None else accuracy
        self.diverged[number] = failure is not None and not failure.error
        self.losses[number] = math.inf if failure or not math.isfinite(loss) else loss
        if failure is not None and failure.error:
            self.failures[number] = failure.error

    @staticmethod
    def _measured(learner: Learner) -> tuple[float, float | None]:
        """Loss and accuracy of the test samples, or of all others where nothing tests."""
        with np.errstate(all="ignore"):
            e = learner.evaluation()
        has_tests = not math.isnan(e.test_loss) or bool(len(learner.problem.test_rows))
        if has_tests:
            return e.test_loss, e.test_accuracy
        return e.train_loss, e.train_accuracy

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
