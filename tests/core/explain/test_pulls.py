"""Per-sample gradients: each sample's own, as if it were alone, and together the batch's."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.explain.pulls import per_sample_gradients, pulls
from toygrad.core.explain.sample_graph import sample_graph
from toygrad.core.nn.parameters import Element, element_at, element_place
from toygrad.datasets import Dataset

FIRST = Element(1, 0, 0)


def learned(dataset: Dataset, loss: str = "auto", activation: str = "tanh") -> Snapshot:
    session = Session(
        NetworkSpec(hidden=(4, 3), activation=activation),
        dataset,
        TrainingConfig(loss=loss, batch_size=1_000),
        seed=1,
    )
    session.advance(3)
    return session.snapshot()


def one_by_one(snapshot: Snapshot, element: Element) -> list[float]:
    found = []
    for row in snapshot.train_rows.tolist():
        graph = sample_graph(snapshot, row)
        graph.loss.backward()
        found.append(graph.parameters[element.name].grad)
    return found


@pytest.mark.parametrize("place", [0, 7, 8, 15, 20, 23, 25, 27, 30])
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_each_sample_has_the_gradient_it_would_have_alone(
    two_classes: Dataset, place: int, activation: str
) -> None:
    snapshot = learned(two_classes, activation=activation)
    element = element_at(snapshot.sizes, place)
    expected = one_by_one(snapshot, element)
    np.testing.assert_allclose(per_sample_gradients(snapshot, element), expected, atol=1e-12)


@pytest.mark.parametrize(
    "loss", ["squared_error", "binary_cross_entropy", "softmax_cross_entropy", "hinge"]
)
def test_whatever_the_loss(three_classes: Dataset, two_classes: Dataset, loss: str) -> None:
    dataset = two_classes if loss == "binary_cross_entropy" else three_classes
    snapshot = learned(dataset, loss)
    for element in (FIRST, Element(3, 2, 0), Element(2, None, 1)):
        expected = one_by_one(snapshot, element)
        np.testing.assert_allclose(per_sample_gradients(snapshot, element), expected, atol=1e-12)


def test_their_mean_is_the_gradient_of_the_whole_batch(numbers: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(4,)), numbers, TrainingConfig(batch_size=1_000), seed=1)
    before = session.snapshot()
    session.advance(1)
    batch = session.snapshot().gradients
    for place in range(len(batch)):
        element = element_at(before.sizes, place)
        assert element_place(before.sizes, element) == place
        mean = per_sample_gradients(before, element).mean()
        assert mean == pytest.approx(batch[place], abs=1e-12)


def test_pulls_are_sorted_by_strength_and_direction(two_classes: Dataset) -> None:
    snapshot = learned(two_classes)
    found = pulls(snapshot, FIRST)
    by_row = dict(
        zip(snapshot.train_rows.tolist(), per_sample_gradients(snapshot, FIRST), strict=True)
    )
    assert sorted(found.rows.tolist()) == sorted(snapshot.train_rows.tolist())
    assert [by_row[row] for row in found.rows.tolist()] == found.gradients.tolist()
    assert (np.diff(np.abs(found.gradients)) <= 0.0).all()
    assert all(by_row[row] < 0.0 for row in found.up.tolist())
    assert all(by_row[row] > 0.0 for row in found.down.tolist())
    assert found.mean == pytest.approx(found.gradients.mean())


def test_other_rows_can_be_asked_for(two_classes: Dataset) -> None:
    snapshot = learned(two_classes)
    some = snapshot.train_rows[3:5]
    np.testing.assert_allclose(
        per_sample_gradients(snapshot, FIRST, some),
        per_sample_gradients(snapshot, FIRST)[3:5],
        atol=1e-14,
    )
    assert pulls(snapshot, FIRST, some[:0]).mean == 0.0


def test_an_element_the_network_does_not_have_is_refused(two_classes: Dataset) -> None:
    with pytest.raises(IndexError, match=r"no layer9.bias\[0\]"):
        pulls(learned(two_classes), Element(9, None, 0))
