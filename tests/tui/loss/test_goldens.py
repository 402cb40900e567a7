"""The text of the loss pane, as it was looked at and found good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.config import AppConfig
from toygrad.tui.loss import pane as loss
from toygrad.tui.loss.curves import UNSMOOTHED

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

STEPS = 500
SIZES = [(80, 24), (150, 46)]
VIEWS = {
    "cursor": ("left", "left", "left"),
    "zoom": ("c", "left", "left", "plus", "plus"),
    "accuracy": ("v",),
    "smoothing": ("o", "o"),
    "linear": ("y",),
}


async def compare_runs(user: User) -> None:
    """Three runs, the last one with a setting changed midway."""
    await user.press("6")
    # No rate at which the loss jumps: there the numbers depend on the last bit of each product, and
    # so on the processor.
    for keys in (("r", "right_square_bracket"), ("R", "left_square_bracket")):
        await user.advance(2 * STEPS)
        await user.press(*keys)
    await user.advance(STEPS)
    user.app.action_set_training("regularization", "l2")
    user.app.editor.configure(changes={"regularization_rate": 0.01})
    await user.advance(STEPS)
    # What it said of the new weights would lie over the pane.
    user.app.clear_notifications()
    await user.settle()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_pane_looks_as_it_did(
    size: tuple[int, int],
    start: Start,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    name = f"loss-{size[0]}x{size[1]}"
    async with start(size) as user:
        await compare_runs(user)
        seen = {"past-runs": user.text("#loss")}
        for view, keys in VIEWS.items():
            await user.press(*keys)
            seen[view] = user.text("#loss")
            pane = user.app.playground.query_one(loss.LossPane)
            pane.logarithmic, pane.accuracy, pane.smoothing = True, False, UNSMOOTHED
            pane.action_leave()
            await user.settle()
            assert user.text("#loss") == seen["past-runs"]
    golden(name, "\n".join(f"{view}\n{text}" for view, text in seen.items()))


async def test_the_pane_looks_as_it_did_without_braille(
    start: Start, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    async with start((80, 24), AppConfig(ascii=True)) as user:
        await compare_runs(user)
        await user.press("left")
        text = user.text("#loss")
    assert text.isascii()
    golden("loss-ascii", text)
