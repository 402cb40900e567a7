"""All cells side by side: what can be read and asked of them while they train."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.core.sweep.cases import sweep
from toygrad.core import Session
from toygrad.core.sweep import live as live_module
from toygrad.core.sweep.cell import dataset_of, lend
from toygrad.core.sweep.live import LiveSweep
from toygrad.core.training import ConfigError
from toygrad.datasets import DataChoice


def test_it_pauses_resumes_and_stops() -> None:
    live = LiveSweep(sweep("learning-rate=0.01..1:6:log", epochs=100_000), epochs_a_round=2)
    assert np.isnan(live.losses).all() and live.best is None
    live.start()
    with live._changed:
        assert live._changed.wait_for(lambda: live.rounds >= 2, 30)
    live.pause()
    with live._changed:
        assert live._changed.wait_for(lambda: live._n_at_work == 0, 30)
    rounds, epochs = live.rounds, live.epochs.copy()
    assert live.state == "paused" and not live.wait(0.01)
    np.testing.assert_array_equal(live.epochs, epochs)
    # Each is at the end of a round.
    assert {*epochs.tolist()} <= {2 * rounds, 2 * rounds + 2}
    live.resume()
    with live._changed:
        assert live._changed.wait_for(lambda: live.rounds >= rounds + 2, 30)
    live.stop()
    assert live.wait(0) and not any(thread.is_alive() for thread in live._threads)


def test_a_cell_opens_in_the_playground_while_the_others_train() -> None:
    live = LiveSweep(sweep("learning-rate=0.01..1:6:log", epochs=100_000), epochs_a_round=2)
    live.start()
    with live._changed:
        assert live._changed.wait_for(lambda: live.rounds >= 3, 30)
    document = live.document(4)
    live.stop()
    session = Session.from_document(document)
    assert (
        session.epoch >= 6
        and session.training.learning_rate == live.cell(4).values["learning-rate"]
    )
    session.advance(5)
    assert session.step == document.end + 5


def test_curves_bands_and_the_best_are_those_of_the_losses() -> None:
    live = LiveSweep(sweep("learning-rate=0.01,0.3", n_seeds=5, epochs=40))
    live.start()
    assert live.wait(60)
    epochs, losses = live.curve(7)
    assert epochs[0] == 1 and epochs[-1] == 40 and (np.diff(epochs) > 0).all()
    assert losses[-1] == live.losses[7]
    assert live.seeds_of(7) == [5, 6, 7, 8, 9]
    band = live.band(7)
    assert band.median[-1] == np.sort(live.losses[5:])[2]
    assert (band.low <= band.median).all() and (band.median <= band.high).all()
    assert live.best == int(np.argmin(live.losses))
    assert not live.failures and not live.diverged.any()


def test_a_cell_that_diverges_or_fails_ends_alone() -> None:
    over = "learning-rate=0.1,1e300", "activation=relu,relu+tanh"
    live = LiveSweep(sweep(*over, epochs=4, loss="binary_cross_entropy"))
    live.start()
    assert live.wait(60)
    assert math.isfinite(live.losses[0]) and live.diverged.tolist() == [False, True, False, False]
    assert np.isinf(live.losses[1:]).all() and {*live.failures} == {2, 3}
    with pytest.raises(ConfigError):
        live.document(2)


def test_long_curves_keep_every_second_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "MAX_POINTS", 10)
    live = LiveSweep(sweep("learning-rate=0.1", epochs=101), epochs_a_round=1)
    live.start()
    assert live.wait(60)
    epochs, _ = live.curve(0)
    assert len(epochs) <= 11 and epochs[-1] == 101
    assert {*np.diff(epochs).tolist()} <= {15.0, 16.0, 5.0}


def test_too_many_cells_get_a_sentence() -> None:
    with pytest.raises(ConfigError, match="At most 4,096 runs train side by side"):
        LiveSweep(sweep("learning-rate=0.1..1:4097"))


def test_zooming_makes_as_many_cells_over_a_smaller_range() -> None:
    s = sweep("rate-1=0.01..10:20:log", "rate-2=0..1:20", "optimizer=sgd,adam")
    zoomed = s.zoomed(s.number((9, 10, 1, 0)))
    assert zoomed.shape == s.shape and zoomed.axes[2] == s.axes[2]
    for before, after in zip(s.axes[:2], zoomed.axes[:2], strict=True):
        outer, inner = np.array(before.values, float), np.array(after.values, float)
        assert outer[0] < inner[0] < inner[-1] < outer[-1]
    assert replace(zoomed, axes=s.axes) == s


def test_without_threads_it_goes_on_cell_by_cell_to_the_same_numbers() -> None:
    s = sweep("learning-rate=0.01..1:3:log", n_seeds=2, epochs=7)
    live, by_itself = LiveSweep(s, n_workers=0), LiveSweep(s)
    live.start()
    live.advance(4)
    assert live.visits == 4 and np.isnan(live.losses[4:]).all()
    assert (live.first_losses[:4] > 0.0).all() and np.isnan(live.first_losses[4:]).all()
    live.pause()
    live.advance(4)
    assert live.visits == 4
    live.resume()
    live.advance(1_000)
    assert live.state == "done" and (live.epochs == 7).all()
    by_itself.start()
    by_itself.rest(60.0)
    by_itself.end_rest()
    assert by_itself.wait(60)
    np.testing.assert_array_equal(live.losses, by_itself.losses)
    np.testing.assert_array_equal(live.first_losses, by_itself.first_losses)
    epochs, losses = live.curves()
    assert losses.shape == (len(epochs), 6) and (losses[-1] == live.losses).all()


def test_what_was_released_goes_on_and_opens_as_if_it_had_not_been() -> None:
    s = sweep("learning-rate=0.01..1:3:log", epochs=9)
    released, kept = LiveSweep(s, n_workers=0), LiveSweep(s, n_workers=0)
    for live in (released, kept):
        live.start()
        live.advance(8)
    before = kept.document(0)
    released.release()
    assert released.state == "paused" and released.picture(0, 4, 4) is None
    assert (released.document(0).end, released.document(0).end) == (before.end, before.end)
    released.release()
    released.resume()
    for live in (released, kept):
        live.advance(1_000)
    np.testing.assert_array_equal(released.losses, kept.losses)
    np.testing.assert_array_equal(released.curves()[1], kept.curves()[1])


def test_a_cell_has_a_picture_between_its_rounds() -> None:
    live = LiveSweep(sweep("learning-rate=0.1,1", epochs=3), n_workers=0)
    assert live.picture(0, 6, 4) is None
    live.start()
    live.advance(1)
    grid = live.picture(0, 6, 4)
    assert grid is not None and grid.shape == (4, 6, 1)
    with live._locks[0]:
        assert live.picture(0, 6, 4) is None
    np.testing.assert_array_equal(live.picture(0, 6, 4), grid)


def test_quartiles_are_losses_of_runs_and_infinite_ones_are_large() -> None:
    losses = np.array([[0.1, 0.2, np.inf], [0.3, 0.1, 0.2]])
    low, median, high = live_module.quartiles(losses, axis=1)
    np.testing.assert_array_equal(low, [0.1, 0.1])
    np.testing.assert_array_equal(median, [0.2, 0.2])
    np.testing.assert_array_equal(high, [np.inf, 0.3])


def test_cells_use_the_data_set_that_is_lent() -> None:
    dataset = DataChoice(n_samples=40, seed=3).load()
    lend(dataset)
    assert dataset.origin is not None
    assert dataset_of(DataChoice(n_samples=40, seed=3)) is dataset
    assert dataset_of(DataChoice(n_samples=40, seed=4)) is not dataset
