"""Session: repeatable runs, honest epochs, and ways back to the beginning."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.training import ENGINES
from toygrad.core.training.history import CURVES
from toygrad.datasets import Dataset


def session(dataset: Dataset, seed: int = 0, **settings: Any) -> Session:
    return Session(NetworkSpec(), dataset, TrainingConfig(**settings), seed=seed)


def assert_same_bits(first: Session, second: Session) -> None:
    a, b = first.snapshot(), second.snapshot()
    assert (a.step, a.epoch, a.evaluation) == (b.step, b.epoch, b.evaluation)
    for name in ("parameters", "gradients", "updates", "outputs", "grid"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    np.testing.assert_array_equal(a.curves.recent, b.curves.recent)


# --- Repeatable ---------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_same_seed_gives_the_same_bits(two_classes: Dataset, optimizer: str) -> None:
    runs = [session(two_classes, seed=5, optimizer=optimizer) for _ in range(2)]
    for run in runs:
        run.advance(25)
    assert_same_bits(*runs)


def test_another_seed_gives_another_run(two_classes: Dataset) -> None:
    first, second = (session(two_classes, seed=seed) for seed in (1, 2))
    assert not np.array_equal(first.snapshot().parameters, second.snapshot().parameters)


def test_7_steps_and_3_are_10(two_classes: Dataset) -> None:
    parts, whole = session(two_classes), session(two_classes)
    parts.advance(7)
    parts.advance(3)
    whole.advance(10)
    assert_same_bits(parts, whole)


def test_looking_changes_nothing(two_classes: Dataset) -> None:
    watched, alone = session(two_classes), session(two_classes)
    for _ in range(5):
        watched.advance()
        watched.snapshot((7, 3))
        watched.evaluate()
        watched.predict([[0.0, 1.0]])
    alone.advance(5)
    np.testing.assert_array_equal(watched.snapshot().parameters, alone.snapshot().parameters)


# --- Epochs and batches -------------------------------------------------------------------------


def test_an_epoch_ends_when_every_sample_was_seen(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=7)
    # 30 samples train: four batches of 7 and one of 2.
    assert run.steps_per_epoch == 5
    run.advance(4)
    assert (run.epoch, run.step) == (0, 4)
    run.advance()
    assert (run.epoch, run.step) == (1, 5)


def test_advance_epochs_goes_to_the_end_of_this_epoch_first(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=7)
    run.advance(2)
    run.advance_epochs()
    assert (run.epoch, run.step) == (1, 5)
    run.advance_epochs(2)
    assert (run.epoch, run.step) == (3, 15)


def fixed_order(run: Session) -> Any:
    """The order of a run with seed 0 that does not shuffle."""
    return np.random.default_rng([0, 2]).permutation(run.snapshot().train_rows)


def gradient_of_rows(run: Session, dataset: Dataset, rows: Any) -> Any:
    """The mean gradient over some rows at the session's present parameters."""
    network = run.network
    network.zero_grad()
    outputs = network(dataset.points[rows])
    (((outputs - dataset.targets[rows, None]) ** 2).sum() * (0.5 / len(rows))).backward()
    gradient = network.flat_gradients.copy()
    network.zero_grad()
    return gradient


def test_the_last_batch_is_smaller_and_averaged_over_its_own_samples(
    two_classes: Dataset,
) -> None:
    run = session(two_classes, batch_size=20, shuffle=False)
    rows = fixed_order(run)
    run.advance()
    expected = gradient_of_rows(run, two_classes, rows[20:])
    run.advance()
    np.testing.assert_allclose(run.snapshot().gradients, expected, rtol=1e-10, atol=1e-14)


def test_without_shuffling_every_epoch_has_the_same_order(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=10, shuffle=False)
    rows = fixed_order(run)
    for _ in range(2):
        for start in (0, 10, 20):
            expected = gradient_of_rows(run, two_classes, rows[start : start + 10])
            run.advance()
            np.testing.assert_allclose(run.snapshot().gradients, expected, rtol=1e-9, atol=1e-14)


def test_with_shuffling_every_epoch_has_another_order_of_the_same_samples(
    two_classes: Dataset,
) -> None:
    # At a learning rate of next to nothing the gradients of an epoch add up to the whole one.
    run = session(two_classes, batch_size=1, learning_rate=1e-300)
    whole = gradient_of_rows(run, two_classes, run.snapshot().train_rows)
    epochs: list[Any] = []
    for _ in range(2):
        gradients: list[Any] = []
        for _ in range(run.steps_per_epoch):
            run.advance()
            gradients.append(run.snapshot().gradients)
        np.testing.assert_allclose(np.mean(gradients, axis=0), whole, rtol=1e-9, atol=1e-13)
        epochs.append(gradients)
    first, second = epochs
    assert not np.array_equal(first, second)
    np.testing.assert_allclose(np.sort(first, axis=0), np.sort(second, axis=0), atol=1e-14)


