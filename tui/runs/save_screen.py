"""SaveScreen: asks where to save a run."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ...core.run import SUFFIX
from ...datasets import can_reach
from ..footer import Footer
from ..widgets.path_field import PathField
from .words import path_from_home

MOST_NUMBERS = 100
MOST_OF_A_NAME = 60


class SaveScreen(ModalScreen[Path | None]):
    """A field for a path. Returns it.

    Args:
        suggested: What the field begins with.
    """

    def __init__(self, suggested: str) -> None:
        super().__init__()
        self._suggested = suggested

    def compose(self) -> ComposeResult:
        with Vertical(id="save-run") as box:
            box.border_title = "Save this run"
            yield PathField(
                f"name of a {SUFFIX} file",
                "Where to save the run, with its weights, its curves and every edit. Without a "
                "folder it goes to the current one; ~ is your folder.",
                suffixes=(SUFFIX,),
                id="save-run-path",
            )
            yield Static(_current_folder(), markup=False, id="save-run-folder")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(PathField).ask(self._suggested)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        field = self.query_one(PathField)
        if field.path is None:
            return
        # Unlike a Path, it takes names of any length.
        if can_reach(field.path) and os.path.isdir(field.path):
            field.ask(os.path.join(field.value.strip(), self._suggested))
        else:
            self.dismiss(with_suffix(field.path))

    def on_path_field_canceled(self, event: PathField.Canceled) -> None:
        event.stop()
        self.dismiss(None)


def _current_folder() -> str:
    try:
        return f"Current folder: {path_from_home(os.getcwd())}"
    except OSError:
        return "The current folder no longer exists."


def with_suffix(path: Path) -> Path:
    """The path of a run: what was typed, with the suffix that runs have."""
    return path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)


def first_name(dataset: str) -> str:
    """A name for a run that no file in the current folder has: `circle-2026-11-27.toygrad`.

    Args:
        dataset: The name of its data set.
    """
    stem = f"{plain_name(dataset)}-{time.strftime('%Y-%m-%d')}"
    names = (f"{stem}{f'-{n}' * (n > 1)}{SUFFIX}" for n in range(1, MOST_NUMBERS))
    return next((name for name in names if not os.path.exists(name)), f"{stem}{SUFFIX}")


def plain_name(dataset: str) -> str:
    """A data set's name as a file may be called, without a suffix."""
    return re.sub(r"[^\w.-]+", "-", dataset).strip("-.")[:MOST_OF_A_NAME] or "run"
