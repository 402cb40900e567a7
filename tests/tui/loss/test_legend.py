"""The legend: items in lines, and a number for what has no room."""

from __future__ import annotations

from toygrad.tui.loss.legend import Item, legend

ITEMS = [Item("━", "train 0.1", "red"), Item("╍", "test  0.2", "blue"), Item("·", "1 x", "gray")]


def test_items_fill_line_after_line() -> None:
    assert legend(ITEMS, 80, 3).plain == "━ train 0.1  ╍ test  0.2  · 1 x"
    assert legend(ITEMS, 24, 3).plain == "━ train 0.1  ╍ test  0.2\n· 1 x"
    assert legend(ITEMS, 12, 3).plain == "━ train 0.1\n╍ test  0.2\n· 1 x"


def test_items_without_room_are_counted() -> None:
    assert legend(ITEMS, 24, 1).plain == "━ train 0.1  ╍ test  0.2 +1"
    assert legend(ITEMS, 12, 1).plain == "━ train 0.1 +2"


def test_an_item_longer_than_a_line_gets_its_own_line() -> None:
    assert legend(ITEMS[:2], 5, 3).plain == "━ train 0.1\n╍ test  0.2"
    assert legend([], 5, 3).plain == ""


def test_each_item_has_its_colour() -> None:
    colors = [str(span.style) for span in legend(ITEMS, 80, 3).spans]
    assert colors == ["red", "blue", "gray"]
