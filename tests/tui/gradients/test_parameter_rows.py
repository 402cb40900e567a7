"""Rows of the table: checked shapes, true orders, filters that remember."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from toygrad.tui.gradients.parameter_order import Order, RowFilter, order_of
from toygrad.tui.gradients.parameter_rows import SORT_KEYS, SortKey, TableRows

VERDICTS = ("ok", "vanishing", "exploding", "dead")
NAMES = ("layer1.weight[0,0]", "layer1.bias[0]", "layer2.weight[0,0]", "layer2.bias[0]")


def make_rows(
    gradients: ArrayLike = (0.5, -2.0, 0.0, 1.0),
    names: Sequence[str] = NAMES,
    values: ArrayLike = (1.0, -1.0, 0.5, 0.0),
    updates: ArrayLike = (0.01, 0.2, 0.0, 0.3),
    verdicts: ArrayLike = (0, 2, 3, 0),
) -> TableRows:
    slopes = np.asarray(gradients, dtype=np.float64)
    return TableRows(
        names,
        np.asarray(values, dtype=np.float64),
        slopes,
        np.asarray(updates, dtype=np.float64),
        np.zeros((0, len(slopes))),
        np.asarray(verdicts, dtype=np.uint8),
        VERDICTS,
    )


@pytest.mark.parametrize(
    ("sort_by", "descending", "expected"),
    [
        ("name", False, [0, 1, 2, 3]),
        ("name", True, [3, 2, 1, 0]),
        ("value", True, [0, 2, 3, 1]),
        ("gradient", False, [1, 2, 0, 3]),
        ("abs gradient", True, [1, 3, 0, 2]),
        ("ratio", True, [3, 1, 0, 2]),
        ("verdict", True, [2, 1, 0, 3]),
    ],
)
def test_rows_are_sorted_by_every_key(
    sort_by: SortKey, descending: bool, expected: list[int]
) -> None:
    assert order_of(make_rows(), sort_by, descending, None).lines(0, 9) == expected


@pytest.mark.parametrize("sort_by", SORT_KEYS)
def test_there_is_an_order_for_every_key_of_no_rows(sort_by: SortKey) -> None:
    empty = make_rows((), (), (), (), ())
    assert order_of(empty, sort_by, True, None).lines(0, 5) == []


def test_not_a_number_counts_as_larger_than_all() -> None:
    rows = make_rows((1.0, np.nan, -np.inf, 5.0))
    assert order_of(rows, "gradient", True, None).lines(0, 4) == [1, 3, 0, 2]


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=30),
    st.integers(0, 30),
    st.integers(0, 12),
    st.randoms(use_true_random=False),
)
def test_every_window_is_a_part_of_the_whole_stable_order(
    numbers: list[int], first: int, count: int, random: Random
) -> None:
    keys = np.array(numbers, dtype=np.float64)
    shown = np.flatnonzero([random.random() < 0.7 for _ in numbers])
    order = Order(keys[shown], shown)
    whole = shown[np.argsort(keys[shown], kind="stable")].tolist()
    assert order.lines(first, count) == whole[first : first + count]
    assert [order.rank(index) for index in whole] == list(range(len(whole)))


def test_a_hidden_parameter_has_no_rank() -> None:
    order = Order(np.array([1.0, 0.0]), np.array([0, 2]))
    assert [order.rank(index) for index in (0, 1, 2, 3)] == [1, None, 0, None]
    assert Order(np.array([1.0]), None).rank(5) is None


def test_ratios_are_zero_without_an_update_and_infinite_without_a_value() -> None:
    rows = make_rows(values=(2.0, -1.0, 0.0, 0.0), updates=(0.0, 0.5, 0.0, 1.0))
    assert rows.ratios().tolist() == [0.0, 0.5, 0.0, np.inf]


def test_the_largest_gradient_is_the_largest_finite_one() -> None:
    assert make_rows((np.nan, -3.0, np.inf, 1.0)).largest_gradient() == 3.0
    assert make_rows((np.nan,) * 4).largest_gradient() == 0.0


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="gradients"):
        make_rows((1.0, 2.0))
    with pytest.raises(ValueError, match="2 names for 4"):
        make_rows(names=("a", "b"))
    good = make_rows()
    with pytest.raises(ValueError, match="history"):
        TableRows(
            NAMES,
            good.values,
            good.gradients,
            good.updates,
            np.zeros((3, 2)),
            good.verdicts,
            VERDICTS,
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".bias", [1, 3]),
        ("LAYER2", [2, 3]),
        ("layer2 dead", [2]),
        ("dead", [2]),
        ("layer1 .weight [0,0]", [0]),
        ("nothing", []),
    ],
)
def test_all_words_must_be_in_the_name_or_the_verdict(text: str, expected: list[int]) -> None:
    found = RowFilter().matches(make_rows(), text)
    assert found is not None and found.tolist() == expected


def test_a_blank_filter_matches_all() -> None:
    assert RowFilter().matches(make_rows(), "  ") is None


def test_names_are_searched_once_and_verdicts_every_time() -> None:
    asked: list[int] = []

    class Names(list[str]):
        def __getitem__(self, index: Any) -> Any:
            asked.append(index)
            return super().__getitem__(index)

    row_filter, names = RowFilter(), Names(NAMES)
    first = row_filter.matches(make_rows(names=names), "dead")
    second = row_filter.matches(make_rows(names=names, verdicts=(3, 0, 0, 0)), "dead")
    assert asked == [0, 1, 2, 3]
    assert first is not None and first.tolist() == [2]
    assert second is not None and second.tolist() == [0]


def test_new_names_are_searched_again() -> None:
    row_filter = RowFilter()
    row_filter.matches(make_rows(), "bias")
    found = row_filter.matches(make_rows(names=("bias", "b", "c", "d")), "bias")
    assert found is not None and found.tolist() == [0]
