"""Problems: targets, split and view, as the network and the screen see a data set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from toygrad.core.training.problem import make_problem
from toygrad.datasets import Dataset


def test_the_split_has_every_row_once_and_the_share_that_was_asked_for(
    two_classes: Dataset,
) -> None:
    problem = make_problem(two_classes, (), 0.7, seed=0)
    assert (len(problem.train_rows), len(problem.test_rows)) == (42, 18)
    rows = np.concatenate([problem.train_rows, problem.test_rows])
    np.testing.assert_array_equal(np.sort(rows), np.arange(60))


def test_the_seed_decides_the_split(two_classes: Dataset) -> None:
    first, same, other = (make_problem(two_classes, (), 0.5, seed).train_rows for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_more_of_a_share_adds_rows_and_takes_none_away(two_classes: Dataset) -> None:
    few, more = (make_problem(two_classes, (), share, 3).train_rows for share in (0.3, 0.8))
    assert set(few) < set(more)


def test_two_classes_share_one_output_of_minus_1_and_plus_1(two_classes: Dataset) -> None:
    problem = make_problem(two_classes, (), 0.5, 0)
    assert problem.n_outputs == 1
    np.testing.assert_array_equal(problem.targets[:, 0], two_classes.targets)


def test_more_classes_have_an_output_each(three_classes: Dataset) -> None:
    problem = make_problem(three_classes, (), 0.5, 0)
    assert problem.n_outputs == 3
    np.testing.assert_array_equal(problem.targets.argmax(axis=1), three_classes.labels)
    np.testing.assert_array_equal(np.sort(problem.targets, axis=1), [[-1.0, -1.0, 1.0]] * 60)


def test_targets_and_inputs_are_scaled_for_the_network(curve: Dataset) -> None:
    problem = make_problem(curve, ("x1", "x1^2"), 0.5, 0)
    np.testing.assert_allclose(curve.from_network(problem.targets[:, 0]), curve.targets)
    np.testing.assert_allclose(problem.inputs[:, 1], problem.inputs[:, 0] ** 2)


@pytest.fixture
def table() -> Dataset:
    """Two numbers, a category and a quantity, scaled as a file is."""
    rng = np.random.default_rng(5)
    points = np.stack([rng.normal(40, 9, 30), rng.normal(size=30), rng.integers(0, 2, 30)], axis=1)
    targets = rng.normal(1e4, 500, 30)
    return Dataset(
        name="table",
        points=points,
        targets=targets,
        columns=("age", "x", "smokes"),
        task="regression",
        input_shift=np.array([points[:, 0].mean(), points[:, 1].mean(), 0]),
        input_scale=np.array([points[:, 0].std(), points[:, 1].std(), 1]),
        target_shift=float(targets.mean()),
        target_scale=float(targets.std()),
        fits_scaling=True,
    )


def test_a_table_is_scaled_by_the_samples_that_train(table: Dataset) -> None:
    problem = make_problem(table, (), 0.5, 3)
    seen = np.column_stack([problem.inputs[:, :2], problem.targets])[problem.train_rows]
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(seen.std(axis=0), 1)
    np.testing.assert_array_equal(problem.inputs[:, 2], table.points[:, 2])
    outputs = problem.dataset.from_network(problem.targets[:, 0])
    np.testing.assert_allclose(outputs, table.targets)


def test_samples_that_test_change_nothing_that_the_network_learns_from(table: Dataset) -> None:
    problem = make_problem(table, (), 0.5, 3)
    points, targets = table.points.copy(), table.targets.copy()
    points[problem.test_rows] *= 100
    targets[problem.test_rows] *= 100
    other = make_problem(replace(table, points=points, targets=targets), (), 0.5, 3)
    rows = problem.train_rows
    np.testing.assert_array_equal(other.inputs[rows], problem.inputs[rows])
    np.testing.assert_array_equal(other.targets[rows], problem.targets[rows])


def test_a_sample_added_by_hand_does_not_move_the_others(table: Dataset) -> None:
    before = make_problem(table, (), 0.9, 3)
    after = make_problem(table.with_points([[1e4, 0, 0]] * 9, [0] * 9), (), 0.9, 3)
    np.testing.assert_array_equal(after.inputs[:30], before.inputs)


@pytest.mark.parametrize("spread", [0.0, 1e-300, 1e-30])
def test_what_hardly_varies_where_it_trains_keeps_the_scale_of_the_table(
    table: Dataset, spread: float
) -> None:
    rows = make_problem(table, (), 0.5, 3).train_rows
    points = table.points.copy()
    points[rows, 0] = 0
    points[rows[0], 0] = spread
    inputs = make_problem(replace(table, points=points), ("x1^2",), 0.5, 3).inputs
    assert np.abs(inputs).max() < 1e4


def test_scaling_copies_no_samples(table: Dataset) -> None:
    problem = make_problem(table, (), 0.5, 3)
    assert problem.dataset is not table
    assert problem.dataset.points is table.points


def test_without_wish_the_scaling_stays_whatever_trains(table: Dataset) -> None:
    problem = make_problem(replace(table, fits_scaling=False), (), 0.5, 3)
    np.testing.assert_array_equal(problem.inputs, table.network_inputs())


def test_the_view_is_the_data_set_s_domain(
    two_classes: Dataset, curve: Dataset, three_classes: Dataset
) -> None:
    assert make_problem(two_classes, (), 0.5, 0).view == ((-6.0, 6.0), (-6.0, 6.0))
    assert make_problem(curve, (), 0.5, 0).view == ((-5.0, 5.0),)
    assert make_problem(three_classes, (), 0.5, 0).view == ()


def test_without_a_domain_the_view_holds_every_point_with_a_margin() -> None:
    points = np.array([[0.0, 7.0], [10.0, 7.0]])
    dataset = Dataset(
        name="two points",
        points=points,
        targets=np.array([1.0, 2.0]),
        columns=("a", "b"),
        task="regression",
    )
    horizontal, vertical = make_problem(dataset, (), 0.5, 0).view
    assert horizontal == pytest.approx((-0.8, 10.8))
    assert vertical == (6.0, 8.0)


def test_the_grid_has_the_middles_of_the_cells_with_the_top_row_first(two_classes: Dataset) -> None:
    inputs = make_problem(two_classes, (), 0.5, 0).grid_inputs(columns=3, rows=2)
    expected = [(-4, 3), (0, 3), (4, 3), (-4, -3), (0, -3), (4, -3)]
    np.testing.assert_allclose(inputs, expected, atol=1e-12)


def test_the_grid_of_a_line_has_one_cell_a_column(curve: Dataset) -> None:
    problem = make_problem(curve, (), 0.5, 0)
    expected = problem.network_inputs(np.array([[-3.75], [-1.25], [1.25], [3.75]]))
    np.testing.assert_allclose(problem.grid_inputs(columns=4, rows=9), expected)
