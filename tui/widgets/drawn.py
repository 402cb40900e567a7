"""DrawnWidget: a picture that is drawn again only when it changes."""

from __future__ import annotations

from textual.strip import Strip

from ..textual_patches.widgets import TrueColorWidget


class DrawnWidget(TrueColorWidget):
    """A picture that fills its widget.

    A subclass draws it in `draw`, and calls `redraw` when it changes.
    """

    _drawn: list[Strip] | None = None

    def draw(self) -> list[Strip]:
        """The lines from the top; lines that are missing are blank."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draws it again before the next frame."""
        self._drawn = None
        self.refresh()

    def on_resize(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        if self._drawn is None:
            self._drawn = self.draw()
        if y < len(self._drawn):
            return self._drawn[y]
        return Strip.blank(self.content_size.width, self.rich_style)