def test_a_batch_larger_than_the_train_set_takes_all_of_it(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=1000)
    expected = gradient_of_rows(run, two_classes, run.snapshot().train_rows)
    run.advance()
    assert (run.steps_per_epoch, run.epoch) == (1, 1)
    np.testing.assert_allclose(run.snapshot().gradients, expected, rtol=1e-10, atol=1e-14)


def test_a_train_share_of_1_leaves_nothing_to_test(two_classes: Dataset) -> None:
    run = session(two_classes, train_share=1.0)
    run.advance_epochs(2)
    snapshot = run.snapshot()
    assert len(snapshot.test_rows) == 0
    assert np.isnan(snapshot.evaluation.test_loss)
    assert snapshot.evaluation.test_accuracy is None
    assert np.isnan(snapshot.curves.recent[:, 1]).all()
    assert np.isfinite(snapshot.evaluation.train_loss)


def test_the_history_has_a_point_for_the_beginning_and_each_epoch(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=1)
    beginning = run.evaluate()
    run.advance_epochs(3)
    curves = run.snapshot().curves
    np.testing.assert_array_equal(curves.recent_epochs, [0, 1, 2, 3])
    assert curves.recent[0, 0] == beginning.train_loss
    assert curves.recent[3, 1] == run.evaluate().test_loss


def test_without_shuffling_no_batch_is_of_one_class_alone(two_classes: Dataset) -> None:
    run = session(two_classes, batch_size=10, shuffle=False)
    for _ in range(run.steps_per_epoch):
        run.advance()
        rows = run.snapshot().batch_rows
        assert len(set(two_classes.targets[rows])) == 2


def test_of_very_short_epochs_the_curves_have_fewer_points_as_they_grow(
    two_classes: Dataset,
) -> None:
    run = session(two_classes, batch_size=30)
    run.advance_epochs(30)
    np.testing.assert_array_equal(run.snapshot().curves.recent_epochs, np.arange(31))
    run.advance_epochs(2970)
    epochs = run.snapshot().curves.recent_epochs
    assert np.diff(epochs).max() == 74
    assert (np.diff(epochs) <= np.maximum(1, epochs[1:] / 40)).all()


def test_being_watched_puts_no_point_on_the_curves(two_classes: Dataset) -> None:
    watched, alone = (session(two_classes, batch_size=30) for _ in range(2))
    for _ in range(200):
        watched.advance()
        watched.snapshot()
    alone.advance(200)
    assert_same_bits(watched, alone)


def test_the_schedule_is_in_the_learning_rate(two_classes: Dataset) -> None:
    run = session(two_classes, learning_rate=0.4, schedule="step", schedule_epochs=2)
    rates = []
    for _ in range(5):
        rates.append(run.learning_rate)
        run.advance_epochs()
    assert rates == [0.4, 0.4, 0.2, 0.2, 0.1]
    snapshot = run.snapshot()
    assert snapshot.learning_rate == 0.1
    np.testing.assert_allclose(snapshot.updates, -0.1 * snapshot.gradients)


