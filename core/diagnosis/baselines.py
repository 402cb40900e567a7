"""Baselines: what the simplest answers reach, beside which the network's score means something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ...datasets.dataset import Dataset, IntArray
from ..autograd.numerics import FloatArray
from ..run.edits import Configure, Edit, Reset, UnfreezeAll
from ..training.config import AUTO, NetworkSpec, TrainingConfig
from ..training.evaluation import fit_scores, predicted_classes
from ..training.state import LearnerState
from .trials import Trial, never

# Enough for scaled inputs, and a fraction of a second.
STEPS = 1_000
RATE, BATCH = 0.03, 200
# The commonest class is said where it has so many times the samples of the rarest.
IMBALANCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """The score of a network beside those of simple answers, all on the same samples.

    Attributes:
        is_share: Whether scores are shares of right answers; else they are R^2.
        on_tests: Whether the test samples are scored; the training samples where none test.
        network: The score of the network.
        line: That of a linear model over the same inputs; None if it was stopped or diverged.
        constant: That of the same answer for every sample.
        answer: The answer: the commonest class of the training samples; empty for their mean.
    """

    is_share: bool
    on_tests: bool
    network: float
    line: float | None
    constant: float
    answer: str

    @property
    def sentence(self) -> str:
        """As `Test accuracy: your network .93, a straight line .91, always 'no' .62.`."""
        what = "accuracy" if self.is_share else "R^2"
        line = "" if self.line is None else f"a straight line {_short(self.line)}, "
        always = f"always '{self.answer}'" if self.answer else "always the mean"
        return (
            f"{'Test' if self.on_tests else 'Training'} {what}: "
            f"your network {_short(self.network)}, {line}{always} {_short(self.constant)}."
        )


def baselines(state: LearnerState, stopped: Callable[[], bool] = never) -> Baselines:
    """Scores a network, a straight line and a constant; takes about a second: not for the screen.

    The line is a network without hidden layers over the same inputs, trained by the engine on the
    same training samples from first weights of the same seed, without regularization. The network
    itself is not touched.

    Args:
        state: The run, from `Session.learner_state`.
        stopped: Asked every few steps; true ends the line's training, and there is no line.
    """
    dataset, problem = state.problem.dataset, state.problem
    train = problem.train_rows
    rows = problem.test_rows if len(problem.test_rows) else train
    setup = state.setup
    network = Trial(state, stopped=stopped).learner
    return Baselines(
        is_share=dataset.task == "classification",
        on_tests=rows is problem.test_rows,
        network=_score(dataset, network.outputs(), rows),
        line=_line_score(state, NetworkSpec(inputs=setup.network.inputs, hidden=()), rows, stopped),
        constant=constant_score(dataset, train, rows),
        answer=commonest_class(dataset, train),
    )


def commonest_class(dataset: Dataset, rows: IntArray) -> str:
    """The name of the class that most of these samples have; empty for regression."""
    if dataset.task == "regression":
        return ""
    return dataset.classes[int(np.argmax(_class_counts(dataset, rows)))]


def constant_score(dataset: Dataset, train_rows: IntArray, rows: IntArray) -> float:
    """What always the same answer reaches: the commonest class, or the mean, of what trains.

    Args:
        dataset: The data set.
        train_rows: The samples that the answer comes from, at least one.
        rows: The samples that are scored, at least one.

    Returns:
        The share of right answers, or R^2.
    """
    if dataset.task == "regression":
        targets = dataset.targets[rows]
        mean = float(dataset.targets[train_rows].mean())
        return fit_scores(targets, np.full(len(rows), mean)).r_squared
    label = int(np.argmax(_class_counts(dataset, train_rows)))
    return float(np.mean(dataset.labels[rows] == label))


def imbalance(dataset: Dataset) -> str:
    """`83% of the samples are 'no', 17% 'yes'.`; empty where classes are about as common."""
    if dataset.task == "regression":
        return ""
    counts = _class_counts(dataset, np.arange(dataset.n_samples))
    most, least = int(np.argmax(counts)), int(np.argmin(counts))
    if counts[most] < IMBALANCE * counts[least]:
        return ""
    shares = 100 * counts / dataset.n_samples
    return (
        f"{_per_cent(shares[most])} of the samples are '{dataset.classes[most]}', "
        f"{_per_cent(shares[least])} '{dataset.classes[least]}'."
    )


def _line_score(
    state: LearnerState, network: NetworkSpec, rows: IntArray, stopped: Callable[[], bool]
) -> float | None:
    training = TrainingConfig(
        learning_rate=RATE,
        batch_size=BATCH,
        loss=AUTO,
        optimizer="adam",
        train_share=state.setup.training.train_share,
    )
    # The shape first, then first weights: the split stays that of the run.
    edits: list[Edit] = [UnfreezeAll(), Configure(training=training, network=network), Reset()]
    trial = Trial(replace(state, failure=None), edits, stopped=stopped)
    trial.train(STEPS)
    if trial.steps < STEPS or not trial.can_step:
        return None
    return _score(state.problem.dataset, trial.learner.outputs(), rows)


def _score(dataset: Dataset, outputs: FloatArray, rows: IntArray) -> float:
    if dataset.task == "classification":
        return float(np.mean(predicted_classes(outputs[rows]) == dataset.labels[rows]))
    with np.errstate(all="ignore"):
        predicted = dataset.from_network(outputs[rows, 0])
    return fit_scores(dataset.targets[rows], predicted).r_squared


def _class_counts(dataset: Dataset, rows: IntArray) -> IntArray:
    return np.bincount(dataset.labels[rows], minlength=dataset.n_classes).astype(np.int64)


def _short(score: float) -> str:
    """Two decimals, without the zero before the point: `.93`, `1.00`, `-.07`."""
    # Rounding must not claim all where a little is still missing.
    text = "0.99" if 0.99 <= score < 1 else f"{score:.2f}"
    text = "0.00" if text == "-0.00" else text
    return text.replace("0.", ".", 1) if abs(score) < 1 and text.lstrip("-")[0] == "0" else text


def _per_cent(share: float) -> str:
    return "under 1%" if 0 < share < 1 else f"{share:.0f}%"
