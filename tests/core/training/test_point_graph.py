"""The live network's own graph on one point: the same numbers, with names to find them by."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.core.training.point_graph import point_graph
from toygrad.datasets import Dataset


def test_the_graph_puts_out_what_the_network_does(three_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(3, 2)), three_classes, seed=1)
    session.advance(5)
    snapshot = session.snapshot()
    for row in (0, 20, 59):
        outputs = [float(neuron) for neuron in point_graph(snapshot, row).neurons[-1]]
        np.testing.assert_allclose(outputs, snapshot.outputs[row], atol=1e-12)


def test_everything_has_the_name_it_has_on_the_screen(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(2,), inputs=("x1", "x2^2")), two_classes, seed=1)
    graph = point_graph(session.snapshot(), 7)
    assert [x.label for x in graph.inputs] == ["x1", "x2^2"]
    assert all(x.constant for x in graph.inputs)
    assert [[n.label for n in layer] for layer in graph.neurons] == [
        ["layer1[0]", "layer1[1]"],
        ["layer2[0]"],
    ]
    assert graph.loss.label == "loss"
    assert list(graph.parameters) == session.snapshot().parameter_names()


def test_the_losses_of_all_points_average_to_the_networks(numbers: Dataset) -> None:
    snapshot = Session(NetworkSpec(hidden=(3,)), numbers, seed=1).snapshot()
    losses = [float(point_graph(snapshot, row).loss) for row in snapshot.train_rows.tolist()]
    assert np.mean(losses) == pytest.approx(snapshot.evaluation.train_loss)


def test_a_row_that_is_not_there_is_refused(two_classes: Dataset) -> None:
    snapshot = Session(NetworkSpec(), two_classes, seed=1).snapshot()
    with pytest.raises(IndexError, match="rows 0 to 59, and not 60"):
        point_graph(snapshot, 60)
