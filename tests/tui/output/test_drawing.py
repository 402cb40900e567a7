"""Points drawn by hand: added and taken away by mouse and key, undone, kept, and learned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual import events
from textual.geometry import Offset

from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.messages import DataChanged
from toygrad.tui.output.heat_map import HeatMap
from toygrad.tui.output.pane import OutputPane

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User
    from tests.tui.output.conftest import Alone

OUTPUT = "5"
CORNER = (-5.8, 5.8)
"""A place of the circle where there is no point."""
OTHER_CORNER = (5.8, 5.8)
RIGHT = 3


def options(name: str, **changes: object) -> AppConfig:
    return AppConfig(data=DataChoice(name=name, **changes))  # type: ignore[arg-type]


def offset_of(user: User, x: float, y: float, height: tuple[float, float] | None = None) -> Offset:
    """The place of a point on the picture, from the widget's corner."""
    heat_map = user.app.screen.query_one("#output-map", HeatMap)
    columns, pixel_rows = heat_map.grid_size
    assert heat_map.axes is not None
    left, right = user.snapshot.view[0]
    low, high = height or user.snapshot.view[-1]
    column = int((x - left) / (right - left) * columns)
    return Offset(heat_map.axes.gutter + column, int((high - y) / (high - low) * pixel_rows / 2))


async def click(user: User, place: tuple[float, float], **how: object) -> None:
    await user.pilot.click("#output-map", offset=offset_of(user, *place), **how)  # type: ignore[arg-type]
    await user.settle()


def legend(user: User) -> str:
    return user.text("#output-legend")


def last(user: User) -> tuple[list[float], float]:
    dataset = user.snapshot.dataset
    return dataset.points[-1].tolist(), float(dataset.targets[-1])


async def test_clicks_add_samples_of_either_class_while_training_continues(alone: Alone) -> None:
    async with alone() as user:
        await user.advance(60)
        before, rows = user.parameters, user.snapshot.train_rows
        await user.press(OUTPUT, "d")
        assert "Output, drawing" in user.text("#output")
        for words in ("click: x blue", "right: o orange", "on a sample: deletes"):
            assert words in legend(user)
        await click(user, CORNER)
        assert user.snapshot.dataset.n_samples == 501
        point, target = last(user)
        assert point == pytest.approx(CORNER, abs=0.4)
        assert target == 1.0
        await click(user, OTHER_CORNER, button=RIGHT)
        assert last(user)[1] == -1.0
        await click(user, (5.8, -5.8), control=True)
        assert last(user)[1] == -1.0
        assert user.snapshot.dataset.n_samples == 503

        assert user.snapshot.step == 60
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        assert set(rows.tolist()) <= set(user.snapshot.train_rows.tolist())
        await user.advance(5)
        assert user.snapshot.step == 65
        assert user.said == []


