"""Curves and predictions as CSV: every epoch, every sample, the numbers of the run."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot
from toygrad.core.export.curves_table import curves_csv
from toygrad.core.export.predictions_table import predictions_csv
from toygrad.core.training.evaluation import predicted_classes
from toygrad.core.training.history import CURVES
from toygrad.datasets import DATASETS, Dataset


def trained(dataset: Dataset, epochs: int = 5) -> Snapshot:
    session = Session(NetworkSpec(hidden=(3,)), dataset)
    session.advance_epochs(epochs)
    return session.snapshot(grid=(1, 1))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def made(name: str) -> Dataset:
    return DATASETS[name](40, rng=np.random.default_rng(3))


def test_curves_have_a_line_for_each_epoch() -> None:
    snapshot = trained(made("circle"))
    rows = rows_of(curves_csv(snapshot.curves.points()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3", "4", "5"]
    assert [int(row["updates"]) for row in rows] == [0, 2, 4, 6, 8, 10]
    last = rows[-1]
    assert float(last["train_loss"]) == snapshot.evaluation.train_loss
    assert float(last["test_accuracy"]) == snapshot.evaluation.test_accuracy
    assert list(last)[2:] == list(CURVES)


def test_what_is_unknown_is_empty() -> None:
    rows = rows_of(curves_csv(trained(made("parabola")).curves.points()))
    assert rows[-1]["train_accuracy"] == ""


@pytest.mark.parametrize("name", ["circle", "iris", "parabola"])
def test_predictions_have_a_line_for_each_sample(name: str) -> None:
    snapshot = trained(made(name))
    dataset = snapshot.dataset
    rows = rows_of(predictions_csv(snapshot))
    assert [int(row["sample"]) for row in rows] == dataset.ids.tolist()
    training = [k for k, row in enumerate(rows) if row["part"] == "training"]
    assert training == sorted(snapshot.train_rows.tolist())
    for k, row in enumerate(rows):
        inputs = [float(row[column]) for column in dataset.columns]
        assert inputs == dataset.points[k].tolist()
        if dataset.task == "regression":
            assert float(row["target"]) == dataset.targets[k]
            expected = dataset.from_network(snapshot.outputs[k])[0]
            assert float(row["predicted"]) == expected
        else:
            assert row["target"] == dataset.classes[dataset.labels[k]]
            assert row["predicted"] == dataset.classes[predicted_classes(snapshot.outputs[k])]
    if name == "iris":
        assert float(rows[0]["output setosa"]) == snapshot.outputs[0, 0]


def test_names_of_the_data_hide_none_of_ours() -> None:
    dataset = replace(made("circle"), columns=("target", 'a,"b\nc'), groups=())
    rows = rows_of(predictions_csv(trained(dataset)).replace("b\nc", "b c"))
    assert list(rows[0]) == [
        *("sample", "part", "target", "predicted", "output"),
        *("target (input)", 'a,"b c'),
    ]


def test_after_a_divergence_numbers_that_are_not_finite_are_empty() -> None:
    snapshot = trained(made("parabola"))
    lost = replace(snapshot, outputs=np.full_like(snapshot.outputs, math.nan))
    assert {row["predicted"] for row in rows_of(predictions_csv(lost))} == {""}
