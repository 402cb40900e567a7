"""The hidden space as a view of the output: samples, bent grid and line where they belong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot
from toygrad.core.explain.hidden_space import hidden_space
from toygrad.datasets import DATASETS
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.heatmap import Mark
from toygrad.tui.drawing.palette import NEUTRAL_LEVEL
from toygrad.tui.output.look import Look, View
from toygrad.tui.output.paint import extent_of, paint
from toygrad.tui.output.picture import Picture

if TYPE_CHECKING:
    from tests.tui.output.conftest import Alone

LOOK = Look(view=View.HIDDEN, columns=40, rows=20)


def trained(name: str, hidden: tuple[int, ...] = (2,)) -> Snapshot:
    session = Session(NetworkSpec(hidden=hidden), DATASETS[name](60, rng=np.random.default_rng(0)))
    session.advance(40)
    return session.snapshot()


def picture_of(snapshot: Snapshot, look: Look = LOOK) -> Picture:
    return paint(snapshot, look, extent_of(snapshot, look), None)


def line_of(picture: Picture) -> list[Mark]:
    """The bold braille: the output's line."""
    return [m for m in picture.marks if ord(m.glyph) > 0x2800 and m.style.bold]


def place_of(picture: Picture, mark: Mark) -> np.ndarray:
    at = (mark.column + 0.5) / LOOK.columns, (mark.row + 0.5) / LOOK.rows
    return np.array([picture.extent.place_at(at)])


def test_every_sample_is_in_the_cell_of_its_hidden_position() -> None:
    snapshot = trained("circle")
    picture = picture_of(snapshot)
    space = hidden_space(snapshot, 1, np.arange(snapshot.dataset.n_samples))
    assert sorted(picture.points.rows.tolist()) == list(range(60))
    across, down = picture.extent.fractions_of(space.places)
    rows = picture.points.rows
    assert picture.points.columns.tolist() == np.floor(across[rows] * LOOK.columns).tolist()
    assert picture.points.lines.tolist() == np.floor(down[rows] * LOOK.rows).tolist()


@pytest.mark.parametrize("hidden", [(2,), (4,), (4, 2)])
def test_the_line_runs_between_the_two_colours_of_the_output(hidden: tuple[int, ...]) -> None:
    snapshot = trained("circle", hidden)
    picture = picture_of(snapshot)
    line = line_of(picture)
    space = hidden_space(snapshot, len(hidden), picture.points.rows)
    assert len(line) >= min(LOOK.columns, LOOK.rows)
    assert space.weight is not None
    x, y = (ends[1] - ends[0] for ends in (picture.extent.x, picture.extent.y))
    # As far as half a cell can be from the line.
    reach = np.abs(space.weight[:, 0]) @ np.array([x / LOOK.columns, y / LOOK.rows])
    for mark in line:
        output = space.outputs(place_of(picture, mark))
        assert output is not None
        assert abs(np.arctanh(output[0, 0])) <= reach
    assert picture.pixels is not None
    levels = picture.pixels.astype(int) - NEUTRAL_LEVEL
    assert (levels < 0).any()
    assert (levels > 0).any()


def test_before_the_last_hidden_layer_and_for_other_tasks_no_line_is_promised() -> None:
    snapshot = trained("circle", (4, 2))
    first = picture_of(snapshot, replace(LOOK, layer=1))
    assert not line_of(first)
    assert first.pixels is None
    fit = picture_of(trained("plane"))
    assert not line_of(fit)
    assert fit.limit is not None
    flowers = picture_of(trained("iris"))
    assert len(flowers.class_colors) == 3


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e300, 0.0])
def test_a_network_that_diverged_or_is_all_zeros_is_drawn(number: float) -> None:
    snapshot = trained("circle", (4,))
    broken = replace(snapshot, parameters=np.full_like(snapshot.parameters, number))
    for layer in (None, 0):
        assert picture_of(broken, replace(LOOK, layer=layer)).extent.x_name
    # Saturated, even 1e300 has a line.
    assert bool(line_of(picture_of(broken))) is (number == 1e300)
    picture_of(broken, replace(LOOK, columns=0, rows=0))


async def test_n_goes_through_the_layers_and_a_sample_can_be_read_and_selected(
    alone: Alone,
) -> None:
    async with alone((150, 46)) as user:
        await user.advance(2000)
        await user.press("n")
        assert "v hidden space  n layer 2" in user.text("#output")
        assert "A layer bends the plane until one line separates the classes." in user.text()
        assert "line: output 0" in user.text("#output-legend")
        assert "neuron 0" in user.text("#output-map")
        await user.press("n")
        assert "n inputs" in user.text("#output")
        assert "before any layer" in user.text("#output")
        assert "x1" in user.text("#output-map")
        await user.press("n")
        assert "n layer 1" in user.text("#output")
        assert "1st component" in user.text("#output-map")
        assert "line: output 0" not in user.text("#output-legend")
        await user.press("n", "t", "enter")
        picture = user.app.pane._picture  # type: ignore[attr-defined]
        (x, y) = picture.points.columns[-1], picture.points.lines[-1]
        await user.press(*["left"] * (picture.look.columns // 2 - x))
        await user.press(*["right"] * (x - picture.look.columns // 2))
        await user.press(*["up"] * (picture.look.rows // 2 - y))
        await user.press(*["down"] * (y - picture.look.rows // 2))
        assert ": correct" in user.text("#output")
        await user.press("enter")
        assert user.app.pane.selection.point is not None  # type: ignore[attr-defined]


async def test_without_a_hidden_layer_there_is_no_hidden_space(alone: Alone) -> None:
    async with alone(config=AppConfig(network=NetworkSpec(hidden=()))) as user:
        await user.press("n")
        assert user.said == ["This network has no hidden layer: add one in Network."]
        await user.press("v", "v")
        assert "v map" in user.text("#output")
        user.app.session.configure(network=NetworkSpec(hidden=(3,)))
        await user.advance(0)
        await user.press("n")
        assert "v hidden space" in user.text("#output")
        user.app.session.configure(network=NetworkSpec(hidden=()))
        await user.advance(0)
        assert "v map" in user.text("#output")
