"""ThemeChoice: the names of the themes, and the one that was chosen last."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..datasets import FileError, read_file, write_file

THEMES: Final = (
    "toygrad-dark",
    "toygrad-light",
    "catppuccin-latte",
    "catppuccin-mocha",
    "dracula",
    "gruvbox",
    "monokai",
    "nord",
    "rose-pine",
    "rose-pine-dawn",
    "solarized-light",
    "textual-dark",
    "tokyo-night",
)
"""Our own first; of Textual's, those that were looked at and are readable."""
FILE_NAME: Final = "theme"
MOST_BYTES: Final = 100


class ThemeChoice:
    """The theme that was chosen last, in the user's state folder.

    Args:
        folder: Where its name is kept; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME

    def name(self) -> str:
        """The theme that was chosen last; our own dark one if none was."""
        try:
            name = "" if self._path is None else read_file(self._path, limit=MOST_BYTES).decode()
        except (FileError, UnicodeDecodeError):
            name = ""
        return name if name in THEMES else THEMES[0]

    def note(self, name: str) -> None:
        """Keeps a name.

        Raises:
            FileError: If it can't be written.
        """
        if self._path is not None and name != self.name():
            write_file(self._path, name, make_folder=True)
