"""One run of a sweep, from its recipe to its result, and as a document.

The engine is decided before the first step by nothing but the recipe, so that a cell comes to the
same numbers alone, beside others, and in any process of a machine.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from ...datasets.choice import DataChoice
from ...datasets.dataset import Dataset
from ..diagnosis.result import RecipeRecord as RecipeKeys
from ..diagnosis.result import (
    TrainResult,
    failure_keys,
    fit_keys,
    notes_of,
    training_record,
    versions,
)
from ..diagnosis.trials import never
from ..run.checkpoints import Checkpoint
from ..run.document import RunDocument
from ..run.edits import UseEngine
from ..run.engine_choice import choose
from ..run.journal import Entry, Journal, Kind
from ..run.recipe import Recipe
from ..training.config import AUTO, COMPILED
from ..training.failures import describe_error
from ..training.features import features_named
from ..training.history import Curves
from ..training.learner import Learner
from ..training.problem import Problem, make_problem
from ..training.sabotage import ASSIGN
from ..training.setup import Setup
from .fields import CellRecipe
from .orders import OrderReader, SharedOrders
from .sweep import Cell, Sweep

# On the tape others get the interpreter after so many steps.
STEPS_A_TURN: Final = 50

_log = logging.getLogger(__name__)


class CellResult(TrainResult, kw_only=True, frozen=True):
    """A run of a sweep: what `train --json` says, and which run it is.

    Attributes:
        sweep: The key of the sweep.
        cell: The number of the run.
        over: What varies, with its value here.
        curve: Losses by epochs, if they were wanted.
    """

    sweep: str
    cell: int
    over: dict[str, Any]
    curve: dict[str, list[float]] | None = None

    @property
    def final_loss(self) -> float:
        """The test loss, or the training loss where nothing tests; infinite if it diverged."""
        loss = self.train_loss if math.isnan(self.test_loss) else self.test_loss
        return math.inf if self.diverged or self.failed or math.isnan(loss) else loss


# --- Its data, made once for all cells with the same -------------------------------------------


def dataset_of(data: DataChoice) -> Dataset:
    """The data set of a choice; the same object for the same choice, mostly."""
    if (lent := _lent.get(data)) is not None:
        return lent
    if data.path is None or data.table.sample is not None:
        return _loaded(data)
    # A whole file is the same whatever the seed.
    return _loaded(replace(data, seed=0))


# Only the last one.
_lent: dict[DataChoice, Dataset] = {}


def lend(dataset: Dataset) -> None:
    """Has cells use this very object where they choose what it came from.

    Set-ups are told apart by their objects: a cell that is opened beside the run from which the
    data come has the same data then.
    """
    if isinstance(dataset.origin, DataChoice):
        _lent.clear()
        _lent[dataset.origin] = dataset


@lru_cache(maxsize=64)
def _loaded(data: DataChoice) -> Dataset:
    return data.load()


# By the very data set: of the same choice another one may be lent.
_problem = lru_cache(maxsize=64)(make_problem)


@lru_cache(maxsize=32)
def _orders(problem: Problem, seed: int) -> SharedOrders:
    return SharedOrders(seed, problem.train_rows)


_notes = lru_cache(maxsize=64)(notes_of)


def setup_of(recipe: CellRecipe) -> Setup:
    """What a cell learns and how.

    Raises:
        ValueError: If data, network and settings do not fit each other; in one sentence.
    """
    dataset = dataset_of(recipe.data)
    network = replace(recipe.network, inputs=features_named(recipe.network.inputs, dataset))
    setup = Setup(recipe.training, network, dataset)
    setup.check()
    return setup


def learner_of(
    recipe: CellRecipe,
    epochs: int = 0,
    *,
    notes_curves: bool | None = None,
    stopped: Callable[[], bool] = never,
) -> Learner:
    """A learner before its first step, its engine decided.

    Args:
        recipe: What it is made from.
        epochs: How long it is going to train.
        notes_curves: Whether it keeps its curves; by default where steps are not compiled.
        stopped: Asked inside slow steps; true gives the step up.

    Raises:
        ValueError: As `setup_of`.
    """
    setup = setup_of(recipe)
    with np.errstate(all="ignore"):
        problem = _problem(*setup.problem_key, recipe.seed)
        learner = Learner(
            setup, recipe.seed, stopped, problem=problem, notes_curves=bool(notes_curves)
        )
        training = setup.training
        if training.engine == AUTO and ASSIGN not in training.mistakes and choose(learner):
            learner.use_engine(COMPILED)
        if learner.engine != COMPILED and notes_curves is None:
            learner.notes_curves = True
            return learner.restarted()
        if learner.engine == COMPILED:
            orders = _orders(problem, recipe.seed)
            if orders.can_serve(epochs):
                learner.use_orders(OrderReader(orders))
    return learner


# --- Training it ---------------------------------------------------------------------------------


def train_until(learner: Learner, epochs: int, stopped: Callable[[], bool] = never) -> None:
    """Trains to the end of an epoch, or until it diverges, is to stop, or is stopped."""
    goal = epochs * len(learner.batches)
    with np.errstate(all="ignore"):
        while learner.step < goal and learner.can_step and not stopped():
            if learner.engine == COMPILED:
                learner.take_steps(goal - learner.step)
                continue
            for _ in range(min(STEPS_A_TURN, goal - learner.step)):
                learner.take_steps()
                if not learner.can_step:
                    break
            # Lets other threads have the interpreter.
            time.sleep(0)


def run_cell(sweep: Sweep, number: int, stopped: Callable[[], bool] = never) -> CellResult:
    """Trains one cell; whatever goes wrong is in the result.

    Args:
        sweep: The sweep.
        number: Which of its cells.
        stopped: Asked between steps; true ends it early, and the result is interrupted.
    """
    try:
        cell = sweep.cell(number)
    except ValueError as error:
        return _failed(sweep, number, sweep.base, str(error))
    began = time.perf_counter()
    try:
        learner = learner_of(cell.recipe, sweep.epochs, notes_curves=sweep.curves, stopped=stopped)
        train_until(learner, sweep.epochs, stopped)
        with np.errstate(all="ignore"):
            return _result(sweep, cell, learner, time.perf_counter() - began)
    except Exception as error:
        is_said = isinstance(error, ValueError)
        if not is_said:
            _log.exception("run %d of a sweep failed", number)
        said = str(error) if is_said else describe_error(error)
        return _failed(sweep, number, cell.recipe, said)


def _result(sweep: Sweep, cell: Cell, learner: Learner, seconds: float) -> CellResult:
    setup, e, problem = learner.setup, learner.evaluation(), learner.problem
    is_done = learner.epoch >= sweep.epochs or not learner.can_step
    return CellResult(
        dataset=setup.dataset.name,
        hidden=setup.network.hidden,
        parameters=learner.network.n_parameters,
        epochs=learner.epoch,
        steps=learner.step,
        train_loss=e.train_loss,
        test_loss=e.test_loss,
        train_accuracy=e.train_accuracy,
        test_accuracy=e.test_accuracy,
        seconds=seconds,
        steps_per_second=learner.step / seconds if seconds > 0.0 else 0.0,
        seed=learner.seed,
        engine=learner.engine,
        loss=setup.loss,
        **_fit(learner, problem),
        **failure_keys(learner.failure),
        interrupted=not is_done,
        stopped=learner.stopped,
        notes=_notes(setup.dataset),
        recipe=_recipe(cell.recipe, learner),
        versions=versions(),
        sweep=sweep.key,
        cell=cell.number,
        over=cell.values,
        curve=_curve(learner.curves()) if sweep.curves else None,
    )


def _fit(learner: Learner, problem: Problem) -> dict[str, Any]:
    if learner.setup.dataset.task == "classification":
        return {}
    return fit_keys(problem.dataset, learner.outputs(), problem.train_rows, problem.test_rows)


def _recipe(recipe: CellRecipe, learner: Learner) -> RecipeKeys:
    """What makes it again, its engine too."""
    training = learner.setup.training
    if training.engine == AUTO:
        training = replace(training, engine=learner.engine)
    return RecipeKeys(
        data=recipe.data,
        network=learner.setup.network,
        training=training_record(training),
        seed=recipe.seed,
    )


def _failed(sweep: Sweep, number: int, recipe: CellRecipe, said: str) -> CellResult:
    *places, _ = sweep.places(number)
    over = {a.name: a.values[p] for a, p in zip(sweep.axes, places, strict=True)}
    return CellResult(
        dataset=recipe.data.name if recipe.data.path is None else recipe.data.path.name,
        hidden=recipe.network.hidden,
        seed=recipe.seed,
        engine=recipe.training.engine,
        failed=said,
        recipe=RecipeKeys(
            data=recipe.data,
            network=recipe.network,
            training=training_record(recipe.training),
            seed=recipe.seed,
        ),
        versions=versions(),
        sweep=sweep.key,
        cell=number,
        over=over,
    )


def _curve(curves: Curves) -> dict[str, list[float]]:
    points = curves.points()
    train, test = points.mean[:, :2].T.tolist()
    return {"epochs": points.epochs.tolist(), "train_loss": train, "test_loss": test}


# --- As a document -------------------------------------------------------------------------------


def document_of(recipe: CellRecipe, learner: Learner) -> RunDocument:
    """A cell as a run to open in the playground, as far as it has come.

    Compiled steps are taken again when it is opened, which is quick and draws its curves; of a
    slower engine it has the state.
    """
    base = Recipe(learner.setup.network, learner.setup.dataset, recipe.training, recipe.seed)
    journal = Journal(base.setup)
    is_compiled = learner.engine == COMPILED
    if is_compiled and recipe.training.engine == AUTO:
        journal = journal.with_entry(Entry(0, UseEngine(COMPILED), Kind.EDIT, base.setup))
    kept: tuple[Checkpoint, ...] = ()
    if not is_compiled and learner.step:
        setups = ((0.0, base.setup),)
        kept = (Checkpoint(learner.step, len(journal.entries), learner.state(), setups),)
    return RunDocument(base, journal, learner.step, kept)
