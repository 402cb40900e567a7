"""A dialog that copies or saves the graph, a picture of the screen, or the program."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from ...core.explain.export import to_dot
from ...core.explain.graph import GraphView
from ...core.explain.stepper import Stepper
from ..file_jobs import save_file
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import show_text

_FONT_FACE: Final = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_KINDS: Final = {
    "dot": ("The graph, for Graphviz (DOT)", "graph.dot"),
    "svg": ("A picture of the screen (SVG)", "microscope.svg"),
    "script": ("The program, as a Python script", "program.py"),
}
NO_SCRIPT: Final = (
    "Only a program has a Python script: press g{microscope.source} to switch to the program."
)


class ExportScreen(ModalScreen[None]):
    """Chooses what to export, to the clipboard or to a file.

    Args:
        texts: By kind: `dot`, `svg` and `script`; empty if there is none.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | export.close | dismiss | *Close | Back to the microscope
        c      | export.copy  | copy    | *Copy  | Copy it to the clipboard
        s      | export.save  | save    | *Save  | Save it to the path below
        """
    )

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def compose(self) -> ComposeResult:
        with Vertical(id="export") as box:
            box.border_title = "Export"
            kinds = OptionList(
                *(Option(title, id=kind) for kind, (title, _) in _KINDS.items()),
                id="export-kinds",
                compact=True,
            )
            kinds.tooltip = "What to export."
            yield kinds
            yield Static("Save to", classes="export-label")
            yield Input(
                _KINDS["dot"][1],
                id="export-path",
                compact=True,
                select_on_focus=False,
                tooltip="Where to save it (enter). Without a folder it goes to the current one.",
            )
            yield Static(id="export-said", markup=False)
            with Horizontal():
                yield Button(
                    "Copy",
                    id="export-copy",
                    compact=True,
                    tooltip=(with_keys("To the clipboard (c{export.copy})")),
                )
                yield Button(
                    "Save",
                    variant="primary",
                    id="export-save",
                    compact=True,
                    tooltip=(with_keys("Save it (s{export.save})")),
                )
        yield Footer()

    def on_mount(self) -> None:
        kinds = self.query_one(OptionList)
        kinds.highlighted = 0
        kinds.focus()

    @property
    def _kind(self) -> str:
        return list(_KINDS)[self.query_one(OptionList).highlighted or 0]

    @property
    def _text(self) -> str:
        """The chosen text; says why if there is none."""
        text = self._texts[self._kind]
        if not text:
            self._say(with_keys(NO_SCRIPT))
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
            self._say("Type a file name, such as graph.dot.")
            return
        save_file(self.app, Path(os.path.expanduser(typed)), lambda: text, then=self._close)

    def _close(self) -> None:
        # It may be closed by hand before the file is written.
        if self.is_current:
            self.dismiss()


def graph_as_dot(view: GraphView, stepper: Stepper) -> str:
    """The graph with the numbers computed so far."""
    return to_dot(
        view,
        data=lambda node: stepper.data(node.value),
        grad=lambda node: stepper.grad(node.value),
    )


def picture_as_svg(screenshot: str) -> str:
    """A picture of the screen that loads nothing from the network.

    Args:
        screenshot: From Textual, with web fonts; without them it uses the reader's own font.
    """
    return _FONT_FACE.sub("", screenshot)
