"""Any sequence of commands, waits and seeks comes to the same bits, with a thread or without."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.core.run.steering import ManualClock, bits, running, until
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import Element
from toygrad.core.run import (
    AddSample,
    Advance,
    AdvanceEpochs,
    Command,
    Configure,
    Redo,
    RemoveSample,
    Reseed,
    Reset,
    Seek,
    StartOver,
    Undo,
    UnfreezeAll,
    UseEngine,
    WriteElements,
    WriteParameters,
)
from toygrad.datasets import DATASETS, Dataset

SETS = [DATASETS[name](20, rng=np.random.default_rng(0)) for name in ("circle", "moons", "plane")]
OPTIMIZERS = ("sgd", "momentum", "adam", "rmsprop")


def new_session() -> Session:
    return Session(
        NetworkSpec(hidden=(3,)),
        SETS[0],
        TrainingConfig(batch_size=3),
        clock=ManualClock(),
        chooses_engine=False,
    )


def setting(session: Session, rng: random.Random) -> TrainingConfig:
    change: dict[str, Any] = rng.choice(
        [
            {"learning_rate": rng.choice([0.01, 0.1, 0.3])},
            {"optimizer": rng.choice(OPTIMIZERS)},
            {"batch_size": rng.choice([1, 3, 7, 50])},
            {"shuffle": not session.training.shuffle},
            {"train_share": rng.choice([0.3, 0.5, 1.0])},
            {"regularization": "l1", "regularization_rate": 0.01},
            {"sabotage": rng.choice([(), ("no_zero_grad",), ("no_activation",)])},
            {"engine": rng.choice(["tape", "array", "scalar", "compiled", "auto"])},
            {"stop_epochs": rng.choice([0, 2])},
        ]
    )
    return replace(session.training, **change)


def random_command(session: Session, rng: random.Random) -> Command:
    """A command that fits what the session is going to be."""
    sizes, dataset = session.sizes, session.dataset
    element = Element(1, rng.randrange(sizes[0]), rng.randrange(sizes[1]))
    hidden = tuple(rng.randint(1, 4) for _ in range(rng.randint(0, 2)))
    makers: dict[str, Callable[[], Command]] = {
        "advance": lambda: Advance(rng.randint(1, 9)),
        "epochs": lambda: AdvanceEpochs(rng.randint(1, 3)),
        "training": lambda: Configure(training=setting(session, rng)),
        "network": lambda: Configure(network=NetworkSpec(hidden=hidden)),
        "data": lambda: Configure(dataset=rng.choice(SETS)),
        "add": lambda: AddSample((rng.uniform(-3, 3), 0.5), 1.0),
        "remove": lambda: RemoveSample(int(rng.choice(dataset.ids.tolist()))),
        "write": lambda: WriteElements({element: rng.uniform(-1, 1)}),
        "freeze": lambda: WriteElements(frozen={element: rng.random() < 0.7}),
        "unfreeze": UnfreezeAll,
        "parameters": lambda: WriteParameters({"layer1.bias": np.full(sizes[1], 0.25)}),
        "over": lambda: StartOver(
            TrainingConfig(batch_size=4), NetworkSpec(hidden=(2,)), rng.choice(SETS), "lesson"
        ),
        "reset": Reset,
        "reseed": lambda: Reseed(rng.randint(0, 3)),
        "engine": lambda: UseEngine(rng.choice(["tape", "compiled"])),
        "undo": Undo,
        "redo": Redo,
        "seek": lambda: Seek(rng.randint(0, max(session.tick, 1))),
    }
    names = ["advance"] * 6 + ["undo"] * 2 + ["redo", "seek"] + list(makers)
    if session.training.engine != "auto":
        names.remove("engine")
    if dataset.n_samples < 5:
        names = [name for name in names if name != "remove"]
    return makers[rng.choice(names)]()


def play(session: Session, seed: int, length: int, wait: Any) -> list[dict[str, Any]]:
    """Plays commands that a seed decides, and returns the bits after each."""
    rng = random.Random(seed)
    states = []
    for _ in range(length):
        session.submit(random_command(session, rng))
        wait()
        states.append(bits(session))
    return states


@pytest.mark.parametrize("seed", range(12))
def test_a_thread_comes_to_the_same_bits_as_none(seed: int) -> None:
    alone = play(new_session(), seed, 20, lambda: None)
    session = new_session()

    def is_done() -> bool:
        # A question is answered after the commands before it have begun.
        session.evaluate()
        return not session.is_busy

    with running(session):
        threaded = play(session, seed, 20, lambda: until(is_done))
    assert threaded == alone


@pytest.mark.parametrize("seed", range(100, 110))
def test_a_document_opens_to_the_bits_it_was_made_from(seed: int) -> None:
    session = new_session()
    states = play(session, seed, 15, lambda: None)
    document = session.document()
    other = Session(NetworkSpec(), SETS[1])
    other.open(document)
    session.seek(document.end)
    assert bits(other) == bits(session)
    # From the recipe and the journal alone.
    bare = replace(document, checkpoints=())
    again = Session(NetworkSpec(), SETS[1])
    again.open(bare)
    if states[-1]["failure"] is None:
        assert bits(again) == bits(session)


class TimeMachine(RuleBasedStateMachine):
    """Two sessions, one with a thread, go back and forth: every moment is as it first was."""

    def __init__(self) -> None:
        super().__init__()
        self.alone, self.threaded = new_session(), new_session()
        self.thread = running(self.threaded)
        self.thread.__enter__()
        self.seen: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        self.thread.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.note()

    def both(self, *commands: Command) -> dict[str, Any]:
        """Does the same to both, and returns the bits that they have in common."""

        def is_done() -> bool:
            self.threaded.evaluate()
            return not self.threaded.is_busy

        for command in commands:
            self.alone.submit(command)
            self.threaded.submit(command)
            until(is_done)
        state = bits(self.alone)
        assert bits(self.threaded) == state
        return state

    def note(self) -> None:
        state = bits(self.alone)
        self.seen = {tick: seen for tick, seen in self.seen.items() if tick < state["tick"]}
        self.seen[state["tick"]] = state

    @rule()
    def command(self) -> None:
        command = random_command(self.alone, self.rng)
        if isinstance(command, Seek):
            return
        is_nothing = (isinstance(command, Undo) and not self.alone.can_undo) or (
            isinstance(command, Redo) and not self.alone.can_redo
        )
        before = bits(self.alone)
        if self.both(command) != before and not is_nothing:
            self.note()

    @rule(steps=st.integers(1, 12))
    def wait(self, steps: int) -> None:
        """The thread trains by itself for a while; the other one takes as many steps."""
        clock, session, start = self.threaded._loop.clock, self.threaded, self.threaded.tick
        assert isinstance(clock, ManualClock)
        session.resume()
        session.evaluate()
        for _ in range(steps):
            clock.move(1 / 60)
            session.evaluate()
        session.pause()
        session.evaluate()
        if (taken := session.tick - start) or session.failure is not None:
            self.alone.advance(taken or 1)
            self.note()
        assert bits(self.alone) == bits(self.threaded)

    @rule(place=st.floats(0, 1))
    def seek(self, place: float) -> None:
        ticks = sorted(self.seen)
        tick, here = ticks[int(place * (len(ticks) - 1))], ticks[-1]
        assert self.both(Seek(tick)) == self.seen[tick]
        assert self.both(Seek(here)) == self.seen[here]

    @rule(n=st.integers(1, 15))
    def walk(self, n: int) -> None:
        """Back one by one and forward again; each moment is the same both times, and as seen."""
        passed: list[dict[str, Any]] = []
        here = bits(self.alone)
        while len(passed) < n and self.alone.go_back():
            assert self.threaded.go_back()
            until(lambda: not self.threaded.is_seeking)
            passed.append(bits(self.alone))
            assert bits(self.threaded) == passed[-1]
        for state in passed[-2::-1]:
            assert self.alone.go_forward() and self.threaded.go_forward()
            until(lambda: not self.threaded.is_seeking)
            assert bits(self.alone) == bits(self.threaded) == state
        # Where a run ended, the one that began there comes first on the way back.
        last = {state["tick"]: state for state in reversed(passed)}
        for tick in last.keys() & self.seen.keys() - {here["tick"]}:
            assert last[tick] == self.seen[tick]
        assert self.both(Seek(here["tick"])) == here


TestTimeMachine = pytest.mark.timeout(120)(TimeMachine.TestCase)
TestTimeMachine.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_undo_takes_one_knob_back_and_keeps_what_was_learned_since() -> None:
    session = new_session()
    session.advance(5)
    session.configure(replace(session.training, learning_rate=0.1))
    session.advance(5)
    learned = session.snapshot().parameters
    session.undo()
    assert (session.training.learning_rate, session.step) == (0.03, 10)
    np.testing.assert_array_equal(session.snapshot().parameters, learned)
    session.redo()
    assert session.training.learning_rate == 0.1


@pytest.mark.parametrize("edit", ["data", "lesson"])
def test_undoing_other_data_or_a_lesson_brings_back_the_run_as_it_was(edit: str) -> None:
    session = new_session()
    session.advance(20)
    before = bits(session)
    if edit == "data":
        session.configure(dataset=SETS[1])
    else:
        session.submit(StartOver(TrainingConfig(), NetworkSpec(), SETS[1], "xor"))
        assert (session.lesson, session.step) == ("xor", 0)
    session.advance(9)
    after = bits(session)
    session.undo()
    kept = ("parameters", "places", "marks", "curves.recent", "setup", "lesson", "order", "setups")
    now = bits(session)
    assert {name: now[name] for name in kept} == {name: before[name] for name in kept}
    assert session.tick == 29
    session.redo()
    now = bits(session)
    assert {name: now[name] for name in kept} == {name: after[name] for name in kept}


def test_going_on_from_the_past_begins_a_branch_and_keeps_the_future_as_a_past_run() -> None:
    session = new_session()
    session.advance(30)
    session.seek(12)
    snapshot = session.snapshot()
    assert (snapshot.tick, snapshot.end, snapshot.step) == (12, 30, 12)
    session.advance(1)
    snapshot = session.snapshot()
    assert (snapshot.tick, snapshot.end) == (13, 13)
    (run,) = snapshot.past_runs
    assert run.points.epochs[-1] == 7


def test_an_edit_that_changes_nothing_is_not_in_the_journal(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    session.configure(session.training, network=session.network_spec)
    assert session.document().journal.entries == ()
    assert not session.can_undo
