"""A compositor that renders the widgets that changed, not all that lie between them."""

from __future__ import annotations

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.widget import Widget


class DirtyRegionCompositor(Compositor):
    """Textual's compositor, with less to do where the panes change in every frame.

    Textual asks every widget in the smallest rectangle around all changes for its lines, and then
    sends only the changed ones to the terminal. Panes that change in opposite corners make that
    the whole screen, seventeen times a second.
    """

    _updating: frozenset[Region] = frozenset()

    @property
    def visible_widgets(self) -> dict[Widget, tuple[Region, Region]]:
        """The widgets on the screen; while a part is being updated those that touch it."""
        visible = super().visible_widgets
        if not self._updating:
            return visible
        return {
            widget: (region, clip)
            for widget, (region, clip) in visible.items()
            if any(region.overlaps(part) for part in self._updating)
        }

    def render_partial_update(self) -> ChopsUpdate | None:
        # These depend on all widgets, and are kept.
        _ = self.cuts
        self._updating = frozenset(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._updating = frozenset()
