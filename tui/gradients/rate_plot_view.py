"""RatePlotView: the loss over learning rates, with the rates that matter pointed out."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from ..widgets.line_view import LineView
from .rate_plot import RateCurve, RateInk, rate_plot


class RatePlotView(LineView):
    """A plot, or a sentence where there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="The training loss after one step along the gradient, for every learning rate: "
            "left of the lowest point a step is short, far right of it the loss goes up. "
            "Press f to find a rate that lasts.",
        )
        self._curve: RateCurve | None = None
        self._sentence = ""

    def show(self, curve: RateCurve) -> None:
        """Shows a curve."""
        self._curve = curve
        self.redraw()

    def say(self, sentence: str) -> None:
        """Shows a sentence instead."""
        self._curve, self._sentence = None, sentence
        self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """See `LineView`."""
        if self._curve is None:
            return self.sentence(self._sentence)
        styles = self.styles_of_rows
        inks: dict[int, Style] = {
            RateInk.PLAIN: styles.plain,
            RateInk.CURVE: styles.positive,
            RateInk.QUIET: styles.quiet,
            RateInk.MARK: styles.negative,
            RateInk.BEST: styles.healthy,
        }
        return rate_plot(self._curve, width, height, inks, ascii=self.ascii)
