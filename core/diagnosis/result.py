"""TrainResult: a training for a program to read, see docs/json.md."""

from __future__ import annotations

import math
import platform
import sys
from typing import Any, Final

import msgspec
import numpy as np

from ... import __version__
from ...datasets.choice import DataChoice
from ...datasets.dataset import Dataset
from ..autograd.numerics import FloatArray
from ..training.config import NetworkSpec, TrainingConfig
from ..training.evaluation import FitScores, IntArray, fit_scores
from ..training.snapshot import TrainingFailure
from .baselines import Baselines, Score, imbalance

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
    parameters: int = 0
    epochs: int = 0
    steps: int = 0
    train_loss: float = math.nan
    test_loss: float = math.nan
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    seconds: float = 0.0
    steps_per_second: float = 0.0
    seed: int
    engine: str
    compared: Compared | None = None
    schema: int = SCHEMA
    loss: str = ""
    train_r2: float = math.nan
    test_r2: float = math.nan
    train_rmse: float = math.nan
    test_rmse: float = math.nan
    diverged: bool = False
    failed: str | None = None
    interrupted: bool = False
    stopped: str = ""
    notes: tuple[str, ...] = ()
    recipe: RecipeRecord
    versions: dict[str, str | None]


def as_line(result: TrainResult, **more: object) -> str:
    """One JSON object on one line, with more keys at its end."""
    return msgspec.json.encode({**msgspec.structs.asdict(result), **more}, enc_hook=str).decode()


def fit_keys(
    dataset: Dataset, outputs: FloatArray, train_rows: IntArray, test_rows: IntArray
) -> dict[str, Any]:
    """The keys of a regression; nan for classes.

    Args:
        dataset: What is learned.
        outputs: The network's, for every row, shape (samples, outputs).
        train_rows: The samples that train.
        test_rows: The samples that test.
    """
    train, test = (_fit(dataset, outputs, rows) for rows in (train_rows, test_rows))
    return {
        "train_r2": train.r_squared,
        "test_r2": test.r_squared,
        "train_rmse": train.root_mean_square_error,
        "test_rmse": test.root_mean_square_error,
    }


def _fit(dataset: Dataset, outputs: FloatArray, rows: IntArray) -> FitScores:
    if dataset.task == "classification" or not len(rows):
        return _NO_FIT
    with np.errstate(all="ignore"):
        predicted = dataset.from_network(outputs[rows, 0])
    return fit_scores(dataset.targets[rows], predicted)


def failure_keys(failure: TrainingFailure | None) -> dict[str, Any]:
    """The keys that say why a training could not go on."""
    return {
        "diverged": failure is not None and not failure.error,
        "failed": (failure.error or None) if failure is not None else None,
    }


def recipe_record(
    dataset: Dataset, network: NetworkSpec, training: TrainingConfig, seed: int
) -> RecipeRecord:
    """What a run is made from."""
    origin = dataset.origin
    return RecipeRecord(
        data=origin if isinstance(origin, DataChoice) else None,
        network=network,
        training=training_record(training),
        seed=seed,
    )


def training_record(training: TrainingConfig) -> dict[str, Any]:
    """The settings but the pace: that of the screen, which may be infinite."""
    settings: dict[str, Any] = msgspec.to_builtins(training)
    del settings["pace"]
    return settings


def compared_with(reached: Score, b: Baselines | None) -> Compared | None:
    """A network's score beside its baselines."""
    if b is None:
        return None
    line, constant = b.line, b.constant
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


def notes_of(dataset: Dataset) -> tuple[str, ...]:
    """What was decided about the data, and how uneven its classes are; sentences."""
    uneven = imbalance(dataset)
    return tuple(filter(None, (dataset.note, f"{uneven}." if uneven else "")))


def versions() -> dict[str, str | None]:
    """Of the program and what it computes with."""
    llvmlite = sys.modules.get("llvmlite")
    return {
        "toygrad-tui": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "llvmlite": getattr(llvmlite, "__version__", None),
        "system": f"{platform.system()} {platform.machine()}",
    }
