"""The diagram as a whole: literal pictures, and what is found where."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from toygrad.core import NetworkSpec
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.canvas import Canvas
from toygrad.tui.network.diagram_data import DiagramData, diagram_data
from toygrad.tui.network.diagram_drawing import DiagramPainter, DiagramPicture, layout_of
from toygrad.tui.network.diagram_pictures import Maps, Numbered
from toygrad.tui.selection import Bias, Link, Part, Unit


def network(*sizes: int, value: float = 1.0, pixels: int = 0) -> DiagramData:
    layers = len(sizes) - 1
    hidden = (f"layer {number}" for number in range(1, layers))
    return DiagramData(
        tuple(f"x{number}" for number in range(1, sizes[0] + 1)),
        (*hidden, "output"),
        ("relu",) * (layers - 1) + ("tanh",),
        tuple(np.full(shape, value) for shape in pairwise(sizes)),
        tuple(np.zeros(n) for n in sizes[1:]),
        tuple(Maps(np.zeros((n, pixels, pixels))) if pixels else Numbered(n) for n in sizes),
        tuple(("",) * n for n in sizes),
    )


def drawn(
    data: DiagramData,
    width: int,
    height: int,
    selected: Part | None = None,
    *,
    ascii: bool = False,
) -> DiagramPicture:
    layout = layout_of(data, width, height, ascii=ascii)
    return DiagramPainter().draw(data, selected, layout, ascii=ascii)


def lines(canvas: Canvas) -> list[str]:
    return ["".join(map(chr, row)).rstrip() for row in canvas.glyphs.tolist()]


def text(picture: DiagramPicture) -> str:
    return "\n".join(lines(picture.titles) + lines(picture.body))


def test_a_small_network_in_ascii() -> None:
    data = network(1, 2, value=-1.0)
    data.biases[0][:] = [0.5, -0.5]
    picture = drawn(data, 30, 9, ascii=True)
    assert lines(picture.titles) == ["inputs, 1           output, 2"]
    assert lines(picture.body) == [
        "",
        "                  ------+'0''",
        "            --------",
        "x1 ''''-------",
        "           --\\\\--",
        "               --\\---",
        "                   ------'1''",
        "",
    ]


def test_a_picture_fills_its_box() -> None:
    values = np.array([[[-1.0, 1.0], [1.0, -1.0]]])
    data = replace(network(1, 1), pictures=(Maps(values, are_pixels=True),) * 2)
    body = lines(drawn(data, 40, 10, ascii=True).body)
    assert sum("===###" in line for line in body) == 1
    assert sum("###===" in line for line in body) == 1


def test_odd_boxes_end_with_half_a_line() -> None:
    picture = drawn(network(1, 8, 1, pixels=8), 60, 26)
    column = picture.layout.columns[1]
    assert column.size.pixels == 5
    last = picture.body.glyphs[column.pixel_tops[::2] // 2 + 2, column.left]
    assert set(last.tolist()) == {ord("▀")}


def test_the_titles_show_name_units_and_activation() -> None:
    wide = lines(drawn(network(2, 4, 1), 100, 26).titles)
    assert [title.strip() for title in wide[0].split("  ") if title] == [
        "inputs · 2",
        "layer 1 · - 4 + · relu",
        "output · 1 · tanh",
    ]
    narrow = lines(drawn(network(2, 8, 8, 8, 1), 60, 26).titles)
    assert narrow[0].split() == ["inputs", "layer", "1", "layer", "2", "layer", "3", "output"]
    assert narrow[1].count("- 8 +") == 3 and "1 · tanh" in narrow[1]
    low = lines(drawn(network(2, 8, 8, 8, 1), 60, 8).titles)
    assert len(low) == 1 and low[0].count("- 8 +") == 3 and "relu" not in low[0]


def test_every_bias_is_drawn_by_its_sign_the_outputs_too() -> None:
    data = network(1, 3, 1)
    data.biases[0][:] = [0.5, -0.5, 0.0]
    data.biases[1][:] = np.nan
    picture = drawn(data, 60, 26)
    hidden, output = picture.layout.columns[1:]
    signs = picture.body.glyphs[hidden.middle_rows, hidden.left - 1]
    assert "".join(map(chr, signs.tolist())) == "+-0"
    assert chr(picture.body.glyphs[output.middle_rows[0], output.left - 1]) == "?"


@pytest.mark.parametrize("ascii", [False, True])
def test_frozen_and_cut_biases_have_a_mark_beside_their_sign(ascii: bool) -> None:
    data = network(1, 3, 1)
    data.biases[0][:] = [0.5, 0.0, 0.0]
    held = np.zeros((2, 3), dtype=bool)
    held[-1, :2] = True
    data = replace(data, frozen=(held, np.zeros((4, 1), dtype=bool)))
    picture = drawn(data, 60, 26, ascii=ascii)
    column = picture.layout.columns[1]
    beside = picture.body.glyphs[column.middle_rows, column.left - 2]
    signs = picture.body.glyphs[column.middle_rows, column.left - 1]
    assert "".join(map(chr, beside[:2].tolist())) == "*x" and chr(beside[2]) not in "*x"
    assert "".join(map(chr, signs.tolist())) == "+00"


def test_names_are_whole_in_more_lines_if_need_be_and_cut_only_where_nothing_helps() -> None:
    data = replace(network(2, 1), input_names=("x1", "petal length (cm)"))
    assert "petal length (cm)" in text(drawn(data, 200, 20))
    narrow = text(drawn(data, 50, 20))
    assert "petal length" in narrow and "(cm)" in narrow and "…" not in narrow
    crowd = tuple(f"petal_length_in_cm_{number}" for number in range(20))
    assert "petal_.." in text(drawn(replace(network(20, 1), input_names=crowd), 34, 24, ascii=True))


@pytest.mark.parametrize("width", range(40, 64, 4))
def test_the_number_of_units_out_of_sight_is_whole(width: int) -> None:
    picture = drawn(network(3, 60, 40, 50), width, 9, ascii=True)
    counts = [
        f"v {count} more"
        for number in picture.layout.displayed
        for _, count in picture.layout.columns[number].markers(picture.layout.height)
    ]
    assert counts and all(count in text(picture) for count in counts)


@pytest.mark.parametrize("ascii", [False, True])
def test_dead_and_saturated_units_have_their_word(ascii: bool) -> None:
    for height, words in ((40, ("dead", "saturated")), (20, ("dead", "sat"))):
        data = network(1, 6, 1, pixels=8)
        data = replace(data, notes=(("",), ("dead", "", "", "", "", "saturated"), ("",)))
        picture = text(drawn(data, 60, height, ascii=ascii))
        assert all(word in picture for word in words)


def test_words_stand_beside_boxes_of_one_line() -> None:
    data = network(1, 20, 1)
    data = replace(data, notes=(("",), ("",) * 19 + ("saturated",), ("",)))
    picture = drawn(data, 60, 22)
    line = lines(picture.body)[int(picture.layout.columns[1].middle_rows[-1])]
    assert line[picture.layout.columns[1].right + 1 :].startswith("saturated")


def test_units_without_a_picture_have_their_number() -> None:
    picture = drawn(network(1, 3, 1), 60, 20)
    column = picture.layout.columns[1]
    rows = picture.body.glyphs[column.middle_rows, column.left : column.right]
    assert ["".join(map(chr, row)).strip() for row in rows.tolist()] == ["0", "1", "2"]


def test_a_line_says_when_not_all_links_are_drawn() -> None:
    assert drawn(network(30, 30), 60, 40).footer == "600 of 900 links are drawn"
    assert drawn(network(2, 2), 60, 30).footer == ""


@pytest.mark.parametrize("part", [Unit(0, 1), Unit(1, 0), Unit(2, 0), Bias(0, 2), Bias(1, 0)])
def test_a_part_is_found_where_it_is_drawn(part: Part) -> None:
    layout = (picture := drawn(network(2, 3, 1), 60, 26)).layout
    match part:
        case Unit(number, unit):
            column = layout.columns[number]
            assert picture.part_at(column.left, int(column.middle_rows[unit])) == part
        case Bias(layer, unit):
            column = layout.columns[layer + 1]
            assert picture.part_at(column.left - 1, int(column.middle_rows[unit])) == part


def test_a_link_is_found_all_along_and_nothing_elsewhere() -> None:
    picture = drawn(network(1, 1), 60, 26)
    source, target = picture.layout.columns
    row = int(source.middle_rows[0])
    assert {picture.part_at(x, row) for x in range(source.right, target.left - 1)} == {
        Link(0, 0, 0)
    }
    assert picture.part_at(source.right + 3, 0) is None
    assert picture.part_at(-1, 0) is None
    assert picture.part_at(0, 99) is None


@pytest.mark.parametrize(
    ("part", "framed"),
    [
        (Unit(1, 1), {Unit(1, 1)}),
        (Link(0, 0, 2), {Unit(0, 0), Unit(1, 2)}),
        (Bias(1, 0), {Unit(2, 0)}),
    ],
)
def test_what_is_selected_has_an_outline(part: Part, framed: set[Unit]) -> None:
    data = network(2, 3, 1)
    picture = drawn(data, 60, 26, part, ascii=True)
    for number, column in enumerate(picture.layout.columns):
        for unit, top in enumerate(column.middle_rows.tolist()):
            mark = chr(picture.body.glyphs[top, column.right])
            assert (mark == "]") == (Unit(number, unit) in framed)
    plain, selected = drawn(data, 60, 26), drawn(data, 60, 26, part)
    assert (plain.body.keys != selected.body.keys).any()


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 8, 8, 8, 1), (64, 32, 10), (2, 300, 1)])
@pytest.mark.parametrize("room", [(0, 0), (5, 2), (44, 12), (100, 40)])
def test_any_network_is_drawn_in_any_room(
    sizes: tuple[int, ...], room: tuple[int, int], ascii: bool
) -> None:
    for part in (None, Unit(1, 0), Link(0, 0, 0), Bias(0, 0)):
        picture = drawn(network(*sizes, pixels=8), *room, part, ascii=ascii)
        assert picture.body.glyphs.shape == (picture.layout.height, picture.layout.width)
        assert not ascii or all(line.isascii() for line in lines(picture.body))


def test_nan_and_infinity_are_drawn() -> None:
    for value in (np.nan, np.inf, -np.inf):
        data = network(2, 3, 1, value=value)
        assert "relu" in text(drawn(data, 60, 26))


def test_another_network_gets_a_new_layout() -> None:
    painter = DiagramPainter()
    for data in (network(2, 3, 1), network(1, 2), network(2, 3, 1)):
        layout = layout_of(data, 60, 26)
        fresh = DiagramPainter().draw(data, None, layout)
        again = painter.draw(data, None, layout)
        assert (again.body.glyphs == fresh.body.glyphs).all()


@pytest.mark.parametrize(
    ("name", "data", "hidden", "room"),
    [
        ("digits", "digits", (32,), (56, 22)),
        ("digits_large", "digits", (32, 16), (120, 40)),
        ("iris", "iris", (8,), (56, 18)),
        ("deep", "circle", (4,) * 20, (56, 22)),
        ("wide", "circle", (64, 256), (78, 24)),
    ],
)
def test_networks_look_as_they_did(
    name: str,
    data: str,
    hidden: tuple[int, ...],
    room: tuple[int, int],
    golden: Callable[[str, str], None],
) -> None:
    config = AppConfig(data=DataChoice(name=data, n_samples=60), network=NetworkSpec(hidden=hidden))
    shown = diagram_data(config.session().snapshot())
    for ascii in (False, True):
        picture = drawn(shown, *room, ascii=ascii)
        golden(f"diagram_{name}{'_ascii' * ascii}", f"{text(picture)}\n{picture.footer}")
