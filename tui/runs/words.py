"""How files and times are written."""

from __future__ import annotations

import os
import time
from pathlib import Path

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
DAYS_COUNTED = 14


def ago(when: float, now: float) -> str:
    """How long ago something was: `5 minutes ago`; after two weeks its date.

    Args:
        when: Seconds since the epoch.
        now: Likewise.
    """
    seconds = now - when
    if seconds < MINUTE:
        return "just now"
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if (n := int(seconds / unit)) > DAYS_COUNTED and unit == DAY:
            return time.strftime("%Y-%m-%d", time.localtime(when))
        if n:
            return "yesterday" if (n, unit) == (1, DAY) else f"{n} {name}{'s' * (n > 1)} ago"
    return "just now"


def shown_path(path: str | Path) -> str:
    """A path with `~` for the user's folder, in characters that every terminal gets."""
    text, home = os.fspath(path), os.path.expanduser("~")
    if text == home or text.startswith(home.rstrip(os.sep) + os.sep):
        text = f"~{text[len(home.rstrip(os.sep)) :]}"
    return printable(text)


def printable(text: str) -> str:
    """A name without what could not be printed: bytes that are no UTF-8, and control characters."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(character if character.isprintable() else "?" for character in text)
