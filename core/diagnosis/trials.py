"""Trial: a copy of a run that is changed and trained on its own, to see what a change would do.

Nothing of the run itself is touched: its copy has arrays, optimizer and generator of its own, and
shares only what is never written to, the data and compiled code.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..run.edits import Edit
from ..run.engine_choice import choose
from ..training.config import COMPILED
from ..training.epochs import order_generator
from ..training.learner import Learner, is_compiled
from ..training.sabotage import ASSIGN
from ..training.state import LearnerState

Curve = tuple[tuple[int, float], ...]
"""The loss after so many steps of a trial, the first point before the first step."""

# After so many steps at most others get the interpreter: the run and the screen go on meanwhile.
STEPS_A_TURN = 50
# From this share of its steps on a trial is judged.
LATE = 0.75
# Compiling takes as long as so many steps on the tape.
COMPILING_STEPS = 6_000
# So often compiled steps are as long as one on the tape, at least.
FASTER = 8.0
# Then a trial alone is worth compiling.
WORTH_STEPS = 8_000


def never() -> bool:
    """For who does not want to stop a trial."""
    return False


class Trial:
    """A copy of a run with some edits, trained apart from it.

    Attributes:
        edits: What was done to the copy before its first step.
        steps: How many it has taken.
        curve: Its loss after each call of `train`, see `Curve`.
        learner: The copy.
        pace: Seconds a step, of the thread's own time, in the last call of `train`; in the first
            one it prepares, too.
    """

    def __init__(
        self,
        state: LearnerState,
        edits: Sequence[Edit] = (),
        *,
        order_seed: int | None = None,
        stopped: Callable[[], bool] = never,
    ) -> None:
        """Copies a run; quick, and in any thread.

        Args:
            state: The run, from `Session.learner_state`.
            edits: Done to the copy, in their order.
            order_seed: Of the samples' order from the next epoch on; by default it is the run's.
            stopped: Asked every few steps; true ends `train` early.

        Raises:
            ValueError: If an edit does not fit.
        """
        self.edits, self.steps, self.pace = tuple(edits), 0, 0.0
        self._stopped = stopped
        if order_seed is not None:
            state = replace(state, order=order_generator(order_seed).bit_generator.state)
        with np.errstate(all="ignore"):
            learner = Learner.of(state, stopped)
            for edit in edits:
                learner = edit.apply(learner, edit.leads_to(learner.setup))
            self.learner = _unstoppable(learner)
            self.curve: Curve = ((0, self._measured()),)

    @property
    def loss(self) -> float:
        """The last test loss, or training loss where nothing tests; infinite if it diverged."""
        return self.curve[-1][1]

    @property
    def settled_loss(self) -> float:
        """The mean over the last part of the curve: the last loss alone may be luck."""
        return self.mean_loss(LATE, 1.0)

    def mean_loss(self, start: float, end: float) -> float:
        """The mean over a part of the curve, between two shares of its steps."""
        some = [y for x, y in self.curve[1:] if start * self.steps <= x <= end * self.steps]
        return sum(some) / len(some) if some else self.loss

    @property
    def can_step(self) -> bool:
        """Whether it has not diverged."""
        return self.learner.failure is None

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch."""
        return len(self.learner.batches)

    def train(self, steps: int) -> None:
        """Goes on by some steps and notes the loss; fewer steps if it diverges or is stopped.

        The same calls come to the same numbers. Compiled steps take over where so many are asked
        for that they are worth compiling, whatever engine the run has.
        """
        before, began = self.steps, time.thread_time()
        goal = before + steps
        if goal >= WORTH_STEPS:
            self.use_compiled()
        with np.errstate(all="ignore"):
            while self.steps < goal and self.can_step and not self._stopped():
                self._take_turn(goal)
                # Lets other threads have the interpreter.
                time.sleep(0)
            if self.steps == before:
                return
            self.pace = (time.thread_time() - began) / (self.steps - before)
            self.curve = (*self.curve, (self.steps, self._measured()))

    def _take_turn(self, goal: int) -> None:
        learner, end = self.learner, min(goal, self.steps + STEPS_A_TURN)
        if learner.engine == COMPILED:
            before = learner.step
            learner.take_steps(goal - self.steps)
            self.steps += learner.step - before
            return
        while self.steps < end and self.can_step and not self._stopped():
            before = learner.step
            learner.take_steps()
            self.steps += learner.step - before

    @property
    def seconds_to_compile(self) -> float:
        """About so long it takes, of the thread's own time; 0 where that is done."""
        return 0.0 if is_compiled(self.learner) else COMPILING_STEPS * self.pace

    def use_compiled(self) -> None:
        """Compiles, if it can be, and takes all steps so from now on."""
        learner = self.learner
        if learner.engine == COMPILED or ASSIGN in learner.setup.training.mistakes:
            return
        if not learner.why_on_tape and self.can_step and choose(learner):
            learner.use_engine(COMPILED)

    def _measured(self) -> float:
        if not self.can_step:
            return math.inf
        evaluation = self.learner.evaluation()
        has_tests = len(self.learner.problem.test_rows) > 0
        loss = evaluation.test_loss if has_tests else evaluation.train_loss
        return loss if math.isfinite(loss) else math.inf


def _unstoppable(learner: Learner) -> Learner:
    """The learner without conditions that end a run by themselves."""
    setup = learner.setup
    training = replace(setup.training, stop_epochs=0, stop_loss=0.0, stop_patience=0)
    return learner.with_setup(replace(setup, training=training))
