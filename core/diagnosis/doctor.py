"""Doctor: tries remedies on copies of a run, and says which have helped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..training.state import LearnerState
from .remedies import NOTHING, Remedy, remedies
from .trials import FASTER, Curve, Trial, never

# A remedy helps if its loss is below this share of what it is without, and by so much, in each
# look: the orders of the samples and the first weights differ between looks.
HELPS, LEAST_GAIN = 0.75, 0.003
# So much higher a loss is no worse.
AS_GOOD = 1.05
# A run that still falls is expected to do so for so many times half a trial.
MOST_HALVES = 4.0
LOOKS = 3
# What is kept for the whole length, after a quarter of it; then for the other looks.
QUARTERS, KEPT, LOOKED_AT = 4, 6, 2
# Of the first quarter and of the rest: small, because after each round the time is looked at.
ROUNDS, POINTS = 64, 12
# So much of the time is planned with.
IN_TIME = 0.9
# While others keep the machine busy it takes so many times as long at most.
LONGEST_WAIT = 10.0
EPOCHS, LEAST_STEPS, MOST_STEPS = 200, 200, 6_000


TINY = 1e-12
Trials = list[tuple[Remedy, Trial]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a remedy came to.

    Attributes:
        remedy: It, with the first weights that came to `loss`, if it draws any.
        loss: The test loss, or the training loss where nothing tests, over the last part of the
            trial; the median of all looks.
        curve: Of the trial that came to it.
        helps: Whether it was clearly better than no change.
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
        is_cut_short: Whether time ran out before all was looked at again.
    """

    now: Tried
    tried: tuple[Tried, ...] = ()
    is_done: bool = False
    is_cut_short: bool = False

    @property
    def best(self) -> Tried | None:
        """The first remedy that helps; None if none does."""
        return next((tried for tried in self.tried if tried.helps), None)

    @property
    def words(self) -> str:
        """The losses in one line: `as now .41 · without L2 .02`."""
        helping = [tried for tried in self.tried if tried.helps]
        return " · ".join(f"{t.remedy.words} {short(t.loss)}" for t in (self.now, *helping))

    def outcome(self, what: str) -> str:
        """The best one in a sentence, such as "rate 0.1 gives test loss .38, as now .41.".

        Args:
            what: What the losses are: "test loss".
        """
        if self.best is None:
            return ""
        words, best = self.best.remedy.words, short(self.best.loss)
        now = short(self.now.loss) if math.isfinite(self.now.loss) else "it diverges"
        return f"{words} gives {what} {best}, as now {now}."


