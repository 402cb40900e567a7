"""One point on its way through a network, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import ACTIVATIONS, ConfigError, NetworkSpec, Session
from toygrad.core.nn import Element
from toygrad.core.training import trace_point
from toygrad.core.training.trace import fan_in
from toygrad.datasets import DATASETS, Dataset

DATA = {
    name: DATASETS[name](40, rng=np.random.default_rng(0))
    for name in ("circle", "plane", "parabola", "iris")
}


def by_hand(two_classes: Dataset) -> Session:
    """The network of playground-semantics.md: 2-2-1, tanh."""
    run = Session(NetworkSpec(hidden=(2,)), two_classes)
    run.set_parameters(
        {
            "layer1.weight": [[0.1, 0.3], [-0.2, 0.4]],
            "layer1.bias": [0.1, 0.1],
            "layer2.weight": [[0.5], [-0.5]],
            "layer2.bias": [0.1],
        }
    )
    return run


def test_the_case_by_hand_comes_out_number_by_number(two_classes: Dataset) -> None:
    trace = trace_point(by_hand(two_classes).snapshot(), (1.0, 2.0))
    np.testing.assert_allclose(trace.outputs[0], [1.0, 2.0])
    np.testing.assert_allclose(trace.sums[0], [0.1 - 0.4 + 0.1, 0.3 + 0.8 + 0.1])
    hidden = [math.tanh(-0.2), math.tanh(1.2)]
    np.testing.assert_allclose(trace.outputs[1], hidden)
    total = 0.5 * hidden[0] - 0.5 * hidden[1] + 0.1
    np.testing.assert_allclose(trace.sums[1], [total])
    np.testing.assert_allclose(trace.outputs[2], [math.tanh(total)])


@settings(max_examples=40)
@given(
    name=st.sampled_from(list(DATA)),
    hidden=st.lists(st.integers(1, 5), max_size=3).map(tuple),
    activation=st.sampled_from(list(ACTIVATIONS)),
    row=st.integers(0, 39),
    seed=st.integers(0, 3),
)
def test_the_last_outputs_are_what_the_session_says_of_the_point(
    name: str, hidden: tuple[int, ...], activation: str, row: int, seed: int
) -> None:
    dataset = DATA[name]
    run = Session(NetworkSpec(hidden=hidden, activation=activation), dataset, seed=seed)
    run.advance(3)
    snapshot = run.snapshot()
    trace = trace_point(snapshot, dataset.points[row])
    said = run.predict(dataset.points[row])[0]
    np.testing.assert_allclose(dataset.from_network(trace.outputs[-1]), said, rtol=1e-9, atol=1e-12)
    assert tuple(map(len, trace.outputs)) == snapshot.sizes
    for layer, (total, bias) in enumerate(zip(trace.sums, trace.biases, strict=True)):
        for neuron in range(len(bias)):
            terms = fan_in(trace, layer, neuron)
            assert terms.products.sum() + terms.bias == pytest.approx(terms.total, abs=1e-9)
            assert terms.total == total[neuron]
            assert terms.output == trace.outputs[layer + 1][neuron]


def test_formulas_of_the_inputs_are_computed(two_classes: Dataset) -> None:
    run = Session(NetworkSpec(inputs=("x1^2", "x1*x2", "sin x2"), hidden=()), two_classes)
    trace = trace_point(run.snapshot(), (-2.0, 3.0))
    np.testing.assert_allclose(trace.outputs[0], [4.0, -6.0, math.sin(3.0)])


def test_a_point_with_other_columns_is_refused(three_classes: Dataset) -> None:
    snapshot = Session(NetworkSpec(inputs=("x4",)), three_classes).snapshot()
    with pytest.raises(ConfigError):
        trace_point(snapshot, (1.0, 2.0))


def test_a_map_of_a_unit_is_what_its_trace_says_at_each_place(two_classes: Dataset) -> None:
    run = Session(NetworkSpec(hidden=(3, 2)), two_classes)
    run.advance(5)
    columns, rows = 5, 4
    for unit in ((0, 1), (1, 2), (2, 0), (3, 0)):
        snapshot = run.snapshot((columns, rows), unit)
        assert snapshot.unit == unit and snapshot.unit_grid is not None
        (x_low, x_high), (y_low, y_high) = snapshot.view
        for row in range(rows):
            for column in range(columns):
                x = x_low + (column + 0.5) * (x_high - x_low) / columns
                y = y_high - (row + 0.5) * (y_high - y_low) / rows
                value = trace_point(snapshot, (x, y)).outputs[unit[0]][unit[1]]
                assert snapshot.unit_grid[row, column] == pytest.approx(value, abs=1e-12)


def test_a_unit_that_is_not_there_or_cannot_be_seen_has_no_map(
    two_classes: Dataset, three_classes: Dataset
) -> None:
    for unit in ((1, 4), (9, 0)):
        snapshot = Session(NetworkSpec(), two_classes).snapshot(unit=unit)
        assert snapshot.unit is None and snapshot.unit_grid is None
    assert Session(NetworkSpec(), three_classes).snapshot(unit=(1, 0)).unit_grid is None


def test_what_is_not_finite_is_traced_without_a_warning(two_classes: Dataset) -> None:
    run = by_hand(two_classes)
    run.network.flat_parameters[:2] = np.inf, np.nan
    run.set_element(Element(2, None, 0), 1e308)
    trace = trace_point(run.snapshot(), (0.0, 2.0))
    assert np.isnan(trace.outputs[-1]).all()


def test_the_largest_product_of_either_sign_comes_first_and_no_number_last() -> None:
    run = Session(NetworkSpec(hidden=()), DATA["iris"])
    run.network.flat_parameters[:12:3] = [0.5, -4.0, np.nan, 2.0]
    snapshot = run.snapshot()
    point = DATA["iris"].input_shift + DATA["iris"].input_scale * [2.0, 1.0, 1.0, 1.0]
    terms = fan_in(trace_point(snapshot, point), 0, 0)
    np.testing.assert_allclose(terms.products[[0, 1, 3]], [1.0, -4.0, 2.0])
    assert terms.order.tolist() == [1, 3, 0, 2]


def test_a_neuron_that_is_not_there_has_no_fan_in(two_classes: Dataset) -> None:
    trace = trace_point(by_hand(two_classes).snapshot(), (1.0, 2.0))
    for layer, neuron in ((0, 2), (2, 0)):
        with pytest.raises(IndexError):
            fan_in(trace, layer, neuron)
