"""The themes: two of the application's own at every depth, and those of Textual that fit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from .drawing.depth import Depth
from .drawing.members import MEMBERS
from .drawing.palette import html, quiet, readable
from .theme_choice import THEMES

DARK = Theme(
    name="toygrad-dark",
    primary="#5aa9e6",
    secondary="#f6a94a",
    accent="#f6a94a",
    warning="#f6a94a",
    error="#ff7a70",
    success="#7fc98f",
    foreground="#dfe3ea",
    background="#101318",
    surface="#161a21",
    panel="#1f2530",
    boost="#262d3a",
    dark=True,
    variables={
        "border": "#333c4b",
        "footer-key-foreground": "#5aa9e6",
        "surface-active": "#262a32",
    },
)

LIGHT = Theme(
    name="toygrad-light",
    primary="#0868a6",
    secondary="#a85a00",
    accent="#a85a00",
    warning="#a85a00",
    error="#b3261e",
    success="#1f7a3a",
    foreground="#1d232b",
    background="#eef0f3",
    surface="#f9fafb",
    panel="#e3e7ec",
    boost="#dbe0e7",
    dark=False,
    variables={
        "border": "#b4bdc9",
        "footer-key-foreground": "#0868a6",
        "surface-active": "#e7e9eb",
    },
)

# What Textual would mix of a theme's colours, which a palette does not have.
_SHADES: Final = ["", *(f"-{kind}-{n}" for kind in ("lighten", "darken") for n in (1, 2, 3))]


def _of_numbers(
    name: str,
    main: dict[str, int],
    *,
    muted: int,
    disabled: int,
    border: int,
    tints: tuple[int, int, int, int],
    cursor: tuple[int, int],
) -> Theme:
    """A theme whose colours all are members of a palette, by their numbers.

    Args:
        name: Of the theme.
        main: What a theme is made of; its `boost` lies behind what can be changed.
        muted: Of less important text.
        disabled: Of text and lines that are even less important.
        border: Of frames.
        tints: Behind text that is to be noticed: primary, warning, error, success.
        cursor: The text and the background of a row that is chosen.
    """
    text, field, primary = main["foreground"], main["boost"], main["primary"]
    # The plain ones too: Textual rounds those that it computes.
    numbers = {f"{role}{shade}": number for role, number in main.items() for shade in _SHADES}
    numbers |= {
        f"text-{role}": main[role]
        for role in ("primary", "secondary", "accent", "warning", "error", "success")
    }
    numbers |= {
        f"{role}-muted": tint
        for role, tint in zip(("primary", "warning", "error", "success"), tints, strict=True)
    }
    numbers |= {
        "secondary-muted": tints[1],
        "accent-muted": tints[1],
        "primary-background": tints[0],
        "secondary-background": tints[1],
        "surface-active": field,
        "text": text,
        "text-muted": muted,
        "text-disabled": disabled,
        "foreground-muted": muted,
        "foreground-disabled": disabled,
        "border": border,
        "border-blurred": border,
        "block-cursor-foreground": cursor[0],
        "block-cursor-background": cursor[1],
        "block-cursor-blurred-foreground": text,
        "block-cursor-blurred-background": field,
        "block-hover-background": field,
        "scrollbar": border,
        "scrollbar-hover": primary,
        "scrollbar-background": main["surface"],
        "input-selection-background": tints[0],
        "screen-selection-background": tints[0],
        "button-foreground": text,
        "button-color-foreground": cursor[0],
        "footer-key-foreground": primary,
        "link-color": text,
        "link-color-hover": text,
    }
    colors: dict[str, Any] = {role: html(MEMBERS[number]) for role, number in main.items()}
    variables = {variable: html(MEMBERS[number]) for variable, number in numbers.items()}
    return Theme(name=name, dark=name == DARK.name, variables=variables, **colors)


def _main(
    surfaces: tuple[int, int, int, int],
    text: int,
    primary: int,
    accent: int,
    error: int,
    success: int,
) -> dict[str, int]:
    """What a theme is made of; the surfaces are `background`, `surface`, `panel`, `boost`."""
    names = ("background", "surface", "panel", "boost")
    return dict(zip(names, surfaces, strict=True)) | {
        "foreground": text,
        "primary": primary,
        **dict.fromkeys(("secondary", "accent", "warning"), accent),
        "error": error,
        "success": success,
    }


_OF_CUBE: Final = (
    _of_numbers(
        DARK.name,
        _main((233, 234, 236, 237), text=254, primary=75, accent=215, error=210, success=114),
        muted=248,
        disabled=243,
        border=240,
        tints=(24, 94, 88, 22),
        cursor=(16, 75),
    ),
    _of_numbers(
        LIGHT.name,
        _main((255, 231, 254, 253), text=234, primary=25, accent=94, error=124, success=22),
        muted=240,
        disabled=245,
        border=249,
        tints=(153, 223, 217, 151),
        cursor=(231, 25),
    ),
)
_OF_SIXTEEN: Final = (
    _of_numbers(
        DARK.name,
        _main((0, 0, 0, 8), text=15, primary=14, accent=11, error=9, success=10),
        muted=7,
        disabled=7,
        border=7,
        tints=(4, 4, 1, 4),
        cursor=(0, 7),
    ),
    _of_numbers(
        LIGHT.name,
        _main((15, 15, 7, 7), text=0, primary=4, accent=1, error=1, success=0),
        muted=0,
        disabled=8,
        border=8,
        tints=(7, 7, 7, 7),
        cursor=(15, 4),
    ),
)


def _readable_everywhere(theme: Theme) -> Theme:
    """A theme of Textual whose text and marks are readable on each of its surfaces."""
    colors = theme.to_color_system().generate()
    surface, panel = (Color.parse(colors[name]) for name in ("surface", "panel"))

    def fit(color: Color) -> str:
        return html(readable(readable(color, surface), panel))

    roles = ("primary", "secondary", "accent", "warning", "error", "success", "foreground")
    fits: dict[str, Any] = {role: fit(Color.parse(colors[role])) for role in roles}
    variables = {f"text-{role}": color for role, color in fits.items()}
    muted = dict.fromkeys(("text-muted", "foreground-muted"), fit(quiet(panel)))
    footer = {
        "footer-background": colors["panel"],
        "footer-foreground": fits["foreground"],
        "footer-key-foreground": fits["primary"],
    }
    variables = {**theme.variables, **variables, **fits, **muted, **footer}
    return replace(theme, **fits, panel=colors["panel"], variables=variables)


_OWN: Final = {
    Depth.TRUE: (DARK, LIGHT),
    Depth.CUBE: _OF_CUBE,
    Depth.SIXTEEN: _OF_SIXTEEN,
    Depth.NONE: (DARK,),
}


@cache
def theme_at(name: str, depth: Depth) -> Theme | None:
    """The theme of a name, made when it is wanted; None where it isn't offered."""
    own = next((theme for theme in _OWN[depth] if theme.name == name), None)
    if own or depth is not Depth.TRUE or name not in THEMES or name not in BUILTIN_THEMES:
        return own
    return _readable_everywhere(BUILTIN_THEMES[name])


@cache
def themes(depth: Depth) -> dict[str, Theme]:
    """The themes that are offered at a depth, the default first."""
    offered = (theme_at(name, depth) for name in THEMES)
    return {theme.name: theme for theme in offered if theme}


def theme_named(name: str, depth: Depth) -> str:
    """The theme of a name; where it isn't offered, our own that is as dark."""
    if theme_at(name, depth) or depth is Depth.NONE:
        return name if theme_at(name, depth) else DARK.name
    known = theme_at(name, Depth.TRUE) or DARK
    return DARK.name if known.dark else LIGHT.name