def short(loss: float) -> str:
    """A loss in two digits: `.41`."""
    return f"{loss:.2g}".replace("0.", ".", 1) if math.isfinite(loss) else "diverges"


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
        seconds: All trials end by then, and are shorter where they would take longer. It is time
            of the calling thread, so that a busy machine does not make them shorter; of anybody's
            time it takes at most `LONGEST_WAIT` as long.
        seed: Of the other looks.
        knows_bugs: See `remedies`.
        stopped: Asked every few steps; true ends it early.
    """
    return _Examination(state, seconds, seed, stopped).run(steps, knows_bugs=knows_bugs)


class _Examination:
    def __init__(
        self, state: LearnerState, seconds: float, seed: int, stopped: Callable[[], bool]
    ) -> None:
        self._state, self._seed, self._stopped = state, seed, stopped
        self._began, self._seconds = time.thread_time(), seconds
        self._latest = time.perf_counter() + LONGEST_WAIT * seconds

    def run(self, steps: int | None, *, knows_bugs: bool) -> Iterator[Advice]:
        control = self._trial(NOTHING)
        yield Advice(_tried(NOTHING, control))
        trials = []
        for remedy in remedies(self._state.setup, knows_bugs=knows_bugs):
            trials.append((remedy, self._trial(remedy)))
            if self._is_over():
                break
        wanted = steps or max(EPOCHS * control.steps_per_epoch, LEAST_STEPS)
        length = steps or min(wanted, MOST_STEPS)
        reached = 0
        while reached * QUARTERS < min(length, self._attainable(control, trials)):
            reached += -(-length // ROUNDS) if reached else 1
            yield from self._go_on(control, trials, reached)
        if self._stopped():
            return
        if not reached:
            yield Advice(_tried(NOTHING, control), is_done=True, is_cut_short=True)
            return
        trials = self._compiled(control, trials, length)
        first = reached
        for k in range(1, POINTS + 1):
            goal = first + (length - first) * k // POINTS
            if self._attainable(control, trials) < goal:
                break
            yield from self._go_on(control, trials, goal)
            reached = goal
        yield from self._look_again(control, _best(trials, LOOKED_AT), reached, wanted)

    def _compiled(self, control: Trial, trials: Trials, length: int) -> Trials:
        """What is to be followed: fewer trials, but compiled, where they become longer by that."""
        few = _best(trials, LOOKED_AT)
        followed = [control, *(trial for _, trial in few)]
        # Trials of one structure share its code.
        costs = {trial.learner.structure: trial.seconds_to_compile for trial in followed}
        attainable = self._attainable(control, few, sum(costs.values()), faster=FASTER)
        if min(attainable, length) <= self._attainable(control, trials):
            return _best(trials, KEPT)
        for trial in followed:
            pace = trial.pace / FASTER
            trial.use_compiled()
            # What evaluates it is compiled with the first step, which says nothing of the others.
            trial.train(1)
            trial.pace = pace
        return few

    def _go_on(self, control: Trial, trials: Trials, goal: int) -> Iterator[Advice]:
        for trial in (control, *(trial for _, trial in trials)):
            if self._is_over():
                return
            trial.train(goal - trial.steps)
            yield Advice(_tried(NOTHING, control), _sorted(trials))

    def _look_again(
        self, control: Trial, trials: Trials, length: int, wanted: int
    ) -> Iterator[Advice]:
        without = _to_be_expected(control, length / wanted)
        looked = [
            (r, [(r, t)]) for r, t in trials if r.is_repair or _helps(r, t.settled_loss, without)
        ]
        controls, now = [control], _tried(NOTHING, control)
        known: tuple[Tried, ...] = ()
        for number in range(1, LOOKS):
            controls.append(self._look(NOTHING, number, length)[1])
            for remedy, looks in looked:
                look = self._look(remedy, number, length)
                if self._is_over():
                    break
                looks.append(look)
                now = _median([(NOTHING, trial) for trial in controls])
                judged = [
                    _judged(looks, controls, length / wanted)
                    for _, looks in looked
                    if len(looks) > 1
                ]
                known = tuple(sorted(judged, key=rank))
                yield Advice(now, known)
        if not self._stopped():
            yield Advice(now, known, is_done=True, is_cut_short=self._is_over())

    def _look(self, remedy: Remedy, number: int, length: int) -> tuple[Remedy, Trial]:
        """A remedy once more, with other first weights and in another order."""
        other = remedy.with_seed(self._state.seed + self._seed + number)
        trial = self._trial(other, self._seed + number)
        for k in range(1, POINTS + 1):
            trial.train(length * k // POINTS - trial.steps)
        return other, trial

    def _trial(self, remedy: Remedy, order_seed: int | None = None) -> Trial:
        edits = () if remedy.edit is None else (remedy.edit,)
        return Trial(self._state, edits, order_seed=order_seed, stopped=self._is_over)

    def _is_over(self) -> bool:
        is_late = time.perf_counter() > self._latest or self._took() > self._seconds
        return is_late or self._stopped()

    def _took(self) -> float:
        return time.thread_time() - self._began

    def _attainable(
        self, control: Trial, trials: Trials, costs: float = 0.0, *, faster: float = 1.0
    ) -> float:
        """So many steps the best trials can be long, in this look and the others.

        Args:
            control: The run without a change.
            trials: All of them.
            costs: So many seconds something else takes.
            faster: So often a step is to be shorter than it was.
        """
        left = IN_TIME * self._seconds - self._took() - costs
        if left <= 0.0 or math.isinf(left):
            return max(left, 0.0)
        kept, looked_at = (
            [control, *(trial for _, trial in _best(trials, count))] for count in (KEPT, LOOKED_AT)
        )
        now = [trial.pace / faster for trial in kept]
        later = (LOOKS - 1) * sum(trial.pace for trial in looked_at) / faster
        # Those that are there have taken some of their steps.
        taken = sum(pace * trial.steps for pace, trial in zip(now, kept, strict=True))
        return (left + taken) / max(sum(now) + later, TINY)


def _best(trials: Trials, count: int) -> Trials:
    return sorted(trials, key=lambda t: (not t[0].is_repair, t[0].favour * t[1].settled_loss))[
        :count
    ]


def _tried(remedy: Remedy, trial: Trial, *, helps: bool = False) -> Tried:
    return Tried(remedy, trial.settled_loss, trial.curve, helps)


def _median(looks: Trials, *, helps: bool = False) -> Tried:
    """The look in the middle, the worse one of two."""
    return _tried(*sorted(looks, key=lambda t: t[1].settled_loss)[len(looks) // 2], helps=helps)


def _judged(looks: Trials, controls: list[Trial], share: float) -> Tried:
    """What all looks come to: whether it is clearly better in each.

    In most of them is enough for a repair, which is right anyway, and where the loss is halved and
    never higher: what is advised has the first weights of the look in the middle.
    """
    remedy = looks[0][0]
    pairs = [
        (trial.settled_loss, _to_be_expected(control, share))
        for (_, trial), control in zip(looks, controls, strict=False)
    ]
    clearly = [_helps(remedy, loss, without) for loss, without in pairs]
    halved = [_helps(remedy, 2.0 * loss, without) for loss, without in pairs]
    is_safe = remedy.is_repair or all(loss <= AS_GOOD * without for loss, without in pairs)
    most = clearly if remedy.is_repair else halved
    return _median(looks, helps=all(clearly) or (is_safe and 2 * sum(most) > len(looks)))


def _to_be_expected(control: Trial, share: float) -> float:
    """The loss without a change, at its full length if only a share of it was trained.

    It falls on as it did from its second quarter to its last: who only has to wait needs no advice.
    """
    before, now = control.mean_loss(0.25, 0.5), control.settled_loss
    if share >= 1.0 or not 0.0 < now < before:
        return now
    return now * math.pow(now / before, min(2.0 / share - 2.0, MOST_HALVES))


def rank(tried: Tried) -> tuple[bool, bool, float]:
    """What to sort by, the best first: what helps, and of that a repair, before all else."""
    return not tried.helps, not tried.remedy.is_repair, tried.loss


def _helps(remedy: Remedy, loss: float, without: float) -> bool:
    if remedy.is_repair:
        return loss < without
    return loss < HELPS * without and without - loss > LEAST_GAIN


def _sorted(trials: Trials) -> tuple[Tried, ...]:
    return tuple(_tried(r, t) for r, t in _best(trials, len(trials)) if t.steps)
