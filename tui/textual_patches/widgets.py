"""What widgets need of Textual that it does not export or offer."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.filter import ANSIToTruecolor, LineFilter
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

__all__ = ["SteadyFooter", "TrueColorWidget"]


class TrueColorWidget(Widget):
    """A widget whose strips have true colours already, and no dim text.

    Textual searches every segment for ANSI colours and dim text. For a picture that changes with
    every frame that takes a tenth of the time, and finds nothing.
    """

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All filters but the one that would find nothing."""
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]


class SteadyFooter(Footer):
    """A footer that is made again only if it has something else to show.

    Textual's makes all its keys again whenever the focus moves.
    """

    _shown: Sequence[tuple[Binding, bool, str]] = ()

    def bindings_changed(self, screen: Screen[object]) -> None:
        can_show = screen.app.app_focus and self.is_attached and screen is self.screen
        shown = [
            (active.binding, active.enabled, active.tooltip)
            for active in screen.active_bindings.values()
            if active.binding.show
        ]
        if not can_show or shown != self._shown:
            self._shown = shown if can_show else self._shown
            super().bindings_changed(screen)
