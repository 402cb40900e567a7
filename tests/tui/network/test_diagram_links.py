"""Links: strong ones win, weak ones stay seen, selected ones stand out, few enough are drawn."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from toygrad.tui.drawing.canvas import Canvas
from toygrad.tui.network.diagram_data import CUT_MARK, FROZEN_MARK, DiagramData
from toygrad.tui.network.diagram_layout import DiagramLayout, lay_out
from toygrad.tui.network.diagram_links import (
    FAINTEST,
    STAYS,
    LinkPicture,
    link_look,
    link_number,
    link_of_number,
    strengths,
)
from toygrad.tui.network.diagram_pictures import Numbered
from toygrad.tui.network.diagram_styles import Ink
from toygrad.tui.selection import Bias, Link, Unit


def network(*weights: NDArray[np.float64]) -> DiagramData:
    sizes = (len(weights[0]), *(weight.shape[1] for weight in weights))
    return DiagramData(
        tuple(f"x{number}" for number in range(sizes[0])),
        tuple(f"layer {number}" for number in range(len(weights))),
        ("tanh",) * len(weights),
        weights,
        tuple(np.zeros(n) for n in sizes[1:]),
        tuple(map(Numbered, sizes)),
        tuple(("",) * n for n in sizes),
    )


def placed(data: DiagramData, *, ascii: bool = False) -> DiagramLayout:
    shapes = tuple(picture.shape for picture in data.pictures)
    height = 12 if max(data.sizes) < 5 else 40
    titles = ("",) * len(shapes)
    return lay_out(shapes, data.input_names, (), titles, 40, height, ascii=ascii)


def painted(
    data: DiagramData, selected: Unit | Link | Bias | None = None, *, ascii: bool = False
) -> tuple[Canvas, NDArray[np.intp]]:
    layout = placed(data, ascii=ascii)
    canvas = Canvas(layout.height, layout.width)
    owners = LinkPicture(layout).paint(canvas, link_look(data, selected), ascii=ascii)
    return canvas, owners


CROSS = network(np.array([[1.0, -0.5], [0.25, -0.01]]))


def test_strength_is_the_root_of_the_part_of_the_largest() -> None:
    assert strengths(np.array([4.0, -1.0, 0.0]), 4.0).tolist() == [1.0, 0.5, 0.0]


def test_nan_and_infinity_have_a_strength() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 2.0])
    assert strengths(values, 2.0).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert strengths(values, 0.0).tolist() == [0.0, 1.0, 1.0, 1.0]


def test_each_layer_has_its_own_limit_that_biases_share() -> None:
    data = network(np.array([[1.0, np.inf]]), np.array([[0.1], [-3.0]]))
    data.biases[0][1] = -2.0
    assert data.limits == [2.0, 3.0]


@pytest.mark.parametrize("number", range(2 * 3 + 3 * 4))
def test_links_are_counted_layer_by_layer(number: int) -> None:
    sizes = (2, 3, 4)
    assert link_number(sizes, link_of_number(sizes, number)) == number
    assert link_of_number(sizes, 4) == Link(0, 1, 1)
    assert link_of_number(sizes, 6) == Link(1, 0, 0)


def test_the_weakest_are_faint_but_drawn() -> None:
    bright = link_look(CROSS, None).brightness()
    assert bright[0] == 1.0
    assert bright[3] == FAINTEST > 0
    assert 3 in painted(CROSS)[1]


def test_selected_links_stand_out_from_the_others() -> None:
    unit = link_look(CROSS, Unit(1, 0))
    assert unit.raised.tolist() == [True, False, True, False]
    assert unit.brightness()[[1, 3]].tolist() == [FAINTEST, FAINTEST]
    link = link_look(CROSS, Link(0, 1, 1))
    assert link.chosen == 3 and int(link.priority.argmax()) == 3
    bias = link_look(CROSS, Bias(0, 0))
    assert bias.dimmed.all()


def test_both_sides_of_a_selected_hidden_unit_are_raised() -> None:
    data = network(np.ones((1, 2)), np.ones((2, 1)))
    assert link_look(data, Unit(1, 1)).raised.tolist() == [False, True, False, True]


def test_the_strongest_wins_a_shared_cell() -> None:
    weak_first = network(np.array([[0.5, 0.1], [1.0, 0.2]]))
    _, owners = painted(weak_first)
    drawn = {int(number): int((owners == number).sum()) for number in range(4)}
    assert drawn[2] == max(drawn.values())
    _, owners = painted(weak_first, Link(0, 0, 1))
    assert (owners == 1).sum() > drawn[1]


def test_the_selected_link_has_the_text_colour() -> None:
    canvas, owners = painted(CROSS, Link(0, 1, 1))
    assert set(canvas.keys[owners == 3].tolist()) == {Ink.CHOSEN}
    assert Ink.CHOSEN not in canvas.keys[owners != 3]


def test_strong_links_are_thicker() -> None:
    strong, _ = painted(network(np.array([[1.0]])))
    pair = network(np.array([[0.3]]))
    pair.biases[0][0] = 1.0
    weak, _ = painted(pair)
    dots = [
        sum(int(glyph).bit_count() for glyph in canvas.glyphs[canvas.glyphs > 0x2800] - 0x2800)
        for canvas in (strong, weak)
    ]
    assert dots[0] == 2 * dots[1] > 0


def test_ascii_links_show_their_sign_without_colour() -> None:
    for value, sign in ((1.0, "+"), (-1.0, "-")):
        canvas, owners = painted(network(np.array([[value]])), ascii=True)
        text = "".join(map(chr, canvas.glyphs[owners >= 0].tolist()))
        assert sign in text and set(text) <= set("+-")
        assert ("+" in text) == (value > 0)


def test_ascii_links_that_are_weak_are_points() -> None:
    data = network(np.array([[0.001]]))
    data.biases[0][0] = 1.0
    canvas, owners = painted(data, ascii=True)
    assert set(canvas.glyphs[owners >= 0].tolist()) == {ord(".")}


def test_only_the_strongest_of_very_many_are_drawn_and_the_selected_one() -> None:
    weights = np.linspace(0.1, 1.0, 900).reshape(30, 30)
    data = network(weights)
    layout = placed(data)
    picture = LinkPicture(layout)
    canvas = Canvas(layout.height, layout.width)
    owners = picture.paint(canvas, link_look(data, None), ascii=False)
    assert owners[owners >= 0].min() >= 300
    owners = picture.paint(canvas, link_look(data, Link(0, 0, 5)), ascii=False)
    assert 5 in owners


def test_a_raster_that_is_kept_is_the_same_as_a_new_one() -> None:
    generator = np.random.default_rng(0)
    # Those that are drawn are the same ones in both: who is drawn already would stay.
    sizes = np.arange(1.0, 901.0).reshape(30, 30)
    first, second = (
        network(np.where(sizes > 300.0, generator.choice([-1.0, 1.0], (30, 30)), 0.01))
        for _ in range(2)
    )
    layout = placed(first)
    kept = LinkPicture(layout)
    size = layout.height, layout.width
    kept.paint(Canvas(*size), link_look(first, None), ascii=False)
    canvases = Canvas(*size), Canvas(*size)
    kept.paint(canvases[0], link_look(second, None), ascii=False)
    LinkPicture(layout).paint(canvases[1], link_look(second, None), ascii=False)
    assert (canvases[0].glyphs == canvases[1].glyphs).all()
    assert (canvases[0].keys == canvases[1].keys).all()


def test_a_network_without_weights_has_no_links() -> None:
    canvas, owners = painted(network(np.zeros((0, 1))))
    assert (owners == -1).all() and (canvas.keys == 0).all()


def test_a_link_that_is_drawn_gives_its_place_to_a_clearly_stronger_one_only() -> None:
    weights = np.linspace(0.3, 1.0, 900).reshape(30, 30) ** 2
    layout = placed(network(weights))
    picture = LinkPicture(layout)

    def drawn(data: DiagramData) -> set[int]:
        canvas = Canvas(layout.height, layout.width)
        picture.paint(canvas, link_look(data, None), ascii=False)
        return set(picture._drawn.tolist())

    first = drawn(network(weights))
    assert first == set(range(300, 900))
    weakest = np.sqrt(weights.ravel()[300])
    weights[0, 0] = (weakest + STAYS / 2) ** 2
    assert drawn(network(weights)) == first
    weights[0, 0] = (weakest + 2 * STAYS) ** 2
    assert drawn(network(weights)) == first - {300} | {0}


def frozen(data: DiagramData, *links: Link) -> DiagramData:
    masks = [
        np.zeros((a + 1, b), dtype=bool) for a, b in zip(data.sizes, data.sizes[1:], strict=False)
    ]
    for layer, source, target in links:
        masks[layer][source, target] = True
    return replace(data, frozen=tuple(masks))


@pytest.mark.parametrize("ascii", [False, True])
def test_a_frozen_link_has_a_mark_that_is_part_of_it(ascii: bool) -> None:
    data = frozen(CROSS, Link(0, 1, 0))
    canvas, owners = painted(data, ascii=ascii)
    (place,) = np.flatnonzero(canvas.glyphs == ord(FROZEN_MARK))
    assert owners.ravel()[place] == link_number(data.sizes, Link(0, 1, 0))
    assert canvas.keys.ravel()[place] == Ink.MARK
    chosen, _ = painted(data, Link(0, 1, 0), ascii=ascii)
    assert chosen.keys.ravel()[place] == Ink.CHOSEN


@pytest.mark.parametrize("ascii", [False, True])
def test_a_cut_link_has_another_mark_and_gaps(ascii: bool) -> None:
    data = network(np.array([[0.0], [1.0]]))
    whole = np.count_nonzero(painted(data, ascii=ascii)[1] == 0)
    canvas, owners = painted(frozen(data, Link(0, 0, 0)), ascii=ascii)
    assert np.count_nonzero(canvas.glyphs == ord(CUT_MARK)) == 1
    assert np.count_nonzero(canvas.glyphs == ord(FROZEN_MARK)) == 0
    assert np.count_nonzero(owners == 0) < 0.7 * whole


def test_all_marks_of_a_layer_stand_on_links_of_their_own() -> None:
    data = network(np.ones((3, 3)))
    links = [Link(0, source, target) for source in range(3) for target in range(3)]
    canvas, owners = painted(frozen(data, *links))
    marks = canvas.glyphs == ord(FROZEN_MARK)
    assert len(set(owners[marks].tolist())) == np.count_nonzero(marks) >= 7


def test_links_that_are_not_drawn_have_no_mark() -> None:
    weights = np.linspace(0.01, 1.0, 900).reshape(30, 30)
    canvas, _ = painted(frozen(network(weights), Link(0, 0, 0)))
    assert not (canvas.glyphs == ord(FROZEN_MARK)).any()
