"""TrainResult: what `--json` prints of a training, see docs/json.md."""

from __future__ import annotations

import math
import platform
import sys
from typing import Any, Final

import msgspec
import numpy as np

from ... import __version__
from ...core import NetworkSpec
from ...core.training import FitScores, fit_scores
from ...core.training.evaluation import IntArray
from ...core.training.snapshot import Snapshot
from ...datasets import DataChoice
from .outcome import Outcome

SCHEMA: Final = 1
"""Counts up when a key goes or means something else; a new key does not count."""


_NO_FIT: Final = FitScores(math.nan, math.nan, math.nan)


class RecipeRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a run is made from, to be made again.

    Attributes:
        data: Which data set; None if it has edits that are not written here.
        network: The shape of the network.
        training: The settings, those of the screen alone left out.
        seed: Decides the first weights, the split and the order of the samples.
    """

    data: DataChoice | None
    network: NetworkSpec
    training: dict[str, Any]
    seed: int


class Compared(msgspec.Struct, kw_only=True, frozen=True):
    """The network beside what is reached without one.

    Attributes:
        measure: "accuracy" or "R^2".
        part: On which samples: "test" or "training".
        answer: What is always answered.
        network: Its score.
        straight_line: That of a linear model on the same samples.
        constant: That of one answer for all.
        network_rmse: The root mean square error, of a regression.
        straight_line_rmse: Likewise.
        constant_rmse: Likewise.
    """

    measure: str
    part: str
    answer: str
    network: float
    straight_line: float
    constant: float
    network_rmse: float
    straight_line_rmse: float
    constant_rmse: float


class TrainResult(msgspec.Struct, kw_only=True, frozen=True):
    """A training, for a program to read; numbers that are missing or not finite become null.

    Attributes:
        dataset: The name of the data set.
        hidden: Neurons of each hidden layer.
        parameters: How many weights and biases the network has.
        epochs: Full passes through the training samples.
        steps: Updates.
        train_loss: The mean loss of the training samples.
        test_loss: That of the test samples.
        train_accuracy: The share of training samples that are classified correctly.
        test_accuracy: That of the test samples.
        seconds: Of training alone.
        steps_per_second: Of training alone.
        seed: Of the run.
        engine: What took the steps at the end.
        compared: What is reached without a network.
        schema: The version of these keys.
        loss: What was minimized, "auto" resolved.
        train_r2: R^2 of a regression's training samples.
        test_r2: That of the test samples.
        train_rmse: The root mean square error of the training samples, in the target's units.
        test_rmse: That of the test samples.
        diverged: Whether a number became infinite.
        failed: What went wrong otherwise; null if nothing did.
        interrupted: Whether it was ended early.
        stopped: Which stop condition ended it, a sentence; empty if none did.
        notes: What was decided about the data; sentences.
        recipe: What it was made from.
        versions: Of the program and what it computes with.
    """

    dataset: str
    hidden: tuple[int, ...]
    parameters: int
    epochs: int
    steps: int
    train_loss: float
    test_loss: float
    train_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    steps_per_second: float
    seed: int
    engine: str
    compared: Compared | None
    schema: int = SCHEMA
    loss: str
    train_r2: float
    test_r2: float
    train_rmse: float
    test_rmse: float
    diverged: bool
    failed: str | None
    interrupted: bool
    stopped: str
    notes: tuple[str, ...]
    recipe: RecipeRecord
    versions: dict[str, str | None]


def as_line(result: TrainResult, **more: object) -> str:
    """One JSON object on one line, with more keys at its end."""
    return msgspec.json.encode({**msgspec.structs.asdict(result), **more}, enc_hook=str).decode()


def result_of(outcome: Outcome) -> TrainResult:
    """What is said of a training."""
    seen = outcome.snapshot
    e, failure = seen.evaluation, seen.failure
    train, test = _fit(seen, seen.train_rows), _fit(seen, seen.test_rows)
    return TrainResult(
        dataset=seen.dataset.name,
        hidden=seen.network.hidden,
        parameters=len(seen.parameters),
        epochs=seen.epoch,
        steps=seen.step,
        train_loss=e.train_loss,
        test_loss=e.test_loss,
        train_accuracy=e.train_accuracy,
        test_accuracy=e.test_accuracy,
        seconds=outcome.seconds,
        steps_per_second=outcome.steps_per_second,
        seed=outcome.seed,
        engine=seen.engine,
        compared=_compared(outcome),
        loss=seen.loss,
        train_r2=train.r_squared,
        test_r2=test.r_squared,
        train_rmse=train.root_mean_square_error,
        test_rmse=test.root_mean_square_error,
        diverged=failure is not None and not failure.error,
        failed=(failure.error or None) if failure is not None else None,
        interrupted=outcome.interrupted,
        stopped=seen.stopped,
        notes=outcome.notes,
        recipe=_recipe(outcome),
        versions=_versions(),
    )


def _fit(snapshot: Snapshot, rows: IntArray) -> FitScores:
    dataset = snapshot.dataset
    if dataset.task == "classification" or not len(rows):
        return _NO_FIT
    with np.errstate(all="ignore"):
        predicted = dataset.from_network(snapshot.outputs[rows, 0])
    return fit_scores(dataset.targets[rows], predicted)


def _recipe(outcome: Outcome) -> RecipeRecord:
    seen = outcome.snapshot
    origin = seen.dataset.origin
    training = msgspec.to_builtins(seen.training)
    # How fast the screen goes; it may be infinite, which JSON has no word for.
    del training["pace"]
    return RecipeRecord(
        data=origin if isinstance(origin, DataChoice) else None,
        network=seen.network,
        training=training,
        seed=outcome.seed,
    )


def _compared(outcome: Outcome) -> Compared | None:
    if (b := outcome.baselines) is None:
        return None
    reached, line, constant = outcome.score, b.line, b.constant
    return Compared(
        measure=b.measure,
        part=b.part,
        answer=b.answer,
        network=reached.share,
        straight_line=line.share,
        constant=constant.share,
        network_rmse=reached.error,
        straight_line_rmse=line.error,
        constant_rmse=constant.error,
    )


def _versions() -> dict[str, str | None]:
    llvmlite = sys.modules.get("llvmlite")
    return {
        "toygrad-tui": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "llvmlite": getattr(llvmlite, "__version__", None),
        "system": f"{platform.system()} {platform.machine()}",
    }
