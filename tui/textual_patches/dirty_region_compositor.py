"""A compositor, and a screen with it, that renders only the widgets that changed."""

from __future__ import annotations

from textual._compositor import ChopsUpdate, Compositor, ReflowResult
from textual.geometry import Region, Size
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class DirtyRegionCompositor(Compositor):
    """Textual's compositor, with less to do where the panes change in every frame.

    Textual asks every widget in the smallest rectangle around all changes for its lines, and then
    sends only the changed ones to the terminal. With panes that change in opposite corners that is
    the whole screen, seventeen times a second.
    """

    _updating: frozenset[Region] = frozenset()
    # Those that were told that they are shown, and not yet that they are hidden.
    _told: frozenset[Widget] = frozenset()

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lays out all widgets, and says which of them came, went or changed their size.

        Textual compares with the last layout that anything asked for, so that what came or went in
        between (after scrolling, a mouse that moves asks for one) is never told so.
        """
        result = super().reflow(parent, size)
        now, told = frozenset(self._full_map), self._told
        self._told = now
        return ReflowResult(result.hidden | (told - now), set(now - told), result.resized)

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
    """A screen that is drawn by a `DirtyRegionCompositor`, one part after the other.

    Between two parts the application answers keys, where drawing all of them at once would take
    longer than half a frame.
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = DirtyRegionCompositor()

    def _screen_resized(self, size: Size) -> None:
        # While it starts, Textual says five times that it has the size that it has.
        if size != self._size:
            super()._screen_resized(size)

    _is_empty = False

    def wait_for_content(self, seconds: float) -> None:
        """Draws nothing before `draw_content`, or for so long: all would be drawn twice."""
        self._is_empty = True
        self.set_timer(seconds, self.draw_content)

    def draw_content(self) -> None:
        """Draws everything, if nothing was drawn yet."""
        if self._is_empty:
            self._is_empty = False
            self.refresh()

    def _compositor_refresh(self) -> None:
        if not self._is_empty:
            super()._compositor_refresh()

    def part_of(self, widget: Widget) -> Widget | None:
        """The part of the screen that a widget is drawn with; None for that of all the rest."""
        return None

    def _on_timer_update(self) -> None:
        rest = self._later_parts()
        if not rest:
            super()._on_timer_update()
            return
        self._dirty_widgets -= rest
        # They wait for all parts.
        waiting, self._callbacks = self._callbacks, []
        super()._on_timer_update()
        self._callbacks[:0] = waiting
        self._dirty_widgets |= rest
        self.call_next(self._on_timer_update)

    def _later_parts(self) -> set[Widget]:
        """What can be drawn after the smallest part; nothing if all has to be drawn at once."""
        needs_all = self._layout_required or self._scroll_required or self._repaint_required
        if needs_all or not self.is_current or self.app._batch_count:
            return set()
        parts = {widget: self.part_of(widget) for widget in self._dirty_widgets}
        # What a key changes is small.
        first = min(parts.values(), key=_area, default=None)
        return {widget for widget, part in parts.items() if part is not first}


def _area(part: Widget | None) -> int:
    return 0 if part is None else part.size.area
