"""A replay trains a document again and says whether the same numbers came out."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from tests.core.run.test_determinism import new_session, play
from toygrad.core import Session
from toygrad.core.run import Reset
from toygrad.core.run.replay import replay


@pytest.mark.parametrize("seed", [1, 2, 5, 8])
def test_a_replay_comes_to_the_same_numbers(seed: int) -> None:
    session = new_session()
    play(session, seed, 20, lambda: None)
    document = session.document()
    found = replay(document)
    assert (found.same, found.complaint, found.interrupted) == (True, "", False)
    session.seek(document.end)
    assert found.session.tick == document.end


def test_a_replay_says_where_the_numbers_differ() -> None:
    session = new_session()
    session.advance(30)
    session.submit(Reset())
    session.advance(9)
    document = session.document()
    last = document.checkpoints[-1]
    other = np.nextafter(last.state.parameters, 1.0)
    hurt = replace(last, state=replace(last.state, parameters=other))
    assert replay(document).same is True
    assert replay(replace(document, checkpoints=(hurt,))).same is False
    assert replay(replace(document, checkpoints=())).same is None


def test_a_replay_shows_its_progress_and_can_be_interrupted() -> None:
    session = new_session()
    session.advance(200)
    interrupt, ticks = threading.Event(), list[int]()

    def watch(now: Session) -> None:
        ticks.append(now.tick)
        if now.tick > 3:
            interrupt.set()

    found = replay(session.document(), watch=watch, interrupt=interrupt)
    assert found.interrupted
    assert ticks == sorted(ticks)
    assert found.session.tick < 200
