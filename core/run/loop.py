"""Loop: carries out the commands of a session, here and now or in a thread, and trains."""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from ..training.config import COMPILED
from ..training.failures import describe_error
from ..training.setup import Setup
from ..training.snapshot import Snapshot, State, TrainingFailure
from .clock import Clock, Pacer, StepRate
from .commands import Advance, AdvanceEpochs, Command, Pause, Redo, Resume, Seek, Undo
from .document import RunDocument
from .edits import Edit, Reseed, StartOver, UseEngine, does_nothing
from .engine_choice import Race, choose, is_open, is_time_to_choose, steps_to_choice
from .journal import Expected, Kind, Moment
from .observer import Observer
from .picture import Wanted, take_snapshot
from .publisher import Publish, Publisher
from .recipe import Recipe
from .run import Run
from .wake import Wake

_log = logging.getLogger(__name__)
T = TypeVar("T")

# How long an idle thread sleeps before it looks at its stop event.
IDLE_SECONDS = 0.05
# A seek that takes no longer shows nothing but its goal: the moments on the way would only flash.
UNSEEN_SECONDS = 0.1
# How long a seek may take that edits wait for, when the thread is told to stop.
SECONDS_TO_ARRIVE = 0.5


class Query(NamedTuple):
    """A question, and where its answer goes."""

    question: Callable[[], object]
    answer: Future[object]

    def reply(self) -> None:
        """Answers it."""
        try:
            self.answer.set_result(self.question())
        except Exception as error:
            self.answer.set_exception(error)


class Queued(NamedTuple):
    """A command, and the set-up it leads to."""

    command: Command
    setup: Setup


class Branch(NamedTuple):
    """A fork that was asked for: the loop that is to go on from here."""

    loop: Loop


Item = Queued | RunDocument | Query | Branch
"""What waits in the queue."""


