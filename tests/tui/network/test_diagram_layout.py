"""Where the parts of a diagram go: inside the room, apart, as large as possible."""

from itertools import pairwise

import numpy as np
import pytest

from toygrad.tui.network.diagram_boxes import SMALLEST, ColumnShape, Kind
from toygrad.tui.network.diagram_layout import (
    MAX_ASCII_LINKS,
    MAX_LINKS,
    MIN_GAP,
    DiagramLayout,
    View,
    lay_out,
)
from toygrad.tui.selection import Unit

SHAPES = [(2, 1), (2, 4, 2, 1), (2, 8, 8, 8, 1), (7, 16, 3), (64, 32, 10), (1, 300, 1), (2,) * 12]
DIGITS = (ColumnShape(64, Kind.IMAGE, 8), ColumnShape(32, Kind.PIXELS, 8), ColumnShape(10))
ROOMS = [(44, 12), (56, 22), (78, 18), (90, 30), (120, 40), (246, 74)]


def placed(
    sizes: tuple[int, ...],
    width: int,
    height: int,
    view: View | None = None,
    *,
    kind: Kind = Kind.MAP,
    ascii: bool = False,
) -> DiagramLayout:
    shapes = tuple(ColumnShape(n, kind) for n in sizes)
    return of(shapes, width, height, view, ascii=ascii)


def of(
    shapes: tuple[ColumnShape, ...],
    width: int,
    height: int,
    view: View | None = None,
    *,
    ascii: bool = False,
) -> DiagramLayout:
    sizes = [shape.units for shape in shapes]
    names = tuple(f"x{number}" for number in range(sizes[0]))
    hidden = (f"layer {number} · {n} · tanh" for number, n in enumerate(sizes[1:-1], start=1))
    titles = (f"inputs · {sizes[0]}", *hidden, f"output · {sizes[-1]} · tanh")
    is_image = shapes[0].kind is Kind.IMAGE
    return lay_out(shapes, () if is_image else names, (), titles, width, height, view, ascii=ascii)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("sizes", SHAPES)
def test_no_box_is_outside_or_on_another(
    sizes: tuple[int, ...], room: tuple[int, int], ascii: bool
) -> None:
    for kind in (Kind.MAP, Kind.PLAIN):
        layout = placed(sizes, *room, kind=kind, ascii=ascii)
        assert layout.width == room[0]
        assert layout.height + layout.title_rows + layout.has_footer == room[1]
        assert [column.units for column in layout.columns] == list(sizes)
        columns = [layout.columns[number] for number in layout.displayed]
        for column in columns:
            assert column.shown > 0 and column.top >= 0 and column.bottom <= layout.height
            assert column.shown == 1 or column.pitch >= column.size.pixels
            shown = column.shown < column.units
            rows = {row for row, _ in column.markers(layout.height)}
            assert bool(rows) == shown
            assert not rows & set(column.middle_rows[column.visible].tolist())
        for left, right in pairwise(columns):
            assert right.left - left.right >= MIN_GAP
        assert columns[0].left > layout.name_width
        assert columns[-1].right < layout.width


def test_a_network_of_few_layers_is_seen_whole_beside_its_card() -> None:
    for width in range(32, 60):
        layout = placed((2, 4, 2, 1), width, 13)
        assert list(layout.displayed) == [0, 1, 2, 3], width
        assert all(b.left - a.right >= 4 for a, b in pairwise(layout.columns)), width


@pytest.mark.parametrize("ascii", [False, True])
def test_maps_are_square_and_grow_with_the_room(ascii: bool) -> None:
    for sizes in ((2, 8, 1), (2, 8, 8, 1), (2, 4, 2, 1)):
        before = [0] * len(sizes)
        for height in range(20, 75):
            layout = placed(sizes, 3 * height, height, ascii=ascii)
            boxes = [column.size for column in layout.columns]
            assert all(box.width == box.pixels >= SMALLEST for box in boxes)
            assert ascii or all(column.shown == column.units for column in layout.columns)
            widths = [box.width for box in boxes]
            # A title's or footer's line more may take a half block.
            assert all(
                now >= then - (2 if ascii else 1) for now, then in zip(widths, before, strict=True)
            )
            before = widths
        assert min(before) >= 12


def test_eight_neurons_fill_the_rows_they_have() -> None:
    for height in range(18, 70):
        column = placed((2, 8, 1), 120, height).columns[1]
        free = 2 * (height - 1) - 8 * (column.size.pixels + column.size.gap)
        assert column.size.pixels == 24 or free < 16


