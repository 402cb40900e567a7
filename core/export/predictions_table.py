"""Predictions as CSV: a line for each sample."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...datasets.dataset import Dataset
from ..training.evaluation import predicted_classes
from ..training.snapshot import Snapshot
from .curves_table import csv_of

_SAMPLE = ("sample", "part", "target", "predicted")


def predictions_csv(snapshot: Snapshot) -> str:
    """A line for each sample: its number, part, target, what is predicted, outputs and inputs.

    Inputs, and the target and prediction of a regression, are in the data's units. The outputs are
    the network's, before they are taken for a class; for many classes there is one for each.
    """
    dataset = snapshot.dataset
    outputs = ["output"]
    if dataset.n_classes > 2:
        outputs = [f"output {name}" for name in dataset.classes]
    own = (*_SAMPLE, *outputs)
    inputs = [f"{name} (input)" if name in own else name for name in dataset.columns]
    return csv_of((*own, *inputs), _predictions(snapshot))


def _predictions(snapshot: Snapshot) -> Iterator[list[object]]:
    dataset, outputs = snapshot.dataset, snapshot.outputs
    trains = np.isin(np.arange(dataset.n_samples), snapshot.train_rows).tolist()
    targets, predicted = _answers(dataset, snapshot)
    for row, id in enumerate(dataset.ids.tolist()):
        yield [
            id,
            "training" if trains[row] else "test",
            targets[row],
            predicted[row],
            *outputs[row].tolist(),
            *dataset.points[row].tolist(),
        ]


def _answers(dataset: Dataset, snapshot: Snapshot) -> tuple[list[object], list[object]]:
    """The targets, and what is predicted for them."""
    if dataset.task == "regression":
        with np.errstate(all="ignore"):
            predicted = dataset.from_network(snapshot.outputs[:, 0])
        return [*dataset.targets.tolist()], [*predicted.tolist()]
    names, found = dataset.classes, predicted_classes(snapshot.outputs)
    return [names[label] for label in dataset.labels], [names[label] for label in found]
