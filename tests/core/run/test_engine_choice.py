"""The engine "auto": what it goes over to stands in the journal, and a replay follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.core.run.steering import ManualClock, bits, running, until
from toygrad.core import ConfigError, NetworkSpec, RunDocument, Session, TrainingConfig
from toygrad.core.autograd.tape.compiler.program import CannotCompile
from toygrad.core.nn import Element
from toygrad.core.run import engine_choice
from toygrad.core.run.edits import UseEngine
from toygrad.core.run.engine_choice import MAX_PRODUCT, SLOWER, WORTH_STEPS, race
from toygrad.core.run.file import document_from_bytes, document_to_bytes
from toygrad.core.run.replay import replay
from toygrad.core.training.learner import Learner
from toygrad.core.training.step_program import STEP_PROGRAMS, StepProgram
from toygrad.datasets import DATASETS, Dataset

pytest.importorskip("llvmlite")

CIRCLE = DATASETS["circle"](40, rng=np.random.default_rng(0))
COMPILED = UseEngine("compiled")


def new_session(**options: Any) -> Session:
    return Session(NetworkSpec(hidden=(3,)), CIRCLE, TrainingConfig(), **options)


def edits(session: Session) -> list[tuple[int, object]]:
    return [(entry.tick, entry.edit) for entry in session.document().journal.entries]


def again(document: RunDocument) -> Session:
    """Another session at the end of a document, of whose states none is taken."""
    session = new_session()
    session.open(replace(document, checkpoints=()))
    return session


# --- Without a thread -----------------------------------------------------------------------------


def test_without_a_thread_it_depends_on_the_steps_alone() -> None:
    whole, pieces = new_session(), new_session()
    whole.advance(WORTH_STEPS + 500)
    for steps in (1, 700, WORTH_STEPS - 701, 1, 499):
        pieces.advance(steps)
    for session in (whole, pieces):
        assert edits(session) == [(WORTH_STEPS, COMPILED)]
        assert session.engine == "compiled"
        assert not session.can_undo
    assert bits(whole) == bits(pieces)
    document = document_from_bytes(document_to_bytes(whole.document()))
    assert bits(again(document)) == bits(whole)
    assert replay(document).same is True
    whole.seek(WORTH_STEPS - 1)
    assert whole.engine == "tape"
    whole.seek(WORTH_STEPS + 500)
    assert bits(whole) == bits(pieces)


@pytest.mark.parametrize("steps", [WORTH_STEPS, WORTH_STEPS + 1])
def test_a_long_training_is_compiled_before_its_first_step(steps: int) -> None:
    session = new_session()
    session.prepare(WORTH_STEPS - 1)
    assert session.engine == "tape"
    session.prepare(steps)
    session.advance(10)
    assert edits(session) == [(0, COMPILED)]


def test_a_network_that_libraries_compute_faster_stays_on_the_tape() -> None:
    training = TrainingConfig(batch_size=20)
    hidden = (400, MAX_PRODUCT // 20 // 400 + 1)
    session = Session(NetworkSpec(hidden=hidden), CIRCLE, training)
    session.prepare(WORTH_STEPS)
    assert (session.engine, session.why_on_tape, edits(session)) == ("tape", SLOWER, [])


def test_it_is_no_edit_of_the_run() -> None:
    session = new_session()
    session.advance(20)
    session.configure(replace(session.training, learning_rate=0.1))
    session.undo()
    session.submit(COMPILED)
    assert session.can_redo
    session.advance(20)
    session.redo()
    assert (session.training.learning_rate, session.engine) == (0.1, "compiled")
    session.undo()
    assert session.engine == "compiled"
    session.reset()
    session.advance(5)
    assert session.engine == "compiled"


def test_other_code_brings_back_the_tape_and_other_numbers_do_not() -> None:
    session = new_session()

    def turn(**change: Any) -> None:
        session.configure(replace(session.training, **change))

    knobs: list[Callable[[], None]] = [
        lambda: turn(learning_rate=0.1),
        lambda: turn(momentum=0.5),
        lambda: session.set_frozen([Element(1, 0, 0)], True),
        lambda: session.set_element(Element(1, 0, 0), 0.3),
        lambda: turn(pace=5.0),
    ]
    others: list[Callable[[], None]] = [
        lambda: session.configure(network=NetworkSpec(hidden=(2, 2))),
        lambda: turn(loss="hinge"),
        lambda: turn(batch_size=7),
        lambda: turn(optimizer="adam"),
        lambda: turn(dtype="float32"),
        lambda: turn(sabotage=("wrong_sign",)),
        session.undo,
    ]
    session.submit(COMPILED)
    for edit in knobs:
        edit()
        session.advance(3)
        assert session.engine == "compiled"
    for edit in others:
        edit()
        session.advance(3)
        assert session.engine == "tape"
        session.submit(COMPILED)
    assert bits(again(session.document())) == bits(session)


def test_an_engine_that_was_named_is_not_chosen() -> None:
    session = new_session()
    session.configure(replace(session.training, engine="array"))
    with pytest.raises(ConfigError, match="The engine is set to array: set it to auto"):
        session.submit(COMPILED)
    session.configure(replace(session.training, engine="auto"))
    with pytest.raises(ConfigError, match="There is no engine 'steam' to choose"):
        session.submit(UseEngine("steam"))
    session.configure(replace(session.training, engine="compiled"))
    session.advance(WORTH_STEPS + 1)
    assert session.engine == "compiled"
    assert COMPILED not in [edit for _, edit in edits(session)]


def test_where_nothing_compiles_a_document_goes_on_on_the_tape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = new_session()
    session.submit(COMPILED)
    session.advance(200)
    wanted = session.snapshot().parameters

    def refuse(structure: object) -> StepProgram:
        raise CannotCompile("Compiling needs llvmlite: pip install 'toygrad-tui[fast]'")

    monkeypatch.setattr(STEP_PROGRAMS, "get", refuse)
    here = again(session.document())
    assert (here.step, here.engine) == (200, "tape")
    assert "pip install" in here.why_on_tape
    np.testing.assert_allclose(here.snapshot().parameters, wanted, rtol=1e-12)
    alone = new_session()
    alone.advance(WORTH_STEPS + 1)
    assert (alone.engine, edits(alone)) == ("tape", [])
    assert "pip install" in alone.why_on_tape


# --- With a thread --------------------------------------------------------------------------------


class Races:
    """Races beside a session's training, which begin when a test says so."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.works: list[Callable[[], None]] = []
        self.raced: list[tuple[int, ...]] = []
        self.verdict = ""
        self.has_code = True
        monkeypatch.setattr(engine_choice, "is_compiled", lambda _: self.has_code)
        session._loop.race.start = self.works.append
        monkeypatch.setattr(engine_choice, "race", self.race)
        monkeypatch.setattr(engine_choice, "CALM_SECONDS", 0.0)

    def race(self, learner: Learner) -> str:
        self.raced.append(learner.network.sizes)
        return self.verdict

    def run(self) -> None:
        until(lambda: bool(self.works))
        self.works.pop()()


