"""The themes: two of the application's own at every depth, and those of Textual that fit."""

from __future__ import annotations

from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

from .drawing.depth import MEMBERS, Depth
from .drawing.palette import html

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
    variables={"border": "#333c4b", "footer-key-foreground": "#5aa9e6", "surface-active": "#262a32"},
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
    variables={"border": "#b4bdc9", "footer-key-foreground": "#0868a6", "surface-active": "#e7e9eb"},
)

# Those of Textual that were looked at and are readable.
_OTHERS: Final = ("textual-dark", "nord")

# What Textual would mix of a theme's colours, which a palette does not have.
_SHADES: Final = [f"{kind}-{n}" for kind in ("lighten", "darken") for n in (1, 2, 3)]


def _of_numbers(
    name: str,
    *,
    background: int,
    surface: int,
    panel: int,
    field: int,
    border: int,
    text: int,
    muted: int,
    disabled: int,
    primary: int,
    accent: int,
    error: int,
    success: int,
    tints: tuple[int, int, int, int],
    cursor: tuple[int, int],
) -> Theme:
    """A theme whose colours all are members of a palette, by their numbers.

    Args:
        tints: Behind text that is to be noticed: primary, warning, error, success.
        cursor: The text and the background of a row that is chosen.
    """
    color = {number: html(member) for number, member in enumerate(MEMBERS)}
    main = {
        "primary": primary,
        "secondary": accent,
        "accent": accent,
        "warning": accent,
        "error": error,
        "success": success,
        "foreground": text,
        "background": background,
        "surface": surface,
        "panel": panel,
        "boost": field,
    }
    numbers = {f"{role}-{shade}": number for role, number in main.items() for shade in _SHADES}
    numbers |= {f"text-{role}": main[role] for role in list(main)[:6]}
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
        "scrollbar-background": surface,
        "input-selection-background": tints[0],
        "screen-selection-background": tints[0],
        "button-foreground": text,
        "button-color-foreground": cursor[0],
        "footer-key-foreground": primary,
        "link-color": text,
        "link-color-hover": text,
    }
    return Theme(
        name=name,
        dark=name == DARK.name,
        variables={variable: color[number] for variable, number in numbers.items()},
        **{role: color[number] for role, number in main.items()},
    )


_OF_CUBE: Final = (
    _of_numbers(
        DARK.name,
        background=233,
        surface=234,
        panel=236,
        field=237,
        border=240,
        text=254,
        muted=248,
        disabled=243,
        primary=75,
        accent=215,
        error=210,
        success=114,
        tints=(24, 94, 88, 22),
        cursor=(16, 75),
    ),
    _of_numbers(
        LIGHT.name,
        background=255,
        surface=231,
        panel=254,
        field=253,
        border=249,
        text=234,
        muted=240,
        disabled=245,
        primary=25,
        accent=94,
        error=124,
        success=22,
        tints=(153, 223, 217, 151),
        cursor=(231, 25),
    ),
)
_OF_SIXTEEN: Final = (
    _of_numbers(
        DARK.name,
        background=0,
        surface=0,
        panel=0,
        field=8,
        border=7,
        text=15,
        muted=7,
        disabled=7,
        primary=14,
        accent=11,
        error=9,
        success=10,
        tints=(4, 4, 1, 4),
        cursor=(0, 7),
    ),
    _of_numbers(
        LIGHT.name,
        background=15,
        surface=15,
        panel=7,
        field=7,
        border=8,
        text=0,
        muted=0,
        disabled=8,
        primary=4,
        accent=1,
        error=1,
        success=0,
        tints=(7, 7, 7, 7),
        cursor=(15, 4),
    ),
)


def themes(depth: Depth) -> dict[str, Theme]:
    """The themes that are offered at a depth, the default first."""
    others = [BUILTIN_THEMES[name] for name in _OTHERS]
    offered = {
        Depth.TRUE: (DARK, LIGHT, *others),
        Depth.CUBE: _OF_CUBE,
        Depth.SIXTEEN: _OF_SIXTEEN,
        Depth.NONE: (DARK,),
    }
    return {theme.name: theme for theme in offered[depth]}


def theme_named(name: str, depth: Depth) -> str:
    """The theme of a name; where it isn't offered, our own that is as dark."""
    offered = themes(depth)
    if name in offered or depth is Depth.NONE:
        return name if name in offered else DARK.name
    known = themes(Depth.TRUE).get(name, DARK)
    return DARK.name if known.dark else LIGHT.name
