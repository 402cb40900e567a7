"""Which epochs the loss pane shows: always some, never outside of what there is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.loss.view import PARTS, Limits, LossView, moved, nearest

LIMITS = Limits(0.0, 1000.0, 1000.0)
ALL = (0.0, 1000.0)


def test_all_epochs_of_all_runs_are_shown_at_first() -> None:
    assert LossView().shown(LIMITS) == ALL
    assert LossView().shown(Limits(0.0, 10.0, 300.0)) == (0.0, 300.0)
    assert LossView().shown(Limits(0.0, 0.0, 0.0)) == (0.0, 1.0)


def test_the_last_epochs_are_those_of_the_present_run() -> None:
    view = LossView().toggled()
    assert view.shown(LIMITS) == (800.0, 1000.0)
    assert view.shown(Limits(0.0, 30.0, 300.0)) == (0.0, 30.0)
    assert view.toggled().shown(LIMITS) == ALL


def test_the_parts_come_one_after_the_other() -> None:
    view = LossView()
    for part in (*PARTS, PARTS[0]):
        view = view.with_next_part()
        assert view.shown(LIMITS) == (1000.0 - part, 1000.0)
    assert view.toggled().toggled() == view


def test_zooming_keeps_the_centre_and_zooming_out_shows_everything() -> None:
    near = LossView().zoomed(LIMITS, 250.0, 0.5)
    assert near.shown(LIMITS) == (125.0, 625.0)
    assert near.zoomed(LIMITS, 250.0, 2.0).shown(LIMITS) == ALL
    assert near.unzoomed().shown(LIMITS) == ALL
    assert near.toggled().shown(LIMITS) == ALL


def test_a_zoom_on_the_end_follows_the_newest_epoch_and_another_does_not() -> None:
    later = Limits(0.0, 1100.0, 1100.0)
    assert LossView().zoomed(LIMITS, 1000.0, 0.1).shown(later) == (1000.0, 1100.0)
    assert LossView().zoomed(LIMITS, 500.0, 0.1).shown(later) == (450.0, 550.0)


def test_panning_stops_at_the_ends_and_needs_hidden_epochs() -> None:
    assert LossView().panned(LIMITS, -0.5) == LossView()
    near = LossView().zoomed(LIMITS, 500.0, 0.1)
    assert near.panned(LIMITS, 0.5).shown(LIMITS) == (500.0, 600.0)
    assert near.panned(LIMITS, -100.0).shown(LIMITS) == (0.0, 100.0)
    assert near.panned(LIMITS, 100.0).shown(LIMITS) == (900.0, 1000.0)
    assert LossView().toggled().panned(LIMITS, -1.0).shown(LIMITS) == (600.0, 800.0)


ACTS: tuple[Callable[[LossView, Limits], LossView], ...] = (
    lambda view, limits: view.toggled(),
    lambda view, limits: view.with_next_part(),
    lambda view, limits: view.unzoomed(),
    lambda view, limits: view.zoomed(limits, limits.newest, 1 / 1.5),
    lambda view, limits: view.zoomed(limits, -5.0, 1 / 1.5),
    lambda view, limits: view.zoomed(limits, 1e9, 1.5),
    lambda view, limits: view.panned(limits, -0.25),
    lambda view, limits: view.panned(limits, 0.25),
)


@given(
    steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50)), min_size=1, max_size=40),
    past=st.integers(0, 500),
)
def test_whatever_is_pressed_while_the_run_grows_there_is_something_to_see(
    steps: list[tuple[Callable[[LossView, Limits], LossView], int]], past: int
) -> None:
    view, newest = LossView(), 0.0
    for act, grown in steps:
        newest += grown
        limits = Limits(0.0, newest, max(newest, float(past)))
        view = act(view, limits)
        low, high = view.shown(limits)
        assert high >= low + 1.0
        assert low >= -1e-6
        assert high <= max(limits.end, 1.0) + 1e-6


def test_the_cursor_moves_by_a_column_but_at_least_by_an_epoch() -> None:
    epochs = np.arange(0.0, 100.0)
    assert moved(epochs, 50.0, 5.2) == 55.0
    assert moved(epochs, 50.0, 0.1) == 51.0
    assert moved(epochs, 50.0, -0.1) == 49.0
    assert moved(epochs, 99.0, 3.0) == 99.0
    assert moved(epochs, 0.0, -3.0) == 0.0
    assert moved(epochs, 7.4, 0.0) == 7.0


@pytest.mark.parametrize(("epoch", "place"), [(-5.0, 0), (12.0, 1), (16.0, 2), (99.0, 2)])
def test_the_nearest_epoch_is_found(epoch: float, place: int) -> None:
    assert nearest(np.array([0.0, 10.0, 20.0]), epoch) == place


def test_a_zoom_on_removed_epochs_shows_the_remaining_ones() -> None:
    near = LossView().zoomed(LIMITS, 900.0, 0.1)
    assert near.shown(Limits(0.0, 50.0, 50.0)) == (0.0, 50.0)