async def test_a_click_on_a_sample_deletes_it_and_undo_restores_it(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press(OUTPUT, "d")
        await click(user, CORNER)
        await click(user, CORNER)
        assert user.snapshot.dataset.n_samples == 500
        await user.press("ctrl+z")
        assert user.snapshot.dataset.n_samples == 501
        await user.press("ctrl+z")
        assert user.snapshot.dataset.n_samples == 500
        await user.press("ctrl+y")
        assert user.snapshot.dataset.n_samples == 501

        x, y = user.snapshot.dataset.points[user.snapshot.train_rows[0]].tolist()
        train, test = (set(user.snapshot.dataset.ids[rows]) for rows in rows_of(user))
        await click(user, (x, y))
        dataset = user.snapshot.dataset
        assert dataset.n_samples == 500
        left, left_test = (set(dataset.ids[rows]) for rows in rows_of(user))
        assert left <= train
        assert left_test <= test
        assert len(train | test) - len(left | left_test) == 1


def rows_of(user: User) -> tuple[np.ndarray, np.ndarray]:
    return user.snapshot.train_rows, user.snapshot.test_rows


async def test_the_keyboard_draws_and_deletes_at_the_cursor(alone: Alone) -> None:
    async with alone(config=options("xor")) as user:
        await user.press(OUTPUT, "d", "right")
        await user.press(*("left", "k") * 40)
        assert user.snapshot.dataset.n_samples == 500
        await user.press("enter")
        assert user.snapshot.dataset.n_samples == 501
        corner = last(user)[0]
        assert corner == pytest.approx([-5.8, 5.7], abs=0.4)
        await user.press("c")
        assert "click: o orange" in legend(user)
        await user.press("enter")
        assert last(user)[1] == -1.0
        for key, left in (("x", 501), ("delete", 500)):
            await user.press(key)
            assert user.snapshot.dataset.n_samples == left
        await user.press("enter", "delete")
        assert user.snapshot.dataset.n_samples == 500
        await user.press("d", "x")
        assert user.snapshot.dataset.n_samples == 500
        assert "drawing" not in user.text("#output")


async def test_the_words_of_the_title_do_what_their_keys_do(alone: Alone) -> None:
    async with alone() as user:
        for word, then in (
            ("draw", "click: x blue"),
            ("other class", "click: o orange"),
            ("done", "d draw"),
        ):
            place = user.place(user.app.screen.query_one("#output"), word)
            await user.pilot.click("#output", offset=(place.x, place.y))
            await user.settle()
            assert then in user.text("#output")


async def test_escape_stops_drawing(alone: Alone) -> None:
    async with alone() as user:
        await user.press(OUTPUT, "d", "escape")
        assert "drawing" not in user.text("#output")
        await click(user, CORNER)
        assert user.snapshot.dataset.n_samples == 500


async def test_numbers_are_drawn_with_a_value_that_keys_and_the_wheel_turn(alone: Alone) -> None:
    async with alone(config=options("plane")) as user:
        await user.press(OUTPUT, "d")
        dataset = user.snapshot.dataset
        low, high = dataset.targets.min(), dataset.targets.max()
        n = dataset.n_samples

        async def drawn() -> float:
            await user.press("enter")
            return last(user)[1]

        await user.press("right")
        assert await drawn() == pytest.approx(high, abs=0.01)
        await user.press("minus")
        assert await drawn() == pytest.approx(high - 0.05 * (high - low), abs=0.01)
        await user.press("plus")
        assert await drawn() == pytest.approx(high, abs=0.01)
        await user.press("c")
        assert await drawn() == pytest.approx(low, abs=0.01)
        pane = user.app.screen.query_one(OutputPane)
        for event in (events.MouseScrollUp, events.MouseScrollUp, events.MouseScrollDown):
            pane.post_message(event(None, 5, 5, 0, 0, 0, False, False, False))
        await user.settle()
        assert await drawn() == pytest.approx(low + 0.05 * (high - low), abs=0.01)
        assert user.snapshot.dataset.n_samples == n + 5
        await click(user, (-4.0, -4.0), button=RIGHT)


async def test_on_a_line_the_height_of_a_click_is_the_target(alone: Alone) -> None:
    async with alone(config=options("square")) as user:
        await user.press(OUTPUT, "d")
        assert "click: adds a sample" in legend(user)
        height = float(user.snapshot.dataset.targets.max())
        place = offset_of(user, 0.0, height * 0.9, (0.0, height))
        await user.pilot.click("#output-map", offset=place)
        await user.settle()
        (x,), y = last(user)
        assert user.snapshot.dataset.n_samples == 301
        assert x == pytest.approx(0.0, abs=0.4)
        assert y == pytest.approx(height * 0.9, abs=3.0)


async def test_nothing_can_be_drawn_on_more_than_two_columns(alone: Alone) -> None:
    async with alone(config=options("iris")) as user:
        await user.press(OUTPUT, "d")
        assert user.said == [
            "You can draw samples only on data with one or two columns; iris has 4."
        ]
        assert "drawing" not in user.text("#output")


async def test_drawing_begins_on_the_map_and_deselects_the_neuron(alone: Alone) -> None:
    async with alone() as user:
        await user.press(OUTPUT, "v", "d")
        assert "Output, drawing" in user.text("#output")


async def test_the_last_two_samples_have_to_stay(start: Start) -> None:
    async with start((80, 24), options("gauss", n_samples=2)) as user:
        await user.press(OUTPUT, "d")
        for point in user.snapshot.dataset.points.tolist():
            await click(user, (point[0], point[1]))
        assert user.snapshot.dataset.n_samples == 2
        assert all("The last two samples have to stay" in sentence for sentence in user.said)
        assert user.said


async def test_added_samples_survive_new_settings_but_not_another_data_set(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press(OUTPUT, "d")
        await click(user, CORNER)
        point = last(user)
        for changes in ({"noise": 0.3}, {"seed": 3}, {"n_samples": 100}):
            user.app.playground.post_message(DataChanged(DataChoice(**changes)))
            await user.settle()
            assert last(user) == point
        assert user.snapshot.dataset.n_samples == 101
        user.app.playground.post_message(DataChanged(DataChoice(name="xor")))
        await user.settle()
        assert user.snapshot.dataset.n_samples == 500


async def test_samples_of_a_file_can_be_edited_too(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    rows = "".join(f"{k % 7},{k % 5},{'ab'[k % 2]}\n" for k in range(30))
    path.write_text("u,v,kind\n" + rows, encoding="utf-8")
    async with start((80, 24), AppConfig(data=DataChoice(path=path))) as user:
        await user.press(OUTPUT, "d", "right")
        await user.press("up", "right", "enter")
        await user.press("enter")
        assert user.snapshot.dataset.n_samples == 32
        await user.press("x")
        assert user.snapshot.dataset.n_samples == 31
        assert user.said == []


async def test_more_than_two_classes_take_turns(alone: Alone, tmp_path: Path) -> None:
    path = tmp_path / "three.csv"
    rows = "".join(f"{k % 7},{k % 5},{'abc'[k % 3]}\n" for k in range(30))
    path.write_text("u,v,kind\n" + rows, encoding="utf-8")
    async with alone(config=AppConfig(data=DataChoice(path=path))) as user:
        await user.press(OUTPUT, "d", "right")
        seen = []
        for _ in range(3):
            await user.press("enter", "c")
            seen.append(last(user)[1])
        assert sorted(seen) == [0.0, 1.0, 2.0]


KEYS = (
    *("left", "right", "up", "down", "h", "j", "k", "l", "enter", "escape"),
    *("v", "t", "i", "d", "c", "plus", "minus", "x", "delete"),
)
SETS = ("circle", "plane", "square", "iris")


@pytest.mark.usefixtures("each_frame")
@pytest.mark.parametrize(("seed", "name"), list(enumerate(SETS)))
async def test_keys_in_any_order_never_break_it(name: str, seed: int, alone: Alone) -> None:
    rng = np.random.default_rng(seed)
    done = []
    async with alone(config=options(name)) as user:
        await user.press(OUTPUT)
        for _ in range(40):
            keys = [str(key) for key in rng.choice(KEYS, 2)]
            done += keys
            await user.press(*keys)
            if rng.random() < 0.2:
                await user.advance(3)
            assert user.app.is_running, done
            assert user.snapshot.dataset is user.app.session.dataset, done
            assert user.snapshot.dataset.n_samples >= 2
            assert "Traceback" not in user.text(), done
