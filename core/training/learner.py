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
from ..autograd import Value
from ..autograd.ops import FloatArray
from ..nn import LOSSES, MLP, SCHEDULES
from ..nn.losses import Loss
from ..nn.modules import element_names
from .config import NetworkSpec, TrainingConfig, loss_name, output_activation_name
from .engines import ENGINE_CLASSES, Engine, Interrupted
from .history import History
from .problem import Problem, make_problem
from .snapshot import Evaluation, Trouble, predicted_classes
from .transplant import keep_weights
from .update import Updater

_log = logging.getLogger(__name__)

# Independent streams of random numbers from one seed.
_WEIGHTS, _ORDER = range(2)


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
        history: The curves.
        epoch: Full passes through the training samples.
        step: Updates of the parameters.
        trouble: Why it cannot go on; None while it can.
    """

    network: MLP
    problem: Problem
    loss: Loss
    updater: Updater
    epoch: int
    step: int
    trouble: Trouble | None
    _engine: Engine
    _epoch_inputs: FloatArray
    _epoch_targets: FloatArray
    _cursor: int
    _order_rng: np.random.Generator
    _evaluated: tuple[int, Evaluation, FloatArray] | None
    _grid_inputs: tuple[tuple[int, int], FloatArray] | None

    def __init__(self, setup: Setup, seed: int, interrupted: Callable[[], bool]) -> None:
        """Makes the network with first weights from the seed.

        Args:
            setup: What to learn and how.
            seed: Also decides the split into train and test, which stays when it is changed.
            interrupted: Asked inside slow steps; true gives the step up.
        """
        self.setup = setup
        self.seed = seed
        self._split_seed = seed
        self._interrupted = interrupted
        self._version = 0
        self._evaluated = None
        self.history = History()
        self._make_problem()
        self.reset()

    # --- Learning ------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        training = self.setup.training
        factor = SCHEDULES[training.schedule](self.epoch, training.schedule_epochs)
        return training.learning_rate * factor

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch, a smaller last one included."""
        return math.ceil(len(self.problem.train_rows) / self.setup.training.batch_size)

    @property
    def steps_to_next_epoch(self) -> int:
        """Batches left in this epoch."""
        left = len(self._epoch_inputs) - self._cursor
        return math.ceil(left / self.setup.training.batch_size)

    def take_step(self) -> None:
        """Learns one mini-batch; sets `trouble` if the loss is not finite or something fails."""
        start = self._cursor
        end = start + self.setup.training.batch_size
        try:
            loss = self._engine(self._epoch_inputs[start:end], self._epoch_targets[start:end])
        except Interrupted:
            return
        except (ArithmeticError, ValueError):
            # Python's floats raise where NumPy's arrays go on with an infinity.
            loss = math.nan
        except Exception as error:
            _log.exception("step %d failed", self.step + 1)
            self._note_trouble(math.nan, repr(error))
            return
        if not math.isfinite(loss):
            self._note_trouble(loss)
            return
        self.updater(self.setup.training, self.learning_rate)
        self.step += 1
        self._version += 1
        self._cursor = end
        if end >= len(self._epoch_inputs):
            self.epoch += 1
            self._note_history()
            self._start_epoch()

    def _note_trouble(self, loss: float, error: str = "") -> None:
        parameter = "" if error else self._first_not_finite()
        self.trouble = Trouble(self.step + 1, loss, parameter, self.learning_rate, error)

    def _first_not_finite(self) -> str:
        finite = np.isfinite(self.network.flat_gradients) & np.isfinite(
            self.network.flat_parameters
        )
        bad = np.flatnonzero(~finite)
        return element_names(self.network)[bad[0]] if bad.size else ""

    def _start_epoch(self) -> None:
        rows = self.problem.train_rows
        if self.setup.training.shuffle:
            rows = rows[self._order_rng.permutation(len(rows))]
        else:
            rows = np.sort(rows)
        self._epoch_inputs = self.problem.inputs[rows]
        self._epoch_targets = self.problem.targets[rows]
        self._cursor = 0

    # --- Evaluating ----------------------------------------------------------------------------

    def evaluation(self) -> tuple[Evaluation, FloatArray]:
        """Losses and accuracies now, and the output for every row, shape (rows, outputs)."""
        if self._evaluated is None or self._evaluated[0] != self._version:
            outputs = np.asarray(self.network(self.problem.inputs).data)
            self._evaluated = (self._version, self._evaluate(outputs), outputs)
        return self._evaluated[1:]

    def _evaluate(self, outputs: FloatArray) -> Evaluation:
        train, test = self.problem.train_rows, self.problem.test_rows
        return Evaluation(
            train_loss=self._mean_loss(outputs, train),
            test_loss=self._mean_loss(outputs, test),
            penalty=self.updater.penalty(self.setup.training),
            train_accuracy=self._accuracy(outputs, train),
            test_accuracy=self._accuracy(outputs, test),
        )

    def _mean_loss(self, outputs: FloatArray, rows: NDArray[np.int64]) -> float:
        if not len(rows):
            return math.nan
        some = Value(outputs[rows], constant=True)
        return float(self.loss.on_arrays(some, self.problem.targets[rows]))

    def _accuracy(self, outputs: FloatArray, rows: NDArray[np.int64]) -> float | None:
        dataset = self.problem.dataset
        if dataset.task == "regression" or not len(rows):
            return None
        return float(np.mean(predicted_classes(outputs[rows]) == dataset.labels[rows]))

    def _note_history(self) -> None:
        e = self.evaluation()[0]
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
        if self._grid_inputs is None or self._grid_inputs[0] != (columns, rows):
            self._grid_inputs = ((columns, rows), problem.grid_inputs(columns, rows))
        outputs = np.asarray(self.network(self._grid_inputs[1]).data)
        shape = (rows, columns) if len(problem.view) == 2 else (columns,)
        return problem.dataset.from_network(outputs).reshape(*shape, problem.n_outputs)

    # --- Changing ------------------------------------------------------------------------------

    def reset(self) -> None:
        """Back to epoch 0, with the first weights that the seed gives."""
        self.trouble = None
        self.epoch = 0
        self.step = 0
        self._order_rng = np.random.default_rng([self.seed, _ORDER])
        self._build()
        self._start_epoch()
        self.history.clear()
        self._note_history()

    def apply(self, setup: Setup) -> None:
        """Goes on with another setup; weights that still fit stay."""
        old, self.setup = self.setup, setup
        new_problem = (
            setup.dataset is not old.dataset
            or setup.network.inputs != old.network.inputs
            or setup.training.train_share != old.training.train_share
        )
        old_inputs = self.input_names
        if new_problem:
            self._make_problem()
        if new_problem or setup.network != old.network or self._wanted_loss() != self.loss.name:
            old_network = self.network
            self._build()
            keep_weights(old_network, self.network, old_inputs, self.input_names)
        elif setup.training.engine != old.training.engine:
            self._engine = self._make_engine()
        if new_problem or setup.training.batch_size != old.training.batch_size:
            self._start_epoch()
        self.parameters_changed()

    def parameters_changed(self) -> None:
        """To be called after writing to the parameters: what was evaluated is out of date."""
        self._version += 1

    def mark(self, text: str) -> None:
        """Notes on the history that a knob was turned now."""
        self.history.mark(self.epoch + self._cursor / max(len(self._epoch_inputs), 1), text)

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
        problem, spec = self.problem, self.setup.network
        self.loss = LOSSES[self._wanted_loss()]
        output = output_activation_name(
            spec.output_activation, self.loss.name, problem.dataset.task
        )
        self.network = MLP(
            (len(problem.features), *spec.hidden, problem.n_outputs),
            (*spec.activations, output),
            rng=np.random.default_rng([self.seed, _WEIGHTS]),
            initializer=spec.initializer,
        )
        self.updater = Updater(self.network, self.setup.training.optimizer)
        self._engine = self._make_engine()
        self._grid_inputs = None
        self.parameters_changed()

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs."""
        return tuple(feature.name for feature in self.problem.features)

    def _make_engine(self) -> Engine:
        engine = ENGINE_CLASSES[self.setup.training.engine]
        return engine(self.network, self.loss, self._interrupted)
