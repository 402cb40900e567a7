"""Failures: what is said where training, or what serves it, can't go on."""

from __future__ import annotations

import logging

import numpy as np

from ..nn import Network
from ..nn.layers import element_names

_log = logging.getLogger(__name__)


def first_not_finite(network: Network) -> str:
    """The first parameter that is not finite, or whose gradient is not; empty if all are."""
    finite = np.isfinite(network.flat_gradients) & np.isfinite(network.flat_parameters)
    bad = np.flatnonzero(~finite)
    return element_names(network)[bad[0]] if bad.size else ""


def why_on_tape(error: Exception) -> str:
    """Why something could not be compiled, a sentence; logs it."""
    from ..autograd.tape.compiler.program import CannotCompile

    if isinstance(error, CannotCompile):
        _log.info("training stays on the tape: %s", error)
        return str(error)
    _log.error("the compiler failed; training stays on the tape", exc_info=error)
    return f"The compiler failed: {describe_error(error)}"


def describe_error(error: BaseException) -> str:
    """What went wrong inside, in a few words for the screen."""
    return "not enough memory" if isinstance(error, MemoryError) else repr(error)
