"""Every theme, no colour at all, and plain ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.theme import DARK
from toygrad.tui.theme_choice import THEMES

if TYPE_CHECKING:
    from tests.tui.conftest import Start

# Textual's own words where it asks for a command; all else is ours.
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
            colors.add(user.app.screen.query_one("#gradients").background_colors[1])
        assert len(colors) == len(THEMES)


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
