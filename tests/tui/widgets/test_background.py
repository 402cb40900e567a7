"""The colour that content stands on is known in every theme."""

import asyncio

import pytest
from textual.app import App
from textual.widget import Widget

from toygrad.tui.widgets.basics import background_color


@pytest.mark.parametrize(
    ("theme", "color"),
    [
        ("textual-dark", "#121212"),
        ("textual-light", "#E0E0E0"),
    ],
)
def test_every_theme_has_a_ground(theme: str, color: str) -> None:
    async def run() -> None:
        app = App[None]()
        async with app.run_test() as pilot:
            widget = Widget()
            await app.mount(widget)
            app.theme = theme
            await pilot.pause()
            assert background_color(widget).hex == color

    asyncio.run(run())
