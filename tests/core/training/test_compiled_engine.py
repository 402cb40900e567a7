"""The compiled engine: the tape's numbers, however its steps are cut, or the tape itself."""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.run.steering import bits
from toygrad.core import ACTIVATIONS, OPTIMIZERS, NetworkSpec, Session, TrainingConfig
from toygrad.core.autograd.tape.compiler.program import CannotCompile
from toygrad.core.nn import Element
from toygrad.core.training.programs import Programs
from toygrad.core.training.step_program import STEP_PROGRAMS, StepProgram, StepTaker
from toygrad.datasets import DATASETS, Dataset

pytest.importorskip("llvmlite")

STEPS = 2_000
SETTINGS: list[dict[str, Any]] = [
    {},
    {"loss": "binary_cross_entropy", "batch_size": 7, "schedule": "step", "schedule_epochs": 3},
    {"loss": "hinge", "regularization": "l1", "regularization_rate": 0.001, "shuffle": False},
    {"data": "plane", "regularization": "l2", "regularization_rate": 0.01, "frozen": True},
    {"schedule": "cosine", "batch_size": 1, "hidden": ()},
    {"sabotage": ("wrong_sign", "no_zero_grad"), "learning_rate": 1e-7},
    {"data": "iris", "loss": "softmax_cross_entropy", "batch_size": 1_000},
    {"sabotage": ("dropped_layer", "no_activation"), "frozen": True},
]
"""Every loss, sabotage and shape of an epoch; with each another activation and optimizer."""
CASES = [
    {"activation": activation, "optimizer": optimizer or "sgd", **(others or {})}
    for activation, optimizer, others in zip_longest(ACTIVATIONS, OPTIMIZERS, SETTINGS)
]


def make(engine: str, data: str = "circle", **others: Any) -> Session:
    dataset = DATASETS[data](40, rng=np.random.default_rng(0))
    hidden, activation = others.pop("hidden", (4, 3)), others.pop("activation", "tanh")
    is_frozen = others.pop("frozen", False)
    training = TrainingConfig(engine=engine, **{"learning_rate": 0.003} | others)
    session = Session(NetworkSpec(hidden=hidden, activation=activation), dataset, training)
    if is_frozen:
        session.set_frozen([Element(1, 0, 1), Element(2, None, 0)], True)
    return session


def assert_close(one: Session, other: Session, tolerance: float) -> None:
    a, b = one._loop.run.learner.state(), other._loop.run.learner.state()
    for name in ("parameters", "gradients", "last_update", "carried"):
        given, wanted = getattr(a, name), getattr(b, name)
        if wanted is not None:
            np.testing.assert_allclose(given, wanted, rtol=tolerance, atol=tolerance)
    assert (a.step, a.epoch, a.place, a.noted_step) == (b.step, b.epoch, b.place, b.noted_step)
    assert a.order == b.order
    np.testing.assert_array_equal(a.rows, b.rows)
    mine, theirs = a.history.curves(), b.history.curves()
    np.testing.assert_array_equal(mine.epochs, theirs.epochs)
    np.testing.assert_allclose(mine.recent, theirs.recent, rtol=tolerance, atol=tolerance)
    rows, loss = one._loop.run.learner.last_batch()
    rows_there, loss_there = other._loop.run.learner.last_batch()
    np.testing.assert_array_equal(rows, rows_there)
    assert loss == pytest.approx(loss_there, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case.values())))
def test_compiled_steps_are_the_tape_s(case: dict[str, Any]) -> None:
    compiled, tape = make("compiled", **case), make("tape", **case)
    for session in (compiled, tape):
        session.advance()
    assert_close(compiled, tape, 1e-12)
    for session in (compiled, tape):
        session.advance(STEPS - 1)
    assert (compiled.engine, tape.engine) == ("compiled", "tape")
    assert_close(compiled, tape, 1e-9)


def test_float32_steps_are_those_of_the_tape_in_its_precision() -> None:
    compiled, tape = (make(engine, dtype="float32") for engine in ("compiled", "tape"))
    for session in (compiled, tape):
        session.advance(100)
    assert compiled.engine == "compiled"
    assert_close(compiled, tape, 2e-5)


