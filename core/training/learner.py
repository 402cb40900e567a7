"""Learner: a network, its problem, its optimizer, and the steps they take together.

It knows no thread and no lock. Steps change it in place; what changes its set-up makes a new
learner and leaves this one as it was if that fails.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from copy import copy

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..nn import LOSSES, Network
from ..nn.losses import Loss
from .batches import Batches, Rows
from .config import AUTO, COMPILED, TAPE
from .engines import Engine, Interrupted, make_engine
from .epochs import Epochs, Orders
from .evaluation import Evaluator
from .failures import describe_error, first_not_finite, why_on_tape
from .history import Curves, History
from .pictures import Pictures
from .problem import Problem, make_problem
from .reshape import Origins
from .rows_program import ROWS_PROGRAMS, RowsProgram, Shape
from .sabotage import ASSIGN, SabotagedEngine, make_sabotaged_engine
from .setup import Setup
from .snapshot import Evaluation, TrainingFailure, frozen_copy
from .state import LastBatch, LearnerState
from .step_program import STEP_PROGRAMS, StepTaker, Structure
from .stopping import StopConditions, has_stop_condition
from .units import Units
from .update import Updater
from .weight_transfer import BoolArray, Weights, surviving

_log = logging.getLogger(__name__)

# An evaluation takes as long as several steps: the curves get a point at the end of an epoch, but
# only after a fortieth of the run so far, or after so many steps where that is less. Nothing else
# decides it, so that a run is the same however it is watched.
MAX_STEPS_BETWEEN_POINTS = 250
POINTS_IN_A_RUN = 40

# The stream of random numbers for the first weights; `Epochs` has others from the same seed.
_WEIGHTS = 0

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
        history: The curves.
        step: Updates of the parameters.
        tick: Updates since the document began; a restart does not set it back.
        failure: Why it can't go on; None while it can.
        stopped: Why it was to stop after the last epoch, a sentence; empty if it was not.
        engine_wanted: The engine in force: the one that the settings name, or for "auto" the tape
            or the compiled one.
        why_on_tape: Why the tape takes the steps all the same, a sentence; empty if it does not.
        notes_curves: Whether `history` gets points.
    """

    notes_curves = True

    network: Network
    loss: Loss
    updater: Updater
    units: Units
    pictures: Pictures
    _epochs: Epochs
    _engine: Engine
    _evaluator: Evaluator
    _carried: FloatArray | None
    _taker: StepTaker | None
    _evaluated: tuple[int, Evaluation, FloatArray] | None

    def __init__(
        self,
        setup: Setup,
        seed: int,
        interrupted: Callable[[], bool],
        *,
        problem: Problem | None = None,
        notes_curves: bool = True,
    ) -> None:
        """Makes the network with first weights from the seed.

        Args:
            setup: What to learn and how.
            seed: Also decides the split into train and test, which stays when it is changed.
            interrupted: Asked inside slow steps; true gives the step up.
            problem: That of the set-up and the seed, if it is known.
            notes_curves: Whether `history` gets points: an evaluation takes as long as many
                compiled steps. It changes no other number.
        """
        self.notes_curves = notes_curves
        self.setup = setup
        self.seed = self._split_seed = seed
        self._interrupted = interrupted
        self.tick = 0
        self.problem = problem or self._make_problem()
        self.engine_wanted = _engine_named(setup, TAPE)
        self._begin()

    @classmethod
    def of(cls, state: LearnerState, interrupted: Callable[[], bool]) -> Learner:
        """A learner that goes on from a state and shares nothing that changes with another.

        Its samples are split as those of the state, with other data and inputs too.
        """
        new = cls.__new__(cls)
        new._split_seed, new._interrupted = state.problem.split_seed, interrupted
        new.tick = state.step
        return new.at(state)

    def _begin(self) -> None:
        """Goes to epoch 0 with the first weights that the seed gives."""
        self._build()
        self._attach()
        self.failure: TrainingFailure | None = None
        self.stopped = ""
        self.step = self._noted_step = 0
        self._last_batch: LastBatch | None = None
        self._stop_conditions = StopConditions()
        self._epochs = Epochs(self.setup.training, self.problem, self.seed)
        self._epochs.begin()
        self.history = History()
        if self.notes_curves:
            self._note_history()

    # --- Learning ------------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """Full passes through the training samples."""
        return self._epochs.epoch

    @property
    def batches(self) -> Batches:
        """The samples of this epoch."""
        return self._epochs.batches

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, with the schedule's factor."""
        return self._epochs.learning_rate

    @property
    def can_step(self) -> bool:
        """Whether it can go on, and was not to stop."""
        return self.failure is None and not self.stopped

    @property
    def steps_to_next_epoch(self) -> int:
        """Batches left in this epoch."""
        return len(self.batches) - self.batches.place

    def use_orders(self, orders: Orders) -> None:
        """Before the first step: takes the orders of the samples from elsewhere, the same ones."""
        self._epochs.use(orders)

    @property
    def precise_epoch(self) -> float:
        """Passes through the training samples, parts of one too."""
        return self.epoch + self.batches.place / len(self.batches)

    def take_steps(self, most: float = 1, stop: NDArray[np.int64] | None = None) -> None:
        """Learns a mini-batch; or some at once, where the engine can, and nothing is due between.

        How many it takes changes no number. Sets `failure` if a loss is not finite or something
        fails.

        Args:
            most: At most so many, 1 or more.
            stop: Shape (1,): another number than 0 ends it after this step.
        """
        self.stopped = ""
        try:
            taker = self._step_taker()
            if taker is None:
                self._learn_batch()
            else:
                self._learn_batches(taker, most, stop)
        except Interrupted:
            return
        except Exception as error:
            _log.exception("step %d failed", self.step + 1)
            self._note_failure(math.nan, describe_error(error))

    def _learn_batches(self, taker: StepTaker, most: float, stop: NDArray[np.int64] | None) -> None:
        """Learns batches up to the next moment at which Python has something to do."""
        if stop is not None and stop[0]:
            # There is always one.
            most, stop = 1, None
        n, place, size = len(self.batches), self.batches.place, self.setup.training.batch_size
        steps = self._steps_until_due(min(most, taker.most_steps))
        ahead = self._epochs.look_ahead(steps)
        order, *next_orders = ahead.orders
        try:
            taken, loss, next_loss = taker.take(
                steps,
                [order[place * size :], *next_orders],
                ahead.rates,
                batch=place,
                n_batches=n,
                stop=stop,
            )
        except Exception:
            self._epochs.forget(ahead)
            raise
        if taken:
            epoch, last = divmod(place + taken - 1, n)
            self._last_batch = (ahead.orders[epoch], last, loss)
            self.step += taken
            self.tick += taken
            self._version += 1
        has_ended = self._epochs.advance(ahead, taken)
        if not math.isfinite(next_loss):
            if isinstance(self._engine, SabotagedEngine):
                self._engine.spoil()
            self._note_failure(next_loss)
        elif has_ended:
            self._finish_epoch()

    def _steps_until_due(self, most: float) -> int:
        """How many steps until the curves get a point, or training may stop; at most so many."""
        n = len(self.batches)
        left = n - self.batches.place
        if not has_stop_condition(self.setup.training):
            while left < most and not self._is_point_due(self.step + left):
                left += n
        return int(min(left, most))

    def _is_point_due(self, step: int) -> bool:
        """Whether the curves get a point, if an epoch ends with this step."""
        if not self.notes_curves:
            return False
        gap = min(step // POINTS_IN_A_RUN, MAX_STEPS_BETWEEN_POINTS)
        return step - self._noted_step >= gap

    def _learn_batch(self) -> None:
        batches = self.batches
        loss = self._engine(*batches.next())
        if not math.isfinite(loss):
            self._note_failure(loss)
            return
        self.updater(self.learning_rate)
        self._last_batch = (batches.rows, batches.place, loss)
        self.step += 1
        self.tick += 1
        self._version += 1
        batches.place += 1
        if batches.place == len(batches):
            self._finish_epoch()

    def _finish_epoch(self) -> None:
        self._epochs.epoch += 1
        if self._is_point_due(self.step):
            self._note_history()
        if has_stop_condition(self.setup.training):
            e = self.evaluation()
            loss = e.train_loss if math.isnan(e.test_loss) else e.test_loss
            self.stopped = self._stop_conditions.check(self.setup.training, self.epoch, loss)
        self._epochs.begin()

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
        parameter = "" if error else first_not_finite(self.network)
        self.failure = TrainingFailure(self.step + 1, loss, parameter, self.learning_rate, error)

    # --- Evaluating ----------------------------------------------------------------------------

    def evaluation(self) -> Evaluation:
        """Losses and accuracies now."""
        return self._evaluate()[0]

    def curves(self) -> Curves:
        """The history up to now."""
        e = self.evaluation()
        return self.history.curves().with_present(self.precise_epoch, e.train_loss, e.test_loss)

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
        self._taker = None

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
        new.engine_wanted = new._engine_after(self)
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
        new.history = self.history.copy()
        has_new_problem = setup.problem_key != old.problem_key
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
        new._epochs = self._epochs.configured(setup.training, new.problem)
        new.parameters_changed()
        new.use_engine(new._engine_after(self))
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
            order=self._epochs.generator,
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
            engine=self.engine_wanted,
        )

    def at(self, state: LearnerState) -> Learner:
        """A learner that goes on from a state, its tick that of this learner."""
        new = copy(self)
        new.setup, new.seed, new.problem = state.setup, state.seed, state.problem
        new.engine_wanted = _engine_named(state.setup, state.engine)
        new._build()
        new.network.flat_parameters[...] = state.parameters
        new.network.flat_gradients[...] = state.gradients
        new.updater.restore(state.optimizer, state.last_update)
        new.frozen = state.frozen
        new._attach()
        if new._carried is not None and state.carried is not None:
            new._carried[...] = state.carried
        new._epochs = Epochs(new.setup.training, new.problem, new.seed)
        new._epochs.resume(state)
        new.step, new._noted_step = state.step, state.noted_step
        new._last_batch = state.last_batch
        new.history = state.history.copy()
        new._stop_conditions = copy(state.stop_conditions)
        new.failure, new.stopped = state.failure, state.stopped
        return new

    # --- Making the parts ----------------------------------------------------------------------

    def _make_problem(self) -> Problem:
        return make_problem(*self.setup.problem_key, self._split_seed)

    def _build(self) -> None:
        """Makes the network of this set-up with first weights, and its updater."""
        self.network = Network(
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
        if training.mistakes:
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
        self._taker, self.why_on_tape = None, ""

    # --- The compiled engine -------------------------------------------------------------------

    @property
    def engine(self) -> str:
        """The engine that takes the steps: "scalar", "array", "tape" or "compiled"."""
        if ASSIGN in self.setup.training.mistakes:
            return "scalar"
        return TAPE if self.engine_wanted == COMPILED and self.why_on_tape else self.engine_wanted

    @property
    def structure(self) -> Structure:
        """What the code of its steps depends on."""
        return Structure.of(self.setup, len(self.problem.train_rows))

    def use_engine(self, name: str) -> None:
        """Goes on with the tape or the compiled engine; nothing else changes."""
        self.engine_wanted = name
        self._evaluate_by(None)
        self._taker, self.why_on_tape = None, ""

    def _engine_after(self, old: Learner) -> str:
        """What takes the steps after an edit: "auto" goes back to the tape for other code."""
        is_same = old.engine_wanted == COMPILED and old.structure == self.structure
        return _engine_named(self.setup, COMPILED if is_same else TAPE)

    def _step_taker(self) -> StepTaker | None:
        """The compiled engine at work; None where another one takes the steps."""
        if self.engine != COMPILED:
            return None
        if self._taker is None:
            self._compile()
        return self._taker

    def _compile(self) -> None:
        """Puts the compiled engine to work, or notes why it can't."""
        try:
            program = STEP_PROGRAMS.get(self.structure)
            self._evaluate_by(ROWS_PROGRAMS.get(Shape.of(self.network)))
            self._taker = StepTaker(program, self.updater, self._carried, self.problem)
        except Exception as error:
            self.why_on_tape = why_on_tape(error)

    def _evaluate_by(self, program: RowsProgram | None) -> None:
        self._evaluator.use(program)
        self.pictures.use(program)


def _engine_named(setup: Setup, choice: str) -> str:
    """The engine that the settings name; one for "auto"."""
    return choice if setup.training.engine == AUTO else setup.training.engine


def _computes(setup: Setup) -> tuple[object, ...]:
    """What decides how a step is computed, besides the data and the optimizer's constants."""
    training = setup.training
    return (setup.network, setup.loss, training.engine, training.dtype, training.mistakes)


def is_compiled(learner: Learner) -> bool:
    """Whether the compiled engine could take the learner's next step at once."""
    return (
        STEP_PROGRAMS.known(learner.structure) is not None
        and ROWS_PROGRAMS.known(Shape.of(learner.network)) is not None
    )
