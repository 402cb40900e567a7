"""ExportScreen: copies or saves what is on the screen behind it, in one of several forms."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from .drawing.numbers import counted
from .file_jobs import run_job, save_file
from .footer import Footer
from .key_words import with_keys
from .keys import bindings
from .widgets.basics import show_text

LINES_AROUND = 10
"""The border and its padding, the footer, and what is below the list."""
BINARY = "Only text can be copied: save this to a file."


class Export(NamedTuple):
    """One form.

    Attributes:
        title: What it is, in a line.
        file_name: Where it is saved, unless the user says otherwise.
        make: Makes it, in a thread; a ValueError is a sentence for the user.
    """

    title: str
    file_name: str
    make: Callable[[], str | bytes]


class ExportScreen(ModalScreen[None]):
    """Chooses what to export, to the clipboard or to a file.

    Args:
        exports: What can be chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | export.close | dismiss | *Close | Export nothing
        c      | export.copy  | copy    | *Copy  | Copy it to the clipboard
        s      | export.save  | save    | *Save  | Save it to the path below
        """
    )

    def __init__(self, exports: Sequence[Export]) -> None:
        super().__init__()
        self._exports = exports

    def compose(self) -> ComposeResult:
        with Vertical(id="export") as box:
            box.border_title = "Export"
            options = (Option(Content(export.title)) for export in self._exports)
            kinds = OptionList(*options, id="export-kinds", compact=True)
            kinds.tooltip = "What to export."
            yield kinds
            yield Static("Save to", classes="export-label")
            yield Input(
                self._exports[0].file_name,
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

    def on_resize(self) -> None:
        self.query_one(OptionList).styles.max_height = self.size.height - LINES_AROUND

    @property
    def _chosen(self) -> Export:
        return self._exports[self.query_one(OptionList).highlighted or 0]

    def _make(self, then: Callable[[str | bytes], object]) -> None:
        """Makes what is chosen, then uses it; or says why there is none."""

        def use(made: str | bytes) -> None:
            # It may be closed by hand meanwhile.
            if self.is_current:
                then(made)

        run_job(self.app, self._chosen.make, use, self._say, failed="Not exported", group="files")

    def _say(self, sentence: str) -> None:
        if self.is_attached:
            show_text(self.query_one("#export-said", Static), Content(sentence))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        path = self.query_one(Input)
        if path.value in {export.file_name for export in self._exports}:
            path.value = self._chosen.file_name
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
        self._make(self._copy)

    def _copy(self, made: str | bytes) -> None:
        if isinstance(made, bytes):
            self._say(BINARY)
            return
        self.app.copy_to_clipboard(made)
        n = len(made.splitlines())
        self.notify(f"Copied {counted(n, 'line')} to the clipboard.")
        self.dismiss()

    def action_save(self) -> None:
        typed = self.query_one(Input).value.strip()
        if not typed:
            self._say(f"Type a file name, such as {self._chosen.file_name}.")
            return
        path = Path(os.path.expanduser(typed))
        self._make(lambda made: save_file(self.app, path, lambda: made, then=self._close))

    def _close(self) -> None:
        # It may be closed by hand before the file is written.
        if self.is_current:
            self.dismiss()