@pytest.fixture
def session() -> Session:
    """Trains when its clock is moved."""
    return new_session(clock=ManualClock())


@pytest.fixture
def races(session: Session, monkeypatch: pytest.MonkeyPatch) -> Races:
    return Races(session, monkeypatch)


def train(session: Session) -> None:
    """Takes some steps more."""
    clock, before = session._loop.clock, session.tick
    assert isinstance(clock, ManualClock)

    def has_trained() -> bool:
        clock.move(1 / 60)
        session.evaluate()
        return session.tick > before + 2

    until(has_trained)


def test_training_goes_on_while_another_engine_is_tried_and_then_uses_it(
    session: Session, races: Races
) -> None:
    with running(session):
        session.resume()
        train(session)
        assert (session.engine, edits(session)) == ("tape", [])
        races.run()
        until(lambda: session.engine == "compiled")
        train(session)
        session.pause()
        ((tick, edit),) = edits(session)
        assert edit == COMPILED
        assert 0 < tick < session.tick
        document = session.document()
        snapshot = session.snapshot()
    assert (snapshot.engine, snapshot.why_on_tape) == ("compiled", "")
    assert bits(again(document)) == bits(session)
    assert replay(document).same is True


def test_a_tape_that_wins_is_kept(session: Session, races: Races) -> None:
    races.verdict = SLOWER
    with running(session):
        session.resume()
        train(session)
        races.run()
        until(lambda: session.why_on_tape == SLOWER)
        train(session)
        assert (session.engine, edits(session), races.works) == ("tape", [], [])


