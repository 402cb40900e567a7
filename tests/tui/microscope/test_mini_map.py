"""The mini-map: every box and what is seen, only where the graph does not fit, never on a step."""

from __future__ import annotations

import random

import pytest
from textual.geometry import Region

from toygrad.core.autograd import Value
from toygrad.core.explain.graph import Outline
from toygrad.core.explain.stepper import Stepper
from toygrad.tui.microscope.graph_picture import Faces, GraphInk, GraphPainter
from toygrad.tui.microscope.graph_zoom import FORMS, Zoom, at_zoom
from toygrad.tui.microscope.mini_map import WIDEST, MiniMap, mini_map


def long_graph() -> Value:
    output = Value(0.5, label="x")
    for k in range(12):
        output = output * Value(1.5, label=f"w{k}") + Value(0.25, label=f"b{k}")
    return output


def painter() -> GraphPainter:
    output = long_graph()
    zoomed = at_zoom(Outline(output), frozenset(), Zoom(0, FORMS[0]), ())
    found = GraphPainter(zoomed.layout)
    faces = Faces(Stepper(output), FORMS[0], None, None, ())
    found.paint({node.id: faces.of(node) for node in zoomed.view.nodes})
    return found


def mapped(at: tuple[int, int], acting: tuple[str, ...], *, plain: bool = False) -> MiniMap | None:
    seen = Region(*at, 100, 20)
    found = painter()
    return mini_map(found.layout, found.paint({}), seen, acting, plain=plain)


def lines(found: MiniMap) -> list[str]:
    return ["".join(map(chr, row)) for row in found.canvas.glyphs.tolist()]


def test_it_holds_every_column_and_what_is_seen() -> None:
    found = mapped((0, 0), ())
    assert found is not None
    text = lines(found)
    assert all(len(line) == WIDEST for line in text)
    # What is seen is at the left, and moves with the view.
    left = max(line.find("░") for line in text)
    later = mapped((300, 0), ())
    assert later is not None
    assert left < min(line.find("░") for line in lines(later) if "░" in line)
    assert not "".join(text).isascii()
    plain = mapped((0, 0), (), plain=True)
    assert plain is not None and "".join(lines(plain)).isascii()


def test_the_boxes_of_the_step_stand_out_and_are_never_covered() -> None:
    layout, rng = painter().layout, random.Random(3)
    for _ in range(60):
        acting = tuple(rng.sample(sorted(layout.boxes), 2))
        at = (rng.randrange(layout.width - 100), rng.randrange(max(layout.height - 20, 1)))
        found = mapped(at, acting)
        if found is None:
            continue
        rows, columns = found.canvas.glyphs.shape
        area = Region(at[0] + found.place.x, at[1] + found.place.y, columns, rows)
        assert not any(area.overlaps(Region(*layout.boxes[node])) for node in acting)
        assert (found.canvas.keys == GraphInk.CURRENT).any()


@pytest.mark.parametrize("size", [(10_000, 10_000), (60, 40), (100, 8)])
def test_there_is_none_for_a_whole_graph_or_a_small_view(size: tuple[int, int]) -> None:
    found = painter()
    assert mini_map(found.layout, found.paint({}), Region(0, 0, *size), (), plain=False) is None
