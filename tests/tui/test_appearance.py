"""Every theme, no colour at all, and plain ASCII."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.theme import DARK, LIGHT
from toygrad.tui.theme_choice import THEMES

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.usefixtures("each_frame")

# Textual's own words where it asks for a command; all else is ours.
LEAST_CONTRAST = 2.5
FOREIGN = {"Search for commands…"}


def own_text(text: str) -> str:
    for words in FOREIGN:
        text = text.replace(words, "")
    return text


async def test_every_theme_draws_the_same_text(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("7")
        await user.advance(50)
        text = user.text("#gradients")
        colors = set()
        for theme in THEMES:
            user.app.theme = theme
            await user.settle()
            assert user.text("#gradients") == text
            assert not faint_words(user), theme
            colors.add(user.app.screen.query_one("#gradients").background_colors[1])
        assert len(colors) == len(THEMES)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_every_word_can_be_read_on_what_is_behind_it(theme: str, start: Start) -> None:
    async with start((150, 46)) as user:
        user.app.theme = theme
        await user.advance(50)
        views = (), ("4", "n"), ("escape", "7", "v"), ("v", "v", "v"), ("?",), ("escape", "L")
        for keys in views:
            await user.press(*keys)
            assert not faint_words(user), keys
        await user.press("escape", "m", "f", "n")
        assert not faint_words(user)
        await user.press("v", "v", "M", "d")
        assert not faint_words(user)


def faint_words(user: User) -> set[str]:
    """What is written in nearly the colour of its ground."""
    return {
        f"{segment.text.strip()}: {segment.style.color} on {segment.style.bgcolor}"
        for strip in user.app.screen._compositor.render_strips()
        for segment in strip
        if re.search(r"[A-Za-z]{2}", segment.text) and segment.style is not None
        if segment.style.color is not None and segment.style.bgcolor is not None
        if contrast_ratio(
            Color.from_rich_color(segment.style.color), Color.from_rich_color(segment.style.bgcolor)
        )
        < LEAST_CONTRAST
    }


async def test_without_colour_the_picture_is_drawn_in_characters(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start((80, 24)) as user:
        await user.advance(500)
        assert user.app.no_color
        picture = user.text("#output-map")
        assert "▀" not in picture
        # Strokes for below zero, crosses for above, o and x for the points.
        for character in "-+ox":
            assert character in picture
        await user.press("7")
        assert "+" in user.text("#parameters")
        assert "-" in user.text("#parameters")


@pytest.mark.parametrize("size", [(80, 24), (150, 46)], ids=["80x24", "150x46"])
async def test_in_ascii_every_character_of_ours_is_ascii(
    size: tuple[int, int], start: Start
) -> None:
    data = DataChoice(name="iris" if size[0] < 100 else "circle")
    async with start(size, AppConfig(ascii=True, data=data)) as user:
        await user.advance(100)
        screens = [user.text()]
        keys = ("2", "6", "question_mark") if size[0] < 100 else ("7", "ctrl+p")
        for key in keys:
            await user.press(key)
            screens.append(user.text())
        await user.press("escape")
        user.app.notify("A word on the side.")
        await user.settle()
        screens.append(user.text())
        if size[0] < 100:
            await user.reach("optimizer")
            await user.press("enter")
            screens.append(user.text())
        for screen in screens:
            others = {character for character in own_text(screen) if not character.isascii()}
            assert others == set(), screen


async def test_it_starts_in_its_own_colours(start: Start) -> None:
    async with start((80, 24)) as user:
        pane = user.app.playground.panes[-1]
        assert user.app.theme == DARK.name
        assert DARK.surface is not None
        assert pane.styles.background == Color.parse(DARK.surface)
