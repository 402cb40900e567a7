"""Paths: every way from a number to the output, counted, and the largest shown."""

from __future__ import annotations

import pytest

from toygrad.core import Value
from toygrad.core.explain.paths import paths


def test_each_path_carries_the_product_of_its_derivatives() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    product = a * b
    output = product + a**2
    found = paths(output, a)
    assert [path.product for path in found.shown] == [4.0, -3.0]
    assert found.shown[1].nodes == (a, product, output)
    assert found.shown[1].derivatives == (-3.0, 1.0)
    assert (found.n_paths, found.n_more, found.rest, found.total) == (2, 0, 0.0, 1.0)


def test_a_value_added_to_itself_has_two_paths() -> None:
    a = Value(3.0)
    found = paths(a + a, a)
    assert [path.product for path in found.shown] == [1.0, 1.0]


def test_more_paths_than_could_ever_be_listed_are_counted_and_the_largest_kept() -> None:
    a = Value(1.0)
    output = a
    for _ in range(200):
        output = output * 0.5 + output * 0.25
    found = paths(output, a, limit=3)
    assert found.n_paths == 2**200
    assert [path.product for path in found.shown] == pytest.approx(
        [0.5**200, 0.5**201, 0.5**201], abs=0.0
    )
    assert found.total == pytest.approx(0.75**200, abs=0.0)
    assert sum(path.product for path in found.shown) + found.rest == pytest.approx(found.total)
    assert found.n_more == 2**200 - 3


def test_the_output_is_a_path_to_itself() -> None:
    a = Value(1.0)
    found = paths(a, a)
    assert [(path.nodes, path.product) for path in found.shown] == [((a,), 1.0)]


@pytest.mark.parametrize("start", [Value(5.0), Value(2.0, constant=True)])
def test_what_the_output_does_not_depend_on_has_no_path(start: Value) -> None:
    found = paths(Value(1.0) * 2.0, start)
    assert (found.shown, found.n_paths, found.total) == ((), 0, 0.0)
