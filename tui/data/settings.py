"""The data's settings below each other, among which the arrows walk."""

from __future__ import annotations

from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.geometry import Offset
from textual.widget import Widget

from ..keys import bindings


class DataSettings(VerticalScroll, can_focus=False):
    """A column of settings. Arrows and hjkl go to the next one where it has no use for them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        up,k    | settings.up    | walk(0, -1) | Up    | The setting above; then the data sets
        down,j  | settings.down  | walk(0, 1)  | Down  | The setting below
        left,h  | settings.left  | walk(-1, 0) | Left  | The setting to the left
        right,l | settings.right | walk(1, 0)  | Right | The setting to the right
        """
    )

    def focus_first(self) -> None:
        """Give the focus to the first setting."""
        self._settings()[0].focus()

    def action_walk(self, x: int, y: int) -> None:
        """Give the focus to the nearest setting on one side; scroll where there is none.

        Args:
            x: -1 for the left, 1 for the right, else 0.
            y: -1 for above, 1 for below, else 0.

        Raises:
            SkipAction: If there is nothing more above or on this side.
        """
        focused = self.screen.focused
        if focused is None or focused not in self._settings():
            raise SkipAction
        here = focused.region.offset
        ahead = [
            (abs(step.y), abs(step.x), place)
            for place, other in enumerate(self._settings())
            if _is_ahead(step := other.region.offset - here, x, y)
        ]
        if ahead:
            self._settings()[min(ahead)[2]].focus()
        elif y > 0 and not self.is_vertical_scroll_end:
            self.scroll_relative(y=y, animate=False)
        else:
            raise SkipAction

    def _settings(self) -> list[Widget]:
        return [widget for widget in self.screen.focus_chain if self in widget.ancestors]


def _is_ahead(step: Offset, x: int, y: int) -> bool:
    if y:
        return step.y * y > 0
    return step.y == 0 and step.x * x > 0
