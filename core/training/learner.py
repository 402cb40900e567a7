"""Learner: a network, its problem, its optimizer, and the steps they take together.

It knows no thread and no lock: a Session gives it both.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.dataset import Dataset
from ..autograd.ops import FloatArray
from ..nn import LOSSES, MLP, SCHEDULES
from ..nn.layers import element_names
from ..nn.losses import Loss
from .config import NetworkSpec, TrainingConfig, loss_name, output_activation_name
from .engines import Engine, Interrupted, make_engine
from .evaluator import Evaluator
from .history import History
from .inference import Inference
from .problem import Problem, make_problem
from .reshape import Origins
from .sabotage import make_sabotaged_engine, sabotaged_activations
from .snapshot import Evaluation, Trouble
from .stopping import StopConditions, has_stop_condition
from .transplant import BoolArray, Weights, surviving
from .units import Units
from .update import Updater

_log = logging.getLogger(__name__)

# An evaluation takes as long as several steps: with very short epochs not each is worth one.
STEPS_BETWEEN_NOTES = 25

# Independent streams of random numbers from one seed.
_WEIGHTS, _ORDER = range(2)

_NO_ROWS = np.empty(0, dtype=np.int64)
_NO_ROWS.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """Everything that is configured."""

    training: TrainingConfig
    network: NetworkSpec
    dataset: Dataset


class Learner:
    """One network learning one problem.

    Attributes:
        setup: What is in force.
        seed: Decides the first weights and the order of the samples.
        network: The network.
        problem: The data set as the network sees it.
        loss: What is minimized.
        updater: Moves the parameters.
        units: Looks at single units.
        history: The curves.
        learned: What was in force at the last step.
        learned_loss: The name of the loss at the last step.
        epoch: Full passes through the training samples.
        step: Updates of the parameters.
        trouble: Why it cannot go on; None while it can.
        stopped: Why it was to stop after the last epoch, a sentence; empty if it was not.
    """

    network: MLP
    problem: Problem
    loss: Loss
    updater: Updater
    units: Units
    epoch: int
    step: int
    trouble: Trouble | None
    stopped: str
    _stop_conditions: StopConditions
    _engine: Engine
    _epoch_inputs: FloatArray
    _epoch_targets: FloatArray
    _batches: list[tuple[FloatArray, FloatArray]]
    _place: int
    _rows: NDArray[np.int64]
    _last_batch: tuple[NDArray[np.int64], int, float] | None
    _order_rng: np.random.Generator
    _evaluated: tuple[int, Evaluation, FloatArray] | None
    _grid: tuple[tuple[int, int], Inference] | None
    _unit_grid: tuple[tuple[int, ...], Inference] | None
    _evaluator: Evaluator
    _learning_rate: float
    _noted_step: int
    _watched: bool

    def __init__(self, setup: Setup, seed: int, interrupted: Callable[[], bool]) -> None:
        """Makes the network with first weights from the seed.

        Args:
            setup: What to learn and how.
            seed: Also decides the split into train and test, which stays when it is changed.
            interrupted: Asked inside slow steps; true gives the step up.
        """
        self.setup = self.learned = setup
        self.seed = seed
        self._split_seed = seed
        self._interrupted = interrupted
        self._version = 0
        self._evaluated = None
        self.history = History()
        self._make_problem()
        self.reset()
        self.learned_loss = self.loss.name

    # --- Learning ------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        return self._learning_rate

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, a smaller last one included."""
        return len(self._batches)

    @property
    def steps_to_next_epoch(self) -> int:
        """Batches left in this epoch."""
        return len(self._batches) - self._place

    def take_step(self) -> None:
        """Learns one mini-batch; sets `trouble` if the loss is not finite or something fails."""
        try:
            loss = self._engine(*self._batches[self._place])
        except Interrupted:
            return
        except Exception as error:
            _log.exception("step %d failed", self.step + 1)
            self._note_trouble(math.nan, repr(error))
            return
        if not math.isfinite(loss):
            self._note_trouble(loss)
            return
        self.updater(self._learning_rate)
        self.learned, self.learned_loss = self.setup, self.loss.name
        self._last_batch = (self._rows, self._place, loss)
        self.step += 1
        self._version += 1
        self._place += 1
        if self._place == len(self._batches):
            self._finish_epoch()

    def _finish_epoch(self) -> None:
        self.epoch += 1
        can_stop = has_stop_condition(self.setup.training)
        if can_stop or self._watched or self.step - self._noted_step >= STEPS_BETWEEN_NOTES:
            self._note_history()
        if can_stop:
            e = self.evaluation()
            loss = e.train_loss if math.isnan(e.test_loss) else e.test_loss
            self.stopped = self._stop_conditions.check(self.setup.training, self.epoch, loss)
        self._start_epoch()

    def last_batch(self) -> tuple[NDArray[np.int64], float]:
        """The rows of the last step's batch, and their mean loss before that step.

        No rows and nan before the first step, and where other data have come since.
        """
        if self._last_batch is None:
            return _NO_ROWS, math.nan
        rows, place, loss = self._last_batch
        size = self.setup.training.batch_size
        return rows[place * size : (place + 1) * size], loss

    def _note_trouble(self, loss: float, error: str = "") -> None:
        parameter = "" if error else self._first_not_finite()
        self.trouble = Trouble(self.step + 1, loss, parameter, self.learning_rate, error)

    def _first_not_finite(self) -> str:
        finite = np.isfinite(self.network.flat_gradients) & np.isfinite(
            self.network.flat_parameters
        )
        bad = np.flatnonzero(~finite)
        return element_names(self.network)[bad[0]] if bad.size else ""

    def _lay_out_epoch(self) -> None:
        """Room for an epoch's samples, of which each batch is a view."""
        problem, size = self.problem, self.setup.training.batch_size
        n = len(problem.train_rows)
        self._epoch_inputs = np.empty((n, problem.inputs.shape[1]))
        self._epoch_targets = np.empty((n, problem.n_outputs))
        self._batches = [
            (self._epoch_inputs[start : start + size], self._epoch_targets[start : start + size])
            for start in range(0, n, size)
        ]

    def _start_epoch(self) -> None:
        is_shuffled, rows = self.setup.training.shuffle, self.problem.train_rows
        rows = self._order_rng.permutation(rows) if is_shuffled else np.sort(rows)
        rows.setflags(write=False)
        self._rows = rows
        # Every row is there, so that clipping changes none; it spares a buffer.
        self.problem.inputs.take(rows, 0, self._epoch_inputs, mode="clip")
        self.problem.targets.take(rows, 0, self._epoch_targets, mode="clip")
        self._place = 0
        self._note_learning_rate()

    def _note_learning_rate(self) -> None:
        training = self.setup.training
        factor = SCHEDULES[training.schedule](self.epoch, training.schedule_epochs)
        self._learning_rate = training.learning_rate * factor

    # --- Evaluating ----------------------------------------------------------------------------

    def evaluation(self) -> Evaluation:
        """Losses and accuracies now."""
        return self._evaluate()[0]

    def outputs(self) -> FloatArray:
        """The network's output for every row now, shape (rows, outputs), read-only."""
        return self._evaluator.in_row_order(self._evaluate()[1])

    def _evaluate(self) -> tuple[Evaluation, FloatArray]:
        if self._evaluated is None or self._evaluated[0] != self._version:
            self._evaluated = (self._version, *self._evaluator(self.updater.penalty()))
        return self._evaluated[1:]

    def watch(self) -> None:
        """Tells that somebody looks: the next epoch is noted, however short the last one was."""
        self._watched = True

    def _note_history(self) -> None:
        self._watched = False
        self._noted_step = self.step
        e = self.evaluation()
        accuracies = [math.nan if a is None else a for a in (e.train_accuracy, e.test_accuracy)]
        self.history.append(self.epoch, (e.train_loss, e.test_loss, e.penalty, *accuracies))

    def predict(self, points: FloatArray) -> FloatArray:
        """Points in the data's units, shape (n, columns), to outputs in the targets' units."""
        outputs = np.asarray(self.network(self.problem.network_inputs(points)).data)
        return self.problem.dataset.from_network(outputs)

    def grid(self, columns: int, rows: int) -> FloatArray | None:
        """The outputs over the view, see `Snapshot.grid`."""
        problem = self.problem
        if not problem.view:
            return None
        if self._grid is None or self._grid[0] != (columns, rows):
            inputs = problem.grid_inputs(columns, rows)
            self._grid = ((columns, rows), Inference(self.network, inputs))
        outputs = self._grid[1]()
        shape = self._grid_shape(columns, rows)
        return problem.dataset.from_network(outputs).reshape(*shape, problem.n_outputs)

    def unit_grid(self, columns: int, rows: int, unit: tuple[int, int]) -> FloatArray | None:
        """What one unit puts out over the view, see `Snapshot.unit_grid`."""
        layer, number = unit
        is_there = layer < len(self.network.sizes) and number < self.network.sizes[layer]
        if not self.problem.view or not is_there:
            return None
        shape = self._grid_shape(columns, rows)
        if layer == 0:
            return self.problem.grid_inputs(columns, rows)[:, number].reshape(shape)
        if self._unit_grid is None or self._unit_grid[0] != (columns, rows, layer):
            inputs = self.problem.grid_inputs(columns, rows)
            infer = Inference(self.network, inputs, n_layers=layer)
            self._unit_grid = ((columns, rows, layer), infer)
        return self._unit_grid[1]()[:, number].reshape(shape)

    def _grid_shape(self, columns: int, rows: int) -> tuple[int, ...]:
        return (rows, columns) if len(self.problem.view) == 2 else (columns,)

    # --- Changing ------------------------------------------------------------------------------

    def reset(self) -> None:
        """Back to epoch 0, with the first weights that the seed gives."""
        self.trouble = None
        self.epoch = 0
        self.step = 0
        self._last_batch = None
        self.stopped = ""
        self._stop_conditions = StopConditions()
        self._order_rng = np.random.default_rng([self.seed, _ORDER])
        self._begin_again()
        self._lay_out_epoch()
        self._start_epoch()
        self.history.clear()
        self._note_history()

    def _begin_again(self) -> None:
        """Draws the first weights; what is frozen stays as it is."""
        old = getattr(self, "network", None)
        frozen = self.frozen if old is not None and old.sizes == self._wanted_sizes() else None
        self._build()
        if frozen is not None and old is not None:
            self.network.flat_parameters[frozen] = old.flat_parameters[frozen]
            self.updater.frozen = frozen

    @property
    def frozen(self) -> BoolArray:
        """Which parameters training leaves alone, shape (n,)."""
        return self.updater.frozen

    def apply(
        self, setup: Setup, weights: Weights | None = None, origins: Origins | None = None
    ) -> None:
        """Goes on with another setup; weights that still fit stay.

        Args:
            setup: What is in force from now on.
            weights: Taken instead of those that are there, if they fit the new network.
            origins: Where its hidden layers come from; by default they meet by their number.
        """
        old, self.setup = self.setup, setup
        old_loss = self.loss
        old_inputs = self.input_names
        new_problem = (
            setup.dataset is not old.dataset
            or setup.network.inputs != old.network.inputs
            or setup.training.train_share != old.training.train_share
        )
        if new_problem:
            self._make_problem()
        if new_problem or self._is_computed_otherwise(old):
            self._last_batch = None
            self._reshape(old_inputs, origins)
            self._attach()
        if new_problem or self.loss is not old_loss:
            self.history.forget_best()
        if weights is not None and weights.fits(self.network.sizes, self.input_names):
            self.network.flat_parameters[...] = weights.parameters
            self.updater.frozen = weights.frozen
        self.parameters_changed()
        self.updater.configure(setup.training)
        if new_problem or setup.training.batch_size != old.training.batch_size:
            self._last_batch = None
            self._lay_out_epoch()
            self._start_epoch()
        self._note_learning_rate()

    def _is_computed_otherwise(self, old: Setup) -> bool:
        new = self.setup
        return (
            new.network != old.network
            or self._wanted_loss() != self.loss.name
            or (new.training.engine, new.training.dtype, new.training.sabotage)
            != (old.training.engine, old.training.dtype, old.training.sabotage)
        )

    def parameters_changed(self) -> None:
        """To be called after writing to the parameters: what was evaluated is out of date."""
        self._version += 1

    def mark(self, text: str) -> None:
        """Notes on the history that a knob was turned now."""
        self.history.mark(self.epoch + self._place / len(self._batches), text)

    def _make_problem(self) -> None:
        setup = self.setup
        self.problem = make_problem(
            setup.dataset, setup.network.inputs, setup.training.train_share, self._split_seed
        )

    def _wanted_loss(self) -> str:
        dataset = self.problem.dataset
        return loss_name(self.setup.training.loss, dataset.task, dataset.n_classes)

    def _build(self) -> None:
        """Makes the network of this setup, and what belongs to it."""
        self.network = MLP(
            self._wanted_sizes(),
            self._wanted_activations(),
            rng=np.random.default_rng([self.seed, _WEIGHTS]),
            initializer=self.setup.network.initializer,
        )
        self.updater = Updater(self.network, self.setup.training)
        self._attach()
        self.parameters_changed()

    def _reshape(self, old_inputs: tuple[str, ...], origins: Origins | None) -> None:
        """Gives the network another shape if it needs one; else it stays the same network."""
        if (self.network.sizes, old_inputs) != (self._wanted_sizes(), self.input_names):
            old, frozen = self.network, self.frozen
            self._build()
            taken, given = surviving(
                old.sizes, self.network.sizes, old_inputs, self.input_names, origins
            )
            self.network.flat_parameters[given] = old.flat_parameters[taken]
            still_frozen = np.zeros(self.network.n_parameters, dtype=np.bool_)
            still_frozen[given] = frozen[taken]
            self.updater.frozen = still_frozen
        for layer, activation in zip(self.network.layers, self._wanted_activations(), strict=True):
            layer.activation = activation

    def _attach(self) -> None:
        """Makes what computes with the network: its engine and its evaluations."""
        self.loss = LOSSES[self._wanted_loss()]
        self._engine = self._make_engine()
        self._evaluator = Evaluator(self.network, self.loss, self.problem)
        self.units = Units(self.network, self.problem)
        self._grid = None
        self._unit_grid = None

    def _make_engine(self) -> Engine:
        training = self.setup.training
        if not training.sabotage:
            return make_engine(training, self.network, self.loss, self._interrupted)
        return make_sabotaged_engine(training, self.network, self.loss, self._interrupted)

    def _wanted_sizes(self) -> tuple[int, ...]:
        problem = self.problem
        return (len(problem.features), *self.setup.network.hidden, problem.n_outputs)

    def _wanted_activations(self) -> tuple[str, ...]:
        spec, task = self.setup.network, self.problem.dataset.task
        output = output_activation_name(spec.output_activation, self._wanted_loss(), task)
        wanted = (*spec.activations, output)
        sabotage = self.setup.training.sabotage
        return sabotaged_activations(wanted, sabotage) if sabotage else wanted

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs."""
        return tuple(feature.name for feature in self.problem.features)
