"""Where the panes are at every size: nothing overlaps or stays empty, and what fits is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from toygrad.tui.arrangement import (
    CHOICES,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MAP_COLUMNS,
    MAP_ROWS,
    MORE,
    OTHERS,
    TABS,
    WATCHED,
    Places,
    arrange,
)

PANES = [*WATCHED, *OTHERS.values()]
LETTERS = {pane: letter for letter, pane in OTHERS.items()}
sizes = st.tuples(st.integers(60, 250), st.integers(14, 78))


def map_side(output: Region) -> int:
    """The lines of the square map that fits."""
    return min(output.height - MAP_ROWS, (output.width - MAP_COLUMNS) // 2)


def panes(places: Places) -> dict[str, Region]:
    return {name: region for name, region in places.items() if name in PANES}


@given(sizes, st.permutations(PANES))
def test_the_board_is_covered_and_no_pane_overlaps_another(
    size: tuple[int, int], recent: list[str]
) -> None:
    places = arrange(*size, recent)
    board = Region(0, 0, *size)
    regions = [region for region in places.values() if region.area]
    assert all(board.contains_region(region) for region in regions)
    assert sum(region.area for region in regions) == board.area
    assert all(not a.overlaps(b) for a in regions for b in regions if a is not b)


@given(sizes, st.permutations(PANES))
def test_the_pane_used_last_is_there_and_output_and_loss_too_unless_it_is_tiny(
    size: tuple[int, int], recent: list[str]
) -> None:
    shown = panes(arrange(*size, recent))
    assert recent[0] in shown
    if size[0] >= 76 or recent[0] in WATCHED:
        assert {"output", "loss"} <= set(shown)
        assert map_side(shown["output"]) >= min(size[1] // 3, 9)


@given(sizes, st.permutations(PANES))
def test_no_pane_that_fits_is_hidden_and_tabs_lead_to_the_hidden_ones(
    size: tuple[int, int], recent: list[str]
) -> None:
    places = arrange(*size, recent)
    shown = panes(places)
    assert (TABS in places) is (MORE in places) is (len(shown) < len(PANES))
    others = [region for name, region in shown.items() if name in LETTERS]
    if len(shown) == len(PANES) or size[0] < 76 or not others:
        return
    room = Region.from_union(others)
    for choice in CHOICES:
        rows = choice.split("/")
        height = sum(max(LEAST_HEIGHT[pane] for pane in row) for row in rows)
        width = max(sum(LEAST_WIDTH[pane] for pane in row) for row in rows)
        if (
            len(choice.replace("/", "")) > len(others)
            and next(LETTERS[pane] for pane in recent if pane in LETTERS) in choice
        ):
            assert height > room.height or width > room.width, choice


@given(sizes, st.permutations(PANES))
def test_no_pane_is_smaller_than_it_needs(size: tuple[int, int], recent: list[str]) -> None:
    shown = panes(arrange(*size, recent))
    if size[1] >= 20:
        for pane, region in shown.items():
            least = LEAST_WIDTH.get(LETTERS.get(pane, ""), 25)
            assert region.width >= min(least, size[0]), pane


@pytest.mark.parametrize(
    ("size", "share"),
    [((80, 21), 0.25), ((100, 28), 0.16), ((120, 38), 0.18), ((150, 44), 0.25), ((200, 58), 0.25)],
)
def test_the_map_has_its_share_of_the_screen(size: tuple[int, int], share: float) -> None:
    width, height = size
    side = map_side(arrange(*size, PANES)["output"])
    assert 2 * side * side >= share * width * (height + 2)