def test_a_crowded_column_has_small_boxes_beside_large_ones() -> None:
    sizes = [column.size.width for column in placed((2, 8, 1), 60, 26).columns]
    assert sizes[1] < sizes[0] == sizes[2]


@pytest.mark.parametrize("units", [16, 32, 64, 256])
def test_what_does_not_fit_is_counted_and_scrolls(units: int) -> None:
    layout = placed((2, units, 1), 56, 22)
    column = layout.columns[1]
    assert column.size.width >= 4 and 4 <= column.shown < units
    assert column.markers(layout.height) == [(layout.height - 1, units - column.shown)]
    for unit in (units - 1, 0, units // 2):
        view = layout.showing(Unit(1, unit))
        layout = placed((2, units, 1), 56, 22, view)
        column = layout.columns[1]
        assert unit in range(units)[column.visible]
        counts = [count for _, count in column.markers(layout.height)]
        assert sum(counts) == units - column.shown


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("hidden", range(1, 21))
def test_inputs_and_output_are_always_shown_and_every_layer_can_be(
    hidden: int, room: tuple[int, int]
) -> None:
    sizes, view = (2, *[4] * hidden, 1), View()
    for number in (*range(hidden + 2), 1):
        for _ in range(2):
            layout = placed(sizes, *room, view)
            view = layout.showing(Unit(number, sizes[number] - 1))
        layout = placed(sizes, *room, view)
        assert {0, number, hidden + 1} <= set(layout.displayed)
        assert all(layout.columns[k].shown for k in layout.displayed)
        assert layout.columns[-1].right < room[0]
        skipped = sum(count for count, _, _ in layout.skips())
        assert skipped == hidden - len(layout.layers)


def test_digits_are_a_picture_with_pictures_of_weights_beside() -> None:
    layout = of(DIGITS, 56, 22)
    image, weights, _ = layout.columns
    assert image.side == 8 and image.size.width == image.size.pixels == 16
    assert weights.size.width == weights.size.pixels == 8
    assert image.shown == 64 and weights.shown == 3
    for pixel in (0, 7, 8, 63):
        left, top, _, _ = image.edges(pixel)
        assert image.unit_at(left, top // 2) == pixel
    assert image.unit_at(image.left - 1, image.top // 2) is None
    assert of(DIGITS, 20, 5).columns[0].side == 0
    assert of(DIGITS, 200, 60).columns[0].size.width == 24


def test_columns_are_spread_and_centred() -> None:
    layout = placed((2, 4, 1), 100, 40)
    first, _, last = layout.columns
    assert layout.width == 100
    assert last.right >= 90
    assert abs((first.top // 2 + first.bottom) - layout.height) <= 1


def test_titles_take_a_second_line_only_where_they_must_and_can() -> None:
    assert placed((2, 8, 8, 8, 1), 60, 26).title_rows == 2
    assert placed((2, 8, 8, 8, 1), 60, 11).title_rows == 1
    assert placed((2, 8, 8, 8, 1), 140, 26).title_rows == 1


def test_titles_have_spans_of_their_own() -> None:
    layout = placed((2, 4, 2, 1), 60, 26)
    spans = layout.title_spans()
    assert spans[0][0] == 0 and spans[-1][1] == layout.width
    assert all(first[1] == second[0] for first, second in pairwise(spans))


def test_a_line_is_kept_where_not_all_links_are_drawn() -> None:
    many = placed((64, 32, 10), 100, 80, kind=Kind.PLAIN)
    few = placed((2, 8, 8, 1), 100, 40)
    assert many.has_footer and many.max_links == many.links == MAX_LINKS
    assert not few.has_footer
    plain = placed((2, 8, 8, 1), 100, 40, ascii=True)
    assert plain.has_footer and plain.max_links == MAX_ASCII_LINKS


def test_a_box_is_found_by_its_cells() -> None:
    column = placed((2, 4, 1), 60, 26).columns[1]
    row = int(column.middle_rows[2])
    assert column.unit_at(column.left, row) == 2
    assert column.unit_at(column.right - 1, row) == 2
    assert column.unit_at(column.right, row) is None
    assert column.unit_at(column.left, -1) is None
    assert column.unit_at(column.left, column.bottom) is None


def test_a_view_of_another_network_is_corrected() -> None:
    view = placed((2, *[4] * 12, 1), 56, 22, View(9, (0, 3, 3))).view
    assert view.layer > 1
    layout = placed((2, 4, 1), 56, 22, view)
    assert layout.displayed == [0, 1, 2] and not np.any(layout.view.firsts)
