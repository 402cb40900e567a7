"""RaceField: a line in which values of a setting are typed, each to become a lane of a race."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from ...core.race.lanes import MAX_LANES
from ..messages import Complaint
from ..widgets.settings import Choice, Number

MOST_CHARACTERS: Final = 200
TOOLTIP: Final = "Values with commas between them; each goes on from here in its own lane."
_BETWEEN: Final = re.compile(r"[,;\s]+")


class RaceField(Horizontal):
    """The line, hidden until it is opened for a setting."""

    DEFAULT_CSS = """
    RaceField { display: none; height: 1; dock: bottom; background: $surface; }
    RaceField.-on { display: block; }
    RaceField Label { color: $primary; text-style: bold; padding: 0 1 0 0; max-width: 75%; }
    RaceField Input { width: 1fr; background: $boost; padding: 0; }
    """

    @dataclass
    class Typed(Message):
        """Some values were typed.

        Attributes:
            setting: Its name.
            values: As they are set.
        """

        setting: str
        values: list[Any]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._setting: Number | Choice | None = None

    def compose(self) -> ComposeResult:
        yield Label("")
        yield Input(
            compact=True, max_length=MOST_CHARACTERS, select_on_focus=False, tooltip=TOOLTIP
        )

    @property
    def is_open(self) -> bool:
        """Whether values can be typed."""
        return self.has_class("-on")

    def open(self, setting: Number | Choice, value: Any) -> None:
        """Asks for values of a setting.

        Args:
            setting: The setting.
            value: The present one.
        """
        self._setting = setting
        self.query_one(Label).update(f"race {setting.label}")
        field = self.query_one(Input)
        field.value = f"{_written(setting, value)}, "
        field.placeholder = "two values or more"
        self.add_class("-on")
        field.focus()
        field.cursor_position = len(field.value)
        self.screen.refresh_bindings()

    def close(self) -> None:
        """Hides it."""
        self.remove_class("-on")
        self.screen.refresh_bindings()

    def on_descendant_blur(self, _: events.DescendantBlur) -> None:
        self.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        setting = self._setting
        if setting is None:
            return
        try:
            values = read_values(setting, event.value)
        except ValueError as error:
            self.post_message(Complaint(str(error)))
            return
        self.post_message(self.Typed(setting.name, values))


def read_values(setting: Number | Choice, text: str) -> list[Any]:
    """The values that a text lists, separated by commas or blanks.

    Raises:
        ValueError: If one can't be read, or there are fewer than two; in one sentence.
    """
    names = setting.options if isinstance(setting, Choice) else ()
    parts = text.split(",") if names else _BETWEEN.split(text)
    words = [part.strip() for part in parts if part.strip()]
    values = [_read(setting, word) for word in words]
    if len(values) > MAX_LANES:
        raise ValueError(f"A race has at most {MAX_LANES} lanes: type fewer values.")
    if len(set(values)) < 2:
        raise ValueError(f"Type two values or more, such as {_example(setting)}.")
    return values


def _read(setting: Number | Choice, word: str) -> Any:
    if isinstance(setting, Number):
        try:
            return setting.parse(word)
        except ValueError as error:
            raise ValueError(f"{error} It is among the values to race: {word}.") from error
    for shown, value in setting.options:
        if word.lower() in (shown.lower(), str(value).lower()):
            return value
    known = ", ".join(shown for shown, _ in setting.options)
    raise ValueError(f'"{word}" is no {setting.label}. Use {known}.')


def _written(setting: Number | Choice, value: Any) -> str:
    return setting.format(value).strip() if isinstance(setting, Number) else setting.shown(value)


def _example(setting: Number | Choice) -> str:
    if isinstance(setting, Choice):
        return ", ".join(shown for shown, _ in setting.options[:2])
    stops = setting.stops
    middle = len(stops) // 2
    return ", ".join(setting.format(stop).strip() for stop in stops[middle - 1 : middle + 2])
