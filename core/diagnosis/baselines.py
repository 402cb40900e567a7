"""Baselines: what is reached without a network, by one answer for all and by a straight line."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...datasets.dataset import Dataset, standard_scaling
from ..autograd.numerics import FloatArray
from ..nn import LOSSES, Network
from ..nn.schedules import cosine
from ..training.config import TrainingConfig
from ..training.engines import make_engine
from ..training.evaluation import IntArray, fit_scores, predicted_classes
from ..training.problem import network_targets
from ..training.update import Updater
from .trials import never

STEPS = 800
"""Of the straight line. Its loss has one minimum, and its inputs are standardised."""
RATE, MOST_IN_A_BATCH = 0.1, 1_000
# The others get the interpreter after so many steps.
STEPS_A_TURN = 20
# A class is called frequent where it has so many times the samples that the others have each.
IMBALANCE = 2.0
LONG_SCORE, ROUNDING = 1_000, 1e-9

LINE = "a straight line"
NETWORK = "your network"
R_SQUARED = "R^2"


@dataclass(frozen=True, slots=True)
class Score:
    """How good predictions are.

    Attributes:
        share: Of the samples classified right; R^2 of a regression; nan if unknown.
        error: The root mean square error of a regression, in the target's units; nan for classes.
    """

    share: float = math.nan
    error: float = math.nan


UNKNOWN = Score()


@dataclass(frozen=True, slots=True, eq=False)
class Baselines:
    """What a network has to beat, on the same samples.

    Attributes:
        measure: "accuracy", or "R^2" of a regression.
        part: "test" or "training": the samples that are counted.
        rows: Those samples.
        constant: What one answer for all reaches: the most frequent class of the training samples,
            or their mean.
        answer: That answer in words: "always 'no'".
        line: What a straight line reaches, a linear model trained on the same samples; unknown if
            it was stopped.
    """

    measure: str
    part: str
    rows: IntArray
    constant: Score
    answer: str
    line: Score

    def sentence(self, network: Score) -> str:
        """The three beside each other.

        Args:
            network: What the network reaches on the same samples, see `score`.
        """
        scores = {NETWORK: network, LINE: self.line, self.answer: self.constant}
        said = ", ".join(f"{name} {score_text(score.share)}" for name, score in scores.items())
        ending = ""
        if self.measure == R_SQUARED:
            errors = ", ".join(self._error_text(score.error) for score in scores.values())
            ending = f" Root mean square error: {errors}."
        return f"{self.part.capitalize()} {self.measure}: {said}.{ending}"

    def _error_text(self, error: float) -> str:
        # What rounding leaves of an exact fit is no error.
        is_exact = error < ROUNDING * self.constant.error
        return "0" if is_exact else f"{error:.3g}" if math.isfinite(error) else "unknown"


def baselines(
    dataset: Dataset,
    train_rows: IntArray,
    test_rows: IntArray,
    *,
    stopped: Callable[[], bool] = never,
) -> Baselines:
    """Trains a straight line and scores it and one answer for all; the same each time.

    It takes tenths of a second, in any thread, and touches no run.

    Args:
        dataset: What is learned.
        train_rows: What they learn from.
        test_rows: What they are scored on; the training samples where there are none.
        stopped: Asked every few steps; true ends it early.
    """
    part, rows = ("test", test_rows) if len(test_rows) else ("training", train_rows)
    with np.errstate(all="ignore"):
        outputs = _line_outputs(dataset, train_rows, rows, stopped)
    line = UNKNOWN if outputs is None else score(dataset, outputs, rows)
    if dataset.task == "regression":
        mean, measure, answer = dataset.targets[train_rows].mean(), R_SQUARED, "always the mean"
        constant = _fit(dataset.targets[rows], np.full(len(rows), mean))
    else:
        labels, measure = dataset.labels, "accuracy"
        common = int(np.bincount(labels[train_rows]).argmax())
        answer = f"always {dataset.classes[common]!r}"
        constant = Score(float(np.mean(labels[rows] == common)))
    return Baselines(measure, part, rows, constant, answer, line)


def score(dataset: Dataset, outputs: FloatArray, rows: IntArray) -> Score:
    """How good a network's outputs are on some samples.

    Args:
        dataset: What is learned.
        outputs: For those samples, shape (n, outputs), as the network puts them out.
        rows: The samples, shape (n,), n at least 1.
    """
    with np.errstate(all="ignore"):
        if dataset.task == "regression":
            return _fit(dataset.targets[rows], dataset.from_network(outputs[:, 0]))
    if not np.isfinite(outputs).all():
        return UNKNOWN
    return Score(float(np.mean(predicted_classes(outputs) == dataset.labels[rows])))


def _fit(true: FloatArray, predicted: FloatArray) -> Score:
    fit = fit_scores(true, predicted)
    return Score(fit.r_squared, fit.root_mean_square_error)


def score_text(score: float) -> str:
    """A score with two decimals: `.93`, `1`, `-.04`; 1 means all."""
    if not math.isfinite(score):
        return "unknown"
    if abs(score) >= LONG_SCORE:
        return f"{score:.0e}"
    # Rounding must not claim all where a little is still missing.
    text = f"{min(score, 0.99) if score < 1 else score:.2f}"
    return {"1.00": "1", "0.00": "0", "-0.00": "0"}.get(text, re.sub("^(-?)0", r"\1", text))


def imbalance(dataset: Dataset) -> str:
    """How uneven the classes are, `83% are 'no'`; empty where they are not, or for numbers."""
    if dataset.task == "regression":
        return ""
    counts = np.bincount(dataset.labels, minlength=dataset.n_classes)
    common = int(counts.argmax())
    others = (dataset.n_samples - counts[common]) / (dataset.n_classes - 1)
    if counts[common] < IMBALANCE * others:
        return ""
    # Rounding must not claim all where some are others.
    share = 100 * counts[common] // dataset.n_samples
    return f"{share}% are {dataset.classes[common]!r}"


def _line_outputs(
    dataset: Dataset, train_rows: IntArray, rows: IntArray, stopped: Callable[[], bool]
) -> FloatArray | None:
    """What a trained straight line puts out for some rows; None if it was stopped."""
    columns = dataset.network_inputs()
    shift, scale = standard_scaling(columns[train_rows])
    inputs = (columns[train_rows] - shift) / scale
    targets = network_targets(dataset, train_rows)
    name = {0: "squared_error", 2: "binary_cross_entropy"}.get(
        dataset.n_classes, "softmax_cross_entropy"
    )
    rng = np.random.default_rng(0)
    sizes = inputs.shape[1], targets.shape[1]
    network = Network(sizes, ("linear",), rng=rng, initializer="zeros")
    training = TrainingConfig(optimizer="adam", engine="tape")
    engine = make_engine(training, network, LOSSES[name], stopped)
    update = Updater(network, training)
    order = np.arange(len(inputs))
    size = min(MOST_IN_A_BATCH, len(order))
    n_batches = len(order) // size
    for step in range(STEPS):
        if step % STEPS_A_TURN == 0:
            if stopped():
                return None
            time.sleep(0)
        place = step % n_batches
        if place == 0 and n_batches > 1:
            rng.shuffle(order)
        batch = order[place * size : (place + 1) * size]
        engine(inputs[batch], targets[batch])
        update(RATE * cosine(step, STEPS))
    return np.asarray(network((columns[rows] - shift) / scale).data)
