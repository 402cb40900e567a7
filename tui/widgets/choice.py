"""Controls of one row for a value out of few: a drop-down list, one with a label, a tick box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Label, Select, Static

from .basics import is_ascii

ASCII_ARROWS = {".down-arrow": "v", ".up-arrow": "^"}


class DropDown(Select[str]):
    """A compact `Select` that always has a value; in ASCII its arrows are letters.

    Args:
        options: (shown, value) pairs.
        value: The initial value.
    """

    def __init__(
        self, options: Iterable[tuple[str, str]], value: str, *, tooltip: str | None = None
    ) -> None:
        super().__init__(options, value=value, allow_blank=False, compact=True, tooltip=tooltip)

    def on_mount(self) -> None:
        if is_ascii(self):
            for arrow, letter in ASCII_ARROWS.items():
                self.query_one(arrow, Static).update(letter)

    def show(self, value: str) -> None:
        """Show a value without posting a message."""
        with self.prevent(Select.Changed):
            self.value = value


class Choice(Horizontal):
    """A label and a drop-down list.

    Args:
        label: What is chosen.
        options: (shown, value) pairs.
        value: The initial value.
        label_width: Cells for the label, so that controls in a column line up.
    """

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; }
    Choice > Label { color: $text-muted; }
    Choice:focus-within > Label { color: $foreground; text-style: bold; }
    Choice > Select { width: 1fr; }
    """

    @dataclass
    class Changed(Message):
        """The user chose a value."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(
        self,
        label: str,
        options: Iterable[tuple[str, str]],
        value: str,
        *,
        label_width: int,
        tooltip: str | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._label = Label(label)
        self._label.styles.width = label_width + 1
        self._select = DropDown(options, value)
        self._value = value
        self.tooltip = tooltip

    def compose(self) -> ComposeResult:
        yield self._label
        yield self._select

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """Shows other options, and chooses the first, without a message."""
        with self._select.prevent(Select.Changed):
            self._select.set_options(options)
        self._value = str(self._select.value)

    @property
    def value(self) -> str:
        """The chosen value. Setting it posts no message."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self._select.show(value)

    def on_select_changed(self, event: Select.Changed) -> None:
        event.stop()
        # An event may be late: the current value counts.
        is_latest = event.value == self._select.value
        if is_latest and event.value != self._value and isinstance(event.value, str):
            self._value = event.value
            self.post_message(self.Changed(self, event.value))


class TickBox(Checkbox):
    """A `Checkbox`, to be made compact, that shows no mark while off; in ASCII it has brackets."""

    DEFAULT_CSS = """
    TickBox { width: 1fr; height: 1; background: transparent; padding: 0; }
    """

    def render(self) -> Content:
        self.BUTTON_INNER = "x" if self.value else " "
        if is_ascii(self):
            self.BUTTON_LEFT, self.BUTTON_RIGHT = "[]"
        return super().render().rstrip()

    def show(self, value: bool) -> None:
        """Show a value without posting a message."""
        with self.prevent(Checkbox.Changed):
            self.value = value
