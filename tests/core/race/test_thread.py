"""One thread takes turns over the lanes: every frame shows all of them at the same epoch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.race import Lanes
from toygrad.datasets import Dataset

MOST_SECONDS = 20.0


@contextmanager
def served(lanes: Lanes) -> Iterator[list[Snapshot]]:
    stop, frames = threading.Event(), list[Snapshot]()
    thread = threading.Thread(target=lanes.run, args=(stop, frames.append))
    thread.start()
    try:
        yield frames
    finally:
        stop.set()
        thread.join(MOST_SECONDS)
        assert not thread.is_alive()


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + MOST_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.002)


def next_frame(lanes: Lanes, frames: list[Snapshot]) -> Snapshot:
    n = len(frames)
    lanes.request_snapshot((4, 4))
    wait_for(lambda: len(frames) > n)
    return frames[-1]


def race(dataset: Dataset, engine: str = "auto") -> Lanes:
    training = TrainingConfig(pace=float("inf"), engine=engine)
    return Lanes(Session(NetworkSpec(), dataset, training))


def test_lanes_are_forked_trained_changed_dropped_and_brought_back(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    with served(lanes) as frames:
        lanes.resume()
        wait_for(lambda: lanes.epoch > 20)
        lanes.fork()
        wait_for(lambda: lanes.chosen.loop.is_there and lanes.epoch > 60)
        frame = next_frame(lanes, frames)
        first, second = frame.lanes
        assert frame.state == "training" and first.snapshot.step == second.snapshot.step
        np.testing.assert_array_equal(first.snapshot.parameters, second.snapshot.parameters)

        lanes.configure(TrainingConfig(learning_rate=0.3, pace=float("inf")))
        goal = lanes.epoch + 50
        wait_for(lambda: lanes.epoch > goal)
        for _ in range(5):
            frame = next_frame(lanes, frames)
            assert len({view.snapshot.epoch for view in frame.lanes}) == 1
        assert [view.short for view in frame.lanes] == ["0.03", "0.3"]

        lanes.drop()
        goal = lanes.epoch + 50
        wait_for(lambda: lanes.epoch > goal)
        assert next_frame(lanes, frames).lanes == ()
        lanes.undo()
        wait_for(lambda: len({lane.session.epoch for lane in lanes.lanes}) == 1)
        lanes.pause()
        frame = next_frame(lanes, frames)
        assert [view.snapshot.state for view in frame.lanes] == ["paused", "paused"]
        wait_for(lambda: len({lane.session.tick for lane in lanes.lanes}) == 1)
        lanes.go_back()
        wait_for(lambda: not lanes.is_busy)
        wait_for(lambda: len({lane.session.tick for lane in lanes.lanes}) == 1)
    assert not lanes.is_training
    lanes.advance(2)
    assert len({lane.session.tick for lane in lanes.lanes}) == 1


def test_a_lane_that_diverges_stops_alone(two_classes: Dataset) -> None:
    lanes = Lanes(
        Session(
            NetworkSpec(activation="relu", output_activation="linear"),
            two_classes,
            TrainingConfig(pace=float("inf"), loss="squared_error"),
        )
    )
    with served(lanes) as frames:
        lanes.race_values("learning_rate", [1e9, 0.001])
        lanes.choose(lanes.lanes[0])
        lanes.resume()
        wait_for(lambda: lanes.lanes[1].session.epoch > 100)
        frame = next_frame(lanes, frames)
        assert [view.snapshot.state for view in frame.lanes] == ["diverged", "training"]
        assert lanes.is_training and not lanes.is_over
        lanes.pause()
        wait_for(lambda: not lanes.is_training)


def test_a_slow_lane_holds_no_frame_back_for_long(two_classes: Dataset) -> None:
    lanes = race(two_classes)
    with served(lanes) as frames:
        lanes.race_values("engine", ["compiled", "scalar"])
        lanes.resume()
        wait_for(lambda: lanes.step > 3)
        for _ in range(3):
            frame = next_frame(lanes, frames)
            epochs = [view.snapshot.epoch for view in frame.lanes]
            assert max(epochs) - min(epochs) <= 1


def test_a_lane_that_meets_its_stop_condition_holds_no_other_back(two_classes: Dataset) -> None:
    training = TrainingConfig(pace=float("inf"), learning_rate=0.3, stop_loss=0.3, engine="tape")
    lanes = Lanes(Session(NetworkSpec(hidden=(4, 2)), two_classes, training))
    lanes.race_values("learning_rate", [0.3, 0.0001])
    with served(lanes):
        lanes.resume()
        fast, slow = lanes.lanes
        wait_for(lambda: not fast.loop.run.learner.can_step)
        before = slow.loop.run.tick
        wait_for(lambda: slow.loop.run.tick > before + 500)
