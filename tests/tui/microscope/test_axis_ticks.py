"""Ticks of a small plot have room for their labels."""

from __future__ import annotations

from itertools import pairwise

import pytest

from toygrad.tui.drawing.axes import Axis, linear_axis, log_axis
from toygrad.tui.microscope.check_views import with_room_across, with_room_down


@pytest.mark.parametrize("columns", [10, 20, 40, 80])
@pytest.mark.parametrize("axis", [log_axis(-12.0, -1.0), linear_axis(-3.0, 1234.0)])
def test_labels_neither_touch_nor_stick_out(axis: Axis, columns: int) -> None:
    shown = with_room_across(axis, columns, 3)
    places = [(tick - axis.low) / (axis.high - axis.low) * columns for tick in shown.ticks]
    longest = max(map(len, axis.labels))
    assert all(b - a >= longest + 1 for a, b in pairwise(places))
    for place, label in zip(places, shown.labels, strict=True):
        assert place - len(label) / 2 >= -3
        assert place + len(label) / 2 <= columns


@pytest.mark.parametrize("rows", [2, 4, 8, 20])
def test_labels_below_each_other_have_a_line_between(rows: int) -> None:
    axis = log_axis(-16.0, -2.0)
    shown = with_room_down(axis, rows)
    places = [(tick - axis.low) / (axis.high - axis.low) * rows for tick in shown.ticks]
    assert shown.ticks
    assert all(b - a >= 2 - 1e-9 for a, b in pairwise(places))


def test_where_there_is_room_all_stay() -> None:
    axis = linear_axis(0.0, 6.0)
    assert with_room_across(axis._replace(high=6.5), 100, 5).ticks == axis.ticks
    assert with_room_down(axis, 40) == axis
