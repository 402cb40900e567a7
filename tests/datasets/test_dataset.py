"""Dataset keeps its shape, its coding and its units; split divides it once and for all."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.datasets import Dataset, split


def small(**changes: Any) -> Dataset:
    fields: dict[str, Any] = {
        "name": "small",
        "points": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]],
        "targets": [-1.0, 1.0, 1.0],
        "columns": ("a", "b"),
        "classes": ("no", "yes"),
        "task": "classification",
    }
    return Dataset(**(fields | changes))


def test_arrays_are_read_only_copies_in_float64() -> None:
    points = np.array([[0, 1], [2, 3]], order="F")
    dataset = small(points=points, targets=np.array([1, -1]))
    points[0, 0] = 9
    assert dataset.points.tolist() == [[0, 1], [2, 3]]
    assert dataset.points.dtype == dataset.targets.dtype == np.float64
    assert dataset.points.flags.c_contiguous
    assert not dataset.points.flags.writeable
    assert not dataset.targets.flags.writeable
    assert not dataset.input_shift.flags.writeable


def test_labels_are_class_numbers_for_two_classes_and_for_more() -> None:
    assert small().labels.tolist() == [0, 1, 1]
    three = small(targets=[2.0, 0.0, 1.0], classes=("a", "b", "c"))
    assert three.labels.tolist() == [2, 0, 1]
    assert three.labels.dtype == np.int64
    assert three.n_classes == 3


def test_regression_has_no_labels() -> None:
    dataset = small(classes=(), task="regression", targets=[0.5, 1.5, 2.5])
    assert dataset.n_classes == 0
    with pytest.raises(ValueError, match="its targets are not classes"):
        _ = dataset.labels


def test_a_domain_is_kept_and_is_none_by_default() -> None:
    assert small(domain=(-1.0, 1.0)).domain == (-1.0, 1.0)
    assert small().domain is None
    line = small(points=[[0.0], [1.0], [2.0]], columns=("x",), domain=(-1.0, 1.0))
    assert line.domain == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"points": [[0.0], [1.0], [2.0]]}, "one column for each of the 2 column names"),
        ({"points": np.zeros((0, 2)), "targets": []}, "at least one sample"),
        ({"points": [[0.0, np.nan]] * 3}, "every coordinate of a point must be a finite number"),
        ({"targets": [1.0, -1.0]}, "one number for each of the 3 samples"),
        ({"targets": [1.0, -1.0, np.inf]}, "every target must be a finite number"),
        ({"targets": [1.0, -1.0, 0.0]}, "must be -1 or \\+1"),
        ({"targets": [0.0, 1.0, 3.0], "classes": ("a", "b", "c")}, "a class number, 0 to 2"),
        ({"classes": ("only",)}, "at least two classes"),
        ({"classes": ("same", "same")}, "every class needs a different name"),
        ({"columns": ("a", "a")}, "every column needs a different name"),
        ({"task": "regression"}, "a regression set has no classes"),
        ({"task": "guessing"}, "classification or regression, not guessing"),
        ({"target_scale": 2.0}, "class codes: do not scale them"),
        ({"input_scale": np.array([1.0, 0.0])}, "a finite number above 0"),
        ({"input_shift": np.array([1.0, np.nan])}, "every shift must be a finite number"),
        ({"input_shift": np.zeros(3)}, "input_shift needs one number for each of the 2 columns"),
        ({"domain": (1.0, 1.0)}, "from a lower to a higher number"),
        ({"domain": (0.0, np.inf)}, "from a lower to a higher number"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        small(**changes)


def test_the_network_sees_shifted_and_scaled_numbers_and_the_way_back_is_exact() -> None:
    dataset = small(
        task="regression",
        classes=(),
        targets=[10.0, 20.0, 30.0],
        input_shift=np.array([2.0, 3.0]),
        input_scale=np.array([2.0, 4.0]),
        target_shift=20.0,
        target_scale=10.0,
    )
    assert dataset.network_inputs().tolist() == [[-1.0, -0.5], [0.0, 0.0], [1.0, 0.5]]
    assert dataset.network_targets().tolist() == [-1.0, 0.0, 1.0]
    assert dataset.to_network(np.array([4.0, 7.0])).tolist() == [1.0, 1.0]
    assert dataset.from_network(dataset.network_targets()).tolist() == [10.0, 20.0, 30.0]


def test_without_scaling_the_network_sees_the_points() -> None:
    dataset = small()
    np.testing.assert_array_equal(dataset.network_inputs(), dataset.points)
    np.testing.assert_array_equal(dataset.network_targets(), dataset.targets)


def test_samples_are_appended_to_a_new_data_set_with_the_same_scaling() -> None:
    dataset = small(input_shift=np.array([1.0, 2.0]), note="kept")
    longer = dataset.with_points([[6.0, 7.0]], [-1.0])
    assert dataset.n_samples == 3
    assert longer.points[-1].tolist() == [6.0, 7.0]
    assert longer.targets.tolist() == [-1.0, 1.0, 1.0, -1.0]
    assert longer.input_shift.tolist() == [1.0, 2.0]
    assert longer.note == "kept"


def test_appended_samples_must_fit() -> None:
    with pytest.raises(ValueError, match="one column for each"):
        small().with_points([[6.0]], [-1.0])
    with pytest.raises(ValueError, match="must be -1 or"):
        small().with_points([[6.0, 7.0]], [3.0])


def test_samples_are_removed_by_their_id() -> None:
    shorter = small().without_rows([1])
    assert shorter.points.tolist() == [[0.0, 1.0], [4.0, 5.0]]
    assert shorter.targets.tolist() == [-1.0, 1.0]
    assert shorter.without_rows([2]).points.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("number", [-1, 3])
def test_an_unknown_id_removes_no_sample(number: int) -> None:
    assert small().without_rows([number]).n_samples == 3


def test_one_sample_has_to_stay() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        small().without_rows([0, 1, 2])


def test_samples_keep_their_ids_while_others_come_and_go() -> None:
    dataset = small()
    assert (dataset.drawn, dataset.ids.tolist()) == (3, [0, 1, 2])
    edited = dataset.with_points([[6.0, 7.0]], [1.0]).without_rows([2, 0])
    assert (edited.drawn, edited.ids.tolist()) == (3, [1, 3])
    assert edited.with_points([[8.0, 9.0]], [1.0]).ids.tolist() == [1, 3, 4]
    assert not edited.ids.flags.writeable


@pytest.mark.parametrize("ids", [[0, 0, 1], [0, 1], [-1, 0, 1]])
def test_sample_ids_must_be_distinct(ids: list[int]) -> None:
    with pytest.raises(ValueError, match="a different id"):
        small(ids=np.array(ids))


def numbered(n_samples: int) -> Dataset:
    points = np.arange(2.0 * n_samples).reshape(-1, 2)
    return small(points=points, targets=np.ones(n_samples))


@given(
    n_samples=st.integers(2, 200),
    share=st.floats(0, 1, exclude_min=True, exclude_max=True),
    seed=st.integers(0, 99),
)
def test_split_puts_every_sample_in_one_part_and_leaves_no_part_empty(
    n_samples: int, share: float, seed: int
) -> None:
    train, test = split(numbered(n_samples), share, np.random.default_rng(seed))
    assert sorted([*train, *test]) == list(range(n_samples))
    assert len(train) >= 1
    assert len(test) >= 1


@pytest.mark.parametrize(
    ("n_samples", "share", "n_train"),
    [(500, 0.5, 250), (100, 0.29, 29), (10, 0.7, 7), (11, 0.5, 5), (1200, 0.1, 120), (7, 1.0, 7)],
)
def test_split_trains_on_the_floor_of_the_share(n_samples: int, share: float, n_train: int) -> None:
    train, test = split(numbered(n_samples), share, np.random.default_rng(0))
    assert (len(train), len(test)) == (n_train, n_samples - n_train)


def test_split_of_a_single_sample_trains_on_it() -> None:
    train, test = split(numbered(1), 0.5, np.random.default_rng(0))
    assert (len(train), len(test)) == (1, 0)


def test_split_draws_one_permutation_and_is_the_same_for_the_same_seed() -> None:
    train, test = split(numbered(50), 0.4, np.random.default_rng(3))
    expected = np.random.default_rng(3).permutation(50)
    assert [*train, *test] == expected.tolist()
    assert train.dtype == np.int64


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_split_refuses_a_share_out_of_range(share: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        split(numbered(5), share, np.random.default_rng(0))


def parts(dataset: Dataset, share: float, seed: int) -> tuple[set[int], set[int]]:
    """The numbers of the rows that train, and of those that test."""
    train, test = split(dataset, share, np.random.default_rng(seed))
    assert sorted([*train, *test]) == list(range(dataset.n_samples))
    return set(dataset.ids[train].tolist()), set(dataset.ids[test].tolist())


@given(
    n_samples=st.integers(3, 60),
    share=st.floats(0, 1, exclude_min=True),
    seed=st.integers(0, 99),
    edits=st.lists(st.one_of(st.none(), st.integers(0, 200)), max_size=30),
)
def test_adding_or_removing_a_sample_moves_no_other_between_train_and_test(
    n_samples: int, share: float, seed: int, edits: list[int | None]
) -> None:
    dataset = numbered(n_samples)
    train, test = parts(dataset, share, seed)
    for edit in edits:
        if edit is None:
            dataset = dataset.with_points([[0.5, 0.5]], [1.0])
        elif dataset.n_samples > 2:
            dataset = dataset.without_rows([int(dataset.ids[edit % dataset.n_samples])])
        old, old_test = train, test
        train, test = parts(dataset, share, seed)
        # Where a part would be empty, one row has to fill it, and goes back when it need not.
        may_move = 0 if min(len(part) for part in (old, old_test, train, test)) > 1 else 1
        assert len((train & old_test) | (test & old)) <= may_move
        assert train
        assert test or share == 1


@given(share=st.floats(0.1, 0.9), seed=st.integers(0, 20))
def test_added_samples_are_split_by_the_same_share(share: float, seed: int) -> None:
    dataset = numbered(10).with_points(np.zeros((2000, 2)), np.ones(2000))
    train, _ = parts(dataset, share, seed)
    assert abs(len(train) / dataset.n_samples - share) < 0.06


def unequal(counts: list[int]) -> Dataset:
    """So many samples of each class, mixed."""
    labels = np.random.default_rng(1).permutation(np.repeat(np.arange(len(counts)), counts))
    return small(
        points=np.arange(2.0 * len(labels)).reshape(-1, 2),
        targets=labels.astype(np.float64),
        classes=tuple("abcdef"[: len(counts)]),
    )


COUNTS = st.lists(st.integers(1, 40), min_size=3, max_size=6)


@given(counts=COUNTS, share=st.floats(0.05, 0.95), seed=st.integers(0, 20))
def test_both_parts_have_their_share_of_every_class(
    counts: list[int], share: float, seed: int
) -> None:
    dataset = unequal(counts)
    train, test = split(dataset, share, np.random.default_rng(seed))
    assert sorted([*train, *test]) == list(range(sum(counts)))
    overall = max(math.floor(round(sum(counts) * share, 9)), 1) / sum(counts)
    for k, n in enumerate(counts):
        n_train = int(np.sum(dataset.labels[train] == k))
        assert abs(n_train - overall * n) < 1 or n_train in (1, n - 1)
        if n > 1:
            assert 0 < n_train < n


@given(
    counts=COUNTS,
    share=st.floats(0.1, 0.9),
    edits=st.lists(st.one_of(st.none(), st.integers(0, 200)), max_size=10),
)
def test_edits_of_unequal_classes_move_no_other_sample(
    counts: list[int], share: float, edits: list[int | None]
) -> None:
    dataset = unequal(counts)
    train, test = parts(dataset, share, 3)
    for edit in edits:
        if edit is None:
            dataset = dataset.with_points([[0.5, 0.5]], [1.0])
        elif dataset.n_samples > 2:
            dataset = dataset.without_rows([int(dataset.ids[edit % dataset.n_samples])])
        old, old_test = train, test
        train, test = parts(dataset, share, 3)
        may_move = 0 if min(len(part) for part in (old, old_test, train, test)) > 1 else 1
        assert len((train & old_test) | (test & old)) <= may_move


def test_without_strata_the_class_decides_nothing() -> None:
    dataset = replace(unequal([30, 5, 1]), strata=np.zeros(36, dtype=np.int64))
    train, test = split(dataset, 0.5, np.random.default_rng(3))
    assert [*train, *test] == np.random.default_rng(3).permutation(36).tolist()


@pytest.mark.parametrize("strata", [[0, 1], [0, 1, 2], [0, -1, 1]])
def test_strata_are_class_numbers_of_all_samples(strata: list[int]) -> None:
    with pytest.raises(ValueError, match="strata need a class number"):
        small(strata=np.array(strata))