DIVERGING: list[dict[str, Any]] = [
    {},
    {"dtype": "float32"},
    {"sabotage": ("wrong_sign", "no_zero_grad")},
    {"schedule": "step", "schedule_epochs": 1, "batch_size": 7},
]


@pytest.mark.parametrize("case", DIVERGING, ids=lambda case: "-".join(case) or "plain")
def test_it_fails_where_and_as_the_tape_does(case: dict[str, Any]) -> None:
    options: dict[str, Any] = {"data": "plane", "activation": "leaky_relu", "learning_rate": 3.0}
    compiled, tape = (make(engine, **options | case) for engine in ("compiled", "tape"))
    for session in (compiled, tape):
        session.advance(500)
    assert compiled.engine == "compiled"
    assert compiled.state == tape.state == "diverged"
    assert str(compiled.failure) == str(tape.failure)
    assert_close(compiled, tape, 1e-4 if "dtype" in case else 1e-9)


def test_a_call_that_fails_draws_no_order_of_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError

    session = make("compiled")
    learner = session._loop.run.learner
    before = learner.state().order
    monkeypatch.setattr(StepTaker, "take", fail)
    learner.take_steps(1_000)
    assert learner.failure is not None
    assert learner.state().order == before


# --- However the steps are cut --------------------------------------------------------------------


