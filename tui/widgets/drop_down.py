"""A drop-down list in one row."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widgets import Select, Static

from .ascii import is_ascii

ASCII_ARROWS = {".down-arrow": "v", ".up-arrow": "^"}


class DropDown(Select[str]):
    """A compact `Select` that always has a value; in ASCII its arrows are letters.

    Args:
        options: (shown, value) pairs.
        value: The value to begin with.
        tooltip: Shown when the pointer rests on it.
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
        """Shows a value without a message: only what the user chooses is news."""
        with self.prevent(Select.Changed):
            self.value = value
