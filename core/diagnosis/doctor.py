"""Doctor: tries remedies on copies of a run, and says which have helped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..training.state import LearnerState
from .remedies import NOTHING, Remedy, remedies
from .trials import Curve, Trial, never

# A remedy helps if its loss is below this share of what it is without, and by so much, in each
# look: the orders of the samples and the first weights differ between looks.
HELPS, LEAST_GAIN = 0.9, 0.003
LOOKS = 3
# What is kept for the whole length, after the first quarter of it; then for the other looks.
KEPT, LOOKED_AT = 8, 3
POINTS = 8
EPOCHS, LEAST_STEPS, MOST_STEPS = 200, 200, 6_000


@dataclass(frozen=True, slots=True)
class Tried:
    """What a remedy came to.

    Attributes:
        remedy: It, with the first weights that came to `loss`, if it draws any.
        loss: The test loss, or the training loss where nothing tests; the median of all looks.
        curve: Of the trial that came to it.
        helps: Whether it was better than no change in every look.
    """

    remedy: Remedy
    loss: float
    curve: Curve
    helps: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known of a run and its remedies.

    Attributes:
        now: Without a change.
        tried: The remedies that were followed longest, the best first.
        is_done: Whether no more is to come.
    """

    now: Tried
    tried: tuple[Tried, ...] = ()
    is_done: bool = False

    @property
    def best(self) -> Tried | None:
        """The first remedy that helps; None if none does."""
        return next((tried for tried in self.tried if tried.helps), None)

    @property
    def words(self) -> str:
        """The losses in one line: `as now .41 · without L2 .02`."""
        helping = [tried for tried in self.tried if tried.helps]
        return " · ".join(f"{t.remedy.words} {short(t.loss)}" for t in (self.now, *helping))


def short(loss: float) -> str:
    """A loss in two digits: `.41`."""
    return f"{loss:.2g}".removeprefix("0") if math.isfinite(loss) else "diverges"


def examine(
    state: LearnerState,
    *,
    steps: int | None = None,
    seconds: float = math.inf,
    seed: int = 0,
    knows_bugs: bool = True,
    stopped: Callable[[], bool] = never,
) -> Iterator[Advice]:
    """Tries remedies by successive halving (Jamieson & Talwalkar 2016), and says how far it is.

    Args:
        state: The run, from `Session.learner_state`.
        steps: So long is a trial; by default what `EPOCHS` take, within bounds.
        seconds: A trial is shorter where all of them would take about longer than this.
        seed: Of the other looks.
        knows_bugs: See `remedies`.
        stopped: Asked every few steps; true ends it early.
    """
    return _Examination(state, seed, stopped).run(steps, seconds, knows_bugs=knows_bugs)


class _Examination:
    def __init__(self, state: LearnerState, seed: int, stopped: Callable[[], bool]) -> None:
        self._state, self._seed, self._stopped = state, seed, stopped

    def run(self, steps: int | None, seconds: float, *, knows_bugs: bool) -> Iterator[Advice]:
        control, length = self._control(steps, seconds)
        now = Tried(NOTHING, control.loss, control.curve)
        yield Advice(now)
        others = remedies(self._state.setup, knows_bugs=knows_bugs)
        trials = [(remedy, self._trial(remedy)) for remedy in others]
        for share, kept in ((0.25, KEPT), (1.0, LOOKED_AT)):
            for _, trial in trials:
                if self._stopped():
                    return
                _train_to(trial, round(share * length), length)
                yield Advice(now, _sorted(trials))
            trials = sorted(trials, key=lambda t: t[1].loss)[:kept]
        yield from self._look_again(control, trials, length)

    def _look_again(
        self, control: Trial, trials: list[tuple[Remedy, Trial]], length: int
    ) -> Iterator[Advice]:
        controls = [control, *(self._look(NOTHING, k, length)[1] for k in range(1, LOOKS))]
        middle = sorted(controls, key=lambda t: t.loss)[LOOKS // 2]
        now, known = Tried(NOTHING, middle.loss, middle.curve), []
        for remedy, trial in trials:
            if not _helps(trial.loss, controls[0].loss):
                continue
            looks = [(remedy, trial), *(self._look(remedy, k, length) for k in range(1, LOOKS))]
            if self._stopped():
                return
            helps = all(
                _helps(look.loss, c.loss) for (_, look), c in zip(looks, controls, strict=True)
            )
            chosen, median = sorted(looks, key=lambda t: t[1].loss)[LOOKS // 2]
            known.append(Tried(chosen, median.loss, median.curve, helps))
            yield Advice(now, tuple(sorted(known, key=lambda t: t.loss)))
        yield Advice(now, tuple(sorted(known, key=lambda t: t.loss)), is_done=True)

    def _look(self, remedy: Remedy, number: int, length: int) -> tuple[Remedy, Trial]:
        """A remedy once more, with other first weights and in another order."""
        other = remedy.with_seed(self._state.seed + self._seed + number)
        trial = self._trial(other, self._seed + number)
        _train_to(trial, length, length)
        return other, trial

    def _trial(self, remedy: Remedy, order_seed: int | None = None) -> Trial:
        edits = () if remedy.edit is None else (remedy.edit,)
        return Trial(self._state, edits, order_seed=order_seed, stopped=self._stopped)

    def _control(self, steps: int | None, seconds: float) -> tuple[Trial, int]:
        """No change, and how long the trials are."""
        control = self._trial(NOTHING)
        wanted = min(max(EPOCHS * control.steps_per_epoch, LEAST_STEPS), MOST_STEPS)
        length = wanted if steps is None else steps
        # All of it takes about as long as this many trials.
        share = seconds / (0.25 * 25 + KEPT + LOOKS * (LOOKED_AT + 1))
        began = time.perf_counter()
        while control.steps < length and control.can_step and not self._stopped():
            control.train(min(-(-length // POINTS), length - control.steps))
            if time.perf_counter() - began > share:
                return control, control.steps
        return control, length


def _train_to(trial: Trial, goal: int, length: int) -> None:
    while trial.steps < goal and trial.can_step:
        before = trial.steps
        trial.train(min(-(-length // POINTS), goal - trial.steps))
        if trial.steps == before:
            return


def _helps(loss: float, without: float) -> bool:
    return loss < HELPS * without and without - loss > LEAST_GAIN


def _sorted(trials: list[tuple[Remedy, Trial]]) -> tuple[Tried, ...]:
    begun = [Tried(r, t.loss, t.curve) for r, t in trials if t.steps]
    return tuple(sorted(begun, key=lambda t: t.loss))