def test_accuracy_counts_the_right_signs(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance_epochs(5)
    snapshot = run.snapshot()
    right = (snapshot.outputs[:, 0] > 0) == (two_classes.targets > 0)
    assert snapshot.evaluation.train_accuracy == np.mean(right[snapshot.train_rows])
    assert snapshot.evaluation.test_accuracy == np.mean(right[snapshot.test_rows])


def test_regression_has_no_accuracy(numbers: Dataset) -> None:
    evaluation = session(numbers).evaluate()
    assert evaluation.train_accuracy is None
    assert evaluation.test_accuracy is None


# --- Predictions --------------------------------------------------------------------------------


def test_predictions_of_a_regression_are_in_the_units_of_its_targets(curve: Dataset) -> None:
    run = session(curve)
    run.advance_epochs(3)
    outputs = run.snapshot().outputs
    expected = outputs * curve.target_scale + curve.target_shift
    np.testing.assert_allclose(run.predict(curve.points), expected)


def test_one_point_can_be_predicted_alone(two_classes: Dataset) -> None:
    run = session(two_classes)
    assert run.predict([1.0, 2.0]).shape == (1, 1)
    np.testing.assert_array_equal(run.predict(two_classes.points[:1]), run.snapshot().outputs[:1])


# --- Ways back ----------------------------------------------------------------------------------


def test_reset_goes_back_to_the_very_same_first_weights(two_classes: Dataset) -> None:
    run, fresh = session(two_classes, seed=3), session(two_classes, seed=3)
    run.advance(17)
    run.reset()
    assert (run.epoch, run.step, run.state, run.run_id) == (0, 0, "ready", 1)
    assert_same_bits(run, fresh)
    for again in (run, fresh):
        again.advance(17)
    assert_same_bits(run, fresh)


def test_reset_forgets_the_state_of_the_optimizer(two_classes: Dataset) -> None:
    run = session(two_classes, optimizer="momentum")
    run.advance(5)
    run.reset()
    run.advance()
    snapshot = run.snapshot()
    np.testing.assert_allclose(snapshot.updates, -0.03 * snapshot.gradients)


def test_reseed_draws_other_weights_and_keeps_the_split(two_classes: Dataset) -> None:
    run = session(two_classes, seed=3)
    before = run.snapshot()
    run.advance(5)
    run.reseed(4)
    after = run.snapshot()
    assert (run.seed, run.run_id, after.step) == (4, 1, 0)
    assert not np.array_equal(before.parameters, after.parameters)
    np.testing.assert_array_equal(before.train_rows, after.train_rows)
    other = session(two_classes, seed=4).snapshot()
    np.testing.assert_array_equal(after.parameters, other.parameters)


def test_reset_after_reseed_keeps_the_new_seed(two_classes: Dataset) -> None:
    run = session(two_classes, seed=3)
    run.reseed(4)
    first = run.snapshot().parameters
    run.advance(5)
    run.reset()
    np.testing.assert_array_equal(run.snapshot().parameters, first)


# --- Curves, and files --------------------------------------------------------------------------


def test_curves_are_arrays_by_name(two_classes: Dataset) -> None:
    run = session(two_classes)
    before = run.evaluate()
    run.advance_epochs(3)
    after = run.evaluate()
    curves = run.curves()
    assert list(curves) == ["epoch", *CURVES]
    assert curves["epoch"].tolist() == [0.0, 1.0, 2.0, 3.0]
    for name in CURVES:
        ends = [getattr(before, name), getattr(after, name)]
        np.testing.assert_array_equal(curves[name][[0, -1]], ends)


def test_a_run_that_was_saved_goes_on_to_the_same_bits(
    two_classes: Dataset, tmp_path: Path
) -> None:
    run = session(two_classes, seed=3)
    run.advance(7)
    run.set_parameters({"layer3.bias": [0.7]})
    run.save(str(tmp_path / "run.toygrad"))
    again = Session.load(tmp_path / "run.toygrad")
    assert (again.step, again.seed, again.can_undo) == (7, 3, True)
    run.advance(5)
    again.advance(5)
    assert_same_bits(run, again)


def test_a_file_that_is_no_run_or_exists_is_refused_in_a_sentence(
    two_classes: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "run.toygrad"
    with pytest.raises(ValueError, match=r"run\.toygrad"):
        Session.load(path)
    path.write_text("no run")
    with pytest.raises(ValueError, match=r"run"):
        Session.load(path)
    with pytest.raises(ValueError, match="exists"):
        session(two_classes).save(path, overwrite=False)
    assert path.read_text() == "no run"


# --- Writing parameters -------------------------------------------------------------------------


def test_parameters_can_be_written_by_name(two_classes: Dataset) -> None:
    run = session(two_classes)
    before = run.snapshot()
    run.set_parameters({"layer3.bias": [0.7], "layer1.bias": [1, 2, 3, 4]})
    after = run.snapshot()
    assert run.parameters()["layer3.bias"].tolist() == [0.7]
    assert run.parameters()["layer1.bias"].tolist() == [1.0, 2.0, 3.0, 4.0]
    changed = [
        name
        for name, old, new in zip(
            after.parameter_names(), before.parameters, after.parameters, strict=True
        )
        if old != new
    ]
    assert changed == [*(f"layer1.bias[{j}]" for j in range(4)), "layer3.bias[0]"]
    assert after.evaluation != before.evaluation


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"layer1.bias": [0.0] * 4, "layer9.bias": [1.0]}, "no parameter 'layer9.bias': use lay"),
        (
            {"layer1.bias": [0.0] * 4, "layer1.weight": [1.0]},
            r"layer1.weight has the shape \(2, 4\), not \(1,\)",
        ),
        ({"layer1.bias": ["a"] * 4}, "could not convert"),
        ({"layer1.bias": [0.0, 0.0, 0.0, np.nan]}, "Every number of layer1.bias has to be finite"),
    ],
)
def test_bad_parameters_are_refused_whole(
    two_classes: Dataset, arrays: dict[str, Any], complaint: str
) -> None:
    run = session(two_classes)
    before = run.snapshot().parameters
    with pytest.raises(ValueError, match=complaint):
        run.set_parameters(arrays)
    np.testing.assert_array_equal(run.snapshot().parameters, before)


