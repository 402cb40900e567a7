"""In a terminal of any size every key may be pressed, and nothing fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start

pytestmark = pytest.mark.usefixtures("each_frame")

MOVES = ("pageup", "pagedown", "home", "end", "up", "down", "left", "right", "plus", "minus")


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (59, 15)])
async def test_keys_do_no_harm_where_nothing_has_room(size: Size, start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(2)
        await user.resize(*size)
        for opens in ("1", "2", "3", "4", "5", "6", "7", "ctrl+p", "question_mark", "ctrl+o"):
            await user.pilot.press(opens, *MOVES)
            if user.app.screen is not user.app.playground:
                await user.pilot.press("escape")
        await user.resize(80, 24)
        assert "ready" in user.text("#status") or "paused" in user.text("#status")
