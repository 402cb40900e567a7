"""Where the parts of a diagram go: inside the room, apart, as large as possible."""

from itertools import pairwise

import pytest

from toygrad.tui.network.diagram_layout import (
    MAX_ASCII_LINKS,
    MAX_LINKS,
    MIN_GAP,
    SIZES,
    BoxSize,
    DiagramLayout,
    lay_out,
)

SHAPES = [(2, 1), (2, 4, 2, 1), (2, 8, 8, 8, 1), (7, 16, 3), (64, 32, 10), (1, 300, 1), (2,) * 12]
ROOMS = [(44, 12), (60, 26), (100, 40), (1, 1), (20, 5)]


def placed(
    sizes: tuple[int, ...], width: int, height: int, *, ascii: bool = False
) -> DiagramLayout:
    names = tuple(f"x{number}" for number in range(sizes[0]))
    hidden = (f"layer {number} · {n} · tanh" for number, n in enumerate(sizes[1:-1], start=1))
    titles = (f"inputs · {sizes[0]}", *hidden, f"output · {sizes[-1]} · tanh")
    return lay_out(sizes, names, titles, width, height, ascii=ascii)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("sizes", SHAPES)
def test_no_box_is_outside_or_on_another(
    sizes: tuple[int, ...], room: tuple[int, int], ascii: bool
) -> None:
    layout = placed(sizes, *room, ascii=ascii)
    assert layout.width >= room[0]
    assert [column.units for column in layout.columns] == list(sizes)
    for column in layout.columns:
        assert column.top >= 0 and column.bottom <= layout.height
        assert column.units == 1 or column.pitch >= column.size.rows
    for left, right in pairwise(layout.columns):
        assert right.left - left.right > MIN_GAP
    assert layout.columns[0].left > layout.name_width
    assert layout.columns[-1].right < layout.width


def test_a_crowded_column_has_small_boxes_beside_large_ones() -> None:
    layout = placed((2, 8, 1), 60, 26)
    assert [column.size for column in layout.columns] == [SIZES[0], SIZES[2], SIZES[0]]


def test_boxes_shrink_with_their_number_to_one_line_and_then_the_picture_grows() -> None:
    pixels = [placed((1, n, 1), 60, 25).columns[1].size.pixels for n in (3, 5, 6, 8, 12, 24, 25)]
    assert pixels == [8, 6, 6, 5, 3, 1, 1]
    assert placed((1, 24, 1), 60, 25).height == 24
    assert placed((1, 25, 1), 60, 25).height == 25


def test_narrow_rooms_shrink_boxes_before_they_scroll() -> None:
    assert placed((2, 4, 2, 1), 44, 40).width == 44
    assert placed((2, 4, 2, 1), 20, 40).width > 20


def test_columns_are_spread_and_centred() -> None:
    layout = placed((2, 4, 1), 100, 40)
    first, _, last = layout.columns
    assert layout.width == 100
    assert last.right >= 96
    assert abs((first.top + first.bottom) - layout.height) <= 1


def test_titles_take_a_second_line_only_where_they_must_and_can() -> None:
    assert placed((2, 8, 8, 8, 1), 60, 26).title_rows == 2
    assert placed((2, 8, 8, 8, 1), 60, 11).title_rows == 1
    assert placed((2, 8, 8, 8, 1), 120, 26).title_rows == 1


def test_titles_have_spans_of_their_own() -> None:
    layout = placed((2, 4, 2, 1), 60, 26)
    spans = layout.title_spans()
    assert spans[0][0] == 0 and spans[-1][1] == layout.width
    assert all(first[1] == second[0] for first, second in pairwise(spans))


def test_a_line_is_kept_where_not_all_links_are_drawn() -> None:
    many, few = placed((64, 32, 10), 100, 40), placed((2, 8, 8, 1), 100, 40)
    assert many.has_footer and many.max_links == MAX_LINKS
    assert not few.has_footer
    plain = placed((2, 8, 8, 1), 100, 40, ascii=True)
    assert plain.has_footer and plain.max_links == MAX_ASCII_LINKS


def test_a_box_is_found_by_its_cells() -> None:
    column = placed((2, 4, 1), 60, 26).columns[1]
    row = int(column.tops[2])
    assert column.unit_at(column.left, row) == 2
    assert column.unit_at(column.right - 1, row + column.size.rows - 1) == 2
    assert column.unit_at(column.right, row) is None
    assert column.unit_at(column.left, row + column.size.rows) is None
    assert column.unit_at(column.left, column.top - 1) is None
    assert column.unit_at(column.left, column.bottom) is None


def test_odd_boxes_leave_half_a_line() -> None:
    assert BoxSize(5, 5, 3).rows == 3
    column = placed((1, 8, 1), 60, 25).columns[1]
    assert column.size == BoxSize(5, 5, 3)
    assert column.middle_rows.tolist() == (column.tops + 1).tolist()
