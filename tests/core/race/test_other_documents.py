"""Runs from elsewhere: one that takes the place of all lanes, one that races them."""

from __future__ import annotations

import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.race import Lanes
from toygrad.core.run import RunDocument, Undo
from toygrad.datasets import DataChoice


def session(rate: float = 0.03, epochs: int = 0) -> Session:
    made = Session(
        NetworkSpec(hidden=(3,)),
        DataChoice(n_samples=60).load(),
        TrainingConfig(learning_rate=rate),
    )
    made.advance_epochs(epochs)
    return made


@pytest.fixture
def other() -> RunDocument:
    return session(0.3, epochs=6).document()


def test_a_document_races_the_chosen_lane_which_catches_up(other: RunDocument) -> None:
    lanes = Lanes(session(epochs=2))
    lane = lanes.race(other)
    assert [one.number for one in lanes.lanes] == [1, 2] and lanes.chosen.number == 1
    assert [name.split(",")[0] for name in lanes.names] == [
        "learning rate 0.03",
        "learning rate 0.3",
    ]
    assert {one.session.epoch for one in lanes.lanes} == {6}
    assert lane.session.evaluate() == session(0.3, epochs=6).evaluate()
    lanes.submit(Undo())
    assert not lanes.is_racing


def test_a_document_takes_the_place_of_a_run_until_that_is_undone(other: RunDocument) -> None:
    lanes = Lanes(session(epochs=2))
    before = lanes.evaluate()
    lanes.open_instead(other)
    assert lanes.epoch == 6 and lanes.training.learning_rate == 0.3
    lanes.submit(Undo())
    assert lanes.epoch == 2 and lanes.evaluate() == before


def test_nine_lanes_have_no_room_for_a_document(other: RunDocument) -> None:
    lanes = Lanes(session())
    for _ in range(8):
        lanes.fork()
    with pytest.raises(ValueError, match="at most 9 lanes"):
        lanes.race(other)
    assert len(lanes.lanes) == 9
