"""TracedRule: a pure function of arrays, recorded once, that then works in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .buffers import Program, bind
from .recording import Array, Recording


@dataclass(frozen=True, slots=True)
class TracedRule:
    """A function that was recorded, and where its results go.

    Attributes:
        recording: Its calls. The leaves are arrays that exist outside; their contents may change
            between two runs.
        outputs: Its results, and the arrays they are written into; these may be leaves, which
            keep their old contents until all that read them have done so.
    """

    recording: Recording
    outputs: Sequence[tuple[Any, Array]]

    @classmethod
    def trace(
        cls,
        function: Callable[..., Sequence[Any]],
        operands: Sequence[Array],
        targets: Sequence[Array],
    ) -> TracedRule:
        """Records a function.

        Args:
            function: Takes the operands, traced, and returns a result for each target. It may not
                look at their numbers.
            operands: float64, or truth values.
            targets: Where the results go, in their shapes.
        """
        recording = Recording(np.dtype(np.float64))
        with np.errstate(all="ignore"):  # operands may hold anything yet
            results = function(*map(recording.leaf, operands))
        return cls(recording, list(zip(results, targets, strict=True)))

    def bind(self) -> Program:
        """The NumPy calls that make the results and allocate nothing."""
        return bind(self.recording, self.outputs)