class Loop:
    """A run, the queue of what is to be done to it, and who does it.

    Without a thread whoever submits a command carries it out. With one in `serve`, that thread
    alone touches the run: it takes what is in the queue between two steps.

    Attributes:
        run: The run.
        expected: What the commands so far lead to.
        seed: The seed they lead to.
        wants_training: Whether the commands so far lead to training.
        failure: Why it can't go on, if it is not the learner that can't.
        race: Decides, beside the training, which engine is faster.
        goal: Where the last seek goes that is not done; None if there is none.
        clock: Tells the time.
        wake: Set when there is something to do.
        is_there: Whether its run is its own: a fork has that of its origin until its turn comes.
    """

    def __init__(self, recipe: Recipe, clock: Clock, *, chooses_engine: bool = True) -> None:
        self.clock = clock
        self._chooses_engine = chooses_engine
        self.run = Run(recipe, self._is_stopping, clock)
        self.expected = Expected(recipe.setup)
        self.seed = recipe.seed
        self.wants_training = False
        self.failure: TrainingFailure | None = None
        self.goal: Moment | None = None
        self._lock = threading.RLock()
        self._queue: deque[Item] = deque()
        # Long work, done in slices; edits wait behind a barrier.
        self._work: deque[Iterator[None]] = deque()
        self._is_barred = False
        # Until when a seek is not shown on its way.
        self._unseen_until = 0.0
        self.wake = Wake()
        self.race = Race(clock, self.wake.set)
        self._stop: threading.Event | None = None
        self._thread: int | None = None
        # When a thread that was told to stop gives up what it still does.
        self._leave_at = math.inf
        self._resumed = False
        self._publisher = Publisher()
        self._rate = StepRate(clock)
        self._jumps = 0
        self.is_there = True

    def fork(self, jumps: int) -> Loop:
        """Another loop, which goes on from where the commands so far lead to; see `Session.fork`.

        It is served by who serves this one, is woken with it, and answers the same requests for a
        snapshot.

        Args:
            jumps: What its `run_id` counts from.
        """
        with self._lock:
            new = copy(self)
            new._lock, new._queue, new._work = threading.RLock(), deque(), deque()
            new._is_barred, new.goal, new._jumps = False, None, jumps
            new._rate = StepRate(self.clock)
            new.is_there = False
            self._queue.append(Branch(new))
        self._go_on()
        return new

    def _branch(self, new: Loop) -> None:
        """Gives a fork a run of its own."""
        new.run = self.run.fork(new._is_stopping)
        new.failure, new._resumed = self.failure, self._resumed
        new._rate.restart(new.run.learner.step)
        new.is_there = True

    @property
    def is_busy(self) -> bool:
        """Whether commands wait, or one of them is still at work."""
        return bool(self._queue or self._work)

    @property
    def has_work(self) -> bool:
        """Whether long work is on."""
        return bool(self._work)

    @property
    def is_resumed(self) -> bool:
        """Whether it trains, by the commands that were carried out."""
        return self._resumed

    @property
    def has_thread(self) -> bool:
        """Whether a thread serves."""
        return self._stop is not None

    @property
    def run_id(self) -> int:
        """Counts resets, and jumps in time."""
        return self._jumps + self.run.run_id

    @property
    def any_failure(self) -> TrainingFailure | None:
        """Why it can't go on; None while it can."""
        return self.run.learner.failure or self.failure

    @property
    def state(self) -> State:
        """What it is doing."""
        if (failure := self.any_failure) is not None:
            return "failed" if failure.error else "diverged"
        if self.wants_training:
            return "training"
        return "paused" if self.run.learner.step else "ready"

    # --- What is asked of it -------------------------------------------------------------------

    def setup_after(self, command: Command) -> Setup:
        """See `Session.setup_after`."""
        return self._after(self.expected, command).setup

    def submit(self, command: Command) -> None:
        """Takes a command; see `Session.submit`."""
        with self._lock:
            before = self.expected
            expected = self._after(before, command)
            if isinstance(command, Edit) and does_nothing(command, before.setup, expected.setup):
                return
            self.expected = expected
            self.seed = _seed_after(command, self.seed)
            if isinstance(command, Resume | Pause | Seek):
                self.wants_training = isinstance(command, Resume)
            if isinstance(command, Seek):
                if self.goal is None:
                    self._unseen_until = self.clock.now() + UNSEEN_SECONDS
                self.goal = Moment(command.tick, command.before_restart)
            self._queue.append(Queued(command, expected.setup))
        self._go_on()

    def open(self, document: RunDocument) -> None:
        """Goes on with another document, which was checked."""
        with self._lock:
            self.expected = document.expected
            self.wants_training = False
            self._queue.append(document)
        self._go_on()

    def moment_by(self, by: int) -> Moment | None:
        """The moment a mini-batch before (-1) or after (1) the goal; None if there is none."""
        with self._lock:
            run, goal = self.run, self.goal
            place = run.place if goal is None else run.place_of(goal)
            if by < 0:
                return run.journal.moment_before(*place)
            return run.journal.moment_after(*place, run.last_tick)

    def ask(self, question: Callable[[], T]) -> T:
        """Answers a question about the run between two steps, whoever asks."""
        if self._thread == threading.get_ident():
            # The thread itself asks, in `publish`: between two steps already.
            return question()
        answer: Future[object] = Future()
        with self._lock:
            self._queue.append(Query(question, answer))
        self._go_on()
        return answer.result()  # type: ignore[return-value]

    def request(self, grid: tuple[int, int] | None, unit: tuple[int, int] | None) -> None:
        """Asks for one snapshot to be published."""
        self._publisher.request(grid, unit)
        self.wake.set()

    def observe(self, observer: Observer) -> None:
        """Tells an observer of the present document, and of all that it keeps from now on."""
        self.run.observer = observer
        observer.opened(self.run.document(), None)

    def look(self, grid: tuple[int, int] | None, unit: tuple[int, int] | None) -> Snapshot:
        """A snapshot as it is now."""
        wanted = self._publisher.want(grid, unit)
        return self.ask(lambda: self.take_snapshot(wanted))

    def take_snapshot(self, wanted: Wanted) -> Snapshot:
        """A snapshot as it is now; for who serves it."""
        return take_snapshot(
            self.run,
            wanted,
            state=self.state,
            failure=self.any_failure,
            run_id=self.run_id,
            steps_per_second=self._rate.per_second if self._resumed else 0.0,
        )

    def _after(self, expected: Expected, command: Command) -> Expected:
        match command:
            case Undo():
                return expected.after(Kind.UNDO, expected.undo[-1]) if expected.undo else expected
            case Redo():
                return expected.after(Kind.REDO, expected.redo[-1]) if expected.redo else expected
            case Seek(tick, before_restart):
                moment = Moment(tick, before_restart)
                return self.run.expected_at(moment) if tick <= self.run.last_tick else expected
            case Advance() | AdvanceEpochs() | Resume() | Pause():
                return expected
            case _:
                return expected.after(Kind.EDIT, command.leads_to(expected.setup), command)

    # --- Carrying it out -----------------------------------------------------------------------

    def _go_on(self) -> None:
        """Carries out what is queued, or wakes the thread that does."""
        with self._lock:
            if self._stop is None:
                with np.errstate(all="ignore"):
                    while self.is_busy and self.is_there:
                        self.carry_out_queue()
                        self.work_on()
        self.wake.set()

    def carry_out_queue(self) -> None:
        """Carries out commands until none is left, or one has to wait behind a barrier."""
        if not self.is_there:
            return
        while self._queue and not (self._is_barred and self._has_to_wait(self._queue[0])):
            item = self._queue.popleft()
            if isinstance(item, Query):
                item.reply()
            elif isinstance(item, Branch):
                self._branch(item.loop)
            elif isinstance(item, RunDocument):
                self._start(self._opening(item), bars=True)
            else:
                self._carry_out(*item)

    @staticmethod
    def _has_to_wait(item: Item) -> bool:
        """Whether an item needs the moment that a seek is on its way to."""
        if isinstance(item, Queued):
            return not isinstance(item.command, Pause | Seek)
        return isinstance(item, Branch)

    def _carry_out(self, command: Command, setup: Setup) -> None:
        match command:
            case Advance(steps):
                self.run.learner.stopped = ""
                self._start(self._advancing(steps))
            case AdvanceEpochs(epochs):
                self.run.learner.stopped = ""
                self._start(self._advancing_epochs(epochs))
            case Seek(tick, before_restart):
                self._resumed, self.failure = False, None
                self._start(self.run.seek(Moment(tick, before_restart)), bars=True)
            case Resume():
                self.run.learner.stopped = ""
                self.failure = None
                self._resumed = True
            case Pause():
                self._drop_work()
                self._resumed = False
            case Undo():
                self._edit(self.run.undo)
            case Redo():
                self._edit(self.run.redo)
            case _:
                edit = command
                self._edit(lambda: self.run.edit(edit, setup))

    def _edit(self, change: Callable[[], object]) -> None:
        run_id = self.run.run_id
        try:
            if change() is False:
                self._resync()
        except Exception as error:
            if not self.has_thread:
                self._resync()
                raise
            self.fail(error)
            return
        if self.run.run_id != run_id:
            self._resync()
            self.failure = None
            self._drop_work()
            self._rate.restart(self.run.learner.step)

    def _start(self, work: Iterator[None], *, bars: bool = False) -> None:
        if bars:
            self._work.clear()
            self._is_barred = True
        self._work.append(work)

    def _drop_work(self) -> None:
        self._work.clear()
        if self._is_barred:
            self._is_barred = False
            self._resync()

    def work_on(self) -> None:
        """Does a slice of the long work."""
        if not self._work:
            return
        try:
            next(self._work[0])
        except StopIteration:
            self._work.popleft()
            if self._is_barred:
                self._is_barred = False
                self._rate.restart(self.run.learner.step)
                self._resync()
        except Exception:
            self._drop_work()
            raise

    def _advancing(self, steps: int) -> Iterator[None]:
        # Without a thread nobody waits for it.
        flag = self.wake.flag if self.has_thread else None
        while steps > 0 and self.run.learner.can_step and not self._is_stopping():
            before = self.run.tick
            self.run.take_steps(self._until_choice(steps), self._is_called, flag)
            steps -= self.run.tick - before
            yield

    def _advancing_epochs(self, epochs: int) -> Iterator[None]:
        goal = self.run.learner.epoch + epochs
        while self.run.learner.epoch < goal and self.run.learner.can_step:
            yield from self._advancing(self.run.learner.steps_to_next_epoch)
            if self._is_stopping():
                return

    def _opening(self, document: RunDocument) -> Iterator[None]:
        run = Run(document.recipe, self._is_stopping, self.clock)
        # The present run stays as it is until the other one is there.
        yield from run.open(document)
        self._jumps += self.run.run_id + 1
        left, self.run = self.run, run
        self._resumed, self.failure = False, None
        run.observer = left.observer
        run.observer.opened(run.document(), left.document())

    def _is_stopping(self) -> bool:
        is_told = self._stop is not None and self._stop.is_set()
        return is_told or self.clock.now() > self._leave_at

    def _is_called(self) -> bool:
        """Whether the thread has something else to do than to train."""
        stop = self._stop
        return stop is not None and (self.wake.is_set() or stop.is_set())

    def _resync(self) -> None:
        """Expects what is there, once a command failed that should not have."""
        with self._lock:
            self.expected, self.seed = self.run.expected, self.run.learner.seed
            kept: deque[Item] = deque()
            for item in self._queue:
                if isinstance(item, RunDocument):
                    self.expected = item.expected
                elif isinstance(item, Queued):
                    try:
                        self.expected = self._after(self.expected, item.command)
                    except Exception as error:
                        _log.warning("dropped %s: %s", item.command, error)
                        continue
                    self.seed = _seed_after(item.command, self.seed)
                    item = Queued(item.command, self.expected.setup)
                kept.append(item)
            self._queue = kept
            is_seek = (isinstance(i, Queued) and isinstance(i.command, Seek) for i in kept)
            if not self._is_barred and not any(is_seek):
                self.goal = None

    # --- Which engine --------------------------------------------------------------------------

    def _until_choice(self, steps: int) -> int:
        """Chooses the engine, if it is time to, and how many steps may follow without a thread."""
        learner = self.run.learner
        if self.has_thread or not self._chooses_engine or not is_open(learner):
            return steps
        if is_time_to_choose(learner):
            self.choose_engine()
        return min(steps, steps_to_choice(learner))

    def choose_engine(self) -> None:
        """Chooses here and now, without a race."""
        if is_open(self.run.learner) and choose(self.run.learner):
            self._use_compiled()

    def _use_compiled(self) -> None:
        self.run.edit(UseEngine(COMPILED), self.run.learner.setup)

    @property
    def may_choose_engine(self) -> bool:
        """Whether it may go over to the compiled steps, should they win."""
        return self._chooses_engine and is_open(self.run.learner) and not self.run.is_in_the_past

    def obey_verdict(self, verdict: str | None) -> None:
        """Goes over to the compiled steps, between two others, once they have won."""
        if verdict == "":
            self._use_compiled()
        elif verdict is not None:
            self.run.learner.why_on_tape = verdict

    # --- With a thread -------------------------------------------------------------------------

    def serve(self, stop: threading.Event, publish: Publish) -> None:
        """Carries out commands, trains and publishes, until `stop`; see `Session.run`."""
        pacer = Pacer(self.clock)
        why = "it was told to"
        with self._serving(stop), np.errstate(all="ignore"):
            try:
                while not stop.is_set():
                    try:
                        self.take_turn(stop, pacer, publish)
                    except Exception as error:
                        self.fail(error)
                        self.publish_failure(publish)
                        # A fault that comes back at every turn must not keep a processor busy.
                        stop.wait(IDLE_SECONDS)
            except BaseException as error:
                why = repr(error)
                raise
            finally:
                _log.info("the training loop ended at tick %d: %s", self.run.tick, why)

    @contextmanager
    def _serving(self, stop: threading.Event) -> Iterator[None]:
        self.begin_serving(stop)
        try:
            yield
        finally:
            self.race.end()
            self.end_serving()

    def begin_serving(self, stop: threading.Event) -> None:
        """Makes the thread that calls this the one that serves."""
        with self._lock:
            self._stop, self._thread = stop, threading.get_ident()

    def end_serving(self) -> None:
        """Carries out what is left of the edits; whoever submits a command does so from now on."""
        with self._lock:
            self._stop = self._thread = None
            self._resumed = self.wants_training = False
            if not self._is_barred:
                self._work.clear()
            self._leave_at = self.clock.now() + SECONDS_TO_ARRIVE
            with np.errstate(all="ignore"):
                self._carry_out_last()
            self._leave_at = math.inf
            self._work.clear()
            self._is_barred, self.goal = False, None
            self.expected = self.run.expected

    def _carry_out_last(self) -> None:
        """Carries out the edits that are still in the queue, and answers who waits."""
        is_late = False
        while self._queue:
            item = self._queue.popleft()
            try:
                if isinstance(item, Query):
                    item.reply()
                elif isinstance(item, Branch):
                    self._branch(item.loop)
                elif isinstance(item, RunDocument):
                    self._start(self._opening(item), bars=True)
                elif isinstance(item.command, Seek):
                    self._carry_out(*item)
                elif isinstance(item.command, Edit | Undo | Redo):
                    is_late = is_late or not self._has_arrived()
                    if is_late:
                        # Elsewhere it would cut off what came after there.
                        _log.warning("dropped at the end: %s", item.command)
                    else:
                        self._carry_out(*item)
            except Exception as error:
                _log.error("an edit at the end failed", exc_info=error)

    def _has_arrived(self) -> bool:
        """Goes to the moment that the next edit is for; false if that takes too long."""
        was_barred = self._is_barred
        while self._is_barred and not self._is_stopping():
            self.work_on()
        return not (was_barred and self._is_stopping())

    def take_turn(self, stop: threading.Event, pacer: Pacer, publish: Publish) -> None:
        """Carries out, publishes, and trains for a while or waits; for who serves it alone."""
        self.wake.clear()
        self.carry_out_queue()
        self.note_rate()
        self.publish(publish)
        if self._work:
            self.work_on()
        elif self._resumed:
            if self.may_choose_engine:
                self.obey_verdict(self.race.verdict(self.run.learner))
            self._train_until_called(stop, pacer)
        else:
            pacer.restart()
            self.clock.wait(self.wake, IDLE_SECONDS)

    def publish(self, publish: Publish, look: Callable[[Wanted], Snapshot] | None = None) -> None:
        """Publishes a snapshot, if one was asked for and is to be seen.

        Args:
            publish: Where to.
            look: Takes it; that of this loop alone by default.
        """
        if self.goal is None or self.clock.now() >= self._unseen_until:
            self._publisher.publish(publish, look or self.take_snapshot)

    @property
    def interval(self) -> float:
        """Seconds from one step to the next at the pace that is set; 0.0 for none."""
        learner = self.run.learner
        return 1.0 / (learner.setup.training.pace * len(learner.batches))

    def note_rate(self) -> None:
        """Notes how many steps there were, for the steps a second."""
        self._rate.note(self.run.learner.step)

    def _train_until_called(self, stop: threading.Event, pacer: Pacer) -> None:
        run, interval = self.run, self.interval
        if interval == 0.0:
            run.take_steps(math.inf, self._is_called, self.wake.flag)
        while run.learner.can_step and not self._is_called():
            if (seconds := pacer.until_next(interval)) > 0.0:
                self.clock.wait(self.wake, min(seconds, IDLE_SECONDS))
            else:
                run.take_steps(1, self._is_called, self.wake.flag)
        if not run.learner.can_step:
            self.stop_training()

    def stop_training(self) -> None:
        """Trains no more until it is resumed; a command in the queue may do so."""
        with self._lock:
            self._resumed = False
            waiting = [item.command for item in self._queue if isinstance(item, Queued)]
            last = [c for c in waiting if isinstance(c, Resume | Pause | Seek)][-1:]
            self.wants_training = bool(last) and isinstance(last[0], Resume)

    # --- When something fails ------------------------------------------------------------------

    def fail(self, error: Exception) -> None:
        """Notes what went wrong; nothing trains until a reset, or until it is resumed."""
        _log.error("the training loop failed at tick %d", self.run.tick, exc_info=error)
        learner = self.run.learner
        self.failure = TrainingFailure(
            learner.step + 1,
            math.nan,
            "",
            learner.learning_rate,
            describe_error(error),
            can_resume=learner.failure is None,
        )
        self._work.clear()
        self._is_barred = False
        self._resync()
        self.stop_training()

    def publish_failure(self, publish: Publish) -> None:
        """Shows that it failed, if a snapshot was asked for."""
        self._publisher.offer_failure(publish, self._failed)

    def _failed(self, last: Snapshot) -> Snapshot:
        """The last snapshot, and that nothing goes on from there."""
        return replace(
            last,
            state=self.state,
            failure=self.any_failure,
            run_id=self.run_id,
            steps_per_second=0.0,
        )


def _seed_after(command: Command, seed: int) -> int:
    """The seed that a command leads to."""
    match command:
        case Reseed(new):
            return new
        case StartOver(seed=int(new)):
            return new
        case _:
            return seed
