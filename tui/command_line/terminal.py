"""What the terminal can show: how many colours, and which characters."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from rich.console import Console

from ..drawing.depth import Depth

SYSTEM_VARIABLE: Final = "TEXTUAL_COLOR_SYSTEM"
"""The environment variable that tells Textual how many colours there are."""
_SYSTEMS: Final = {
    Depth.SIXTEEN: "standard",
    Depth.CUBE: "256",
    Depth.TRUE: "truecolor",
}
_DEPTHS: Final = {system: depth for depth, system in _SYSTEMS.items()}
# Terminals that always have true colour. COLORTERM, which says so, is lost over ssh.
_TRUE_TERMINALS: Final = ("alacritty", "contour", "foot", "ghostty", "kitty", "wezterm")
# Terminals whose fonts, as a rule, have no braille.
_PLAIN_TERMINALS: Final = ("linux", "dumb", "unknown", "ansi", "cons25", "sun")
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_CTYPE", "LANG")


def terminal_depth(environ: Mapping[str, str]) -> Depth:
    """How many colours the terminal has, as Rich and Textual decide it.

    Args:
        environ: The environment variables.
    """
    if "NO_COLOR" in environ:
        return Depth.NONE
    wanted = environ.get(SYSTEM_VARIABLE, "auto")
    if wanted not in _DEPTHS:
        term = environ.get("TERM", "").lower()
        if term.endswith("-direct") or any(name in term for name in _TRUE_TERMINALS):
            return Depth.TRUE
        # The terminal is known to be one.
        console = Console(force_terminal=True, legacy_windows=False, _environ=dict(environ))
        wanted = console.color_system or ""
    return _DEPTHS.get(wanted, Depth.NONE)


def announce(depth: Depth) -> None:
    """Lets Textual, which is to be imported after this, decide the same."""
    os.environ[SYSTEM_VARIABLE] = _SYSTEMS.get(depth, "standard")


def lacks_symbols(environ: Mapping[str, str], encoding: str | None) -> bool:
    """Whether the terminal can't be expected to show braille and blocks.

    Args:
        environ: The environment variables. Where none names a locale, nothing is concluded.
        encoding: Of what is written to the terminal; None if unknown.
    """
    term = environ.get("TERM", "").lower()
    if term in _PLAIN_TERMINALS or term.startswith("vt"):
        return True
    named = next((environ[name] for name in _LOCALE_VARIABLES if environ.get(name)), "utf8")
    return not all("utf8" in name.lower().replace("-", "") for name in (named, encoding or "utf8"))
