"""Where runs are kept as they go on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from ...datasets import own_folder
from ..failures import APP_NAME

SITTINGS: Final = "sittings"
"""The folder of what is kept as it goes on, in the state folder."""

OWN_STATE: Final = ".state"
"""The state folder of a visitor, in the visitor's own folder."""


def state_folder() -> Path:
    """The state folder; it need not exist."""
    if (own := own_folder()) is not None:
        return own / OWN_STATE
    return user_state_path(APP_NAME, appauthor=False)


def is_sitting(path: Path, state_folder: Path | None) -> bool:
    """Whether a file is not one of the user's, but what is kept as a run goes on.

    Args:
        path: Of the file; from the current folder if it is relative.
        state_folder: Where sittings are kept; None for nowhere.
    """
    return state_folder is not None and state_folder / SITTINGS in path.absolute().parents
