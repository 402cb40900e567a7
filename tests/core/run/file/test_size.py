"""A run file stays small: an hour of training with fifty edits is below 200 kB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import Element
from toygrad.core.run import AddSample, Checkpoint, RunDocument
from toygrad.core.run.file import document_from_bytes, document_to_bytes
from toygrad.core.training.history import History
from toygrad.datasets.choice import DataChoice

STEPS_PER_EPOCH, EPOCHS_PER_POINT, N_POINTS = 25, 4, 27_000


@pytest.fixture(scope="module")
def hour() -> RunDocument:
    """What an hour at 30 epochs a second leaves, without the hour: 108,000 epochs of the circle."""
    training = TrainingConfig(optimizer="adam", learning_rate=0.003)
    session = Session(NetworkSpec(hidden=(8, 8, 8)), DataChoice(noise=0.3).load(), training)
    rng = np.random.default_rng(0)
    for number in range(50):
        session.advance(3)
        match number % 5:
            case 0:
                rate = float(rng.choice([0.001, 0.003, 0.01])) * (1 + number)
                session.configure(replace(session.training, learning_rate=rate))
            case 1:
                session.set_element(Element(1, 0, number % 8), float(rng.normal()))
            case 2:
                session.submit(AddSample((float(rng.normal()), float(rng.normal())), 1.0))
            case 3:
                session.set_frozen([Element(2, number % 8, 1)], number % 2 == 0)
            case 4:
                weights = rng.normal(size=(8, 8))
                session.set_parameters({"layer2.weight": weights})
    document = session.document()
    checkpoints = tuple(along_the_hour(document.checkpoints[-1], rng))
    return replace(document, end=checkpoints[-1].tick, checkpoints=checkpoints)


def along_the_hour(last: Checkpoint, rng: np.random.Generator) -> Iterator[Checkpoint]:
    """Two hundred moments whose numbers have as many digits as those of a training."""
    history, n = History(), len(last.state.parameters)
    points = rng.random((N_POINTS, 5))
    points[:, 2] *= 1e-3
    points[:, 3:] = np.round(points[:, 3:] * 250) / 250
    for number, point in enumerate(points.tolist(), start=1):
        epoch = EPOCHS_PER_POINT * number
        history.append(epoch, tuple(point), last.tick + epoch * STEPS_PER_EPOCH)
        if number % (N_POINTS // 200) == 0:
            optimizer = type(last.state.optimizer)(n)
            vars(optimizer).update(vars(last.state.optimizer))
            vars(optimizer).update(mean=rng.normal(size=n), mean_square=rng.random(n))
            state = replace(
                last.state,
                parameters=rng.normal(size=n),
                gradients=rng.normal(size=n),
                last_update=rng.normal(size=n),
                optimizer=optimizer,
                rows=rng.permutation(last.state.rows),
                epoch=epoch,
                step=epoch * STEPS_PER_EPOCH,
                history=history.copy(),
            )
            yield replace(last, tick=last.tick + state.step, state=state)


def test_an_hour_with_fifty_edits_is_below_200_kb(hour: RunDocument) -> None:
    data = document_to_bytes(hour)
    assert len(data) < 200_000
    again = document_from_bytes(data)
    assert len(again.journal.entries) == 50
    assert len(again.checkpoints) > 2
    ours, theirs = again.checkpoints[-1], hour.checkpoints[-1]
    assert ours.place == theirs.place
    for name in ("epochs", "low", "mean", "high", "recent", "ticks", "recent_ticks"):
        before, after = (getattr(c.state.history.curves(), name) for c in (ours, theirs))
        np.testing.assert_array_equal(before, after)


def test_a_history_goes_on_from_its_numbers_as_if_it_had_not_stopped(hour: RunDocument) -> None:
    rng = np.random.default_rng(1)
    for checkpoint in (hour.checkpoints[0], *hour.checkpoints[8:40:4], hour.checkpoints[-1]):
        kept = checkpoint.state.history.copy()
        made = History.of(kept.numbers())
        for epoch, point in enumerate(rng.random((40, 5)), start=checkpoint.state.epoch + 1):
            kept.append(epoch, tuple(point), checkpoint.tick + epoch)
            made.append(epoch, tuple(point), checkpoint.tick + epoch)
        for name in ("epochs", "low", "mean", "high", "recent_epochs", "recent", "ticks"):
            before, after = getattr(kept.curves(), name), getattr(made.curves(), name)
            assert before.tobytes() == after.tobytes()
        assert made.n_bytes == kept.n_bytes
        assert made.curves().best == kept.curves().best
