"""The status bar: what matters most is there at every width, and nothing jumps."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from textual.content import Content

from toygrad.tui.drawing.numbers import loss_text
from toygrad.tui.status.pane import StatusLine, StatusPane

if TYPE_CHECKING:
    from tests.tui.conftest import Start


async def test_losses_accuracy_and_learning_rate_are_always_shown(start: Start) -> None:
    async with start((80, 24)) as user:
        for steps, width in product((0, 500, 5_500), (80, 99, 120, 150)):
            await user.resize(width, 24)
            await user.advance(max(0, steps - user.snapshot.step))
            line = user.text("#status")
            evaluation = user.snapshot.evaluation
            assert evaluation.test_accuracy is not None
            assert f"epoch {user.snapshot.epoch}" in " ".join(line.split())
            loss = loss_text(evaluation.train_loss, 6).strip()
            assert f"train {loss[:5]}" in " ".join(line.split())
            assert f"{100 * evaluation.test_accuracy:.1f}%" in line
            assert "acc" in line
            assert "lr 0.03" in line


@pytest.mark.parametrize("width", [80, 150])
async def test_the_fields_stay_where_they_are_while_the_numbers_grow(
    width: int, start: Start
) -> None:
    async with start((width, 24)) as user:
        places = set()
        for steps in (1, 300, 4_000):
            await user.advance(steps)
            line = user.text("#status")
            places.add(tuple(line.index(name) for name in ("epoch", "train", "test", "acc", "lr")))
        assert len(places) == 1


async def test_no_field_is_cut(start: Start) -> None:
    names = {"epoch", "train", "test", "accuracy", "acc", "lr", "step", "steps/s", "engine"}
    known = names | {"regularization", "tape", "paused"}
    async with start((60, 24)) as user:
        await user.advance(300)
        for width in range(60, 150, 9):
            await user.resize(width, 24)
            words = user.text("#status").split()
            assert all(word in known or not word.isalpha() for word in words)
            assert words[-1] not in names


async def test_what_to_install_to_be_faster_is_said_once_and_to_the_letter(start: Start) -> None:
    why = "Compiling needs llvmlite: pip install 'toygrad-tui[fast]'"
    async with start((150, 24)) as user:
        pane = user.app.playground.query_one(StatusPane)
        for _ in range(2):
            pane.show_snapshot(replace(user.snapshot, why_on_tape=why))
        await user.press("1")
        (note,) = user.app._notifications
        assert (note.message, note.markup) == (why, False)
        line = pane.query_one(StatusLine)
        line.render()
        tooltips = [Content.from_markup(tooltip).plain for _, tooltip in line._places]
        assert sum(why in tooltip for tooltip in tooltips) == 1
