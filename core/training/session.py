"""Session: one network learning one data set, steered from any thread."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ...datasets.dataset import Dataset
from ..autograd.ops import FloatArray
from ..nn import MLP
from ..nn.layers import element_names
from ..nn.parameters import Element, element_place, holds_element
from .changes import describe_changes
from .config import MAX_PARAMETERS, ConfigError, NetworkSpec, TrainingConfig, loss_name
from .features import features, finite_features
from .learner import Learner, Setup
from .past_runs import Lesson, PastRuns
from .reshape import Origins
from .snapshot import Evaluation, Snapshot, State, frozen_copy
from .transplant import Weights, check_origins

DEFAULT_GRID = (64, 64)
# How long an idle thread sleeps before it looks at its stop event.
IDLE_SECONDS = 0.05
RATE_WINDOW_SECONDS = 0.5


class Session:
    """One network that learns one data set. It has no thread of its own.

    Used directly, it is synchronous: `advance()`, then `snapshot()`. Or a thread calls `run()`,
    and every other method may be called from any thread: what changes the session is carried out
    between two steps, and nobody waits for a step.
    """

    def __init__(
        self,
        network: NetworkSpec,
        dataset: Dataset,
        training: TrainingConfig | None = None,
        *,
        seed: int = 0,
    ) -> None:
        """Makes the network.

        Args:
            network: Its shape.
            dataset: What to learn.
            training: How; the defaults are TensorFlow Playground's.
            seed: Decides the first weights, the split and the order of the samples.

        Raises:
            ConfigError: If network, data set and settings do not fit each other.
        """
        setup = Setup(training or TrainingConfig(), network, dataset)
        check_fit(setup)
        self._learner = Learner(setup, seed, self._is_stopping)
        # What was asked for last; the learner has it too once the edits are carried out.
        self._wanted = setup
        self._run_id = 0
        self._resumed = False
        self._grid_size = DEFAULT_GRID
        self._unit: tuple[int, int] | None = None
        self._edits: deque[Callable[[], None]] = deque()
        self._edit_lock = threading.RLock()
        self._attention = threading.Event()
        self._snapshot_wanted = False
        self._stop: threading.Event | None = None
        self._rate = _Rate()
        self._past_runs = PastRuns()

    # --- What it is now ------------------------------------------------------------------------

    @property
    def network_spec(self) -> NetworkSpec:
        """The network's shape, as last configured."""
        return self._wanted.network

    @property
    def training(self) -> TrainingConfig:
        """The settings, as last configured."""
        return self._wanted.training

    @property
    def dataset(self) -> Dataset:
        """The data set, as last configured."""
        return self._wanted.dataset

    @property
    def seed(self) -> int:
        """The seed of the first weights."""
        return self._learner.seed

    @property
    def run_id(self) -> int:
        """Counts resets."""
        return self._run_id

    @property
    def network(self) -> MLP:
        """The network itself; while a thread runs it is the thread's."""
        return self._learner.network

    @property
    def epoch(self) -> int:
        """Full passes through the training samples."""
        return self._learner.epoch

    @property
    def step(self) -> int:
        """Updates of the parameters."""
        return self._learner.step

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, a smaller last one included."""
        return self._learner.steps_per_epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        return self._learner.learning_rate

    @property
    def state(self) -> State:
        """What it is doing: ready, training, paused, diverged or failed."""
        trouble = self._learner.trouble
        if trouble is not None:
            return "failed" if trouble.error else "diverged"
        if self._resumed:
            return "training"
        return "paused" if self._learner.step else "ready"

    def parameters(self) -> dict[str, FloatArray]:
        """Name -> array, views of the flat vector, in order: `layer1.weight`, `layer1.bias`, ..."""
        self._edits_waiting()
        named = self._learner.network.named_parameters()
        return {name: np.asarray(value.data) for name, value in named.items()}

    # --- Changing it ---------------------------------------------------------------------------

    def configure(
        self,
        training: TrainingConfig | None = None,
        *,
        network: NetworkSpec | None = None,
        dataset: Dataset | None = None,
        weights: Weights | None = None,
        origins: Origins | None = None,
    ) -> None:
        """Changes settings, shape or data set, between two steps, and keeps the run.

        Weights that still fit stay: a layer's neurons by their number, inputs by their name. What
        changed is marked on the loss curve.

        Args:
            training: The settings; those in force by default.
            network: The shape; likewise.
            dataset: What to learn; likewise.
            weights: Taken instead of those that are there, if they fit the new shape: what an
                undo brings back.
            origins: Where each hidden layer of `network` comes from, see `reshape`; by default
                hidden layers meet by their number.

        Raises:
            ConfigError: If the three do not fit each other; nothing has changed then.
            ValueError: If the origins do not lead from the old hidden layers to the new ones.
        """
        with self._edit_lock:
            old = self._wanted
            new = Setup(training or old.training, network or old.network, dataset or old.dataset)
            check_fit(new)
            if new.dataset is not old.dataset or new.network.inputs != old.network.inputs:
                check_inputs(new)
            if origins is not None:
                check_origins(old.network.hidden, new.network.hidden, origins)
            self._wanted = new
            self._edits.append(lambda: self._learner.apply(new, weights, origins))
            if text := describe_changes(old, new):
                self._edits.append(lambda: self._learner.mark(text))
        self._edits_waiting()

    def reset(self) -> None:
        """Back to epoch 0 and the very same first weights."""

        def edit() -> None:
            self._keep_run()
            self._restart()

        self._edits.append(edit)
        self._edits_waiting()

    def reseed(self, seed: int) -> None:
        """Back to epoch 0 with the first weights of another seed; the split stays."""

        def edit() -> None:
            self._keep_run()
            self._learner.seed = seed
            self._restart()

        self._edits.append(edit)
        self._edits_waiting()

    def _keep_run(self) -> None:
        learner = self._learner
        if learner.step:
            lesson = Lesson(learner.learned, learner.learned_loss, learner.seed)
            self._past_runs.keep(lesson, learner.history.curves())

    def _restart(self) -> None:
        self._run_id += 1
        self._learner.reset()
        self._rate = _Rate()

    def set_parameters(self, arrays: Mapping[str, ArrayLike]) -> None:
        """Writes parameters by name, between two steps.

        Args:
            arrays: Name -> numbers in the parameter's shape; names left out stay as they are.

        Raises:
            ValueError: If there is no such parameter or the shape is another; nothing has changed
                then.
        """
        named = self._learner.network.named_parameters()
        checked = {}
        for name, numbers in arrays.items():
            array = np.array(numbers, dtype=np.float64)
            if name not in named:
                raise ValueError(f"there is no parameter {name!r}: take {', '.join(named)}")
            if array.shape != named[name].shape:
                raise ValueError(f"{name} has the shape {named[name].shape}, not {array.shape}")
            checked[name] = array
        self._edits.append(lambda: self._write(checked))
        self._edits_waiting()

    def set_element(self, element: Element, number: float) -> None:
        """Writes one weight or bias, between two steps.

        Raises:
            IndexError: If the network has no such element.
            ValueError: If the number is not finite.
        """
        if not math.isfinite(number):
            raise ValueError(f"{element.name} has to be a number, not {number:g}.")
        element_place(self._learner.network.sizes, element)
        self._edits.append(lambda: self._write_element(element, number))
        self._edits_waiting()

    def _write_element(self, element: Element, number: float) -> None:
        network = self._learner.network
        # The shape may have changed since it was checked.
        if holds_element(network.sizes, element):
            network.flat_parameters[element_place(network.sizes, element)] = number
            self._learner.parameters_changed()

    def set_frozen(self, elements: Iterable[Element], frozen: bool) -> None:
        """Makes training leave parameters alone, or move them again, between two steps.

        What is frozen keeps its value through resets too.

        Raises:
            IndexError: If the network has no such element.
        """
        chosen = tuple(elements)
        for element in chosen:
            element_place(self._learner.network.sizes, element)
        self._edits.append(lambda: self._write_frozen(chosen, frozen))
        self._edits_waiting()

    def _write_frozen(self, elements: tuple[Element, ...], frozen: bool) -> None:
        sizes, updater = self._learner.network.sizes, self._learner.updater
        mask = updater.frozen.copy()
        mask[[element_place(sizes, e) for e in elements if holds_element(sizes, e)]] = frozen
        updater.frozen = mask

    def unfreeze_all(self) -> None:
        """Makes training move every parameter again, between two steps."""
        self._edits.append(self._unfreeze)
        self._edits_waiting()

    def _unfreeze(self) -> None:
        updater = self._learner.updater
        updater.frozen = np.zeros_like(updater.frozen)

    def _write(self, arrays: Mapping[str, FloatArray]) -> None:
        named = self._learner.network.named_parameters()
        for name, array in arrays.items():
            # The shape may have changed since they were checked.
            if name in named and named[name].shape == array.shape:
                np.copyto(named[name].data, array)  # type: ignore[arg-type]
        self._learner.parameters_changed()

    def pause(self) -> None:
        """Stops before the next step; a thread in `run()` waits."""
        self._resumed = False
        self._attention.set()

    def resume(self) -> None:
        """Lets a thread in `run()` go on."""
        self._learner.stopped = ""
        self._resumed = True
        self._attention.set()

    def _edits_waiting(self) -> None:
        if self._stop is None:
            self._carry_out_edits()
        else:
            self._attention.set()

    def _carry_out_edits(self) -> None:
        with self._edit_lock, np.errstate(all="ignore"):
            while self._edits:
                self._edits.popleft()()

    # --- Learning ------------------------------------------------------------------------------

    def advance(self, steps: int = 1) -> None:
        """Takes steps, one mini-batch each; ends early if the loss diverges or a condition says so.

        Here and now; or, while a thread is in `run()`, soon and by that thread.
        """
        self._edits.append(lambda: self._take_steps(steps))
        self._edits_waiting()

    def advance_epochs(self, n: int = 1) -> None:
        """Goes on to the end of this epoch and of n - 1 more; like `advance()`."""
        for _ in range(n):
            self._edits.append(lambda: self._take_steps(self._learner.steps_to_next_epoch))
        self._edits_waiting()

    def _take_steps(self, steps: int) -> None:
        learner = self._learner
        learner.stopped = ""
        for _ in range(steps):
            if learner.trouble is not None or learner.stopped or self._is_stopping():
                return
            learner.take_step()

    def evaluate(self) -> Evaluation:
        """Losses and accuracies of the present parameters, on all samples."""
        self._edits_waiting()
        with np.errstate(all="ignore"):
            return self._learner.evaluation()

    def predict(self, points: ArrayLike) -> FloatArray:
        """The network's output for points.

        Args:
            points: Shape (n, columns), in the data set's units.

        Returns:
            Shape (n, outputs); for regression in the units of the targets.
        """
        self._edits_waiting()
        with np.errstate(all="ignore"):
            return self._learner.predict(np.atleast_2d(np.asarray(points, dtype=np.float64)))

    def run(self, stop: threading.Event, publish: Callable[[Snapshot], None]) -> None:
        """Trains whenever it is resumed, and answers requests for snapshots, until `stop`.

        To be called by a thread of its own.

        Args:
            stop: Looked at before every step, and inside a step of the scalar engine.
            publish: Called from that thread, once for each `request_snapshot()`.
        """
        self._stop = stop
        pacer = _Pacer()
        try:
            with np.errstate(all="ignore"):
                while not stop.is_set():
                    self._attention.clear()
                    self._answer(publish)
                    if self._resumed:
                        self._train_until_called(stop, pacer)
                    else:
                        pacer.restart()
                        self._attention.wait(IDLE_SECONDS)
        finally:
            self._stop = None

    def _answer(self, publish: Callable[[Snapshot], None]) -> None:
        self._carry_out_edits()
        self._rate.note(self._learner.step)
        if self._snapshot_wanted:
            self._snapshot_wanted = False
            self._learner.watch()
            publish(self.snapshot(unit=self._unit))

    def _train_until_called(self, stop: threading.Event, pacer: _Pacer) -> None:
        learner = self._learner
        interval = 1.0 / (learner.setup.training.pace * learner.steps_per_epoch)
        while self._resumed and not self._attention.is_set() and not stop.is_set():
            if interval > 0.0 and (seconds := pacer.until_next(interval)) > 0.0:
                self._attention.wait(min(seconds, IDLE_SECONDS))
                continue
            if learner.trouble is not None or learner.stopped:
                self._resumed = False
                return
            learner.take_step()

    def _is_stopping(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    # --- Being looked at -----------------------------------------------------------------------

    def request_snapshot(
        self, grid: tuple[int, int] | None = None, unit: tuple[int, int] | None = None
    ) -> None:
        """Asks the thread in `run()` for one snapshot at its next step boundary.

        Args:
            grid: (columns, rows) of the output picture from now on.
            unit: (layer, number) of the unit whose picture is wanted too, layer 0 being the
                inputs; none by default.
        """
        self._grid_size, self._unit = grid or self._grid_size, unit
        self._snapshot_wanted = True
        self._attention.set()

    def snapshot(
        self, grid: tuple[int, int] | None = None, unit: tuple[int, int] | None = None
    ) -> Snapshot:
        """The session as it is now; for the thread that trains, or where none does.

        Args:
            grid: (columns, rows) of the output picture from now on.
            unit: (layer, number) of the unit whose picture is wanted too, layer 0 being the
                inputs; none by default.
        """
        self._carry_out_edits()
        self._grid_size, self._unit = grid or self._grid_size, unit
        with np.errstate(all="ignore"):
            return self._take_snapshot()

    def _take_snapshot(self) -> Snapshot:
        learner = self._learner
        network, problem = learner.network, learner.problem
        picture = learner.grid(*self._grid_size)
        unit = self._unit
        batch_rows, batch_loss = learner.last_batch()
        unit_notes, activity = learner.units.look()
        unit_picture = None if unit is None else learner.unit_grid(*self._grid_size, unit)
        return Snapshot(
            run_id=self._run_id,
            state=self.state,
            trouble=learner.trouble,
            stopped=learner.stopped,
            epoch=learner.epoch,
            step=learner.step,
            steps_per_second=self._rate.per_second if self._resumed else 0.0,
            learning_rate=learner.learning_rate,
            evaluation=learner.evaluation(),
            network=learner.setup.network,
            training=learner.setup.training,
            sizes=network.sizes,
            inputs=learner.input_names,
            activations=tuple(layer.activation for layer in network.layers),
            loss=learner.loss.name,
            parameters=frozen_copy(network.flat_parameters),
            gradients=frozen_copy(network.flat_gradients),
            updates=frozen_copy(learner.updater.last_update),
            frozen=learner.frozen,
            batch_rows=batch_rows,
            batch_loss=batch_loss,
            parameter_names=lambda: element_names(network),
            dataset=problem.dataset,
            train_rows=problem.train_rows,
            test_rows=problem.test_rows,
            outputs=learner.outputs(),
            view=problem.view,
            grid=None if picture is None else frozen_copy(picture),
            unit=None if unit_picture is None else unit,
            unit_grid=None if unit_picture is None else frozen_copy(unit_picture),
            unit_maps=learner.units.maps(),
            unit_notes=unit_notes,
            activity=activity,
            curves=learner.history.curves(),
            past_runs=self._past_runs.beside(learner.setup, learner.seed),
        )


def check_fit(setup: Setup) -> None:
    """Whether a network, a data set and settings can go together.

    Raises:
        ConfigError: If they cannot; it says why and what to take.
    """
    dataset = setup.dataset
    n_inputs = len(features(setup.network.inputs, len(dataset.columns)))
    loss_name(setup.training.loss, dataset.task, dataset.n_classes)
    sizes = (n_inputs, *setup.network.hidden, max(1, dataset.n_classes))
    if sum(a * b + b for a, b in pairwise(sizes)) > MAX_PARAMETERS:
        raise ConfigError(
            f"That network has more than {MAX_PARAMETERS:,} parameters: take smaller layers."
        )


def check_inputs(setup: Setup) -> None:
    """Whether the network's inputs can be computed at every point of the data set.

    Raises:
        ConfigError: If they cannot; it names the first point where one is not finite.
    """
    columns = setup.dataset.network_inputs()
    finite_features(features(setup.network.inputs, columns.shape[1]), columns)


class _Pacer:
    """Spreads steps evenly over time, and forgives the time that steps took too long."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._next = time.monotonic()

    def until_next(self, interval: float) -> float:
        """Seconds to wait before the next step; 0 or less for none, which counts as taking it."""
        now = time.monotonic()
        if self._next > now:
            return self._next - now
        self._next = max(self._next + interval, now - IDLE_SECONDS)
        return 0.0


class _Rate:
    """Steps a second, over windows of about half a second."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self._since = time.monotonic()
        self._steps = 0

    def note(self, steps: int) -> None:
        seconds = time.monotonic() - self._since
        if seconds >= RATE_WINDOW_SECONDS:
            self.per_second = (steps - self._steps) / seconds
            self._since += seconds
            self._steps = steps
