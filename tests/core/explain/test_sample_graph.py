"""The live network's own graph on one sample: the same numbers, with names to find them by."""

from __future__ import annotations

import math

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.explain.loss_text import loss_text
from toygrad.core.explain.sample_graph import nearest_row, neuron_graph, sample_graph
from toygrad.datasets import Dataset


def test_the_graph_puts_out_what_the_network_does(three_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(3, 2)), three_classes, seed=1)
    session.advance(5)
    snapshot = session.snapshot()
    for row in (0, 20, 59):
        outputs = [float(neuron) for neuron in sample_graph(snapshot, row).neurons[-1]]
        np.testing.assert_allclose(outputs, snapshot.outputs[row], atol=1e-12)


def test_everything_has_the_name_it_has_on_the_screen(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(2,), inputs=("x1", "x2^2")), two_classes, seed=1)
    graph = sample_graph(session.snapshot(), 7)
    assert [x.label for x in graph.inputs] == ["x1", "x2^2"]
    assert all(x.constant for x in graph.inputs)
    assert [[n.label for n in layer] for layer in graph.neurons] == [
        ["layer1[0]", "layer1[1]"],
        ["layer2[0]"],
    ]
    assert graph.loss.label == "loss"
    assert list(graph.parameters) == session.snapshot().parameter_names()


def test_the_losses_of_all_samples_average_to_the_networks(numbers: Dataset) -> None:
    snapshot = Session(NetworkSpec(hidden=(3,)), numbers, seed=1).snapshot()
    losses = [float(sample_graph(snapshot, row).loss) for row in snapshot.train_rows.tolist()]
    assert np.mean(losses) == pytest.approx(snapshot.evaluation.train_loss)


def test_a_row_that_is_not_there_is_refused(two_classes: Dataset) -> None:
    snapshot = Session(NetworkSpec(), two_classes, seed=1).snapshot()
    with pytest.raises(IndexError, match="rows 0 to 59, and not 60"):
        sample_graph(snapshot, 60)


@pytest.mark.parametrize("name", ["two_classes", "three_classes", "numbers", "curve"])
def test_a_neuron_by_itself_puts_out_what_it_does_in_the_network(
    name: str, request: pytest.FixtureRequest
) -> None:
    dataset: Dataset = request.getfixturevalue(name)
    session = Session(NetworkSpec(hidden=(3, 2)), dataset, seed=1)
    session.advance(5)
    snapshot = session.snapshot()
    whole = sample_graph(snapshot, 7)
    for layer, neurons in enumerate(whole.neurons, start=1):
        for unit, neuron in enumerate(neurons):
            alone = neuron_graph(snapshot, 7, layer, unit)
            assert float(alone.output) == pytest.approx(float(neuron), abs=1e-12)
            assert alone.output.label == neuron.label == f"layer{layer}[{unit}]"
            assert set(alone.parameters) < set(whole.parameters)
            assert not any(x.constant for x in alone.inputs)


def test_a_neurons_gradients_are_of_its_own_output(two_classes: Dataset) -> None:
    graph = neuron_graph(Session(NetworkSpec(hidden=(2,)), two_classes).snapshot(), 3, 2, 0)
    graph.output.backward()
    slope = 1.0 - float(graph.output) ** 2
    assert [x.label for x in graph.inputs] == ["layer1[0]", "layer1[1]"]
    for k, x in enumerate(graph.inputs):
        weight = graph.parameters[f"layer2.weight[{k},0]"]
        assert weight.grad == pytest.approx(slope * x.data)
        assert x.grad == pytest.approx(slope * weight.data)


@pytest.mark.parametrize("place", [(0, 0), (3, 0), (1, 2), (1, -1)])
def test_a_neuron_that_is_not_there_is_refused(
    two_classes: Dataset, place: tuple[int, int]
) -> None:
    snapshot = Session(NetworkSpec(hidden=(2,)), two_classes).snapshot()
    with pytest.raises(IndexError, match="has no neuron"):
        neuron_graph(snapshot, 0, *place)


def test_the_nearest_sample_is_found(two_classes: Dataset) -> None:
    snapshot = Session(NetworkSpec(), two_classes).snapshot()
    for row in (0, 31, 59):
        assert nearest_row(snapshot, two_classes.points[row] + 1e-6) == row


@pytest.mark.parametrize(
    ("data", "loss", "starts"),
    [
        ("two_classes", "squared_error", "1/2 (y - t)^2 = 1/2 ("),
        ("three_classes", "squared_error", "1/2 sum of (y - t)^2 = 1/2 (("),
        ("two_classes", "binary_cross_entropy", "log(1 + exp(-t*y)) = log(1 + exp("),
        ("three_classes", "softmax_cross_entropy", "log(sum of exp(y)) - y of its class = log("),
        ("two_classes", "hinge", "max(0, 1 - t*y) = max(0, 1 - "),
    ],
)
def test_the_loss_is_its_formula_with_the_numbers_of_the_sample(
    data: str, loss: str, starts: str, request: pytest.FixtureRequest
) -> None:
    dataset: Dataset = request.getfixturevalue(data)
    activation = "tanh" if loss == "squared_error" else "linear"
    network = NetworkSpec(hidden=(3,), output_activation=activation)
    snapshot = Session(network, dataset, TrainingConfig(loss=loss), seed=1).snapshot()
    for row in (0, 25, 59):
        graph = sample_graph(snapshot, row)
        text = loss_text(snapshot, row)
        assert text.startswith(starts)
        _, numbers, result = text.split(" = ")
        python = numbers.replace("^", "**").replace("1/2 ", "1/2*")
        computed = eval(python, {"exp": math.exp, "log": math.log})
        assert computed == pytest.approx(float(graph.loss), rel=0.02, abs=0.01)
        assert float(result) == pytest.approx(float(graph.loss), rel=1e-3)
