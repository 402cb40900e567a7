"""A knob: one row with a label, a value to type and a track to slide along."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from ..drawing.canvas import padded_segments
from ..keys import bindings
from .basics import is_ascii

LEAST_TRACK: Final = 5
"""A track with fewer cells is too coarse to be useful, and is left out."""
_LEFT_BUTTON: Final = 1


def linear_stops(low: float, high: float, step: float) -> tuple[float, ...]:
    """Evenly spaced stops.

    Args:
        low: The first stop.
        high: The last stop, included whatever the step.
        step: The distance between stops, above zero.

    Returns:
        The stops, ascending.

    Raises:
        ValueError: If the range is empty or the step not positive.
    """
    if not (step > 0 and high > low):
        raise ValueError(f"no stops from {low} to {high} by {step}")
    # Rounding to the step's own digits keeps 0.30000000000000004 off the screen.
    digits = max(0, 12 - math.floor(math.log10(max(abs(low), abs(high)))))
    count = math.floor((high - low) / step + 1e-9)
    stops = [round(low + index * step, digits) for index in range(count + 1)]
    return (*stops, high) if stops[-1] < high else tuple(stops)


def parse_number(text: str) -> float:
    """A finite number from what was typed.

    Raises:
        ValueError: If it is not one; the message is a sentence for the user.
    """
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a number.") from None
    if not math.isfinite(number):
        raise ValueError(f"“{text}” is not a finite number.")
    return number


def format_number(value: float) -> str:
    """A number in as few digits as it needs, up to six."""
    return f"{value:g}"


class Knob(Widget, can_focus=True):
    """A number to turn from stop to stop with the arrows and the mouse, or to type.

    The value may lie between the stops or beyond them; the handle is then at the nearest one.

    Args:
        label: The name of the number.
        stops: The values along the track, ascending. Without any there is no track.
        value: The initial value.
        format: Shows a value.
        parse: Reads what was typed. Raises ValueError with a sentence for the user.
        label_width: Cells for the label, so that knobs in a column line up. By default as many as
            it has characters.
        value_width: Cells for the value.

    Raises:
        ValueError: If the stops are not ascending.
    """

    DEFAULT_CSS = """
    Knob { height: 1; width: 1fr; color: $foreground; layout: horizontal; }
    Knob:hover { background: $surface-active; }
    Knob:focus, Knob:focus-within { background: $surface-active; }
    Knob > .knob--label { color: $text-muted; }
    Knob:focus > .knob--label { color: $foreground; text-style: bold; }
    Knob > .knob--value { color: $foreground; }
    Knob:focus > .knob--value {
        color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold;
    }
    Knob > .knob--filled { color: $primary; }
    Knob > .knob--track { color: $foreground-disabled; }
    Knob > .knob--handle { color: $foreground; text-style: bold; }
    Knob:disabled { text-opacity: 50%; }
    Knob > Input { background: $boost; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "knob--label",
        "knob--value",
        "knob--filled",
        "knob--track",
        "knob--handle",
    }

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h  | knob.less   | turn(-1)        | Less   | Turn the knob to the stop below
        right,l | knob.more   | turn(1)         | More   | Turn the knob to the stop above
        home    | knob.least  | turn_to_end(0)  | Least  | Turn the knob to its first stop
        end     | knob.most   | turn_to_end(-1) | Most   | Turn the knob to its last stop
        enter   | knob.edit   | edit            | *Type  | Type a value
        escape  | knob.cancel | cancel          | Cancel | Leave the value as it was
        """
    )

    value: reactive[float] = reactive(0.0)
    """The value. Setting it posts no message."""

    @dataclass
    class _Sent(Message):
        knob: Knob

        @property
        def control(self) -> Knob:
            return self.knob

    @dataclass
    class Changed(_Sent):
        """The user turned the knob or typed a value."""

        value: float

    @dataclass
    class Rejected(_Sent):
        """The user typed something invalid; the sentence says why."""

        sentence: str

    def __init__(
        self,
        label: str,
        stops: Sequence[float],
        value: float,
        format: Callable[[float], str] = format_number,
        parse: Callable[[str], float] = parse_number,
        *,
        label_width: int | None = None,
        value_width: int = 8,
        tooltip: str | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.tooltip = tooltip
        self.label = label
        self.stops = stops
        self._format = format
        self._parse = parse
        self._label_width = len(label) if label_width is None else label_width
        self._value_width = value_width
        self._value_start = self._label_width + 1
        self._track_start = self._value_start + value_width + 1
        self.set_reactive(Knob.value, value)

    @property
    def stops(self) -> Sequence[float]:
        """The values along the track, ascending."""
        return self._stops

    @stops.setter
    def stops(self, stops: Sequence[float]) -> None:
        if any(later <= earlier for earlier, later in pairwise(stops)):
            raise ValueError(f"stops must be ascending, not {list(stops)}")
        self._stops = tuple(stops)
        self.refresh()

    @property
    def is_editing(self) -> bool:
        return bool(self.query(Input))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "cancel":
            return self.is_editing
        if action in ("turn", "turn_to_end"):
            return bool(self._stops) and not self.is_editing
        if action == "edit":
            return not self.is_editing
        return super().check_action(action, parameters)

    # --- Drawing -------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        if y:
            return Strip.blank(width, self.rich_style)
        label = f"{_cut(self.label, self._label_width):<{self._label_width}} "
        value = f"{_cut(self._format(self.value), self._value_width):>{self._value_width}}"
        segments = [
            Segment(label, self.get_component_rich_style("knob--label")),
            *padded_segments(value, self.get_component_rich_style("knob--value")),
        ]
        if self._track_width:
            segments += [Segment(" ", self.rich_style), *self._track()]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    @property
    def _track_width(self) -> int:
        """Cells for the track, 0 if there is none."""
        room = self.content_size.width - self._track_start
        return room if len(self._stops) > 1 and room >= LEAST_TRACK else 0

    def _track(self) -> list[Segment]:
        filled, handle, rest = "=o-" if is_ascii(self) else "━●─"
        last_stop, last_cell = len(self._stops) - 1, self._track_width - 1
        place = min(range(last_stop + 1), key=lambda stop: abs(self._stops[stop] - self.value))
        cell = round(place * last_cell / last_stop)
        parts = (
            (filled * cell, "filled"),
            (handle, "handle"),
            (rest * (last_cell - cell), "track"),
        )
        return [
            Segment(text, self.get_component_rich_style(f"knob--{name}"))
            for text, name in parts
            if text
        ]

    # --- Turning -------------------------------------------------------------------------------

    def _turn_to(self, value: float) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def action_turn(self, stops: int) -> None:
        find, step = (bisect_right, 0) if stops > 0 else (bisect_left, -1)
        place = find(self._stops, self.value) + step
        if 0 <= place < len(self._stops):
            self._turn_to(self._stops[place])

    def action_turn_to_end(self, place: int) -> None:
        self._turn_to(self._stops[place])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offset = event.get_content_offset(self)
        if event.button != _LEFT_BUTTON or offset is None or self.is_editing:
            return
        if 0 <= offset.x - self._track_start < self._track_width:
            self.capture_mouse()
            self._turn_to_cell(offset.x - self._track_start)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._is_dragged:
            offset = event.get_content_offset_capture(self)
            self._turn_to_cell(offset.x - self._track_start)

    def on_mouse_up(self) -> None:
        if self._is_dragged:
            self.release_mouse()

    @property
    def _is_dragged(self) -> bool:
        return self.app.mouse_captured is self

    def _turn_to_cell(self, cell: int) -> None:
        share = max(0.0, min(1.0, cell / (self._track_width - 1)))
        self._turn_to(self._stops[round(share * (len(self._stops) - 1))])

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn_by_wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn_by_wheel(event, -1)

    def _turn_by_wheel(self, event: events.MouseEvent, stops: int) -> None:
        if self.has_focus and self._stops:
            event.stop()
            self.action_turn(stops)

    # --- Typing --------------------------------------------------------------------------------

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.x - self._value_start < self._value_width:
            await self.action_edit()

    async def action_edit(self) -> None:
        if self.is_editing or self.disabled:
            return
        text = Input(self._format(self.value).strip(), compact=True, select_on_focus=True)
        text.styles.margin = (0, 0, 0, self._value_start)
        text.styles.width = max(self._value_width, 1)
        await self.mount(text)
        text.focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = self._parse(event.value.strip())
        except ValueError as error:
            event.input.add_class("-invalid")
            self.post_message(self.Rejected(self, str(error)))
            return
        await self.action_cancel()
        self._turn_to(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        event.input.remove_class("-invalid")

    def on_input_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        event.input.remove()

    async def action_cancel(self) -> None:
        self.focus()
        await self.query(Input).remove()
        # The footer offers to type again.
        self.refresh_bindings()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "~"[:width]
