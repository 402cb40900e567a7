"""The wall by keys alone: begin one, look at cells, zoom, open a run, race the best, come back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.sweep.cell import run_cell
from toygrad.core.sweep.live import MAX_LIVE_CELLS, LiveSweep
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.playground import PlaygroundScreen
from toygrad.tui.wall import screen as screen_module
from toygrad.tui.wall.form import WallForm
from toygrad.tui.wall.map import WallMap
from toygrad.tui.wall.screen import WallScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SIZES = ((80, 24), (150, 46))
FEW = "learning-rate=0.01..1:3:log", "width=1..3:3"
SMALL = AppConfig(data=DataChoice(n_samples=60), network=NetworkSpec(hidden=(3,)))


@pytest.fixture(autouse=True)
def draws_every_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_module, "SECONDS_BETWEEN_CURVES", 0.0)


async def type_plan(
    user: User, across: str, down: str = "", seeds: str = "1", epochs: str = "4"
) -> None:
    """Fills the fields of the form, from its list of presets on."""
    for text in (across, down, seeds, epochs):
        await user.pilot.press("tab", "ctrl+u")
        await user.type(text)


async def begin(user: User, *plan: str, **more: str) -> LiveSweep:
    """Begins a wall from the playground, and returns its runs."""
    await user.press("W")
    await type_plan(user, *plan, **more)
    await user.press("enter")
    assert isinstance(user.app.screen, WallScreen)
    return live_of(user)


def live_of(user: User) -> LiveSweep:
    assert user.app.wall.live is not None
    return user.app.wall.live


async def train(user: User, n_cells: int = 1_000_000) -> None:
    """Lets so many cells go on; all of them to the end by default."""
    live = live_of(user)
    while n_cells and live.state == "running":
        live.advance(1)
        n_cells -= 1
    assert isinstance(user.app.screen, WallScreen)
    user.app.screen.refresh_wall()
    await user.settle()


def cursor(user: User) -> tuple[int, int]:
    return user.app.screen.query_one(WallMap).cursor


@pytest.mark.parametrize("size", SIZES)
async def test_a_wall_from_the_first_key_to_the_last(start: Start, size: tuple[int, int]) -> None:
    async with start(size, SMALL) as user:
        await user.press("space")
        live = await begin(user, *FEW)
        assert "Training has paused" in user.said[-1]
        assert not user.app.session.is_training
        assert "9 runs, 0 % of 4 epochs, training" in user.text("#wall-status")
        assert "not trained yet" in user.text("#wall-facts")
        await train(user, 4)
        assert live.visits == 4 and "not yet" in user.text("#wall-map")
        # Pause, and go on.
        await user.press("space")
        assert live.state == "paused" and "paused" in user.text("#wall-status")
        live.advance(5)
        assert live.visits == 4
        await user.press("space")
        await train(user)
        assert "9 runs, 4 epochs, done" in user.text("#wall-status")
        await user.press("space")
        assert "All runs are done" in user.said[-1]

        # The cursor, and what it tells.
        assert cursor(user) == (1, 1)
        for keys, place in (("up left", (0, 0)), ("down j l l l", (2, 2)), ("k h", (1, 1))):
            await user.press(*keys.split())
            assert cursor(user) == place
        await user.press("end")
        assert cursor(user) == (1, 2)
        # The second row is width 2, and numbers grow upwards.
        assert "learning-rate 1, width 2" in user.text("#wall-facts")
        number = live.sweep.number((2, 1, 0))
        assert f"{live.losses[number]:.4g}"[:5] in user.text("#wall-facts")
        assert user.text("#wall-curve").strip()

        # The best one.
        await user.press("b")
        best = live.best
        assert best is not None
        assert user.app.screen.query_one(WallMap)._scene is not None
        assert "best" in user.text("#wall-facts").splitlines()[0]
        assert live.sweep.places(best)[:2] == (cursor(user)[1], 2 - cursor(user)[0])

        # Leave, and come back to it; what trained goes on meanwhile.
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)
        assert user.app.session.is_training
        await user.press("space", "W")
        assert isinstance(user.app.screen, WallScreen) and live_of(user) is live
        assert "9 runs, 4 epochs, done" in user.text("#wall-status")


async def test_leaving_pauses_the_wall_and_coming_back_goes_on(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        live = await begin(user, *FEW)
        await user.press("W")
        assert isinstance(user.app.screen, PlaygroundScreen) and live.state == "paused"
        assert "The wall is paused. W shows it again." in user.said[-1]
        await user.press("W")
        assert not live.wait(0) and live_of(user).state == "running"
        # One that the user has paused stays so.
        await user.press("space", "escape", "W")
        assert live.state == "paused"
        await user.press("question_mark")
        assert "As many cells over half the range" in " ".join(user.text().split())


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_a_run_and_undo_brings_back_the_one_before(
    start: Start, size: tuple[int, int]
) -> None:
    async with start(size, SMALL) as user:
        await user.advance(7)
        before = user.parameters
        live = await begin(user, *FEW)
        await train(user)
        await user.press("right", "up", "enter")
        assert isinstance(user.app.screen, PlaygroundScreen)
        session = user.app.session
        assert "Opened the run with learning-rate 1, width 3" in user.said[-1]
        assert session.training.learning_rate == 1.0 and session.network_spec.hidden == (3,)
        assert session.epoch == 4
        # The tape adds in another order than compiled steps.
        loss = live.losses[live.sweep.number((2, 2, 0))]
        assert user.snapshot.evaluation.test_loss == pytest.approx(loss, rel=1e-12)
        # It can be gone back in.
        await user.press("backspace")
        assert session.step == 4 * math.ceil(30 / 10) - 1
        await user.press("ctrl+z")
        assert session.step == 7
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_why_races_the_best_against_the_present_run(start: Start) -> None:
    async with start((120, 40), SMALL) as user:
        live = await begin(user, *FEW, seeds="2")
        await user.press("y", "b")
        assert user.said[-1] == "No run has a loss yet."
        await train(user)
        await user.press("y")
        views = user.snapshot.lanes
        assert [view.number for view in views] == [1, 2]
        assert views[0].is_chosen and views[0].snapshot.training == TrainingConfig()
        # The same samples and seed, so that nothing else differs.
        assert views[0].snapshot.dataset is views[1].snapshot.dataset
        assert {view.snapshot.epoch for view in views} == {4}
        loss = views[1].snapshot.evaluation.test_loss
        assert np.isclose(live.losses, loss, rtol=1e-12, atol=0.0).any()
        assert "Lane 2 is the best of the wall" in user.said[-1]
        await user.press("ctrl+z")
        assert not user.snapshot.lanes
        # There is room for nine.
        await user.press(*["equals_sign"] * 8, "W", "y")
        assert "at most 9 lanes" in user.said[-1] and isinstance(user.app.screen, WallScreen)


async def test_zooming_halves_the_range_and_comes_back(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        await user.press("W")
        await type_plan(user, "learning-rate=0.01..1:5:log", "optimizer=sgd,adam")
        await user.press("enter")
        outer = live_of(user)
        await train(user)
        losses = outer.losses.copy()
        await user.press("plus")
        inner = live_of(user)
        assert inner is not outer and "zoom 1" in user.text("#wall-status")
        rates = inner.sweep.axes[0].values
        assert len(rates) == 5 and rates[2] == 0.1
        assert rates[0] == pytest.approx(0.1 / 10**0.5)
        assert inner.sweep.axes[1] == outer.sweep.axes[1]
        await train(user)
        # The cursor stays where it was, whatever column that is now.
        assert "learning-rate 0.1," in user.text("#wall-facts")
        await user.press("plus", "home")
        here = user.text("#wall-facts").splitlines()[0]
        await user.press("plus")
        assert "zoom 3" in user.text("#wall-status")
        assert user.text("#wall-facts").splitlines()[0] == here
        # At an end of a range it stays inside.
        assert live_of(user).sweep.axes[0].values[0] == pytest.approx(0.1 / 10**0.25)
        for _ in range(3):
            await user.press("minus")
        assert live_of(user) is outer
        np.testing.assert_array_equal(outer.losses, losses)
        await user.press("o")
        assert "This is the whole wall" in user.said[-1]
        # A run of the outer wall still opens where it was, to the bit.
        await user.press("enter")
        assert user.app.session.epoch == 4
        loss = user.snapshot.evaluation.test_loss
        assert np.isclose(losses, loss, rtol=1e-12, atol=0.0).any()


async def test_what_has_nothing_between_is_not_zoomed_into(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        await begin(user, "optimizer=sgd,adam")
        await user.press("i")
        assert "Only ranges of numbers" in user.said[-1]
        await user.press("n")
        await type_plan(user, "width=1..8:8")
        await user.press("enter", "i")
        assert live_of(user).sweep.n_cells < 8
        assert user.said[-1].startswith("Fewer cells")
        await user.press("n")
        await type_plan(user, "width=1..2:2")
        await user.press("enter", "i", "i")
        assert "nothing between these values" in user.said[-1]


async def test_each_measure_colors_and_names_itself(start: Start) -> None:
    over = "learning-rate=0.1,1e300", "width=2,3"
    async with start((80, 24), AppConfig(data=DataChoice(n_samples=60))) as user:
        await begin(user, *over, epochs="6")
        await train(user)
        titles = []
        for _ in range(5):
            titles.append(user.text("#wall-map").splitlines()[0])
            await user.press("c")
        named = ("test loss", "accuracy", "epochs to test loss 0.1", "diverged", "convergence")
        assert all(name in title for name, title in zip(named, titles, strict=True))
        assert "test loss" in user.text("#wall-map").splitlines()[0]
        # A goal that all reach, and one that none does.
        for _ in range(9):
            await user.press("right_square_bracket")
        map_text = user.text("#wall-map")
        assert "epochs to test loss 50" in map_text and map_text.count("1") >= 2
        for _ in range(30):
            await user.press("left_square_bracket")
        assert "epochs to test loss 1e-06" in user.text("#wall-map")
        assert "not reached" in user.text("#wall-map")


async def test_few_cells_are_pictures_and_many_are_not(start: Start) -> None:
    async with start((150, 46), SMALL) as user:
        await begin(user, *FEW)
        await train(user)
        await user.press("v")
        assert "pictures: what each run says" in user.text("#wall-map")
        assert user.text("#wall-map").count("▀") > 50
        # No room for them: the heat map is back.
        await user.resize(60, 16)
        assert user.app.screen.query_one("#wall-curve").size.height == 0
        assert "learning-rate 0.1, width 2" in user.text("#wall-facts")
        await user.resize(50, 12)
        assert "The wall needs a terminal" in user.text()
        await user.resize(80, 24)
        assert "pictures" not in user.text("#wall-map") and "best" in user.text("#wall-map")
        await user.press("z")
        assert user.app.screen.query_one("#wall-curve").size.height == 0
        await user.press("z", "v", "n")
        await type_plan(user, "learning-rate=0.01..1:7", "width=1..7:7")
        await user.press("enter", "v")
        assert "Pictures need data with two inputs" in user.said[-1]


async def test_a_cell_comes_to_the_numbers_that_sweep_writes(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        live = await begin(user, *FEW, seeds="2", epochs="5")
        await train(user)
        for number in (0, 7, 17):
            result = run_cell(live.sweep, number)
            assert result.test_loss == live.losses[number]
            assert result.test_accuracy == live.accuracies[number]
            assert result.epochs == live.epochs[number] == 5


async def test_the_form_remembers_and_its_presets_fill_it(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        await user.press("W")
        assert isinstance(user.app.screen, WallForm)
        assert "400 runs: 20 learning-rate x 20 width." in user.text()
        for _ in range(5):
            await user.press("down")
        assert "Sohl-Dickstein 2024" in user.text() and "rate-1=" in user.text()
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)
        await begin(user, *FEW)
        await user.press("n")
        assert "As before" in user.text() and FEW[0] in user.text()
        # Nothing else begins if it is closed.
        live = live_of(user)
        await user.press("escape")
        assert live_of(user) is live and isinstance(user.app.screen, WallScreen)


async def test_the_palette_begins_the_trainability_picture(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        await user.press("ctrl+p")
        await user.type("trainability")
        await user.press("down", "enter")
        live = live_of(user)
        assert live.sweep.shape == (20, 20) and live.sweep.epochs == 100
        assert [axis.name for axis in live.sweep.axes] == ["rate-1", "rate-2"]
        assert live.sweep.base.network.hidden == (16,)
        assert "convergence" in user.text("#wall-map")
        await train(user, 1_200)
        assert "converges" in user.text("#wall-map") and "diverges" in user.text("#wall-map")


@pytest.mark.parametrize(
    ("across", "down", "more", "sentence"),
    [
        ("learning-rate=1..0.1:5", "", {}, "A range goes up"),
        ("learning-rate=0..1:5:log", "", {}, "A log range begins above 0"),
        ("learning-rate=0.1..1:5:lin", "", {}, "A range is written 0.001..10:24"),
        ("learning-rate", "", {}, "Type a field and its values"),
        ("speed=1,2", "", {}, "can't vary 'speed': choose from"),
        ("width=1..70:70", "learning-rate=0.1..1:70", {}, f"at most {MAX_LIVE_CELLS:,} runs"),
        ("width=1,2", "width=3,4", {}, "width varies twice"),
        ("learning-rate=-1,1", "", {}, "learning-rate=-1: The learning rate has to be"),
        ("noise=0.1,9", "", {}, "noise=9"),
        ("optimizer=sgd,sgdd", "", {}, "There is no optimizer 'sgdd'"),
        ("hidden=2000x2000", "noise=0..0.5:60", {}, "need about"),
        ("hidden=4,8", "width=1,2", {}, "hidden says all of the width"),
        ("", "", {}, "Type what varies across"),
        ("width=1,2", "", {"seeds": "0"}, "Seeds: type 1 or more, not 0."),
        ("width=1,2", "", {"epochs": "many"}, "Epochs: 'many' is not a number."),
        ("width=1,2", "", {"seeds": "1000000"}, f"at most {MAX_LIVE_CELLS:,} runs"),
    ],
)
async def test_what_can_not_be_is_said_in_the_form(
    start: Start, across: str, down: str, more: dict[str, str], sentence: str
) -> None:
    async with start((80, 24), SMALL) as user:
        await user.press("W")
        await type_plan(user, across, down, **more)
        await user.press("enter")
        assert isinstance(user.app.screen, WallForm) and user.app.wall.live is None
        said = " ".join(user.text("#wall-said").replace("│", " ").split())
        assert sentence in said


async def test_a_lesson_that_locks_settings_refuses_a_run_with_others(start: Start) -> None:
    async with start((80, 24), SMALL) as user:
        await begin(user, *FEW)
        await train(user)
        user.app.editor.locked = frozenset({"hidden"})
        await user.press("enter")
        assert "The lesson does not let you change the hidden layers." in user.said[-1]
        await user.press("y")
        assert "does not let you change" in user.said[-1]
        assert isinstance(user.app.screen, WallScreen) and not user.snapshot.lanes


async def test_runs_of_the_wall_end_when_the_application_does(start: Start) -> None:
    async with start((80, 24), SMALL, run_trainer=True) as user:
        await user.pilot.press("W")
        await user.pilot.pause()
        await user.pilot.press("enter")
        for _ in range(200):
            await user.pilot.pause()
            if user.app.wall.live is not None:
                break
        live = live_of(user)
        assert live._threads
    assert live.state in ("stopped", "done")
    for thread in live._threads:
        # One may still be compiling; quitting does not wait for it.
        thread.join(30.0)
        assert not thread.is_alive()


@pytest.mark.parametrize("ascii", [False, True])
async def test_the_wall_looks_as_it_did(
    start: Start, golden: Callable[[str, str], None], ascii: bool
) -> None:
    config = AppConfig(data=DataChoice(n_samples=60), network=NetworkSpec(hidden=(3,)), ascii=ascii)
    seen: dict[str, str] = {}
    async with start((80, 24), config) as user:
        await begin(user, "learning-rate=0.001..1000:8:log", "width=1..8:8", seeds="2")
        user.app.clear_notifications()
        for moment, cells in (("before", 0), ("half", 230), ("done", 1_000_000)):
            await train(user, cells)
            for width, height in ((80, 24), (120, 40), (150, 46)):
                await user.resize(width, height)
                seen[f"wall_{width}x{height}-{moment}{'-ascii' * ascii}"] = user.text()
    for name, text in seen.items():
        lines = text.replace("▀", " ").splitlines()
        golden(name, "\n".join(line.rstrip() for line in lines))
