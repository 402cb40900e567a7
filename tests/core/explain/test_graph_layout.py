"""Where boxes and wires of a computational graph go."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core.explain.graph_layout import Edge, GraphLayout, Place, lay_out


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Edge]]:
    nodes = [f"n{k}" for k in range(draw(st.integers(1, 12)))]
    pairs = list(combinations(nodes, 2))
    return nodes, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


def cells(corners: tuple[Place, ...]) -> set[Place]:
    return {
        Place(x, y)
        for here, there in pairwise(corners)
        for x in range(min(here.x, there.x), max(here.x, there.x) + 1)
        for y in range(min(here.y, there.y), max(here.y, there.y) + 1)
    }


def assert_is_readable(layout: GraphLayout) -> None:
    boxes = list(layout.boxes.values())
    for first, second in combinations(boxes, 2):
        assert not (
            first.left < second.left + second.width
            and second.left < first.left + first.width
            and first.top < second.top + second.height
            and second.top < first.top + first.height
        )
    for (source, target), corners in layout.wires.items():
        assert all(a.x == b.x or a.y == b.y for a, b in pairwise(corners))
        assert corners[0].x == layout.boxes[source].left + layout.boxes[source].width
        assert corners[-1].x == layout.boxes[target].left - 1
        on_wire = cells(corners)
        assert not any(box.holds(place) for box in boxes for place in on_wire)
        assert all(0 <= p.x < layout.width and 0 <= p.y < layout.height for p in on_wire)


@given(graph=graphs(), rows=st.integers(3, 6), label_width=st.sampled_from([0, 7]))
def test_nothing_lies_on_a_box(
    graph: tuple[list[str], list[Edge]], rows: int, label_width: int
) -> None:
    assert_is_readable(
        lay_out(
            dict.fromkeys(graph[0], (12, rows)),
            graph[1],
            label_width=label_width,
            is_tight=not label_width,
        )
    )


def test_there_is_room_for_a_label_before_each_arrow() -> None:
    layout = lay_out(dict.fromkeys("abc", (8, 5)), [("a", "c"), ("b", "c")], label_width=7)
    for corners in layout.wires.values():
        assert corners[-1].x - corners[-2].x >= 7


def test_the_picture_is_the_same_every_time() -> None:
    nodes, edges = dict.fromkeys("abcd", (8, 5)), [("a", "c"), ("b", "c"), ("c", "d"), ("a", "d")]
    first = lay_out(nodes, edges)
    assert first == lay_out(nodes, edges)


def test_no_nodes_are_refused() -> None:
    with pytest.raises(ValueError, match="without nodes"):
        lay_out({}, [])
