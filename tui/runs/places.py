"""Where runs are kept, and how their files are named."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from ..failures import APP_NAME

SUFFIX: Final = ".toygrad"
SITTINGS: Final = "sittings"
"""The folder of what is kept as it goes on, in the state folder."""


def state_folder() -> Path:
    """The state folder; it need not exist."""
    return user_state_path(APP_NAME, appauthor=False)
