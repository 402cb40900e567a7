"""The rows of the doctor's list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toygrad.core.diagnosis.doctor import Advice, Tried
from toygrad.core.diagnosis.remedies import NOTHING, Remedy
from toygrad.core.run import Reset
from toygrad.tui.doctor.rows import Columns, listed

NOW = Tried(NOTHING, 0.4, ((0, 0.5), (20, 0.4)))
LONG = "one more layer: 64, 64, 64, 64, 64, 64, adam 0.01"


def tried(words: str, loss: float, steps: int = 20, *, helps: bool = False) -> Tried:
    return Tried(Remedy(words, Reset()), loss, ((0, 0.5), (steps, loss)), helps)


def test_the_first_row_is_what_the_sentence_names() -> None:
    better = tried("adam", 0.1, helps=True)
    bug = tried("without the bug", 0.2, helps=True)
    bug = replace(bug, remedy=replace(bug.remedy, is_repair=True))
    rate = tried("rate 0.1", 0.01)
    advice = Advice(NOW, (bug, better), is_done=True)
    rows = listed(advice, [NOW, rate])
    assert rows == [bug, better, rate, NOW]
    assert rows[0] == advice.best


def test_only_what_was_tried_for_as_long_as_now_stays() -> None:
    kept, short = tried("rate 0.1", 0.3), tried("rate 0.2", 0.2, steps=10)
    newer = tried("adam", 0.1)
    rows = listed(Advice(NOW, (newer,)), [kept, short, tried("adam", 0.2), NOW])
    assert rows == [newer, kept, NOW]


@pytest.mark.parametrize("width", [38, 52, 56, 84])
def test_a_row_keeps_its_losses_whole_and_leaves_words_and_curve_out_whole(width: int) -> None:
    columns = Columns.of([tried(LONG, 0.1), NOW], "training loss", width, ascii=False)
    assert len(columns.heading) <= width
    assert columns.heading.index("training loss") + len("training loss") <= width
    assert ("as it trained" in columns.heading) is (width == 84)
    alone = Columns.of([NOW], "training loss", width, ascii=False)
    assert "(✓ helps)  training loss" in alone.heading


@pytest.mark.parametrize("width", [0, 1, 17])
def test_rows_without_room_break_nothing(width: int) -> None:
    assert Columns.of([tried(LONG, 0.1), NOW], "training loss", width, ascii=False).heading
