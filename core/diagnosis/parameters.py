"""Parameters: the health of each by its gradients, as a code and a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray

VERDICTS = ("ok", "vanishing", "exploding", "dead")
"""The words, by code; whether one is a problem is for the diagnosis to say."""

OK, VANISHING, EXPLODING, DEAD = range(len(VERDICTS))

# A parameter with a millionth of the largest gradient learns a million times slower: eight sigmoid
# layers do that, each passing on at most a quarter (Hochreiter 1991).
VANISHING_SHARE = 1e-6
# Pascanu et al. 2013 (section 3.2) clip gradients at norms from 1 to 10 times the usual one; an
# element of a thousand moves any weight past its whole range in one default step.
EXPLODING_GRADIENT = 1e3


def verdicts(
    gradients: FloatArray, history: Sequence[FloatArray] | FloatArray
) -> NDArray[np.uint8]:
    """The health of every parameter by its gradients.

    Args:
        gradients: Of the last step, shape (n,).
        history: Earlier ones, k arrays of shape (n,); k may be 0.

    Returns:
        Codes in `VERDICTS`, shape (n,). Dead: a gradient of exactly 0 now and in the whole history,
        of at least one entry. Vanishing: one below `VANISHING_SHARE` of the largest. Exploding: one
        above `EXPLODING_GRADIENT` or not finite.
    """
    size = np.abs(gradients)
    finite = np.isfinite(size)
    largest = size[finite].max(initial=0.0)
    codes = np.zeros(len(gradients), dtype=np.uint8)
    codes[(size < largest * VANISHING_SHARE) & (size > 0.0)] = VANISHING
    codes[~finite | (size > EXPLODING_GRADIENT)] = EXPLODING
    if len(history):
        still = np.flatnonzero(size == 0.0)
        for past in history:
            still = still[past[still] == 0.0]
        codes[still] = DEAD
    return codes
