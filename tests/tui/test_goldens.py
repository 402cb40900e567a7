"""The text of the whole screen, as it was looked at and found good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.loss import pane as loss

if TYPE_CHECKING:
    from tests.tui.conftest import Start

SIZES = (
    *((60, 16), (80, 24), (80, 60), (100, 30)),
    *((120, 40), (150, 46), (200, 60), (250, 80)),
)
STEPS = 500


async def test_the_screen_looks_as_it_did_at_eight_sizes(
    start: Start, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    seen: dict[str, str] = {}
    async with start(SIZES[0]) as user:
        for moment, steps in (("before", 0), (f"after-{STEPS}-steps", STEPS)):
            await user.advance(steps)
            for width, height in SIZES:
                await user.resize(width, height)
                seen[f"{width}x{height}-{moment}"] = user.text()
    for name, text in seen.items():
        golden(name, without_colors(text))


def without_colors(text: str) -> str:
    """The text without half blocks: where two colours meet is not a matter of text."""
    return "\n".join(line.rstrip() for line in text.replace("▀", " ").splitlines())