def test_written_parameters_are_what_is_trained_on(two_classes: Dataset) -> None:
    for engine in ENGINES:
        run = session(two_classes, engine=engine)
        run.advance()
        zeros = {name: np.zeros_like(array) for name, array in run.parameters().items()}
        run.set_parameters(zeros)
        run.advance()
        snapshot = run.snapshot()
        np.testing.assert_array_equal(snapshot.parameters, snapshot.updates)


# --- Snapshots ----------------------------------------------------------------------------------


def arrays_of(snapshot: Snapshot) -> dict[str, Any]:
    return {
        name: value
        for name in Snapshot.__dataclass_fields__
        if isinstance(value := getattr(snapshot, name), np.ndarray)
    }


def test_every_array_of_a_snapshot_is_read_only(two_classes: Dataset) -> None:
    arrays = arrays_of(session(two_classes).snapshot())
    assert len(arrays) == 9
    for array in arrays.values():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_snapshot_is_frozen(two_classes: Dataset) -> None:
    snapshot = session(two_classes).snapshot()
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot.step = 5  # type: ignore[misc]


def test_a_snapshot_stays_as_it_was_taken(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance(3)
    snapshot = run.snapshot()
    before = {name: array.copy() for name, array in arrays_of(snapshot).items()}
    names = snapshot.parameter_names()
    run.advance_epochs(2)
    run.configure(network=NetworkSpec(hidden=(3,)))
    assert (snapshot.step, snapshot.epoch) == (3, 1)
    assert snapshot.parameter_names() == names
    for name, array in arrays_of(snapshot).items():
        np.testing.assert_array_equal(array, before[name])


def test_everything_in_a_snapshot_belongs_together(two_classes: Dataset) -> None:
    run = session(two_classes)
    run.advance(8)
    s = run.snapshot((4, 3))
    assert s.sizes == (2, 4, 2, 1)
    assert s.activations == ("tanh", "tanh", "tanh")
    assert (s.inputs, s.loss, s.state) == (("x1", "x2"), "squared_error", "paused")
    assert len(s.parameters) == len(s.gradients) == len(s.updates) == len(s.parameter_names())
    errors = (s.outputs[:, 0] - two_classes.targets) ** 2 / 2
    assert s.evaluation.train_loss == pytest.approx(errors[s.train_rows].mean())
    assert s.evaluation.test_loss == pytest.approx(errors[s.test_rows].mean())
    np.testing.assert_allclose(s.outputs, run.predict(two_classes.points))


def test_the_grid_is_the_output_over_the_view_with_row_0_on_top(two_classes: Dataset) -> None:
    run = session(two_classes)
    grid = run.snapshot((4, 3)).grid
    assert grid is not None
    assert grid.shape == (3, 4, 1)
    top_left, bottom_right = run.predict([[-4.5, 4.0], [4.5, -4.0]])
    np.testing.assert_allclose([grid[0, 0], grid[2, 3]], [top_left, bottom_right])


def test_the_grid_of_a_line_is_in_the_units_of_the_targets(curve: Dataset) -> None:
    run = session(curve)
    grid = run.snapshot((5, 99)).grid
    assert grid is not None
    np.testing.assert_allclose(grid, run.predict([[-4.0], [-2.0], [0.0], [2.0], [4.0]]))


def test_more_than_two_columns_have_no_grid(three_classes: Dataset) -> None:
    snapshot = session(three_classes).snapshot()
    assert snapshot.grid is None
    assert snapshot.outputs.shape == (60, 3)


def test_states_follow_what_is_done(two_classes: Dataset) -> None:
    run = session(two_classes)
    states = [run.state]
    run.advance()
    states.append(run.state)
    run.resume()
    states.append(run.snapshot().state)
    run.pause()
    states.append(run.snapshot().state)
    assert states == ["ready", "paused", "training", "paused"]
