"""Learner: a network, its problem, its optimizer, and the steps they take together.

It knows no thread and no lock. Steps change it in place; what changes its set-up makes a new
learner and leaves this one as it was if that fails.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from copy import copy, deepcopy

import numpy as np

from ..autograd.numerics import FloatArray
from ..nn import LOSSES, MLP, SCHEDULES
from ..nn.layers import element_names
from ..nn.losses import Loss
from .batches import Batches, Rows
from .engines import Engine, Interrupted, make_engine
from .evaluation import Evaluator
from .history import History
from .pictures import Pictures
from .problem import Problem, make_problem
from .reshape import Origins
from .sabotage import make_sabotaged_engine
from .setup import Setup
from .snapshot import Evaluation, TrainingFailure, frozen_copy
from .state import LastBatch, LearnerState
from .stopping import StopConditions, has_stop_condition
from .units import Units
from .update import Updater
from .weight_transfer import BoolArray, Weights, surviving

_log = logging.getLogger(__name__)

# An evaluation takes as long as several steps: the curves get a point at the end of an epoch, but
# only after a fortieth of the run so far, or after so many steps where that is less. Nothing else
# decides it, so that a run is the same however it is watched.
MAX_STEPS_BETWEEN_POINTS = 100
POINTS_IN_A_RUN = 40

# Independent streams of random numbers from one seed.
_WEIGHTS, _ORDER, _FIXED_ORDER = range(3)

_NO_ROWS = np.empty(0, dtype=np.int64)
_NO_ROWS.setflags(write=False)


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
        pictures: Draws what the network computes.
        batches: The samples of this epoch.
        history: The curves.
        epoch: Full passes through the training samples.
        step: Updates of the parameters.
        tick: Updates since the document began; a restart does not set it back.
        failure: Why it can't go on; None while it can.
        stopped: Why it was to stop after the last epoch, a sentence; empty if it was not.
    """

    network: MLP
    loss: Loss
    updater: Updater
    units: Units
    pictures: Pictures
    batches: Batches
    _engine: Engine
    _evaluator: Evaluator
    _carried: FloatArray | None
    _evaluated: tuple[int, Evaluation, FloatArray] | None
    _learning_rate: float

    def __init__(self, setup: Setup, seed: int, interrupted: Callable[[], bool]) -> None:
        """Makes the network with first weights from the seed.

        Args:
            setup: What to learn and how.
            seed: Also decides the split into train and test, which stays when it is changed.
            interrupted: Asked inside slow steps; true gives the step up.
        """
        self.setup = setup
        self.seed = self._split_seed = seed
        self._interrupted = interrupted
        self.tick = 0
        self.problem = self._make_problem()
        self._begin()

    def _begin(self) -> None:
        """Goes to epoch 0 with the first weights that the seed gives."""
        self._build()
        self._attach()
        self.failure: TrainingFailure | None = None
        self.stopped = ""
        self.epoch = self.step = 0
        self._noted_step = 0
        self._last_batch: LastBatch | None = None
        self._stop_conditions = StopConditions()
        self._order_rng = np.random.default_rng([self.seed, _ORDER])
        self._lay_out_epoch()
        self.history = History()
        self._note_history()

    # --- Learning ------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        return self._learning_rate

    @property
    def can_step(self) -> bool:
        """Whether it can go on, and was not to stop."""
        return self.failure is None and not self.stopped

    @property
    def steps_to_next_epoch(self) -> int:
        """Batches left in this epoch."""
        return len(self.batches) - self.batches.place

    @property
    def precise_epoch(self) -> float:
        """Passes through the training samples, parts of one too."""
        return self.epoch + self.batches.place / len(self.batches)

    def take_step(self) -> None:
        """Learns one mini-batch; sets `failure` if the loss is not finite or something fails."""
        self.stopped = ""
        try:
            self._learn_batch()
        except Interrupted:
            return
        except Exception as error:
            _log.exception("step %d failed", self.step + 1)
            self._note_failure(math.nan, describe_error(error))

    def _learn_batch(self) -> None:
        batches = self.batches
        loss = self._engine(*batches.next())
        if not math.isfinite(loss):
            self._note_failure(loss)
            return
        self.updater(self._learning_rate)
        self._last_batch = (batches.rows, batches.place, loss)
        self.step += 1
        self.tick += 1
        self._version += 1
        batches.place += 1
        if batches.place == len(batches):
            self._finish_epoch()

    def _finish_epoch(self) -> None:
        self.epoch += 1
        gap = min(self.step // POINTS_IN_A_RUN, MAX_STEPS_BETWEEN_POINTS)
        if self.step - self._noted_step >= gap:
            self._note_history()
        if has_stop_condition(self.setup.training):
            e = self.evaluation()
            loss = e.train_loss if math.isnan(e.test_loss) else e.test_loss
            self.stopped = self._stop_conditions.check(self.setup.training, self.epoch, loss)
        self._start_epoch()

    def last_batch(self) -> tuple[Rows, float]:
        """The rows of the last step's batch, and their mean loss before that step.

        No rows and nan before the first step, and where other data have come since.
        """
        if self._last_batch is None:
            return _NO_ROWS, math.nan
        rows, place, loss = self._last_batch
        size = self.setup.training.batch_size
        return rows[place * size : (place + 1) * size], loss

    def _note_failure(self, loss: float, error: str = "") -> None:
        parameter = "" if error else self._first_not_finite()
        self.failure = TrainingFailure(self.step + 1, loss, parameter, self.learning_rate, error)

    def _first_not_finite(self) -> str:
        finite = np.isfinite(self.network.flat_gradients) & np.isfinite(
            self.network.flat_parameters
        )
        bad = np.flatnonzero(~finite)
        return element_names(self.network)[bad[0]] if bad.size else ""

    def _lay_out_epoch(self) -> None:
        self.batches = Batches(self.problem, self.setup.training.batch_size)
        self._start_epoch()

    def _start_epoch(self) -> None:
        rows = self.problem.train_rows
        if self.setup.training.shuffle:
            order = self._order_rng
        else:
            # One order for all epochs, as TensorFlow Playground has it: the rows of a data set
            # may come class by class.
            order = np.random.default_rng([self.seed, _FIXED_ORDER])
        self.batches.begin(order.permutation(rows))
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
            self._evaluated = (self._version, *self._evaluator(self.updater.regularization_term()))
        return self._evaluated[1:]

    def _note_history(self) -> None:
        self._noted_step = self.step
        e = self.evaluation()
        accuracies = [math.nan if a is None else a for a in (e.train_accuracy, e.test_accuracy)]
        self.history.append(
            self.epoch, (e.train_loss, e.test_loss, e.regularization_term, *accuracies), self.tick
        )

    def predict(self, points: FloatArray) -> FloatArray:
        """Points in the data's units, shape (n, columns), to outputs in the targets' units."""
        outputs = np.asarray(self.network(self.problem.network_inputs(points)).data)
        return self.problem.dataset.from_network(outputs)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network's inputs."""
        return tuple(feature.name for feature in self.problem.features)

    # --- Numbers written by hand ---------------------------------------------------------------

    @property
    def frozen(self) -> BoolArray:
        """Which parameters training leaves alone, shape (n,); read-only, to be set as a whole."""
        return self.updater.frozen

    @frozen.setter
    def frozen(self, frozen: BoolArray) -> None:
        self.updater.frozen = frozen

    def parameters_changed(self) -> None:
        """To be called after writing to the parameters: what was evaluated is out of date."""
        self._version += 1

    # --- Other learners ------------------------------------------------------------------------

    def restarted(
        self, setup: Setup | None = None, *, seed: int | None = None, tick: int | None = None
    ) -> Learner:
        """This learner at epoch 0 with first weights; the split stays.

        Args:
            setup: What is in force from then on; every parameter learns then. By default the same,
                and what is frozen stays as it is.
            seed: Of the first weights and the order of the samples; the same by default.
            tick: Updates since the document began; the same by default.
        """
        new = copy(self)
        new.tick = self.tick if tick is None else tick
        new.seed = self.seed if seed is None else seed
        if setup is not None:
            new.setup = setup
            new.problem = new._make_problem()
        new._begin()
        if setup is None and self.frozen.any():
            new.network.flat_parameters[self.frozen] = self.network.flat_parameters[self.frozen]
            new.frozen = self.frozen
            new.history.clear()
            new.parameters_changed()
            new._note_history()
        return new

    def with_setup(
        self, setup: Setup, weights: Weights | None = None, origins: Origins | None = None
    ) -> Learner:
        """This learner with another set-up; weights that still fit stay.

        The two may share what stays the same: go on with one of them only.

        Args:
            setup: What is in force from then on.
            weights: Used instead of the present ones, if they fit the new network.
            origins: Where its hidden layers come from; by default they meet by their number.
        """
        new, old = copy(self), self.setup
        new.setup = setup
        new.history, new._order_rng = self.history.copy(), deepcopy(self._order_rng)
        has_new_problem = (setup.dataset, setup.network.inputs, setup.training.train_share) != (
            old.dataset,
            old.network.inputs,
            old.training.train_share,
        )
        if has_new_problem:
            new.problem = new._make_problem()
        if has_new_problem or _computes(setup) != _computes(old):
            new._last_batch = None
            new._reshape(self, origins)
            new._attach()
        else:
            new.updater = self.updater.configured(setup.training, self.network)
        if has_new_problem or new.loss is not self.loss:
            new.history.forget_best()
        if has_new_problem or setup.training.batch_size != old.training.batch_size:
            new._last_batch = None
            new._lay_out_epoch()
        new._note_learning_rate()
        new.parameters_changed()
        if weights is not None and weights.fits(new.network.sizes, new.input_names):
            new.frozen = weights.frozen
            new.network.flat_parameters[...] = weights.parameters
        return new

    def state(self) -> LearnerState:
        """All of it now, to go on from later."""
        optimizer, last_update = self.updater.state()
        return LearnerState(
            setup=self.setup,
            seed=self.seed,
            problem=self.problem,
            parameters=frozen_copy(self.network.flat_parameters),
            gradients=frozen_copy(self.network.flat_gradients),
            frozen=self.frozen,
            optimizer=optimizer,
            last_update=last_update,
            carried=None if self._carried is None else self._carried.copy(),
            order=self._order_rng.bit_generator.state,
            rows=self.batches.rows,
            place=self.batches.place,
            last_batch=self._last_batch,
            epoch=self.epoch,
            step=self.step,
            noted_step=self._noted_step,
            history=self.history.copy(),
            stop_conditions=copy(self._stop_conditions),
            failure=self.failure,
            stopped=self.stopped,
        )

    def at(self, state: LearnerState) -> Learner:
        """A learner that goes on from a state, its tick that of this learner."""
        new = copy(self)
        new.setup, new.seed, new.problem = state.setup, state.seed, state.problem
        new._build()
        new.network.flat_parameters[...] = state.parameters
        new.network.flat_gradients[...] = state.gradients
        new.updater.restore(state.optimizer, state.last_update)
        new.frozen = state.frozen
        new._attach()
        if new._carried is not None and state.carried is not None:
            new._carried[...] = state.carried
        new._order_rng = np.random.default_rng()
        new._order_rng.bit_generator.state = state.order
        new.epoch, new.step, new._noted_step = state.epoch, state.step, state.noted_step
        new.batches = Batches(new.problem, new.setup.training.batch_size)
        new.batches.begin(state.rows, state.place)
        new._last_batch = state.last_batch
        new._note_learning_rate()
        new.history = state.history.copy()
        new._stop_conditions = copy(state.stop_conditions)
        new.failure, new.stopped = state.failure, state.stopped
        return new

    # --- Making the parts ----------------------------------------------------------------------

    def _make_problem(self) -> Problem:
        setup = self.setup
        return make_problem(
            setup.dataset, setup.network.inputs, setup.training.train_share, self._split_seed
        )

    def _build(self) -> None:
        """Makes the network of this set-up with first weights, and its updater."""
        self.network = MLP(
            self.setup.sizes,
            self.setup.activations,
            rng=np.random.default_rng([self.seed, _WEIGHTS]),
            initializer=self.setup.network.initializer,
        )
        self.updater = Updater(self.network, self.setup.training)

    def _reshape(self, old: Learner, origins: Origins | None) -> None:
        """Makes the network of this set-up with the weights of an old one that fit it."""
        shape = (self.setup.sizes, self.setup.activations, self.input_names)
        if shape == (old.network.sizes, old.setup.activations, old.input_names):
            self.updater = old.updater.configured(self.setup.training, old.network)
            return
        self._build()
        taken, given = surviving(
            old.network.sizes, self.network.sizes, old.input_names, self.input_names, origins
        )
        self.network.flat_parameters[given] = old.network.flat_parameters[taken]
        if (shape[0], shape[2]) == (old.network.sizes, old.input_names):
            self.network.flat_gradients[...] = old.network.flat_gradients
            self.updater = old.updater.configured(self.setup.training, self.network)
            return
        still_frozen = np.zeros(self.network.n_parameters, dtype=np.bool_)
        still_frozen[given] = old.frozen[taken]
        self.frozen = still_frozen

    def _attach(self) -> None:
        """Makes what computes with the network: its engine and its evaluations."""
        training = self.setup.training
        self.loss = LOSSES[self.setup.loss]
        self._carried = None
        if training.sabotage:
            self._carried = np.zeros(self.network.n_parameters)
            self._engine = make_sabotaged_engine(
                training, self.network, self.loss, self._interrupted, self._carried
            )
        else:
            self._engine = make_engine(training, self.network, self.loss, self._interrupted)
        self._evaluator = Evaluator(self.network, self.loss, self.problem)
        self.units = Units(self.network, self.problem)
        self.pictures = Pictures(self.network, self.problem)
        self._version = 0
        self._evaluated = None


def _computes(setup: Setup) -> tuple[object, ...]:
    """What decides how a step is computed, besides the data and the optimizer's constants."""
    training = setup.training
    return (setup.network, setup.loss, training.engine, training.dtype, training.sabotage)


def describe_error(error: BaseException) -> str:
    """What went wrong inside, in a few words for the screen."""
    return "not enough memory" if isinstance(error, MemoryError) else repr(error)
