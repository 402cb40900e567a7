"""Run: a document being carried out. It knows no thread: a Session gives it one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..training.changes import describe_changes
from ..training.history import Curves
from ..training.learner import Learner
from ..training.setup import Setup
from ..training.snapshot import Future
from ..training.state import LearnerState
from .checkpoints import Checkpoint, Checkpoints, Nearby, edit_bytes, last_before, steps_apart
from .clock import Clock
from .document import RunDocument, Version
from .edits import NOT_UNDOABLE, RESTARTS, Edit, Restore
from .journal import MAX_UNDO, Entry, Expected, Journal, Kind, Moment
from .observer import Observer
from .past_runs import PastRuns, Place, SetupLog
from .recipe import Recipe

MAX_UNDO_BYTES = 64_000_000
# A checkpoint costs as much as some steps: at most one in so many steps, but where steps are slow
# one in so many seconds of them, and where they are quick the larger count in so many.
STEPS_BETWEEN_CHECKPOINTS = 1_000
SECONDS_BETWEEN_CHECKPOINTS = 0.1
# ... or, where a checkpoint takes long itself, in so many times as long, up to a bound.
CHECKPOINT_COSTS = 35
MOST_SECONDS_BETWEEN_CHECKPOINTS = 0.25
QUICK_STEPS_BETWEEN_CHECKPOINTS = 25_000
QUICK_SECONDS_BETWEEN_CHECKPOINTS = 0.01
FIRST_INTERVAL = 10
# How long a seek goes on before it lets others have a turn.
SLICE_SECONDS = 0.01


class Run:
    """A learner, the journal of what was done to it, and the way back to any moment.

    Attributes:
        learner: As it is now.
        journal: Every edit, those of a future that was left too.
        past_runs: The runs that are over.
        run_id: Counts the jumps: whenever another run, or another moment, is on the screen.
        goal: The tick that a seek is on its way to; None if none is.
        observer: Told of what the document keeps.
    """

    def __init__(self, recipe: Recipe, interrupted: Callable[[], bool], clock: Clock) -> None:
        """Makes the network with first weights.

        Args:
            recipe: What to start from; checked by the caller.
            interrupted: Asked inside slow steps; true gives the step up.
            clock: Tells how long steps take.
        """
        self._recipe = recipe
        self._clock = clock
        self.learner = Learner(recipe.setup, recipe.seed, interrupted)
        self.journal = Journal(recipe.setup)
        self.past_runs = PastRuns()
        self.run_id = 0
        self.goal: int | None = None
        self.observer = Observer()
        # The last tick, where a seek left a future ahead.
        self._end: int | None = None
        self._n_entries = 0
        self._setups: SetupLog = ((0.0, recipe.setup),)
        self._undo: tuple[Edit, ...] = ()
        self._redo: tuple[Edit, ...] = ()
        self._checkpoints = Checkpoints()
        self._nearby = Nearby()
        self._future_curves: tuple[Checkpoint | None, Curves | None] = (None, None)
        self._since, self._since_step, self._next_checkpoint = clock.now(), 0, 0
        self._keep_checkpoint()

    def fork(self, interrupted: Callable[[], bool]) -> Run:
        """A run that goes on from this very moment, to the bit, and has no observer.

        Args:
            interrupted: Asked inside its slow steps; true gives the step up.
        """
        new = copy(self)
        new.learner = Learner.of(self.learner.state(), interrupted)
        new.learner.tick = self.learner.tick
        new.learner.why_on_tape = self.learner.why_on_tape
        new.observer = Observer()
        # What they hold never changes, and so is shared.
        new._checkpoints, new._nearby = Checkpoints(self._checkpoints), Nearby()
        return new

    @property
    def tick(self) -> int:
        """Updates since the document began, up to this moment; a reset does not set it back."""
        return self.learner.tick

    @property
    def last_tick(self) -> int:
        """The last tick of the document."""
        return self.tick if self._end is None else self._end

    @property
    def is_in_the_past(self) -> bool:
        """Whether a seek left a future ahead."""
        return self._end is not None

    @property
    def version(self) -> Version:
        """Another one after whatever the document would keep; see `RunDocument.version`."""
        return self.last_tick, self.journal.entries[-1:], self.past_runs.count

    @property
    def expected(self) -> Expected:
        """The set-ups that undo and redo lead to from here."""
        setup, undo, redo = self.journal.expected(self._n_entries)
        n_undo, n_redo = len(undo) - len(self._undo), len(redo) - len(self._redo)
        return Expected(setup, undo[n_undo:], redo[n_redo:])

    def expected_at(self, moment: Moment) -> Expected:
        """Likewise, from another moment."""
        return self.journal.expected(self.place_of(moment)[1])

    @property
    def place(self) -> Place:
        """The tick, and how many edits have taken hold."""
        return (self.tick, self._n_entries)

    def place_of(self, moment: Moment) -> Place:
        """The place of a moment; of the nearest end if it is outside of the document."""
        tick = min(max(moment.tick, 0), self.last_tick)
        return tick, self.journal.n_until(tick, before_restart=moment.before_restart)

    @property
    def end_of_run(self) -> Place | None:
        """The place after the restart that ended this run; None if none did."""
        if self._end is None:
            return None
        restart = self.journal.next_restart(self._n_entries)
        return None if restart is None else (self.journal.entries[restart].tick, restart + 1)

    @property
    def future(self) -> Future | None:
        """What this run came to from here; None at the last moment."""
        if self._end is None:
            return None
        end = self.end_of_run
        tick, n_entries = (self._end, len(self.journal.entries)) if end is None else end
        last = self._checkpoints.before(tick, n_entries - (end is not None))
        curves = None
        if last is not None and last.place > self.place:
            if last is not self._future_curves[0]:
                self._future_curves = last, last.state.history.curves()
            curves = self._future_curves[1]
        return Future(tick - self.tick, end is not None, curves)

    # --- Training ------------------------------------------------------------------------------

    def take_steps(
        self, n: float, is_called: Callable[[], bool], flag: NDArray[np.int64] | None = None
    ) -> None:
        """Learns some mini-batches; a future that was left by a seek becomes a past run.

        Args:
            n: How many at most; fewer if training stops by itself.
            is_called: Asked after every step, so that there is always one; true for no more.
            flag: Shape (1,): not 0 once `is_called` would say so, for steps taken many at once.
        """
        if n <= 0 or not self.learner.can_step:
            return
        if self._end is not None:
            past_runs = self._past_runs_with_future()
            self.journal = self.journal.until(self._n_entries)
            self._leave_future(self.tick, self._n_entries)
            self._keep_past_runs(past_runs)
        learner = self.learner
        goal = learner.step + n
        while True:
            # One that is due already, after a seek that was given up, is kept after this step.
            learner.take_steps(max(min(goal, self._next_checkpoint) - learner.step, 1), flag)
            if learner.step >= self._next_checkpoint:
                self._keep_checkpoint()
            if learner.step >= goal or not learner.can_step or is_called():
                return

    def note_rest(self, seconds: float) -> None:
        """Notes time in which others had their turn: its steps are no slower for it."""
        self._since += seconds

    def _keep_checkpoint(self) -> None:
        began = self._clock.now()
        self._checkpoints.add(self._checkpoint())
        now, step = self._clock.now(), self.learner.step
        seconds, steps = now - self._since, step - self._since_step
        # How slow steps are is known once some were taken.
        least, most = max(2 * steps, FIRST_INTERVAL), STEPS_BETWEEN_CHECKPOINTS
        if seconds > 0.0 and steps > 0:
            worth = CHECKPOINT_COSTS * (now - began)
            quick = int(steps * max(QUICK_SECONDS_BETWEEN_CHECKPOINTS, worth) / seconds)
            apart = max(SECONDS_BETWEEN_CHECKPOINTS, worth)
            apart = min(apart, MOST_SECONDS_BETWEEN_CHECKPOINTS)
            most = max(most, min(quick, QUICK_STEPS_BETWEEN_CHECKPOINTS))
            most = min(most, max(1, int(steps * apart / seconds)))
        interval = min(least, most)
        self._since, self._since_step = now, step
        self._next_checkpoint = step + interval

    def _checkpoint(self) -> Checkpoint:
        return Checkpoint(
            self.tick, self._n_entries, self.learner.state(), self._setups, self._undo, self._redo
        )

    # --- Edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit, setup: Setup, kind: Kind = Kind.EDIT) -> None:
        """Does something that the journal keeps; whole, or not at all.

        Args:
            edit: What to do.
            setup: Where it leads to.
            kind: Whether it was asked for, or is an undo or a redo.

        Raises:
            Exception: Whatever keeps it from being done; nothing has changed then.
        """
        tick, n_entries, learner = self.tick, self._n_entries, self.learner
        entry = Entry(tick, edit, kind, setup)
        journal = self.journal.until(n_entries).with_entry(entry)
        past_runs = self._past_runs_with_future()
        is_restart = isinstance(edit, RESTARTS)
        if is_restart and learner.step > 0:
            if kind is Kind.EDIT:
                ended = tick, n_entries + 1
                past_runs = _keeping(past_runs, learner, self._setups, ended=ended)
            # The end of a run can be gone back to, and its curves are known until there.
            self._checkpoints.add(self._checkpoint())
        self._perform(entry)
        self._leave_future(tick, n_entries)
        self.journal = journal
        self.observer.entered(entry)
        self._keep_past_runs(past_runs)
        if is_restart:
            self.run_id += 1
            self._keep_checkpoint()

    def undo(self) -> bool:
        """Reverses the last edit; false if there is none."""
        return self._travel(self._undo, self.expected.undo, Kind.UNDO)

    def redo(self) -> bool:
        """Repeats what was undone last; false if there is nothing."""
        return self._travel(self._redo, self.expected.redo, Kind.REDO)

    def _travel(self, edits: tuple[Edit, ...], setups: tuple[Setup, ...], kind: Kind) -> bool:
        if not edits:
            return False
        self.edit(edits[-1], setups[-1], kind)
        return True

    def _perform(self, entry: Entry) -> None:
        """Carries an edit out, now or again; nothing has changed if it fails."""
        learner, edit = self.learner, entry.edit
        before, epoch = learner.setup, learner.precise_epoch
        undo, redo = self._stacks_after(entry)
        after = edit.apply(learner, entry.setup)
        is_restart = isinstance(edit, RESTARTS)
        if not is_restart and (text := describe_changes(before, entry.setup)):
            after.history.mark(epoch, text)
        self.learner, self._undo, self._redo = after, undo, redo
        self._n_entries += 1
        if isinstance(edit, Restore):
            self._setups = edit.setups or ((0.0, after.setup),)
        elif is_restart:
            self._setups = ((0.0, after.setup),)
        elif before != after.setup:
            self._note_setup(epoch)
        if is_restart:
            self._since_step, self._next_checkpoint = after.step, after.step

    def _note_setup(self, epoch: float) -> None:
        """Adds the set-up to those of the run, in place of one that nothing was learned with."""
        earlier = self._setups if self._setups[-1][0] < epoch else self._setups[:-1]
        self._setups = (*earlier, (epoch if earlier else 0.0, self.learner.setup))

    def _stacks_after(self, entry: Entry) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
        """The edits that undo and that redo, with one edit more."""
        # To undo a reset would need a copy of every parameter.
        if entry.kind is Kind.EDIT and isinstance(entry.edit, NOT_UNDOABLE):
            return self._undo, self._redo
        inverse = entry.edit.inverse(self.learner, entry.setup)
        if isinstance(inverse, Restore):
            inverse = replace(inverse, setups=self._setups)
        if entry.kind is Kind.UNDO:
            return self._undo[:-1], _bounded((*self._redo, inverse))
        if entry.kind is Kind.REDO:
            return _bounded((*self._undo, inverse)), self._redo[:-1]
        return _bounded((*self._undo, inverse)), ()

    # --- Back and forth in time ----------------------------------------------------------------

    def seek(self, moment: Moment) -> Iterator[None]:
        """Goes to a moment, a slice of time at every `next()`.

        The state is that after the edits stamped with the tick. Where that needs steps to be
        computed again, the moments between are on the screen meanwhile. The document keeps its
        future until something is done here.

        Args:
            moment: Where to; brought into the document if it is outside.
        """
        (tick, n_entries), end, here = self.place_of(moment), self.last_tick, self.place
        if self._end is None:
            self._checkpoints.add(self._checkpoint())
        nearest = last_before((*self._checkpoints, *self._nearby), tick, n_entries)
        is_ahead = here[0] > tick or here[1] > n_entries
        if nearest is not None and (is_ahead or nearest.place > here):
            self._go_to(nearest)
        elif is_ahead:
            self._begin_again()
        self.run_id += 1
        self.goal, self._end = tick, end
        try:
            yield from self._replay(tick, n_entries)
        finally:
            self.goal = None
        if self.place == (end, len(self.journal.entries)):
            self._end = None
        self._next_checkpoint = self.learner.step + STEPS_BETWEEN_CHECKPOINTS

    def _replay(self, tick: int, n_entries: int) -> Iterator[None]:
        until = self._clock.now() + SLICE_SECONDS
        while True:
            entries = self.journal.entries
            is_next = self._n_entries < n_entries
            goal = min(entries[self._n_entries].tick, tick) if is_next else tick
            while self.tick < goal:
                self._keep_nearby(tick)
                before = self.learner.step
                self.learner.take_steps(min(goal - self.tick, steps_apart(self.tick, tick)))
                if self.learner.step == before:
                    # It was interrupted, or it fails where it did not: another machine.
                    return
                if self._clock.now() >= until:
                    yield
                    until = self._clock.now() + SLICE_SECONDS
            if not is_next:
                return
            self._perform(entries[self._n_entries])

    def _keep_nearby(self, goal: int) -> None:
        learner = self.learner
        n_bytes = 6 * learner.network.flat_parameters.nbytes + learner.history.n_bytes
        if self._nearby.wants(self.place, goal, n_bytes):
            self._nearby.add(self._checkpoint(), goal)

    def _go_to(self, checkpoint: Checkpoint) -> None:
        self.learner = self.learner.at(checkpoint.state)
        self.learner.tick = checkpoint.tick
        self._n_entries = checkpoint.n_entries
        self._setups = checkpoint.setups
        self._undo, self._redo = checkpoint.undo, checkpoint.redo

    def _begin_again(self) -> None:
        recipe = self._recipe
        self.learner = self.learner.restarted(recipe.setup, seed=recipe.seed, tick=0)
        self._n_entries = 0
        self._setups = ((0.0, recipe.setup),)
        self._undo = self._redo = ()

    def _past_runs_with_future(self) -> PastRuns:
        """The past runs, and the one that a branch from here leaves behind."""
        if self._end is None:
            return self.past_runs
        end, epoch = self.end_of_run, self.learner.precise_epoch
        last_point = self.learner.history.last_epoch
        kept = self.past_runs.left(self.place, end, epoch, last_point)
        last = self._checkpoints.before(self._end, len(self.journal.entries))
        if last is None or not last.state.step:
            return kept
        if end is not None:
            return _keeping(kept, last.state, last.setups)
        if last.state.history.last_epoch <= last_point:
            # Its curves would show nothing more than those of this run.
            return kept
        return _keeping(kept, last.state, last.setups, left_at=epoch)

    def _leave_future(self, tick: int, n_entries: int) -> None:
        """Begins a branch at a moment, if the document went on from there."""
        if self._end is not None:
            self._checkpoints.forget_after(tick, n_entries)
            self._nearby.clear()
            self._end = None
            self.observer.cut(tick, n_entries)

    def _keep_past_runs(self, past_runs: PastRuns) -> None:
        if past_runs is not self.past_runs:
            self.past_runs = past_runs
            self.observer.kept(past_runs)

    # --- The document --------------------------------------------------------------------------

    def last_checkpoint(self) -> Checkpoint | None:
        """The moment at the end of the document; None if a seek went back from there."""
        return self._checkpoint() if self._end is None else None

    def document(self) -> RunDocument:
        """All of it, the future too."""
        self._checkpoints.add(self._checkpoint())
        return RunDocument(
            self._recipe,
            self.journal,
            self.last_tick,
            tuple(self._checkpoints),
            self.past_runs,
            None if self._end is None else self.journal.moment(*self.place),
        )

    def open(self, document: RunDocument) -> Iterator[None]:
        """Goes on with a document with the same recipe, a slice at every `next()`."""
        self.journal, self.past_runs = document.journal, document.past_runs
        self._checkpoints = Checkpoints(document.checkpoints)
        self._end = document.end
        yield from self.seek(document.moment or Moment(document.end))


def _keeping(
    past_runs: PastRuns,
    run: Learner | LearnerState,
    setups: SetupLog,
    left_at: float | None = None,
    ended: Place | None = None,
) -> PastRuns:
    """The past runs and one more."""
    # A set-up that came after the last step taught nothing.
    epoch = run.precise_epoch
    learned = [part for part in setups if part[0] < epoch] or [setups[0]]
    curves = run.history.curves()
    return past_runs.keeping(tuple(learned), run.seed, epoch, curves, left_at, ended)


def _bounded(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The last edits, as many as there is room for."""
    kept: list[Edit] = []
    n_bytes = 0
    for edit in reversed(edits[-MAX_UNDO:]):
        n_bytes += edit_bytes(edit)
        if n_bytes > MAX_UNDO_BYTES and kept:
            break
        kept.append(edit)
    return tuple(reversed(kept))
