"""The projection keeps what the singular value decomposition promises."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core.training import principal_components
from toygrad.core.training.projection import MAX_FITTED_ROWS
from toygrad.datasets import DATASETS


def test_points_on_a_line_have_one_component_along_it() -> None:
    projection = principal_components(np.array([[0, 0, 1], [3, 4, 1], [6, 8, 1], [-3, -4, 1.0]]))
    np.testing.assert_allclose(projection.axes[0], [0.6, 0.8, 0.0], atol=1e-12)
    np.testing.assert_allclose(projection.explained, [1.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(projection.coordinates[:, 0], [-2.5, 2.5, 7.5, -7.5], atol=1e-12)


def test_it_agrees_with_the_eigenvectors_of_the_covariance() -> None:
    dataset = DATASETS["iris"](rng=np.random.default_rng(0))
    projection = principal_components(dataset.network_inputs())
    values, vectors = np.linalg.eigh(np.cov(dataset.network_inputs().T))
    np.testing.assert_allclose(projection.explained, values[:-3:-1] / values.sum(), rtol=1e-9)
    for axis, vector in zip(projection.axes, vectors.T[::-1], strict=False):
        assert abs(axis @ vector) == pytest.approx(1.0, abs=1e-9)
        assert axis[np.abs(axis).argmax()] > 0
    # The share of the variance of standardised iris that is published: 72.96 % and 22.85 %.
    np.testing.assert_allclose(projection.explained, [0.7296, 0.2285], atol=5e-5)


@pytest.mark.parametrize("points", [[[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]] * 3, [[2.0]] * 3])
def test_points_without_extent_lie_in_the_middle(points: list[list[float]]) -> None:
    projection = principal_components(np.array(points))
    assert not projection.coordinates.any()
    assert projection.explained.tolist() == [0.0, 0.0]
    assert projection.coordinates.shape == (len(points), 2)


def test_of_many_rows_all_are_projected() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(MAX_FITTED_ROWS * 2 + 1, 3))
    projection = principal_components(points)
    assert projection.coordinates.shape == (len(points), 2)
    assert np.isfinite(projection.coordinates).all()
