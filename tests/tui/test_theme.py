"""The themes that are offered: readable, at every depth; the one chosen is remembered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from textual.color import Color
from textual.theme import Theme, ThemeProvider

from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.depth import Depth
from toygrad.tui.drawing.members import at_depth
from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.drawing.palette import MARK_CONTRAST, TEXT_CONTRAST
from toygrad.tui.theme import theme_at, theme_named, themes
from toygrad.tui.theme_choice import FILE_NAME, THEMES, ThemeChoice

if TYPE_CHECKING:
    from tests.tui.conftest import Start

SURFACES = ("background", "surface", "panel")
TEXTS = ("foreground", "text", "text-muted", "text-primary", "text-warning", "text-error")
MARKS = ("primary", "accent", "warning", "error", "success")
OFFERED = [
    pytest.param(theme, id=f"{depth.name}-{name}")
    for depth in (Depth.TRUE, Depth.CUBE)
    for name, theme in themes(depth).items()
]


def colors_of(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def seen(text: str, behind: Color) -> Color:
    """A colour of a style sheet as it is seen, perhaps blended with what is behind it."""
    if text.startswith("auto"):
        return behind.blend(behind.get_contrast_text(1.0), float(text[5:-1]) / 100, alpha=1.0)
    return behind + Color.parse(text)


@pytest.mark.parametrize("theme", OFFERED)
def test_text_and_marks_are_readable_on_every_surface(theme: Theme) -> None:
    colors = colors_of(theme)
    for surface in SURFACES:
        behind = Color.parse(colors[surface])
        for names, least in ((TEXTS, TEXT_CONTRAST), (MARKS, MARK_CONTRAST)):
            for name in names:
                ratio = contrast_ratio(seen(colors[name], behind), behind)
                assert ratio >= least, f"{name} on {surface}"


@pytest.mark.parametrize("depth", [Depth.CUBE, Depth.SIXTEEN], ids=lambda depth: depth.name)
def test_themes_of_a_palette_have_nothing_but_its_colours(depth: Depth) -> None:
    for theme in themes(depth).values():
        for name, text in theme.variables.items():
            color = Color.parse(text)
            assert at_depth(color, depth).rgb == color.rgb, name


def test_a_theme_alone_is_the_same_as_among_all() -> None:
    for depth in Depth:
        assert {name: theme_at(name, depth) for name in themes(depth)} == themes(depth)


def test_every_name_is_a_theme_in_true_colour() -> None:
    assert tuple(themes(Depth.TRUE)) == THEMES


@pytest.mark.parametrize("depth", Depth)
def test_a_theme_that_a_depth_lacks_becomes_our_own_that_is_as_dark(depth: Depth) -> None:
    wanted = {"nord": "toygrad-dark", "solarized-light": "toygrad-light"}
    for name, own in wanted.items():
        if depth is Depth.TRUE:
            assert theme_named(name, depth) == name
        elif depth is not Depth.NONE:
            assert theme_named(name, depth) == own
    assert theme_named("toygrad-light", depth) in themes(depth)


def test_what_is_not_a_theme_is_not_remembered(tmp_path: Path) -> None:
    choice = ThemeChoice(tmp_path / "new")
    assert choice.name() == THEMES[0]
    choice.note("nord")
    assert ThemeChoice(tmp_path / "new").name() == "nord"
    for damaged in (b"no theme", b"\xff\xfe", b"x" * 1000):
        (tmp_path / "new" / FILE_NAME).write_bytes(damaged)
        assert choice.name() == THEMES[0]
    ThemeChoice(None).note("nord")


async def test_the_theme_of_the_palette_is_remembered_and_others_are_not_offered(
    start: Start, tmp_path: Path
) -> None:
    async with start((80, 24), state_folder=tmp_path) as user:
        provider = ThemeProvider(user.app.screen)
        assert {name for name, _ in provider.commands} == set(THEMES)
        set_theme = dict(cast(Any, provider.commands))["dracula"]
        set_theme()
        await user.settle()
        assert user.app.theme == "dracula"
    async with start((80, 24), state_folder=tmp_path) as user:
        assert user.app.theme == "dracula"
    async with start((80, 24), AppConfig(theme="nord"), state_folder=tmp_path) as user:
        assert user.app.theme == "nord"
        await user.settle()
    assert ThemeChoice(tmp_path).name() == "nord"
