"""A field for an answer, in which all keys that no answer needs still work."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.widgets import Input

NUMBER: Final = "0123456789.-e"


class AnswerField(Input):
    """A field that takes only what its answers are made of.

    Attributes:
        takes: The characters; those of a number by default.
    """

    takes: str = NUMBER

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character in self.takes

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()
