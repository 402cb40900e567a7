"""The text of the whole screen, as it was looked at and found good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.loss import pane as loss

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start

SIZES = [(80, 24), (120, 40), (150, 46)]
STEPS = 500


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen_looks_as_it_did(
    size: Size,
    start: Start,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    name = f"{size[0]}x{size[1]}"
    async with start(size) as user:
        before = user.text()
        await user.advance(STEPS)
        after = user.text()
    golden(f"{name}-before", without_colors(before))
    golden(f"{name}-after-{STEPS}-steps", without_colors(after))


def without_colors(text: str) -> str:
    """The text without half blocks: where two colours meet is not a matter of text."""
    return "\n".join(line.rstrip() for line in text.replace("▀", " ").splitlines())
