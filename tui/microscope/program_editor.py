"""The editor of a program: comments are quiet, errors are underlined, the step's line is lit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.widgets import TextArea


class ProgramEditor(TextArea):
    """A program, one assignment a line."""

    DEFAULT_CSS = """
    ProgramEditor { height: 1fr; min-height: 3; border: none; padding: 0; background: $surface; }
    ProgramEditor:focus { border: none; }
    ProgramEditor > .program-editor--comment { color: $foreground 60%; }
    ProgramEditor > .program-editor--error { color: $text-error; text-style: underline; }
    ProgramEditor > .program-editor--step { color: $text-success; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "program-editor--comment",
        "program-editor--error",
        "program-editor--step",
    }

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(
            text,
            id=id,
            tab_behavior="focus",
            show_line_numbers=True,
            tooltip="One assignment a line: c = a*b + 1, L = c.tanh(). The last one is the output.",
        )
        self._errors: Mapping[int, int] = {}
        self._step: int | None = None

    def mark_errors(self, columns: Mapping[int, int]) -> None:
        """Underlines lines from a column on.

        Args:
            columns: The column of each line with an error, both counted from 1.
        """
        if columns != self._errors:
            self._errors = dict(columns)
            self._draw_anew()

    def mark_step(self, line: int | None) -> None:
        """Lights the line that the step belongs to, counted from 1; None for none."""
        if line != self._step:
            self._step = line
            self._draw_anew()

    def _draw_anew(self) -> None:
        # What was drawn of each line is kept by the text area until its styles change.
        self.notify_style_update()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line with its styles."""
        text = super().get_line(line_index)
        begin = text.plain.find("#")
        code = begin if begin >= 0 else len(text.plain)
        number = line_index + 1
        if number == self._step:
            text.stylize(self._style("step"), 0, code)
        if begin >= 0:
            text.stylize(self._style("comment"), begin)
        if number in self._errors:
            # Nothing stands where an expression ends too early: then its last character.
            first = max(min(self._errors[number], code) - 1, 0)
            text.stylize(self._style("error"), first, code)
        return text

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"program-editor--{name}")
        # Without its background: that is the line's own, with the cursor and the selection.
        return Style(color=style.color, bold=style.bold, underline=style.underline)
