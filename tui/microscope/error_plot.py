"""A plot of the error of difference quotients against h, both on logarithmic axes."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...core.explain.check import ErrorCurve
from ..drawing.axes import Axis, log_axis
from ..drawing.palette import NEGATIVE, POSITIVE
from ..widgets.plot import DASHED
from .small_plot import SmallPlot

# No error at all is drawn as this: below it floating point knows nothing.
_NO_ERROR: Final = 1e-17


class ErrorPlot(SmallPlot):
    """From the left, where h is tiny and rounding rules, to the right, where h is no limit."""

    def show_curve(self, curve: ErrorCurve | None, h: float) -> None:
        """Draws the curves, and where h is now.

        Args:
            curve: None for an empty plot.
            h: The one of the check.
        """
        self.begin(scale="logarithmic")
        if curve is not None:
            order = np.argsort(curve.steps)
            x = np.log10(curve.steps[order])
            one_sided, central = (
                np.maximum(errors[order], _NO_ERROR) for errors in (curve.one_sided, curve.central)
            )
            self.line(x, one_sided, self.ink(NEGATIVE), DASHED)
            self.line(x, central, self.ink(POSITIVE))
            self.upright(float(np.log10(h)), "h", self.ink("gray"))
        self.end()

    def axis_across(self, axis: Axis) -> Axis:
        """The axis of h, of which the logarithms are drawn."""
        return log_axis(axis.low, axis.high)
