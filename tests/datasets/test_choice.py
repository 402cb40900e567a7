"""A choice of data gives the samples that were drawn, added and removed by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.datasets.choice import MAX_ADDED, MIN_POINTS, DataChoice


def circle(**changes: object) -> DataChoice:
    return replace(DataChoice(n_samples=10), **changes)  # type: ignore[arg-type]


def test_samples_drawn_by_hand_are_part_of_the_data() -> None:
    choice = circle(added=((1.0, 2.0, -1.0), (3.0, 4.0, 1.0)), removed=(0, 4))
    plain, edited = circle().load(), choice.load()
    assert edited.ids.tolist() == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    np.testing.assert_array_equal(edited.points[:-2], plain.points[edited.ids[:-2]])
    assert edited.points[-2:].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert edited.targets[-2:].tolist() == [-1.0, 1.0]


@given(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=25))
def test_edits_one_by_one_equal_all_edits_at_once(edits: list[int | None]) -> None:
    choice, dataset = circle(), circle().load()
    for k, edit in enumerate(edits):
        if edit is None:
            choice = choice.adding((float(k), 0.5), 1.0)
            dataset = dataset.with_points([[float(k), 0.5]], [1.0])
        elif dataset.n_samples > MIN_POINTS:
            number = int(dataset.ids[edit % dataset.n_samples])
            choice = choice.removing(number, dataset)
            dataset = dataset.without_rows([number])
    loaded = choice.load()
    np.testing.assert_array_equal(loaded.points, dataset.points)
    np.testing.assert_array_equal(loaded.targets, dataset.targets)


def test_added_samples_are_limited_and_two_samples_have_to_stay() -> None:
    full = circle(added=((0.0, 0.0, 1.0),) * MAX_ADDED)
    with pytest.raises(ValueError, match="2,000 samples by hand are the limit"):
        full.adding((0.0, 0.0), 1.0)
    two = DataChoice(n_samples=2)
    with pytest.raises(ValueError, match="The last two samples have to stay"):
        two.removing(0, two.load())


def test_added_samples_survive_drawing_again_and_nothing_survives_other_data() -> None:
    before = circle(added=((1.0, 2.0, 1.0),), removed=(3,))
    for changes in ({"noise": 0.2}, {"seed": 5}, {"n_samples": 20}):
        after = circle(**changes).with_edits_of(before)
        assert (after.added, after.removed) == (before.added, ())
    assert circle().with_edits_of(before) == before
    for other in (circle(name="xor"), circle(path=Path("mine.csv"))):
        assert other.with_edits_of(before) == other
    file = replace(before, path=Path("mine.csv"))
    assert circle().with_edits_of(file) == circle()
    assert file.with_edits_of(file) == replace(file, added=(), removed=())