def stopping_early(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Lets every call end before its time, as a stop does, after a part of its steps."""
    take = StepTaker.take

    def take_fewer(self: StepTaker, steps: int, *arguments: Any, **options: Any) -> Any:
        return take(self, max(1, int(steps * share)), *arguments, **options)

    monkeypatch.setattr(StepTaker, "take", take_fewer)


Cut = tuple[str, float]
cuts = st.lists(
    st.tuples(st.sampled_from(["advance", "epochs", "seek", "knob", "freeze"]), st.floats(0, 1)),
    max_size=12,
)


@given(cuts, st.booleans(), st.floats(0.05, 1.0))
@settings(max_examples=25)
def test_how_calls_are_cut_changes_no_bit(cuts: list[Cut], shuffle: bool, share: float) -> None:
    def new() -> Session:
        return make("compiled", optimizer="adam", batch_size=7, shuffle=shuffle)

    whole, pieces = new(), new()
    with pytest.MonkeyPatch.context() as monkeypatch:
        stopping_early(monkeypatch, share)
        for kind, size in cuts:
            match kind:
                case "advance":
                    pieces.advance(1 + int(400 * size))
                case "epochs":
                    pieces.advance_epochs(1 + int(9 * size))
                case "seek":
                    end = pieces.tick
                    pieces.seek(int(size * end))
                    pieces.seek(end)
                case "knob":
                    pieces.configure(replace(pieces.training, learning_rate=0.001 + 0.01 * size))
                case "freeze":
                    pieces.set_frozen([Element(1, 0, 1)], size < 0.5)
    journal = [(entry.tick, entry.edit) for entry in pieces.document().journal.entries]
    for tick, edit in journal:
        whole.advance(tick - whole.tick)
        whole.submit(edit)
    whole.advance(pieces.tick - whole.tick)
    assert bits(pieces) == bits(whole)


def test_a_flag_ends_a_call_after_one_step(two_classes: Dataset) -> None:
    learner = Session(
        NetworkSpec(), two_classes, TrainingConfig(engine="compiled")
    )._loop.run.learner
    flag = np.zeros(1, dtype=np.int64)
    learner.take_steps(100, flag)
    assert learner.step > 1
    flag[0], before = 1, learner.step
    learner.take_steps(100, flag)
    assert learner.step == before + 1


# --- Programs -------------------------------------------------------------------------------------


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Those of steps, in a process that has compiled none yet."""
    made: list[object] = []
    programs: Programs[StepProgram] = Programs()
    monkeypatch.setattr("toygrad.core.training.learner.STEP_PROGRAMS", programs)
    monkeypatch.setattr("toygrad.core.run.engine_choice.STEP_PROGRAMS", programs)
    compile_ = StepProgram.__init__

    def count(self: StepProgram, structure: Any) -> None:
        made.append(structure)
        compile_(self, structure)

    monkeypatch.setattr(StepProgram, "__init__", count)
    return made


def test_knobs_and_the_past_compile_nothing(compilations: list[object]) -> None:
    session = make("compiled", optimizer="adam", regularization="l2")
    session.advance(30)
    for change in (
        {"learning_rate": 0.01},
        {"regularization_rate": 0.01},
        {"momentum": 0.5, "beta2": 0.9, "epsilon": 1e-6},
        {"schedule": "cosine"},
        {"shuffle": False},
    ):
        session.configure(replace(session.training, **change))
        session.advance(10)
    for change_run in (
        session.undo,
        session.reset,
        lambda: session.reseed(3),
        lambda: session.seek(20),
        lambda: session.set_frozen([Element(1, 0, 0)], True),
        lambda: session.set_element(Element(1, 0, 0), 0.5),
    ):
        change_run()
        session.advance(10)
    other = make("compiled", optimizer="adam", regularization="l2")
    other.advance(10)
    session.advance(10)
    assert session.engine == other.engine == "compiled"
    assert len(compilations) == 1


def test_programs_make_room_and_are_freed_when_nobody_holds_them() -> None:
    programs: Programs[StepProgram] = Programs(most=2)
    session = make("compiled")
    structures = []
    for size in (3, 4, 5, 6):
        session.configure(replace(session.training, batch_size=size))
        structures.append(session._loop.run.learner.structure)
    held = programs.get(structures[0])
    codes = []
    for structure in structures:
        program = programs.get(structure)
        codes.append(program._first.loop._executable._code._close)
    del program
    assert len(programs) == 2
    assert [code.alive for code in codes] == [True, False, True, True]
    assert programs.get(structures[0]) is not held
    del held
    assert not codes[0].alive


ENDING = """
import threading
import time
import numpy as np
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.datasets import DATASETS
training = TrainingConfig(engine="compiled", pace=float("inf"))
dataset = DATASETS["circle"](400, rng=np.random.default_rng(0))
session = Session(NetworkSpec(hidden=(16, 16)), dataset, training)
run = threading.Thread(target=session.run, args=(threading.Event(), print), daemon=True)
run.start()
session.resume()
while session.step < 100_000:
    time.sleep(0.01)
"""


def test_a_process_may_end_while_a_thread_takes_compiled_steps() -> None:
    assert subprocess.run([sys.executable, "-c", ENDING], check=False).returncode == 0


# --- Where it can't -------------------------------------------------------------------------------


def test_what_has_no_code_stays_on_the_tape_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(structure: object) -> StepProgram:
        raise CannotCompile("The compiler has no code for numpy.cumsum")

    monkeypatch.setattr(STEP_PROGRAMS, "get", refuse)
    session, tape = make("compiled"), make("tape")
    session.advance(30)
    tape.advance(30)
    assert session.engine == "tape"
    assert "numpy.cumsum" in session.why_on_tape
    assert session.snapshot().why_on_tape == session.why_on_tape
    assert bits(session)["parameters"] == bits(tape)["parameters"]
    # It is no fault.
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_compiler_that_fails_is_logged_and_training_stays_on_the_tape(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(structure: object) -> StepProgram:
        raise RuntimeError("LLVM ran out of registers")

    monkeypatch.setattr(STEP_PROGRAMS, "get", fail)
    session = make("compiled")
    session.advance(30)
    assert (session.step, session.engine, session.state) == (30, "tape", "paused")
    assert "LLVM ran out of registers" in session.why_on_tape
    assert "LLVM ran out of registers" in caplog.text


def test_a_fault_in_compiled_steps_is_said_and_a_reset_recovers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> tuple[int, float]:
        raise ValueError("the rows of the order are 0 to 19")

    session = make("compiled")
    session.advance(10)
    with monkeypatch.context() as patch:
        patch.setattr(StepTaker, "take", fail)
        session.advance(10)
    assert session.state == "failed"
    assert session.failure is not None
    assert "the rows of the order" in session.failure.error
    session.reset()
    session.advance(10)
    assert (session.state, session.step, session.engine) == ("paused", 10, "compiled")


def test_assignment_of_gradients_stays_with_the_scalar_engine() -> None:
    session = make("compiled", sabotage=("assign",))
    session.advance(2)
    assert session.engine == "scalar"
