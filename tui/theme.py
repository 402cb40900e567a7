"""The application's two themes; all of Textual's work as well."""

from __future__ import annotations

from textual.theme import Theme

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
    variables={"border": "#333c4b", "footer-key-foreground": "#5aa9e6"},
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
    variables={"border": "#b4bdc9", "footer-key-foreground": "#0868a6"},
)
