"""Shift and scale that bring numbers to mean 0 and deviation 1."""

import numpy as np

from .dataset import FloatArray


def standard_scaling(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The mean and the standard deviation (divisor n) along the first axis.

    Args:
        values: Shape (n, ...), finite.

    Returns:
        Shift and scale, each of shape (...). The scale is 1 where all values are the same, so that
        dividing by it is always possible.
    """
    shift = values.mean(axis=0)
    deviation = values.std(axis=0)
    # The mean of equal numbers may be off by a rounding, which leaves a deviation above 0.
    varies = (np.ptp(values, axis=0) > 0) & (deviation > 0)
    return np.asarray(shift), np.where(varies, deviation, 1.0)
