"""The layers view of the gradients pane: what reaches each layer, and what it puts out."""

from __future__ import annotations

from typing import Final

from rich.style import Style
from textual.strip import Strip

from ...core import Snapshot
from ...core.diagnosis.layers import layer_health, layer_verdicts
from ..selection import Selection
from ..widgets.line_view import LineView
from .layer_lines import LayerInks, LayerPicture, layer_lines
from .memory import GradientMemory

EMPTY: Final = "Press s for a step: then each layer has a gradient."


class GradientsLayers(LineView):
    """Each layer's gradient and update on a log scale, now and before, and its outputs."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="How much gradient reaches each layer, how far its weights move, and whether "
            "its neurons still answer. Try sigmoid in four layers, and look at the first.",
        )
        self._picture: LayerPicture | None = None

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        """See `GradientsView`."""
        layers = layer_health(snapshot)
        words = layer_verdicts(layers) if snapshot.step else ()
        self._picture = LayerPicture(layers, words, memory.layer_gradients)
        self.redraw()

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        """See `GradientsView`; a layer is not selected."""

    def focus_first(self) -> None:
        """See `GradientsView`."""
        self.focus()

    def draw(self, width: int, height: int) -> list[Strip]:
        """See `LineView`."""
        if self._picture is None:
            return self.sentence(EMPTY)
        rows = layer_lines(self._picture, width, self._inks(), ascii=self.ascii)
        return [Strip(row) for row in rows]

    def _inks(self) -> LayerInks:
        styles = self.styles_of_rows
        return LayerInks(
            plain=styles.plain,
            quiet=styles.quiet,
            line=styles.line,
            bar=styles.plain + Style(color=styles.positive.color),
            title=self.title_style,
            healthy=styles.healthy,
            warning=styles.warning,
        )
