"""Projection: points of many columns seen from the side from which they spread most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..autograd.numerics import FloatArray

N_COMPONENTS = 2
# More rows move the components no more than can be seen, and cost seconds.
MAX_FITTED_ROWS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Points along their first principal components.

    Attributes:
        coordinates: Of every row along them, shape (samples, 2).
        centre: Where both coordinates are 0, shape (columns,).
        axes: What they are made of: unit vectors, shape (2, columns).
        explained: The share of the variance along each, shape (2,); 0 where there is none.
    """

    coordinates: FloatArray
    centre: FloatArray
    axes: FloatArray
    explained: FloatArray


def principal_components(points: FloatArray) -> Projection:
    """Projects points on their first two principal components.

    By the singular value decomposition of the centred points (Jolliffe, "Principal Component
    Analysis", 2002, section 3.5). The largest entry of each axis is positive, so that the picture
    is never mirrored. Of more than `MAX_FITTED_ROWS` rows, so many evenly spaced ones decide.

    Args:
        points: Shape (samples, columns), at least one of each, all of them finite.
    """
    step = -(-len(points) // MAX_FITTED_ROWS)
    fitted = points[::step]
    centre = fitted.mean(axis=0)
    _, sizes, axes = np.linalg.svd(fitted - centre, full_matrices=False)
    # One row, or one column, has one component: the others have no extent.
    missing = max(N_COMPONENTS - len(sizes), 0)
    variances = np.pad(sizes**2, (0, missing))
    axes = np.pad(axes, ((0, missing), (0, 0)))[:N_COMPONENTS]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.where(axes[np.arange(N_COMPONENTS), largest] < 0.0, -1.0, 1.0)[:, None]
    total = float(variances.sum())
    explained = variances[:N_COMPONENTS] / total if total > 0.0 else np.zeros(N_COMPONENTS)
    return Projection((points - centre) @ axes.T, centre, axes, explained)
