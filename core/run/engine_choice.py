"""EngineChoice: when the engine "auto" goes over from the tape to the compiled steps.

The journal keeps each change (`UseEngine`), and a replay follows it. Without a thread, what is
taken depends on nothing but the count of steps; with one, a short race decides, held beside the
training.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from ..training.config import AUTO, COMPILED, TAPE
from ..training.failures import why_on_tape
from ..training.learner import Learner, is_compiled
from ..training.step_program import STEP_PROGRAMS, Structure
from .clock import Clock

# Compiling takes as long as some thousand steps on the tape.
WORTH_STEPS = 2_000
# So many multiplications in one product of matrices: of more, the libraries behind NumPy may win.
MAX_PRODUCT = 5_000_000
# A network that is being changed is not compiled.
CALM_SECONDS = 0.3
RACE_SECONDS = 0.05
# A race takes a tenth of a second.
END_SECONDS = 1.0
RACE_ROUNDS = 5
ROUND_STEPS = 20

SLOWER = "The tape is as fast for this network."


def is_open(learner: Learner) -> bool:
    """Whether it may go over: it is on the tape, by choice, and nothing was against it yet."""
    is_on_tape = (learner.setup.training.engine, learner.engine_wanted) == (AUTO, TAPE)
    return is_on_tape and learner.engine == TAPE and not learner.why_on_tape


def is_time_to_choose(learner: Learner) -> bool:
    """Whether it is to be chosen now, without a thread."""
    return learner.step > 0 and learner.step % WORTH_STEPS == 0


def steps_to_choice(learner: Learner) -> int:
    """How many steps may be taken until it is."""
    return WORTH_STEPS - learner.step % WORTH_STEPS


def choose(learner: Learner) -> bool:
    """Whether to go over, by what is known without a race; compiles if so."""
    structure = learner.structure
    if _largest_product(structure) > MAX_PRODUCT:
        learner.why_on_tape = SLOWER
        return False
    try:
        STEP_PROGRAMS.get(structure)
    except Exception as error:
        learner.why_on_tape = why_on_tape(error)
        return False
    return True


def _largest_product(structure: Structure) -> int:
    layers = zip(structure.sizes, structure.sizes[1:], strict=False)
    return structure.batch_sizes[0] * max(a * b for a, b in layers)


Start = Callable[[Callable[[], None]], threading.Thread | None]
"""Begins some work beside the training, perhaps in a thread."""


def start_thread(work: Callable[[], None]) -> threading.Thread:
    """Does some work in a thread of its own."""
    # No daemon: a process that ends inside the compiler may crash.
    thread = threading.Thread(target=work, name="compiler")
    thread.start()
    return thread


class Race:
    """Compiles what a session trains, and lets it race the tape; one network at a time.

    Attributes:
        start: How the work is begun.
    """

    def __init__(self, clock: Clock, done: Callable[[], None]) -> None:
        """Nothing runs yet.

        Args:
            clock: Tells how long a network has stayed as it is.
            done: Called, from that thread, when a race is over.
        """
        self.start: Start = start_thread
        self._clock, self._done = clock, done
        self._lock = threading.Lock()
        self._newer = threading.Event()
        self._wanted: tuple[Structure, Learner] | None = None
        self._is_on = False
        self._thread: threading.Thread | None = None
        # Why the tape is to be kept; empty where the compiled steps won.
        self._verdicts: dict[Structure, str] = {}

    def verdict(self, learner: Learner) -> str | None:
        """Why a learner is to stay on the tape, empty if it is not; None if that is not known yet.

        Then a race begins, once the network has stayed the same for `CALM_SECONDS`. Only the last
        one asked about gets one.
        """
        structure = learner.structure
        with self._lock:
            verdict = self._verdicts.get(structure)
            if verdict or (verdict is not None and is_compiled(learner)):
                return verdict
            # Code that made room for other code since is compiled again beside the training too.
            self._verdicts.pop(structure, None)
            if self._wanted is None or self._wanted[0] != structure:
                try:
                    self._want(structure, learner)
                except (MemoryError, RuntimeError) as error:
                    # There is no room for a copy, or for a thread: training goes on without.
                    self._wanted = None
                    self._verdicts[structure] = why_on_tape(error)
            return self._verdicts.get(structure)

    def _want(self, structure: Structure, learner: Learner) -> None:
        # With a copy: the live network is the training thread's.
        self._wanted = (structure, learner.at(learner.state()))
        self._newer.set()
        if not self._is_on:
            self._thread = self.start(self._work)
            self._is_on = True

    def end(self) -> None:
        """Wants no race any more, and waits until one that is on has ended, but not for long."""
        with self._lock:
            self._wanted, thread = None, self._thread
        self._newer.set()
        if thread is not None:
            thread.join(END_SECONDS)

    def _work(self) -> None:
        try:
            self._work_on()
        except Exception as error:
            # Training goes on without it.
            why = why_on_tape(error)
            with self._lock:
                if self._wanted is not None:
                    self._verdicts[self._wanted[0]] = why
                self._is_on, self._wanted = False, None
            self._done()

    def _work_on(self) -> None:
        """Races until nothing is wanted."""
        while (wanted := self._next()) is not None:
            structure, rival = wanted
            verdict = race(rival)
            with self._lock:
                if len(self._verdicts) >= 100:
                    self._verdicts.clear()
                self._verdicts[structure] = verdict
                if self._wanted is wanted:
                    self._wanted = None
            self._done()

    def _next(self) -> tuple[Structure, Learner] | None:
        """What is wanted, once it has been for a while."""
        while True:
            self._newer.clear()
            with self._lock:
                wanted = self._wanted
                if wanted is None:
                    self._is_on = False
                    return None
            self._clock.wait(self._newer, CALM_SECONDS)
            if not self._newer.is_set():
                return wanted


def race(tape: Learner) -> str:
    """Why the tape is to be kept for a learner, a sentence; empty where compiled steps are faster.

    Args:
        tape: A copy of what is trained, on the tape; it takes some steps.
    """
    try:
        STEP_PROGRAMS.get(tape.structure)
        compiled = tape.at(tape.state())
        compiled.use_engine(COMPILED)
        # What NumPy is to ignore is a matter of each thread.
        with np.errstate(all="ignore"):
            is_faster = _seconds_per_step(compiled) < _seconds_per_step(tape)
        if tape.failure is not None:
            # It diverged, so that little was timed; that says nothing of the next try.
            is_faster = _largest_product(tape.structure) <= MAX_PRODUCT
    except Exception as error:
        return why_on_tape(error)
    return "" if is_faster else SLOWER


def _seconds_per_step(learner: Learner) -> float:
    """The least of some rounds, so that it matters little what else goes on."""
    learner.take_steps()
    best, end = float("inf"), time.perf_counter() + RACE_SECONDS
    for _ in range(RACE_ROUNDS):
        before, started = learner.step, time.perf_counter()
        while learner.step - before < ROUND_STEPS and learner.can_step:
            learner.take_steps(ROUND_STEPS)
            if time.perf_counter() > end:
                break
        now = time.perf_counter()
        best = min(best, (now - started) / max(learner.step - before, 1))
        if now > end or not learner.can_step:
            break
    return best