def test_code_that_made_room_for_other_code_is_made_again_beside_the_training(
    session: Session, races: Races
) -> None:
    with running(session):
        session.resume()
        train(session)
        races.run()
        until(lambda: session.engine == "compiled")
        races.has_code = False
        session.submit(UseEngine("tape"))
        train(session)
        assert session.engine == "tape"
        races.has_code = True
        races.run()
        until(lambda: session.engine == "compiled")
        assert races.raced == [(2, 3, 1)] * 2


def test_of_many_edits_only_the_last_network_is_compiled(session: Session, races: Races) -> None:
    with running(session):
        session.resume()
        for size in (2, 3, 4, 5, 6, 7):
            session.configure(network=NetworkSpec(hidden=(size,)))
            train(session)
        assert len(races.works) == 1
        races.run()
        until(lambda: session.engine == "compiled")
        assert races.raced == [(2, 7, 1)]
        # What was compiled before is used at once.
        session.configure(network=NetworkSpec(hidden=(3, 3)))
        train(session)
        assert session.engine == "tape"
        session.configure(network=NetworkSpec(hidden=(7,)))
        train(session)
        until(lambda: session.engine == "compiled")


def test_a_seek_into_the_past_is_no_branch_until_it_trains(session: Session, races: Races) -> None:
    with running(session):
        session.resume()
        train(session)
        end = session.last_tick
        session.seek(end - 1)
        until(lambda: not session.is_busy)
        races.run()
        session.evaluate()
        assert (session.engine, session.last_tick) == ("tape", end)


def test_a_fault_beside_the_training_is_no_fault_of_the_training(
    session: Session, races: Races, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(learner: Learner) -> str:
        raise MemoryError

    monkeypatch.setattr(engine_choice, "race", fail)
    with running(session):
        session.resume()
        train(session)
        races.run()
        until(lambda: "not enough memory" in session.why_on_tape)
        train(session)
        assert (session.state, session.engine) == ("training", "tape")


def test_training_goes_on_where_there_is_no_room_for_a_race(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(session._loop.race, "start", refuse)
    with running(session):
        session.resume()
        until(lambda: "can't start new thread" in session.why_on_tape)
        train(session)
        assert (session.state, session.engine) == ("training", "tape")


def test_a_race_leaves_what_is_trained_alone(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    session.advance(30)
    before = bits(session)
    learner = session._loop.run.learner
    assert race(learner.at(learner.state())) in ("", SLOWER)
    assert bits(session) == before


def test_a_race_in_which_training_diverges_is_no_vote_for_the_tape(
    two_classes: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tie(learner: Learner) -> float:
        while learner.can_step:
            learner.take_steps()
        return 1.0

    monkeypatch.setattr(engine_choice, "_seconds_per_step", tie)
    training = TrainingConfig(learning_rate=1e300)
    learner = Session(NetworkSpec(activation="relu"), two_classes, training)._loop.run.learner
    assert race(learner) == ""
    # A warning would be an error here.
    assert learner.failure is not None and learner.failure.error == ""


def test_a_race_that_fails_says_why(two_classes: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(structure: object) -> StepProgram:
        raise RuntimeError("no registers left")

    monkeypatch.setattr(STEP_PROGRAMS, "get", fail)
    learner = Session(NetworkSpec(), two_classes)._loop.run.learner
    assert "no registers left" in race(learner)
