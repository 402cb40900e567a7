"""Lanes: runs that go on from one state, to the bit, until something differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.race import MAX_LANES, Lanes
from toygrad.core.race.lane import Lane
from toygrad.core.run import Configure, StartOver
from toygrad.core.run.file import document_from_bytes, document_to_bytes
from toygrad.datasets import Dataset


def race(dataset: Dataset, **settings: Any) -> Lanes:
    spec = NetworkSpec(activation="relu", output_activation="linear")
    return Lanes(Session(spec, dataset, TrainingConfig(**settings), seed=3))


def rate(lanes: Lanes, value: float) -> None:
    lanes.configure(TrainingConfig(**{**_settings(lanes), "learning_rate": value}))


def _settings(lanes: Lanes) -> dict[str, Any]:
    return {name: getattr(lanes.training, name) for name in TrainingConfig.__dataclass_fields__}


def assert_same_bits(first: Lane | Session, second: Lane | Session) -> None:
    one, other = (s.session if isinstance(s, Lane) else s for s in (first, second))
    a, b = one.snapshot((3, 3)), other.snapshot((3, 3))
    assert (a.step, a.epoch, a.evaluation) == (b.step, b.epoch, b.evaluation)
    for name in ("parameters", "gradients", "updates", "outputs", "grid", "batch_rows"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    np.testing.assert_array_equal(a.curves.recent, b.curves.recent)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "adam", "batch_size": 7},
        {"optimizer": "momentum", "engine": "array"},
        {"engine": "compiled", "optimizer": "rmsprop"},
        {"sabotage": ("no_zero_grad",)},
    ],
)
def test_a_fork_goes_on_to_the_bit(two_classes: Dataset, settings: dict[str, Any]) -> None:
    alone, lanes = race(two_classes, **settings), race(two_classes, **settings)
    alone.advance(13)
    lanes.advance(13)
    lanes.fork()
    lanes.advance(30)
    alone.advance(30)
    first, second = lanes.lanes
    assert_same_bits(first, second)
    assert_same_bits(first, alone)


def test_both_go_over_to_the_compiled_engine_at_the_same_step(two_classes: Dataset) -> None:
    lanes, alone = race(two_classes), race(two_classes)
    lanes.advance(100)
    lanes.fork()
    lanes.advance(2_500)
    alone.advance(2_600)
    assert {lane.session.engine for lane in lanes.lanes} == {alone.engine}
    assert_same_bits(*lanes.lanes)
    assert_same_bits(lanes.lanes[0], alone)


def test_only_what_was_changed_differs(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.advance(10)
    lanes.fork()
    assert lanes.names == ["same settings", "same settings"]
    rate(lanes, 0.3)
    lanes.advance(10)
    first, second = lanes.lanes
    assert second is lanes.chosen
    assert (first.session.training.learning_rate, second.session.training.learning_rate) == (
        0.03,
        0.3,
    )
    assert lanes.names == ["learning rate 0.03", "learning rate 0.3"]
    a, b = (lane.session.snapshot() for lane in lanes.lanes)
    assert (a.step, a.epoch) == (b.step, b.epoch)
    assert not np.array_equal(a.parameters, b.parameters)
    views = lanes.snapshot().lanes
    assert [view.short for view in views] == ["0.03", "0.3"]
    assert [view.is_chosen for view in views] == [False, True]


def test_an_edit_for_all_leaves_the_differences(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.race_values("learning_rate", [0.01, 0.03, 0.1])
    lanes.acts_on_all = True
    lanes.configure(TrainingConfig(**{**_settings(lanes), "batch_size": 5}))
    found = [
        (lane.session.training.learning_rate, lane.session.training.batch_size)
        for lane in lanes.lanes
    ]
    assert found == [(0.01, 5), (0.03, 5), (0.1, 5)]
    lanes.undo()
    assert {lane.session.training.batch_size for lane in lanes.lanes} == {10}
    lanes.undo()
    assert not lanes.is_racing and lanes.training.learning_rate == 0.03
    lanes.redo()
    assert lanes.names == ["learning rate 0.01", "learning rate 0.03", "learning rate 0.1"]


def test_a_dropped_lane_comes_back_where_the_others_are(two_classes: Dataset) -> None:
    lanes, whole = race(two_classes), race(two_classes)
    for one in (lanes, whole):
        one.advance(5)
        one.fork()
        rate(one, 0.1)
    lanes.drop()
    assert not lanes.is_racing and lanes.training.learning_rate == 0.03
    for one in (lanes, whole):
        one.advance(20)
    lanes.undo()
    assert [lane.number for lane in lanes.lanes] == [1, 2]
    for mine, other in zip(lanes.lanes, whole.lanes, strict=True):
        assert_same_bits(mine, other)


def test_keep_and_swap_and_their_undoing(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.race_values("learning_rate", [0.01, 0.03, 0.1])
    lanes.swap()
    assert [lane.number for lane in lanes.lanes] == [2, 3, 1]
    lanes.swap()
    assert [lane.number for lane in lanes.lanes] == [1, 2, 3]
    lanes.keep()
    assert lanes.lanes == (lanes.chosen,)
    for n in (3, 3, 3, 1):
        lanes.undo()
        assert len(lanes.lanes) == n
    for n in (3, 3, 3, 1):
        lanes.redo()
        assert len(lanes.lanes) == n


def test_batches_of_other_sizes_stay_within_an_epoch(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.race_values("batch_size", [1, 7, 30])
    for _ in range(7):
        lanes.advance_epochs()
        assert len({lane.session.epoch for lane in lanes.lanes}) == 1
    lanes.advance(3)
    epochs = [lane.loop.run.learner.precise_epoch for lane in lanes.lanes]
    assert max(epochs) - min(epochs) <= 1.0


def test_a_diverged_lane_stops_alone(two_classes: Dataset) -> None:
    lanes = race(two_classes, loss="squared_error")
    lanes.race_values("learning_rate", [0.03, 1e9])
    lanes.choose(lanes.lanes[1])
    lanes.advance_epochs(30)
    states = [lane.session.state for lane in lanes.lanes]
    assert states == ["paused", "diverged"]
    assert lanes.lanes[0].session.epoch == 30 > lanes.lanes[1].session.epoch


def test_a_reset_is_for_all_and_time_too(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.race_values("learning_rate", [0.03, 0.1])
    lanes.advance(20)
    lanes.seek(6)
    assert [lane.session.step for lane in lanes.lanes] == [6, 6]
    lanes.go_forward()
    assert [lane.session.step for lane in lanes.lanes] == [7, 7]
    lanes.seek(20)
    lanes.reset()
    assert [lane.session.step for lane in lanes.lanes] == [0, 0]
    lanes.advance(4)
    lanes.seek(20, before_restart=True)
    assert [lane.session.step for lane in lanes.lanes] == [20, 20]
    lanes.seek(22)
    assert [lane.session.step for lane in lanes.lanes] == [2, 2]


def test_beginning_something_else_ends_the_race_until_it_is_undone(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.race_values("learning_rate", [0.03, 0.1])
    lanes.advance(20)
    lanes.submit(StartOver(TrainingConfig(), NetworkSpec(hidden=(3,)), two_classes))
    assert not lanes.is_racing and lanes.step == 0
    lanes.undo()
    assert lanes.names == ["learning rate 0.03", "learning rate 0.1"]
    assert [lane.session.step for lane in lanes.lanes] == [20, 20]


def test_opening_a_run_ends_the_race_until_it_is_undone(two_classes: Dataset) -> None:
    lanes, other = race(two_classes), race(two_classes)
    other.advance(3)
    lanes.race_values("learning_rate", [0.03, 0.1])
    lanes.advance(20)
    lanes.open(other.document())
    assert not lanes.is_racing and lanes.step == 3
    lanes.undo()
    assert [lane.session.step for lane in lanes.lanes] == [20, 20]


def test_each_lane_is_a_document(two_classes: Dataset) -> None:
    lanes = race(two_classes, optimizer="adam")
    lanes.advance(9)
    lanes.fork()
    rate(lanes, 0.1)
    lanes.advance(11)
    for lane in lanes.lanes:
        again = Session.from_document(
            document_from_bytes(document_to_bytes(lane.session.document()))
        )
        assert_same_bits(lane, again)
        again.seek(9)
        assert again.step == 9


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (Lanes.keep, "only one lane"),
        (Lanes.drop, "only one lane"),
        (Lanes.swap, "only one lane"),
        (Lanes.choose_next, "only one lane"),
        (lambda lanes: lanes.race_values("learning_rate", [0.1]), "two values"),
        (lambda lanes: lanes.race_values("learning_rate", [0.1, 0.1]), "two values"),
        (lambda lanes: lanes.race_values("learning_rate", [0.1, -1.0]), "learning rate"),
        (lambda lanes: lanes.race_values("batch_size", range(1, 11)), "at most 9"),
    ],
)
def test_what_is_impossible_changes_nothing(
    two_classes: Dataset, do: Callable[[Lanes], object], sentence: str
) -> None:
    lanes = race(two_classes)
    with pytest.raises(ValueError, match=sentence):
        do(lanes)
    assert not lanes.is_racing and not lanes.can_undo


def test_a_tenth_lane_is_refused(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    for _ in range(MAX_LANES - 1):
        lanes.fork()
    assert sorted(lane.number for lane in lanes.lanes) == list(range(1, MAX_LANES + 1))
    with pytest.raises(ValueError, match="at most 9"):
        lanes.fork()


def test_a_change_of_shape_is_undone_in_its_lane(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    lanes.advance(4)
    lanes.fork()
    lanes.submit(Configure(network=NetworkSpec(hidden=(2,))))
    lanes.choose_next()
    lanes.undo()
    assert lanes.chosen.number == 2
    assert lanes.names == ["same settings", "same settings"]
    first, second = (lane.session.snapshot() for lane in lanes.lanes)
    np.testing.assert_array_equal(first.parameters, second.parameters)
