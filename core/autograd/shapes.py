"""Shapes: what reductions, indexing and broadcasting did to one, undone for a gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .numerics import Axis, Data, FloatArray


def with_axes(reduced: Data, axis: Axis, keepdims: bool) -> Data:
    """The result of a reduction with its reduced axes back, as axes of length 1."""
    if keepdims or axis is None or type(reduced) is float:
        return reduced
    return np.expand_dims(reduced, axis)


def scatter(x: Data, shape: tuple[int, ...], index: Any) -> FloatArray:
    """Zeros of a shape, with x of the shape of `zeros(shape)[index]` added at the index.

    An element that the index names twice receives both.
    """
    size = math.prod(shape)
    places = np.arange(size).reshape(shape)[index]
    if not places.size:
        # Of nothing, NumPy's bincount makes whole numbers.
        return np.zeros(shape)
    return np.reshape(np.bincount(np.ravel(places), np.reshape(x, -1), size), shape)


def unbroadcast(gradient: Data, data: Data) -> Data:
    """Sums a gradient over the axes that broadcasting added, back to its operand's shape and dtype.

    Args:
        gradient: In the shape that the operand was broadcast to, or a number for every element.
        data: The operand: a float, or an array of any shape.
    """
    if type(data) is float:
        return float(np.sum(gradient))
    dtype = np.asarray(data).dtype
    if type(gradient) is np.ndarray and gradient.dtype != dtype:
        gradient = gradient.astype(dtype)
    shape = np.shape(data)
    n_added = np.ndim(gradient) - len(shape)
    if n_added > 0:
        gradient = np.sum(gradient, axis=tuple(range(n_added)))
    if np.shape(gradient) == shape:
        return gradient
    if n_added >= 0:
        stretched = tuple(i for i, n in enumerate(shape) if n == 1 != np.shape(gradient)[i])
        gradient = np.sum(gradient, axis=stretched, keepdims=True)
    return np.broadcast_to(gradient, shape)
