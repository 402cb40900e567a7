"""The loss pane: every key and every act of the mouse, and no curve that breaks it."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from toygrad.core import TrainingConfig
from toygrad.core.training.history import CURVES, SMOOTHINGS, History
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.key_words import with_keys
from toygrad.tui.loss import pane as loss
from toygrad.tui.loss.legend import NO_PLACE_FOR_ZERO
from toygrad.tui.loss.pane import NO_ACCURACY, NOTHING_YET, LossPane, LossPlot

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User
    from tests.tui.loss.conftest import Alone

EPOCH = 25
SIZE = (112, 24)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)


Large = Callable[..., "AbstractAsyncContextManager[User]"]


@pytest.fixture
def large(start: Start) -> Large:
    """Starts the application with the pane as large as there is room: `async with large()`."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[User]:
        async with start(SIZE) as user:
            await user.press("6", "z")
            yield user

    return begin


def pane_of(user: User) -> LossPane:
    return user.app.screen.query_one(LossPane)


def title(user: User) -> str:
    return user.text("#loss").splitlines()[0]


def subtitle(user: User) -> str:
    return user.text("#loss").splitlines()[-1]


def legend(user: User) -> str:
    return user.text("#loss-legend")


async def at_epoch(user: User, epochs: int) -> None:
    """Goes to the pane and learns."""
    await user.press("6")
    await user.advance(epochs * EPOCH)


async def click_word(user: User, selector: str, word: str, button: int = 1) -> None:
    """Clicks a word in a widget."""
    widget = user.app.screen.query_one(selector)
    place = user.place(widget, word)
    await user.pilot.click(user.app.screen, offset=widget.region.offset + place, button=button)
    await user.settle()


