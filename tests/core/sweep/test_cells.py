"""A cell comes to the same numbers to the bit, alone, beside others, and in any process."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.core.sweep.cases import numbers, sweep
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.autograd.tape.compiler.native import why_not
from toygrad.core.diagnosis.result import TrainResult, as_line
from toygrad.core.sweep import cell as cells
from toygrad.core.sweep import workers
from toygrad.core.sweep.cell import learner_of, run_cell, train_until
from toygrad.core.sweep.fields import CellRecipe
from toygrad.core.sweep.live import LiveSweep
from toygrad.core.sweep.sweep import Sweep
from toygrad.core.sweep.workers import WorkersError, run_here
from toygrad.datasets import DataChoice

MANY = sweep(
    "learning-rate=0.01..1:4:log", "optimizer=sgd,adam", "rate-1=0.1,1", "hidden=3,2x2", n_seeds=2
)


def alone(s: Sweep) -> dict[int, dict[str, Any]]:
    return numbers(run_cell(s, number) for number in range(s.n_cells))


def test_threads_come_to_the_same_to_the_bit() -> None:
    back = list(run_here(MANY, range(MANY.n_cells), MANY.n_cells, n_workers=4))
    assert len(back) == MANY.n_cells == 64
    assert numbers(back) == alone(MANY)


@pytest.mark.skipif(bool(why_not()), reason="nothing is compiled here")
def test_threads_do_so_in_single_precision_too() -> None:
    s = sweep(
        "learning-rate=0.01..1:8:log", engine="compiled", dtype="float32", epochs=200, hidden=(8, 8)
    )
    back = list(run_here(s, range(s.n_cells), s.n_cells, n_workers=4))
    assert numbers(back) == alone(s)


def test_a_file_that_was_read_again_is_learned_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    problems = []
    for sign in (1.0, -1.0):
        rows = [f"{x},{sign * x}" for x in np.linspace(-1.0, 1.0, 40)]
        file.write_text("\n".join(("x,y", *rows)))
        dataset = DataChoice(path=file).load()
        cells.lend(dataset)
        assert isinstance(dataset.origin, DataChoice)
        recipe = CellRecipe(dataset.origin, NetworkSpec(hidden=(2,)), TrainingConfig())
        learner = learner_of(recipe)
        assert learner.setup.dataset is dataset
        problems.append(learner.problem.targets)
    one, other = problems
    assert not np.array_equal(one, other)


def test_processes_come_to_the_same_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("joblib")
    s = sweep("learning-rate=0.01..1:4:log", "optimizer=sgd,adam", n_seeds=2)
    monkeypatch.setattr(workers, "is_compiled", lambda s: False)
    back = list(run_here(s, range(s.n_cells), s.n_cells, n_workers=2))
    assert len(back) == s.n_cells
    assert numbers(back) == alone(s)


def test_side_by_side_in_rounds_they_come_to_the_same_to_the_bit() -> None:
    live = LiveSweep(replace(MANY, epochs=5), n_workers=3)
    live.start()
    assert live.wait(60) and live.state == "done"
    expected = [run_cell(live.sweep, number).final_loss for number in range(MANY.n_cells)]
    np.testing.assert_array_equal(live.losses, expected)


@pytest.mark.parametrize("engine", ["tape", *([] if why_not() else ["compiled"])])
def test_a_result_has_what_makes_the_run_again(engine: str) -> None:
    s = sweep("learning-rate=0.1", engine=engine, epochs=6, hidden=(4, 2))
    line = json.loads(as_line(run_cell(s, 0)))
    assert {field.name for field in msgspec.structs.fields(TrainResult)} <= {*line}
    recipe = line["recipe"]
    session = Session(
        msgspec.convert(recipe["network"], NetworkSpec),
        msgspec.convert(recipe["data"], DataChoice).load(),
        msgspec.convert(recipe["training"], TrainingConfig),
        seed=recipe["seed"],
    )
    session.advance(line["steps"])
    assert session.evaluate().test_loss == line["test_loss"]
    assert (line["over"], line["engine"], line["cell"]) == ({"learning-rate": 0.1}, engine, 0)


def test_auto_is_decided_before_the_first_step_and_said() -> None:
    s = sweep("learning-rate=0.1")
    result = run_cell(s, 0)
    assert (
        result.engine == result.recipe.training["engine"] == ("tape" if why_not() else "compiled")
    )


def test_a_run_that_diverges_or_fails_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    over = "learning-rate=0.1,1e300", "activation=relu,relu+tanh"
    s = sweep(*over, loss="binary_cross_entropy")
    good, diverged, *failed = (run_cell(s, number) for number in range(s.n_cells))
    assert not good.diverged and good.failed is None and math.isfinite(good.final_loss)
    assert diverged.diverged and diverged.final_loss == math.inf
    for result in failed:
        assert result.failed == "1 hidden layers need as many activations, not 2."
        assert result.over["activation"] == ("relu", "tanh")

    def break_down(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cells, "learner_of", break_down)
    assert run_cell(s, 0).failed == "not enough memory"


def test_a_cell_that_is_stopped_is_interrupted() -> None:
    s = sweep("learning-rate=0.1", engine="tape", epochs=1000)
    assert run_cell(s, 0, stopped=lambda: True).interrupted
    assert list(run_here(s, [0], 1, n_workers=1, stopped=lambda: True)) == []


def test_curves_are_there_if_wanted_and_change_no_number() -> None:
    s = sweep("learning-rate=0.1,0.2", epochs=8)
    curve = run_cell(replace(s, curves=True), 1).curve
    assert curve is not None and curve["epochs"] == [*range(9)]
    assert curve["test_loss"][-1] == run_cell(s, 1).test_loss
    assert run_cell(s, 1).curve is None


def test_a_stop_condition_ends_a_cell() -> None:
    s = sweep("learning-rate=0.1", epochs=50, stop_epochs=7)
    result = run_cell(s, 0)
    assert result.epochs == 7 and result.stopped and not result.interrupted


def test_a_regression_has_its_scores() -> None:
    s = sweep("dataset=plane", epochs=40)
    assert run_cell(s, 0).test_r2 > 0.5


def test_several_workers_without_code_or_processes_get_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "is_compiled", lambda s: False)
    monkeypatch.setitem(__import__("sys").modules, "joblib", None)
    with pytest.raises(WorkersError, match="--workers 1"):
        list(run_here(MANY, [0], 1, n_workers=2))


# --- As a run in the playground ------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "tape"])
def test_a_cell_opens_as_a_run_with_its_past(engine: str) -> None:
    s = sweep("learning-rate=0.1,0.3", engine=engine, epochs=12)
    learner = learner_of(s.cell(1).recipe, 12)
    train_until(learner, 12)
    session = Session.from_document(cells.document_of(s.cell(1).recipe, learner))
    assert (session.epoch, session.engine) == (12, learner.engine)
    assert session.training.engine == engine
    assert session.evaluate().test_loss == run_cell(s, 1).test_loss
    epochs = session.snapshot((1, 1)).curves.epochs
    assert (epochs[0], epochs[-1]) == (0, 12)
    session.seek(10)
    assert session.step == 10
    session.seek(learner.step)
    assert session.evaluate().test_loss == run_cell(s, 1).test_loss
