"""The plane of two columns: what the network puts out over it, and how the others are held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session, Snapshot
from toygrad.core.training import trace_point
from toygrad.datasets import DATASETS, DataChoice, Dataset
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.palette import level_of
from toygrad.tui.output.heat_map import HeatMap
from toygrad.tui.output.look import Look, View
from toygrad.tui.output.paint import extent_of, paint
from toygrad.tui.output.pane import OutputPane
from toygrad.tui.output.picture import Picture, output_limit, round_limit
from toygrad.tui.output.plane import axes_of, held, sentences
from toygrad.tui.selection import Unit

if TYPE_CHECKING:
    from tests.tui.conftest import User
    from tests.tui.output.conftest import Alone

LOOK = Look(view=View.PLANE, columns=40, rows=20)


def trained(dataset: Dataset) -> Snapshot:
    session = Session(NetworkSpec(hidden=(5,)), dataset)
    session.advance(40)
    return session.snapshot()


def quantity() -> Dataset:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(30, 4)) * [1, 20, 3, 1]
    return Dataset(
        name="sum",
        points=points,
        targets=points.sum(axis=1),
        columns=("a", "b", "c", "d"),
        task="regression",
        input_scale=np.array([1.0, 20, 3, 1]),
        target_scale=20.0,
        fits_scaling=True,
    )


def iris() -> Dataset:
    return DATASETS["iris"](60, rng=np.random.default_rng(0))


def picture_of(snapshot: Snapshot, look: Look = LOOK) -> Picture:
    return paint(snapshot, look, extent_of(snapshot, look), None)


@pytest.mark.parametrize("axes", [(0, 1), (3, 2)])
@pytest.mark.parametrize("row", [None, 7])
@pytest.mark.parametrize("make", [iris, quantity])
def test_each_colour_is_the_output_at_its_place_with_the_others_held(
    make: Callable[[], Dataset], row: int | None, axes: tuple[int, int]
) -> None:
    snapshot = trained(make())
    dataset = snapshot.dataset
    chosen = None if row is None else tuple(dataset.points[row].tolist())
    look = replace(LOOK, axes=axes, held=chosen)
    picture = picture_of(snapshot, look)
    assert picture.pixels is not None
    others = held(snapshot, look)
    for line, column in ((0, 0), (39, 39), (5, 31)):
        at = ((column + 0.5) / 40, (line + 0.5) / 40)
        point = picture.point(at)
        assert point is not None
        assert [point[k] for k in range(4) if k not in axes] == [
            others[k] for k in range(4) if k not in axes
        ]
        outputs = trace_point(snapshot, point).outputs[-1]
        if dataset.n_classes:
            expected = outputs.argmax()
        else:
            output = dataset.from_network(outputs)[0]
            expected = level_of(np.array([output]), output_limit(snapshot))[0]
        assert picture.pixels[line, column] == expected


def test_the_samples_are_where_their_two_columns_say() -> None:
    snapshot = trained(iris())
    picture = picture_of(snapshot, replace(LOOK, axes=(2, 0)))
    assert (picture.extent.x_name, picture.extent.y_name) == ("petal length", "sepal length")
    across, down = picture.extent.fractions_of(snapshot.dataset.points[:, (2, 0)])
    rows = picture.points.rows
    assert picture.points.columns.tolist() == np.floor(across[rows] * 40).tolist()
    assert picture.points.lines.tolist() == np.floor(down[rows] * 20).tolist()


def test_without_a_choice_the_columns_say_the_most_and_the_others_are_a_sample_s() -> None:
    dataset = iris()
    snapshot = trained(dataset)
    assert axes_of(dataset, Look()) == (2, 3)
    assert held(snapshot, Look()) in [tuple(point) for point in dataset.points.tolist()]
    # Columns of other data, or a sample of them, are not taken over.
    strange = Look(axes=(5, 9), held=(1.0, 2.0))
    assert axes_of(dataset, strange) == (2, 3)
    assert held(snapshot, strange) == held(snapshot, Look())


def test_a_unit_has_a_plane_of_its_own() -> None:
    snapshot = trained(quantity())
    picture = picture_of(snapshot, replace(LOOK, unit=Unit(1, 3)))
    assert picture.pixels is not None
    point = picture.point((0.5 / 40, 0.5 / 40))
    assert point is not None
    output = trace_point(snapshot, point).outputs[1][3:4]
    assert picture.limit is not None
    assert picture.limit >= round_limit(output)
    assert picture.pixels[0, 0] == level_of(output, picture.limit)[0]


def test_a_network_that_diverged_is_drawn() -> None:
    snapshot = trained(iris())
    for number in (0.0, np.nan, np.inf, 1e300):
        lost = replace(snapshot, parameters=np.full_like(snapshot.parameters, number))
        assert picture_of(lost).pixels is not None


def plane_of(user: User) -> tuple[str, str]:
    axes = user.app.screen.query_one("#output-map", HeatMap).axes
    assert axes is not None
    return axes.x_name, axes.y_name


def selected_point(user: User) -> tuple[float, ...] | None:
    return user.app.screen.query_one(OutputPane).selection.point


async def test_keys_choose_the_columns_and_a_selected_sample_holds_the_others(
    alone: Alone,
) -> None:
    config = AppConfig(data=DataChoice(name="iris"))
    async with alone(config=config) as user:
        await user.press("5", "a", *"sepal w", "enter")
        assert plane_of(user) == ("sepal width", "petal width")
        await user.press("u", *"sepal w", "enter")
        # The two change places.
        assert plane_of(user) == ("petal width", "sepal width")
        assert "The other 2 columns: as sample" in user.text("#output")
        usual = held(user.snapshot, Look())
        # A place of the plane is selected with the other columns as they are.
        await user.press("left", *["up"] * 9, "enter")
        selected = selected_point(user)
        assert selected is not None
        assert selected[0::2] == usual[0::2]
        assert selected[1] != usual[1]
        assert sentences(user.snapshot, Look(held=selected))[0] == "others as the selected place"
        await user.press("escape", "escape")
        assert selected_point(user) is None


async def test_of_two_columns_there_is_nothing_to_choose(alone: Alone) -> None:
    async with alone() as user:
        await user.press("5", "a")
        assert user.said == [
            "You can choose columns only of data with three or more; circle has 2."
        ]
