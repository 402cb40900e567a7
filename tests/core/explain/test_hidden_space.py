"""The hidden space is the network's own: its positions, its line, and the components' plane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot
from toygrad.core.explain.hidden_space import GRID_LINES, hidden_space
from toygrad.core.training import trace_point
from toygrad.datasets import DATASETS


def trained(name: str, hidden: tuple[int, ...]) -> Snapshot:
    dataset = DATASETS[name](60, rng=np.random.default_rng(0))
    session = Session(NetworkSpec(hidden=hidden), dataset)
    session.advance(20)
    return session.snapshot()


def all_rows(snapshot: Snapshot) -> np.ndarray:
    return np.arange(snapshot.dataset.n_samples)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_two_units_are_the_axes_and_every_position_is_the_networks_own(layer: int) -> None:
    snapshot = trained("circle", (2, 2))
    space = hidden_space(snapshot, layer, all_rows(snapshot))
    for row, place in enumerate(space.places):
        trace = trace_point(snapshot, snapshot.dataset.points[row])
        np.testing.assert_allclose(place, trace.outputs[layer], rtol=1e-12)
    assert space.explained.size == 0


def test_more_units_are_seen_in_the_plane_that_numpys_svd_gives() -> None:
    snapshot = trained("circle", (5,))
    rows = all_rows(snapshot)[::2]
    space = hidden_space(snapshot, 1, rows)
    hidden = np.array([trace_point(snapshot, p).outputs[1] for p in snapshot.dataset.points[rows]])
    u, sizes, _ = np.linalg.svd(hidden - hidden.mean(axis=0), full_matrices=False)
    expected = u[:, :2] * sizes[:2]
    signs = np.sign((space.places * expected).sum(axis=0))
    np.testing.assert_allclose(space.places, expected * signs, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(space.explained, sizes[:2] ** 2 / (sizes**2).sum())


@pytest.mark.parametrize(("name", "hidden"), [("circle", (3, 2)), ("iris", (2,)), ("plane", (2,))])
def test_what_reads_the_last_hidden_layer_gives_the_networks_outputs(
    name: str, hidden: tuple[int, ...]
) -> None:
    snapshot = trained(name, hidden)
    space = hidden_space(snapshot, len(hidden), all_rows(snapshot))
    outputs = space.outputs(space.places)
    assert outputs is not None
    np.testing.assert_allclose(outputs, snapshot.outputs, rtol=1e-9, atol=1e-12)
    assert hidden_space(snapshot, 0, all_rows(snapshot)).outputs(space.places) is None


def test_in_the_plane_of_components_the_line_is_where_the_output_is_0() -> None:
    snapshot = trained("circle", (6,))
    space = hidden_space(snapshot, 1, all_rows(snapshot))
    assert space.weight is not None
    assert space.bias is not None
    # A place on the line, put back into the layer's six units and read by the output's weights.
    (a, b), c = space.weight[:, 0], float(space.bias[0])
    on_line = np.array([[-a * c, -b * c]]) / (a * a + b * b)
    hidden = np.array([trace_point(snapshot, p).outputs[1] for p in snapshot.dataset.points])
    centre = hidden.mean(axis=0)
    axes = np.linalg.lstsq(space.places, hidden - centre, rcond=None)[0]
    *weights, bias = snapshot.parameters[-7:]
    assert (centre + on_line @ axes) @ weights + bias == pytest.approx(0.0, abs=1e-9)


def test_the_grid_of_the_inputs_is_bent_as_the_network_bends_it() -> None:
    snapshot = trained("circle", (2,))
    (left, right), (low, high) = snapshot.view
    space = hidden_space(snapshot, 1, all_rows(snapshot))
    assert len(space.grid) == 2 * GRID_LINES
    ends = {0: ((left, low), (left, high)), -1: ((left, high), (right, high))}
    for number, points in ends.items():
        for place, point in zip(space.grid[number][[0, -1]], points, strict=True):
            np.testing.assert_allclose(place, trace_point(snapshot, point).outputs[1])
    curve = trained("parabola", (2,))
    assert len(hidden_space(curve, 1, all_rows(curve)).grid) == 1
    flowers = trained("iris", (2,))
    assert hidden_space(flowers, 1, all_rows(flowers)).grid == ()


def test_one_unit_lies_on_one_axis_and_what_is_not_finite_has_no_place() -> None:
    snapshot = trained("circle", (1,))
    space = hidden_space(snapshot, 1, all_rows(snapshot))
    assert not space.places[:, 1].any()
    for number in (np.inf, np.nan, 1e300):
        parameters = np.full_like(snapshot.parameters, number)
        diverged = replace(snapshot, parameters=parameters, activations=("linear", "tanh"))
        assert np.isnan(hidden_space(diverged, 1, all_rows(snapshot)).places).all()
