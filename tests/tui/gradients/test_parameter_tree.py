"""Rows grouped by tensor: their order, what is pinned, and how they are drawn."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from toygrad.core import Snapshot
from toygrad.core.diagnosis.statistics import tensor_layout, tensor_stats
from toygrad.tui.gradients.parameter_columns import (
    FLAT,
    TREE,
    RowLook,
    header_text,
    lay_out,
    row_segments,
    sort_key_at,
    sort_keys,
)
from toygrad.tui.gradients.parameter_order import (
    MAX_PINNED,
    Arrangement,
    Order,
    PinnedOrder,
    TreeOrder,
    tree_order_of,
)
from toygrad.tui.gradients.parameter_rows import (
    SortKey,
    TableRows,
    TensorRows,
    tensor_line,
    tensor_of,
)
from toygrad.tui.widgets.row_styles import RowStyles

SIZES = (2, 3, 1)
NAMES = (
    *(f"layer1.weight[{i},{j}]" for i in range(2) for j in range(3)),
    *(f"layer1.bias[{j}]" for j in range(3)),
    *(f"layer2.weight[{i},0]" for i in range(3)),
    "layer2.bias[0]",
)
STYLES = RowStyles(*(Style(color=f"color({number})") for number in range(7)))
VERDICTS = ("ok", "vanishing", "exploding", "dead", "frozen")


def make_rows(gradients: Any = None, codes: Any = None) -> TableRows:
    n = len(NAMES)
    slopes = np.arange(n, dtype=np.float64) if gradients is None else np.asarray(gradients)
    verdicts = np.zeros(n, dtype=np.uint8) if codes is None else np.asarray(codes, dtype=np.uint8)
    snapshot = SimpleNamespace(
        sizes=SIZES, parameters=np.ones(n), gradients=slopes, updates=np.full(n, 0.01)
    )
    stats = tensor_stats(cast(Snapshot, snapshot))
    tensors = TensorRows(
        stats, (stats.gradients / 2, stats.gradients), stats.layout.counts(verdicts, len(VERDICTS))
    )
    return TableRows(
        NAMES,
        snapshot.parameters,
        slopes,
        snapshot.updates,
        (slopes,),
        verdicts,
        VERDICTS,
        np.zeros(n, dtype=bool),
        tensors,
    )


def test_a_tensor_and_its_line_are_one_and_the_same() -> None:
    assert [tensor_of(tensor_line(tensor)) for tensor in range(3)] == [0, 1, 2]
    assert tensor_of(0) is None
    rows = make_rows()
    assert rows.name(tensor_line(2)) == "layer2.weight"
    assert rows.holds(tensor_line(3)) and not rows.holds(tensor_line(4))


@pytest.mark.parametrize("sort_by", sort_keys(TREE))
@pytest.mark.parametrize("descending", [False, True])
def test_every_line_of_a_tree_is_at_its_rank(sort_by: SortKey, descending: bool) -> None:
    order = tree_order_of(make_rows(), sort_by, descending, None, {0, 3})
    assert len(order) == 4 + 6 + 1
    lines = order.lines(0, 99)
    assert sorted(lines) == [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 12]
    assert [order.rank(line) for line in lines] == list(range(11))
    assert order.rank(7) is None
    for first in range(12):
        assert order.lines(first, 3) == lines[first : first + 3]


def test_parameters_are_below_their_tensor_in_the_same_order() -> None:
    order = tree_order_of(make_rows(), "abs gradient", True, None, {1})
    assert order.lines(0, 9) == [-3, -2, 8, 7, 6, -4, -1]


def test_a_filter_leaves_out_tensors_without_a_match() -> None:
    order = tree_order_of(make_rows(), "name", False, np.array([1, 4, 9]), {0})
    assert order.lines(0, 9) == [-1, 1, 4, -3]


@given(st.sets(st.integers(0, 19), max_size=6), st.integers(0, 25), st.integers(0, 8))
def test_pinned_lines_are_on_top_and_missing_below(
    pinned: set[int], first: int, count: int
) -> None:
    keys = np.random.default_rng(0).permutation(20).astype(np.float64)
    rest = Order(keys, None)
    on_top = sorted(pinned)
    order = PinnedOrder(on_top, rest)
    expected = on_top + [line for line in rest.lines(0, 99) if line not in pinned]
    assert len(order) == len(expected) == 20
    assert order.lines(first, count) == expected[first : first + count]
    assert [order.rank(line) for line in expected] == list(range(20))


def test_what_the_filter_hides_stays_pinned() -> None:
    order = PinnedOrder([7, 1], Order(np.array([0.0, 1.0]), np.array([1, 2])))
    assert order.lines(0, 9) == [7, 1, 2]
    assert order.rank(5) is None
    assert PinnedOrder([], TreeOrder([], {})).lines(0, 3) == []


def test_only_so_many_stay_on_top_and_another_network_has_none() -> None:
    arrangement = Arrangement()
    arrangement.take(make_rows())
    for line in range(MAX_PINNED + 2):
        arrangement.toggle_pinned(line)
    arrangement.arrange("name", False, "", False)
    assert arrangement.n_pinned == MAX_PINNED
    assert not arrangement.is_pinned(0) and arrangement.is_pinned(MAX_PINNED + 1)
    arrangement.toggle_pinned(5)
    arrangement.open_all()
    assert arrangement.opened == {0, 1, 2, 3}
    assert arrangement.tensor_above(7) == tensor_line(1)
    assert arrangement.tensor_above(tensor_line(1)) is None
    arrangement.take(replace(make_rows(), names=tuple(reversed(NAMES))))
    arrangement.arrange("name", False, "", False)
    assert arrangement.n_pinned == 0 and not arrangement.opened


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (140, "name value gradient bar mean largest zeros ratio history verdict"),
        (71, "name value gradient mean largest zeros ratio verdict"),
        (62, "name value gradient largest zeros ratio verdict"),
        (54, "name value gradient zeros ratio verdict"),
        (34, "name value gradient"),
    ],
)
def test_narrow_trees_keep_the_most_informative_columns(width: int, names: str) -> None:
    columns = lay_out(width, TREE)
    assert " ".join(column.name for column in columns) == names
    assert columns[-1].start + columns[-1].width <= width


def test_only_the_chosen_columns_are_there_and_name_and_gradient_always() -> None:
    assert [c.name for c in lay_out(140, FLAT, {"verdict"})] == ["name", "gradient", "verdict"]
    assert [c.name for c in lay_out(140, TREE, ())] == ["name", "gradient"]


def test_titles_of_a_tree_say_norms_and_sort_by_them() -> None:
    columns = lay_out(71, TREE)
    text = header_text(columns, "abs gradient", True, kind=TREE)
    assert text.split() == [
        *("tensor", "|value|", "|grad|▼", "mean", "largest", "zeros", "Δ/w", "verdict")
    ]
    assert sort_key_at(columns, columns[2].start, TREE) == "abs gradient"


def drawn(rows: TableRows, line: int, look: RowLook, width: int = 71) -> str:
    segments = row_segments(rows, line, lay_out(width, TREE), STYLES, look)
    return "".join(segment.text for segment in segments).rstrip()


def test_rows_of_a_tree_are_drawn() -> None:
    rows = make_rows()
    # |(0, 1, 2, 3, 4, 5)| = sqrt(55), the mean 2.5, one of six exactly 0.
    assert drawn(rows, -1, RowLook()) == (
        "▸ layer1.weight   2.4495   7.4162 +2.5000  5.0000 16.7% 1e-02 ok"
    )
    assert drawn(rows, -1, RowLook(is_open=True, ascii=True)).startswith("v layer1.weight")
    assert drawn(rows, 4, RowLook(is_nested=True)).startswith("  [1,1]          +1.0000  +4.0000")
    assert drawn(rows, 4, RowLook(is_pinned=True)).startswith("↑ layer1…ht[1,1]")
    assert "2x3" in drawn(rows, -1, RowLook(), 140)


def test_a_tensors_verdict_counts_its_parameters() -> None:
    codes = [3, 3, 0, 0, 0, 0, 3, 3, 3, 1, 0, 0, 4]
    rows = make_rows(codes=codes)
    verdicts = [drawn(rows, tensor_line(tensor), RowLook()).split()[-2:] for tensor in range(4)]
    assert verdicts[0] == ["2", "dead"]
    assert verdicts[1][1] == "dead"
    assert verdicts[2] == ["1", "vanis…"]
    assert verdicts[3][1] == "frozen"


def test_frozen_parameters_are_marked_without_a_warning() -> None:
    rows = make_rows(codes=[4, *[0] * 12])
    frozen = np.zeros(13, dtype=bool)
    frozen[0] = True
    rows = replace(rows, frozen=frozen)
    segments = row_segments(rows, 0, lay_out(100, FLAT), STYLES, RowLook())
    assert segments[0].text.startswith("layer1.weight[0,0]*")
    assert next(s for s in segments if s.text.strip() == "frozen").style == STYLES.quiet


def test_tensors_that_do_not_hold_all_parameters_are_refused() -> None:
    rows = make_rows()
    with pytest.raises(ValueError, match="the tensors hold 13, not 12"):
        TableRows(
            NAMES[:12],
            rows.values[:12],
            rows.gradients[:12],
            rows.updates[:12],
            (),
            rows.verdicts[:12],
            VERDICTS,
            None,
            rows.tensors,
        )
    assert len(tensor_layout(SIZES)) == 4
