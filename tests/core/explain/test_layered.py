"""A layered layout: nodes in columns, arrows to the right, few crossings."""

from __future__ import annotations

import time
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from toygrad.core.explain.graph_layout import columns_of, lay_out, rows_of

Arrows = list[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], Arrows]:
    nodes = list(range(draw(st.integers(1, 15))))
    pairs = list(combinations(nodes, 2))
    return nodes, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


@given(graph=graphs())
def test_arrows_lead_to_the_right_and_the_longest_path_takes_all_columns(
    graph: tuple[list[int], Arrows],
) -> None:
    nodes, arrows = graph
    columns = columns_of(nodes, arrows)
    assert list(columns) == nodes
    assert all(columns[source] < columns[target] for source, target in arrows)
    assert min(columns.values()) == 0
    for node in nodes:
        after = [columns[target] for source, target in arrows if source == node]
        assert columns[node] == min(after, default=max(columns.values()) + 1) - 1


@given(graph=graphs(), height=st.integers(1, 6))
def test_nodes_of_a_column_do_not_overlap(graph: tuple[list[int], Arrows], height: int) -> None:
    nodes, arrows = graph
    columns = columns_of(nodes, arrows)
    hops = [(a, b) for a, b in arrows if columns[b] == columns[a] + 1]
    middles = rows_of(dict.fromkeys(nodes, height), columns, hops)
    for column in range(max(columns.values()) + 1):
        rows = sorted(middles[node] for node in nodes if columns[node] == column)
        assert all(b - a >= height - 1e-9 for a, b in pairwise(rows))
    assert middles == rows_of(dict.fromkeys(nodes, height), columns, hops)


def test_a_tree_and_two_swapped_pairs_are_drawn_without_crossings() -> None:
    for arrows in (
        [("a", "e"), ("b", "f"), ("c", "e"), ("d", "f"), ("e", "g"), ("f", "g")],
        [("a", "d"), ("b", "c"), ("c", "e"), ("d", "e")],
    ):
        nodes = sorted({node for arrow in arrows for node in arrow})
        columns = columns_of(nodes, arrows)
        middles = rows_of(dict.fromkeys(nodes, 4), columns, arrows)
        for (a, b), (c, d) in combinations(arrows, 2):
            if columns[a] == columns[c]:
                assert (middles[a] - middles[c]) * (middles[b] - middles[d]) >= 0


def test_a_node_stands_in_the_middle_of_what_it_needs() -> None:
    arrows = [(source, "sum") for source in "abc"]
    columns = columns_of([*"abc", "sum"], arrows)
    middles = rows_of(dict.fromkeys(columns, 4), columns, arrows)
    assert sorted(middles[n] - middles["sum"] for n in "abc") == [-4.0, 0.0, 4.0]


def test_three_hundred_nodes_take_less_than_a_tenth_of_a_second() -> None:
    chain = [(f"y{k}", f"y{k + 1}") for k in range(100)]
    graphs = [
        # Sums of products, one after the other, all with the same x.
        [*chain, *((f"w{k}", f"y{k + 1}") for k in range(100)), *(("x", end) for _, end in chain)],
        # Three columns, each node with many wires.
        [(f"a{k}", f"b{k * n % 97}") for k in range(150) for n in (1, 2)]
        + [(f"b{k}", f"c{k // 2}") for k in range(97)],
    ]
    for edges in graphs:
        nodes = list(dict.fromkeys(node for edge in edges for node in edge))
        seconds = []
        for _ in range(3):
            begun = time.process_time()
            lay_out(dict.fromkeys(nodes, (12, 5)), edges, label_width=7)
            seconds.append(time.process_time() - begun)
        assert min(seconds) < 0.1
