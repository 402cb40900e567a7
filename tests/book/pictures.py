"""The pictures of the book, taken by the application itself in one sitting, dark and light.

`python tests/book/pictures.py` draws all of them into docs/pictures.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.book.svg import Picture
from tests.tui.conftest import User
from toygrad.tui.app import ToygradApp
from toygrad.tui.loss import pane as loss
from toygrad.tui.theme import DARK, LIGHT

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGE, WIDE, MIDDLE, SMALL = (150, 46), (120, 40), (100, 30), (80, 24)
TITLES = {
    "spiral": "The playground: data, network, decision boundary, settings, loss and gradients",
    "playground": "The playground after 200 epochs on the circle",
    "small": "The same in 80 columns and 24 lines",
    "neuron": "A neuron is selected: its map, and its formula in numbers",
    "gradients": "Every parameter with its gradient and a verdict",
    "time": "The loss with marks where settings were changed, and a cursor back in time",
    "hidden-space": "Where the hidden layer puts the samples of xor",
    "microscope": "The microscope after a backward pass",
    "limit": "The derivative as a limit",
    "learn": "The list of chapters, presets and challenges",
}
"""What each picture shows, by its name."""
SPIRAL_STEPS = 1_050


async def sitting(user: User) -> AsyncIterator[str]:
    """Does what the pictures show, by keys alone, and names each when it can be taken."""
    await user.advance(5_000)
    yield "playground"
    await user.press("4", "right")
    yield "neuron"
    await user.press("escape", "7", "z")
    yield "gradients"
    await user.press("z", "1")
    await user.resize(*SMALL)
    yield "small"
    await user.resize(*MIDDLE)
    # No more than that: where the loss jumps, another processor comes to other numbers.
    await user.press("right_square_bracket")
    await user.advance(1_500)
    await user.press("left_square_bracket")
    await user.advance(500)
    await user.press("6", "c", *["left"] * 12)
    yield "time"
    await user.press("escape", "2", "right", "enter", "r")
    await user.advance(10_000)
    await user.press("5", "n")
    yield "hidden-space"
    await user.press("v", "m", "f", "b")
    yield "microscope"
    await user.press("d")
    yield "limit"
    await user.press("escape", "escape", "L")
    yield "learn"
    await user.resize(*LARGE)
    await user.press("right", "down", "enter")
    await user.advance(SPIRAL_STEPS)
    await user.press("escape")
    user.app.clear_notifications()
    await user.settle()
    yield "spiral"


def picture(user: User, name: str) -> str:
    """What the screen shows now."""
    variables = user.app.theme_variables
    strips = user.app.screen._compositor.render_strips()
    return Picture(variables["foreground"], variables["background"]).svg(strips, TITLES[name])


async def draw_all() -> None:
    """Writes every picture."""
    loss.SECONDS_BETWEEN_DRAWINGS = 0.0
    FOLDER.mkdir(exist_ok=True)
    app = ToygradApp(run_trainer=False, advises=False)
    app.animation_level = "none"
    async with app.run_test(size=WIDE) as pilot:
        user = User(app, pilot)
        await user.settle()
        async for name in sitting(user):
            for theme, suffix in ((LIGHT, "light"), (DARK, "dark")):
                app.theme = theme.name
                app.refresh_snapshot()
                await user.settle()
                path = FOLDER / f"{name}-{suffix}.svg"
                path.write_text(picture(user, name), encoding="utf-8")
                print(path.name, path.stat().st_size)


if __name__ == "__main__":
    asyncio.run(draw_all())
