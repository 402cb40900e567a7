"""What `--json` prints of a training without a screen, see docs/json.md."""

from __future__ import annotations

from ...core.diagnosis.result import (
    TrainResult,
    compared_with,
    failure_keys,
    fit_keys,
    recipe_record,
    versions,
)
from .outcome import Outcome


def result_of(outcome: Outcome) -> TrainResult:
    """What is said of a training."""
    seen = outcome.snapshot
    e = seen.evaluation
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
        compared=compared_with(outcome.score, outcome.baselines),
        loss=seen.loss,
        **fit_keys(seen.dataset, seen.outputs, seen.train_rows, seen.test_rows),
        **failure_keys(seen.failure),
        interrupted=outcome.interrupted,
        stopped=seen.stopped,
        notes=outcome.notes,
        recipe=recipe_record(seen.dataset, seen.network, seen.training, outcome.seed),
        versions=versions(),
    )
