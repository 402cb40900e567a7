"""A choice: one row with a label and a drop-down list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Label, Select

from .drop_down import DropDown


class Choice(Horizontal):
    """A label and a drop-down list, in one row.

    Args:
        label: What is chosen.
        options: (shown, value) pairs.
        value: The value to begin with.
        label_width: Cells for the label, so that rows below each other line up.
        tooltip: Shown when the pointer rests on it.
        id: The widget's id.
        classes: The widget's CSS classes.
    """

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; }
    Choice > Label { color: $text-muted; }
    Choice:focus-within > Label { color: $foreground; text-style: bold; }
    Choice > Select { width: 1fr; }
    """

    @dataclass
    class Changed(Message):
        """The user chose."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            """The choice that sent it."""
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
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._label = label
        self._label_width = label_width
        self._select = DropDown(options, value)
        self._value = value
        self.tooltip = tooltip

    def compose(self) -> ComposeResult:
        label = Label(self._label)
        label.styles.width = self._label_width + 1
        yield label
        yield self._select

    @property
    def value(self) -> str:
        """What is chosen. Setting it posts no message."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self._select.show(value)

    def on_select_changed(self, event: Select.Changed) -> None:
        event.stop()
        # An event may be late: what counts is what is chosen now.
        is_latest = event.value == self._select.value
        if is_latest and event.value != self._value and isinstance(event.value, str):
            self._value = event.value
            self.post_message(self.Changed(self, event.value))
