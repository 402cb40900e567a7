"""A dialog that copies or saves what the microscope shows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from ..confirm import ConfirmScreen
from ..keys import bindings
from ..widgets.text import show_text
from .exports import Exports, save_text

_KINDS: Final = {
    "dot": ("The graph, for Graphviz (DOT)", "graph.dot"),
    "svg": ("A picture of the screen (SVG)", "microscope.svg"),
    "script": ("The program, as a Python script", "program.py"),
}
NO_SCRIPT: Final = "Only a program has a Python script: press g for the program first."


class ExportScreen(ModalScreen[None]):
    """What to take along, and whether to the clipboard or into a file.

    Args:
        exports: The texts.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | export.close | dismiss | *Close | Back to the microscope
        c      | export.copy  | copy    | *Copy  | Copy it to the clipboard
        s      | export.save  | save    | *Save  | Save it to the path below
        """
    )

    def __init__(self, exports: Exports) -> None:
        super().__init__()
        self._texts = {"dot": exports.dot, "svg": exports.svg, "script": exports.script}

    def compose(self) -> ComposeResult:
        with Vertical(id="export") as box:
            box.border_title = "Export"
            box.border_subtitle = "c copies, s saves, escape closes"
            kinds = OptionList(
                *(Option(title, id=kind) for kind, (title, _) in _KINDS.items()),
                id="export-kinds",
                compact=True,
            )
            kinds.tooltip = "What to take along."
            yield kinds
            yield Static("Save to", classes="export-label")
            yield Input(
                _KINDS["dot"][1],
                id="export-path",
                compact=True,
                select_on_focus=False,
                tooltip="Where to save it; enter saves. A path without a folder is in this one.",
            )
            yield Static(id="export-said", markup=False)
            with Horizontal():
                yield Button("Copy", id="export-copy", compact=True, tooltip="To the clipboard (c)")
                yield Button(
                    "Save", variant="primary", id="export-save", compact=True, tooltip="Save it (s)"
                )

    def on_mount(self) -> None:
        kinds = self.query_one(OptionList)
        kinds.highlighted = 0
        kinds.focus()

    @property
    def _kind(self) -> str:
        return list(_KINDS)[self.query_one(OptionList).highlighted or 0]

    @property
    def _text(self) -> str:
        """What was chosen; says so where there is none."""
        text = self._texts[self._kind]
        if not text:
            self._say(NO_SCRIPT)
        return text

    def _say(self, sentence: str) -> None:
        show_text(self.query_one("#export-said", Static), Content(sentence))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        path = self.query_one(Input)
        if path.value in {name for _, name in _KINDS.values()}:
            path.value = _KINDS[self._kind][1]
        self._say("")

    def on_option_list_option_selected(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self) -> None:
        self.action_save()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "export-copy":
            self.action_copy()
        else:
            self.action_save()

    def action_copy(self) -> None:
        text = self._text
        if text:
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {len(text.splitlines()):,} lines to the clipboard.")
            self.dismiss()

    def action_save(self) -> None:
        text, typed = self._text, self.query_one(Input).value.strip()
        if not text:
            return
        if not typed:
            self._say("Type where to save it, such as graph.dot.")
            return
        path = Path(os.path.expanduser(typed))
        if not path.exists():
            self._save(text, path)
            return

        def answered(go_on: bool | None) -> None:
            if go_on:
                self._save(text, path)

        sentence = f"{path.name} is there already. Saving replaces what it holds."
        self.app.push_screen(ConfirmScreen(sentence, "Replace it"), answered)

    def _save(self, text: str, path: Path) -> None:
        try:
            save_text(text, path)
        except ValueError as error:
            self._say(str(error))
        else:
            self.notify(f"Saved to {path.absolute()}.", markup=False)
            self.dismiss()