async def turn_wheel(user: User, event: type[MouseScrollUp | MouseScrollDown]) -> None:
    """Turns the wheel over the middle of the plot."""
    plot = pane_of(user).query_one(LossPlot)
    middle = (plot.size.width // 2, plot.size.height // 2)
    await user.pilot._post_mouse_events([event], plot, offset=middle, button=0)
    await user.settle()


# --- Losses ------------------------------------------------------------------------------------


async def test_before_the_first_epoch_a_sentence_says_what_to_do(alone: Alone) -> None:
    async with alone() as user:
        await user.press("6")
        words = " ".join(user.text("#loss").replace("│", " ").split())
        assert " ".join(with_keys(NOTHING_YET).split()) in words
        await user.advance(EPOCH)
        assert with_keys(NOTHING_YET) not in user.text("#loss")


async def test_the_legend_shows_the_numbers_of_the_frame_even_between_epochs(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 2)
        await user.press("s")
        evaluation = user.snapshot.evaluation
        assert f"train {evaluation.train_loss:.4g}" in legend(user)
        assert f"test  {evaluation.test_loss:.4g}" in legend(user)


async def test_regularization_has_a_curve_once_there_is_one(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 2)
        assert "regularization" not in legend(user)
        user.app.action_set_training("regularization", "l2")
        await user.advance(2 * EPOCH)
        assert user.snapshot.evaluation.regularization_term == 0.0
        user.app.editor.configure(changes={"regularization_rate": 0.01})
        await user.advance(2 * EPOCH)
        assert f"regularization {user.snapshot.evaluation.regularization_term:.4g}" in legend(user)
        user.app.action_set_training("regularization", "none")
        await user.advance(EPOCH)
        assert "regularization" in legend(user)


async def test_the_best_epoch_is_marked_and_named(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 30)
        best = user.snapshot.curves.best
        assert best is not None
        assert f"◆ best {best.loss:.4g} at {best.epoch:.0f}" in legend(user)
        assert "◆" in user.text("#loss-plot")


async def test_y_changes_the_axis(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 20)
        before = user.text("#loss-plot")
        await user.press("y")
        assert "Loss  linear, all epochs" in title(user)
        assert user.text("#loss-plot") != before


async def test_a_loss_of_zero_is_reported_where_the_axis_cannot_show_it(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 1)
        show(user, [[0.5, 0.5, 0.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0, 1.0]])
        await user.settle()
        assert with_keys(NO_PLACE_FOR_ZERO) in subtitle(user)
        await user.press("y")
        assert with_keys(NO_PLACE_FOR_ZERO) not in subtitle(user)


# --- Which epochs ------------------------------------------------------------------------------


async def test_a_shows_the_last_epochs_and_shift_a_changes_how_many(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 300)
        await user.press("a")
        assert "last 200 epochs" in title(user)
        for part in (500, 50, 200):
            await user.press("A")
            assert f"last {part} epochs" in title(user)
        await user.press("a")
        assert "all epochs" in title(user)


async def test_plus_and_minus_zoom_and_escape_ends_it(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 90)
        await user.press("plus")
        assert "epochs 15-75" in title(user)
        await user.press("plus")
        assert "epochs 25-65" in title(user)
        await user.press("minus", "minus")
        assert "all epochs" in title(user)
        await user.press("plus", "escape")
        assert "all epochs" in title(user)


async def test_a_zoom_is_around_the_cursor(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 90)
        await user.press("c", "plus")
        assert "epochs 30-90" in title(user)
        await user.advance(9 * EPOCH)
        assert "epochs 39-99" in title(user)


@pytest.mark.parametrize(("back", "on"), [("shift+left", "shift+right")])
async def test_shifted_arrows_go_to_other_epochs(back: str, on: str, alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 90)
        await user.press("plus", back)
        assert "epochs 0-60" in title(user)
        await user.press(on, on)
        assert "epochs 30-90" in title(user)


async def test_escape_is_left_to_others_where_there_is_nothing_to_leave(start: Start) -> None:
    async with start((120, 40)) as user:
        await at_epoch(user, 20)
        await user.press("c", "plus", "escape")
        assert (pane_of(user).cursor, pane_of(user).view.zoom) == (None, None)
        assert not pane_of(user).check_action("leave", ())
        await user.press("z", "escape")
        assert user.app.screen.maximized is None


# --- The cursor --------------------------------------------------------------------------------


@pytest.mark.parametrize(("back", "on"), [("left", "right"), ("h", "l")])
async def test_arrows_move_the_cursor_and_it_reads_exact_values(
    back: str, on: str, alone: Alone
) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        await user.press(back)
        assert subtitle(user).endswith("epoch 20 · this is now ─╯")
        await user.press(back, back, back, on)
        assert subtitle(user).endswith("epoch 18 · enter goes back to it ─╯")
        train, test = user.snapshot.curves.recent[18][:2]
        assert f"train {train:.4g}" in legend(user)
        assert f"test  {test:.4g}" in legend(user)


async def test_c_shows_a_cursor_on_the_last_epoch_and_hides_it(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        await user.press("c")
        assert pane_of(user).cursor == 20.0
        await user.advance(5 * EPOCH)
        assert pane_of(user).cursor == 20.0
        await user.press("c")
        assert pane_of(user).cursor is None


async def test_the_cursor_reads_the_mean_of_merged_epochs(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 1)
        rng = np.random.default_rng(0)
        show(user, (rng.random((3000, 5)) + 0.1).tolist())
        await user.settle()
        pane_of(user).cursor = 1003.0
        await user.settle()
        assert "mean of epochs 1000-1003" in subtitle(user)


async def test_a_reset_ends_the_cursor_and_the_zoom(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 30)
        await user.press("c", "plus", "r")
        assert pane_of(user).cursor is None
        assert "all epochs" in title(user)


# --- Marks -------------------------------------------------------------------------------------


async def test_a_changed_setting_is_marked_and_named(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 10)
        await user.press("right_square_bracket")
        await user.advance(10 * EPOCH)
        assert "┊ learning rate 0.1" in user.text("#loss-plot")
        assert "learning rate 0.1 at epoch 10" in subtitle(user)
        user.app.action_set_training("optimizer", "adam")
        await user.advance(10 * EPOCH)
        assert "optimizer adam at epoch 20 · learning rate 0.1 at epoch 10" in subtitle(user)


async def test_a_cursor_near_a_mark_shows_its_full_text(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 10)
        await user.press("right_square_bracket")
        await user.advance(10 * EPOCH)
        pane_of(user).cursor = 10.0
        await user.settle()
        assert "epoch 10 · enter goes back to it · learning rate 0.1" in subtitle(user)
        pane_of(user).cursor = 15.0
        await user.settle()
        assert "learning rate" not in subtitle(user)


async def test_what_does_not_fit_on_the_border_is_left_out_whole(start: Start) -> None:
    async with start((150, 46)) as user:
        await at_epoch(user, 50)
        await user.press("backspace")
        await user.settle()
        assert "step 1,249 of 1,250 · N goes forward ─╯" in subtitle(user)


# --- Smoothing and accuracy --------------------------------------------------------------------


async def test_o_cycles_through_the_smoothings(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        seen = {user.text("#loss-plot")}
        assert title(user).split(" ─")[0].endswith("unsmoothed")
        for strength in SMOOTHINGS:
            await user.press("o")
            assert strength in title(user)
            seen.add(user.text("#loss-plot"))
        assert len(seen) == 1 + len(SMOOTHINGS)
        await user.press("o")
        assert title(user).split(" ─")[0].endswith("unsmoothed")
        assert user.text("#loss-plot") in seen


async def test_v_shows_the_accuracies_and_the_losses_again(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        before = user.text("#loss")
        await user.press("v")
        evaluation = user.snapshot.evaluation
        assert evaluation.train_accuracy is not None
        assert "Loss  accuracy, all epochs" in title(user)
        assert f"train {evaluation.train_accuracy:.1%}" in legend(user)
        assert "80%" in user.text("#loss-plot")
        await user.press("v")
        assert user.text("#loss") == before


async def test_a_sentence_says_that_there_is_no_accuracy(alone: Alone) -> None:
    async with alone(AppConfig(data=DataChoice(name="plane"))) as user:
        await at_epoch(user, 2)
        await user.press("v")
        assert with_keys(NO_ACCURACY) in user.text("#loss")
        await user.press("v")
        assert with_keys(NO_ACCURACY) not in user.text("#loss")


async def test_keys_work_on_after_a_sentence_took_the_place_of_the_plot(alone: Alone) -> None:
    async with alone(AppConfig(data=DataChoice(name="plane"))) as user:
        await user.press("6")
        for _ in range(2):
            await user.press("v")
            assert with_keys(NO_ACCURACY) in user.text("#loss")
            await user.press("v")
            assert with_keys(NO_ACCURACY) not in user.text("#loss")
            await user.advance(EPOCH)


async def test_the_first_steps_are_drawn_and_where_a_run_broke_is_marked(alone: Alone) -> None:
    plane = AppConfig(data=DataChoice(name="plane"), training=TrainingConfig(learning_rate=1e6))
    async with alone(plane) as user:
        await user.press("6")
        await user.advance(1)
        assert "watch the loss fall" not in user.text("#loss")
        assert "┤" in user.text("#loss-plot")
        await user.advance(30)
        assert user.snapshot.state == "diverged"
        assert user.snapshot.epoch == 0
        assert "diverged" in user.text("#loss-plot")


# --- Past runs ---------------------------------------------------------------------------------


async def test_a_reset_run_stays_named_by_what_differs(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 20)
        await user.press("r")
        assert "1 same settings" in legend(user)
        assert "Press space" not in user.text("#loss")
        await user.press("right_square_bracket")
        assert "· 1 learning rate 0.03" in legend(user)
        await user.advance(5 * EPOCH)
        assert any(line.endswith("1│") for line in user.text("#loss-plot").splitlines())


async def test_p_hides_and_shows_past_runs_and_shift_p_clears_them(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 20)
        await user.press("r")
        await user.advance(5 * EPOCH)
        await user.press("p")
        assert "1 past run hidden" in legend(user)
        await user.press("p")
        assert "1 same settings" in legend(user)
        await user.press("P")
        assert "same" not in legend(user)
        await user.press("r")
        assert "2 same settings" in legend(user)
        assert "1 " not in legend(user)


async def test_runs_on_other_data_are_kept_but_not_drawn(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 20)
        await user.press("r")
        user.app.action_choose_dataset("xor")
        await user.settle()
        await user.advance(5 * EPOCH)
        assert len(user.snapshot.past_runs) == 1
        assert "·" not in legend(user)
        user.app.action_choose_dataset("circle")
        await user.settle()
        assert "· 1" in legend(user)


# --- The mouse ---------------------------------------------------------------------------------


async def test_the_pointer_reads_values_and_a_click_keeps_the_cursor(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        await user.pilot.hover("#loss-plot", offset=(40, 5))
        await user.settle()
        pointed = pane_of(user).cursor
        assert pointed is not None
        assert f"epoch {pointed:.0f}" in subtitle(user)
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert pane_of(user).cursor is None
        await user.pilot.click("#loss-plot", offset=(40, 5))
        await user.pilot.hover("#loss-plot", offset=(60, 5))
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert pane_of(user).cursor == pointed


async def test_the_wheel_zooms(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 90)
        await turn_wheel(user, MouseScrollUp)
        low, high = pane_of(user).view.zoom or (0.0, 0.0)
        assert high - low == pytest.approx(60.0)
        await turn_wheel(user, MouseScrollDown)
        assert "all epochs" in title(user)


async def test_dragging_shows_other_epochs_and_is_not_a_click(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 90)
        await user.press("plus")
        plot = pane_of(user).query_one(LossPlot)
        await user.pilot.mouse_down(plot, offset=(30, 5))
        for x in (35, 40):
            await user.pilot.hover(plot, offset=(x, 5))
        await user.pilot.mouse_up(plot, offset=(40, 5))
        await user.settle()
        low, high = pane_of(user).view.zoom or (0.0, 0.0)
        assert low == pytest.approx(15.0 - 10 / plot.columns * 60.0)
        assert high - low == pytest.approx(60.0)
        await user.pilot.hover("#elsewhere")
        await user.settle()
        assert pane_of(user).cursor is None


async def test_the_words_of_the_title_and_the_legend_are_for_the_mouse(large: Large) -> None:
    async with large() as user:
        await at_epoch(user, 20)
        for word, after in (
            ("log", "linear"),
            ("all epochs", "last 200 epochs"),
            ("unsmoothed", "light"),
            ("Loss", "accuracy"),
            ("accuracy", "linear"),
        ):
            await click_word(user, "#loss", word)
            assert after in title(user)
        await user.press("left", "left")
        await click_word(user, "#loss", "enter goes back")
        assert user.snapshot.epoch == 19
        await user.press("right", "enter", "r")
        assert user.snapshot.step == 0
        await click_word(user, "#loss-legend", "1 same")
        assert "1 past run hidden" in legend(user)
        await click_word(user, "#loss-legend", "hidden")
        await click_word(user, "#loss-legend", "1 same", button=3)
        assert "same" not in legend(user)


# --- Whatever is shown -------------------------------------------------------------------------


async def test_another_theme_while_paused_draws_in_its_colours(alone: Alone) -> None:
    async with alone() as user:
        await at_epoch(user, 20)
        plot = pane_of(user).query_one(LossPlot)
        looks = []
        for theme in ("toygrad-dark", "toygrad-light"):
            user.app.theme = theme
            await user.settle()
            strips = [plot.render_line(y) for y in range(plot.size.height)]
            looks.append({str(s.style) for strip in strips for s in strip if "⠒" in s.text})
        assert looks[0]
        assert looks[0].isdisjoint(looks[1])


def show(user: User, points: list[list[float]]) -> None:
    """Shows a run of these epochs instead of the real one."""
    history = History()
    # As a session does it.
    with np.errstate(all="ignore"):
        for epoch, point in enumerate(points):
            history.append(epoch, tuple(point))
            if epoch % 7 == 3:
                history.mark(epoch + 0.5, f"learning rate {epoch}")
        curves = history.curves()
    snapshot = replace(user.snapshot, epoch=max(len(points) - 1, 0), curves=curves)
    for pane in user.app.playground.panes:
        pane.snapshot = snapshot


ACTIONS: dict[str, Callable[[LossPane], None]] = {
    "a": LossPane.action_toggle_recent,
    "A": LossPane.action_next_part,
    "o": LossPane.action_smooth,
    "v": LossPane.action_toggle_accuracy,
    "c": LossPane.action_toggle_cursor,
    "left": lambda pane: pane.action_move_cursor(-1),
    "right": lambda pane: pane.action_move_cursor(1),
    "plus": lambda pane: pane.action_zoom(-1),
    "minus": lambda pane: pane.action_zoom(1),
    "shift+left": lambda pane: pane.action_pan(-1),
    "shift+right": lambda pane: pane.action_pan(1),
    "p": LossPane.action_toggle_past,
    "P": LossPane.action_clear_past,
    "escape": LossPane.action_leave,
    "y": LossPane.action_click_axis,
}
ODD = (math.nan, math.inf, 0.0, 1e308, 5e-324, -1.0, 0.5)
N_RUNS, N_ACTIONS = 10, 12


@pytest.mark.usefixtures("each_frame")
async def test_no_view_of_any_curves_breaks_it(alone: Alone) -> None:
    rng = np.random.default_rng(0)
    async with alone() as user:
        await at_epoch(user, 3)
        user.app.session.reset()
        await user.advance(EPOCH)
        pane, names = pane_of(user), list(ACTIONS)
        for _ in range(N_RUNS):
            n = int(rng.choice([0, 1, 2, 30, 700, 2500]))
            points = rng.random((n, len(CURVES)))
            odd = rng.random(points.shape) < rng.choice([0.0, 0.2, 1.0])
            points[odd] = rng.choice(ODD, int(odd.sum()))
            show(user, points.tolist())
            done = [str(name) for name in rng.choice(names, N_ACTIONS)]
            for name in done:
                ACTIONS[name](pane)
                pane.query_one(LossPlot).render_line(0)
            assert user.app._exception is None, (n, done)
        assert "Loss" in title(user)
