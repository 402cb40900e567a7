"""Items on a line are left out whole, the least important first."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.drawing.fitting import fitting, fitting_line

widths = st.lists(st.integers(1, 30), max_size=8)


@given(widths, st.integers(0, 120), st.integers(0, 3), st.randoms(use_true_random=False))
def test_what_is_shown_fits_and_nothing_else_would(
    widths: list[int], room: int, gap: int, random: Random
) -> None:
    ranks = list(range(len(widths)))
    random.shuffle(ranks)
    shown = fitting(widths, room, gap=gap, ranks=ranks)
    used = sum(widths[place] for place in shown) + gap * max(len(shown) - 1, 0)
    assert shown == sorted(shown)
    assert not shown or used <= room
    for place in set(ranks) - set(shown):
        assert used + widths[place] + (gap if shown else 0) > room


def test_the_last_items_of_a_line_stay() -> None:
    assert fitting_line(["x1 0.5", "x2 0.25", "blue: correct"], 24) == "x2 0.25  blue: correct"
