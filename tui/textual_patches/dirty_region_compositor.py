"""A compositor, and a screen with it, that renders only the widgets that changed."""

from __future__ import annotations

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class DirtyRegionCompositor(Compositor):
    """Textual's compositor, with less to do where the panes change in every frame.

    Textual asks every widget in the smallest rectangle around all changes for its lines, and then
    sends only the changed ones to the terminal. With panes that change in opposite corners that is
    the whole screen, seventeen times a second.
    """

    _updating: frozenset[Region] = frozenset()

    @property
    def visible_widgets(self) -> dict[Widget, tuple[Region, Region]]:
        """The widgets on the screen; during a partial update only those that touch the part."""
        visible = super().visible_widgets
        if not self._updating:
            return visible
        return {
            widget: (region, clip)
            for widget, (region, clip) in visible.items()
            if any(region.overlaps(part) for part in self._updating)
        }

    def render_partial_update(self) -> ChopsUpdate | None:
        # These depend on all widgets, and are cached.
        _ = self.cuts
        self._updating = frozenset(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._updating = frozenset()


class DirtyRegionScreen(Screen[ScreenResultType]):
    """A screen that is drawn by a `DirtyRegionCompositor`."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = DirtyRegionCompositor()
