"""LossPlot: the plot of the loss pane, which reports what the mouse does on it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from ..widgets.plot import Plot

LEFT_BUTTON = 1


class LossPlot(Plot, can_focus=True):
    """The plot itself, with the epochs across."""

    @dataclass
    class Pointed(Message):
        """The pointer is over an epoch, or over none."""

        epoch: float | None

    @dataclass
    class Picked(Message):
        """An epoch was clicked."""

        epoch: float

    @dataclass
    class Scrolled(Message):
        """The wheel was turned over an epoch: one step towards the user is 1, away -1."""

        epoch: float
        steps: int

    @dataclass
    class Dragged(Message):
        """The picture was dragged to the right by a share of its width, to the left if below 0."""

        share: float

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._held_at: int | None = None
        self._was_dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == LEFT_BUTTON:
            self._held_at, self._was_dragged = event.x, False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held_at is None:
            self.post_message(self.Pointed(self.x_at(event.x)))
        elif event.x != self._held_at:
            self.post_message(self.Dragged((event.x - self._held_at) / self.columns))
            self._held_at, self._was_dragged = event.x, True

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._held_at is None:
            return
        self.release_mouse()
        self._held_at = None
        epoch = self.x_at(event.x)
        if epoch is not None and not self._was_dragged:
            self.post_message(self.Picked(epoch))

    def on_leave(self) -> None:
        self.post_message(self.Pointed(None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, 1)

    def _scroll(self, event: events.MouseEvent, steps: int) -> None:
        if (epoch := self.x_at(event.x)) is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.Scrolled(epoch, steps))
