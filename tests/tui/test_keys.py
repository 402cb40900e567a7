"""Every key of the playground does what the key table promises."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core.training import LEARNING_RATES
from toygrad.tui.gradients.parameter_table import ParameterTable
from toygrad.tui.help import HelpScreen
from toygrad.tui.playground import PANE_IDS, PlaygroundScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start

STEPS_PER_EPOCH = 25


async def test_space_trains_and_pauses(start: Start) -> None:
    async with start() as user:
        assert "ready" in user.text("#status")
        await user.press("space")
        assert user.state() == "training"
        assert "training" in user.text("#status")
        assert "‖" in user.text("#button-toggle-training")
        await user.press("space")
        assert user.app.session.state != "training"
        assert "▶" in user.text("#button-toggle-training")


async def test_s_learns_a_batch_and_e_the_rest_of_the_epoch(start: Start) -> None:
    async with start() as user:
        await user.press("s")
        assert (user.snapshot.step, user.snapshot.state) == (1, "paused")
        await user.press("e")
        assert (user.snapshot.step, user.snapshot.epoch) == (STEPS_PER_EPOCH, 1)
        await user.press("e")
        assert user.snapshot.epoch == 2


async def test_r_restores_the_initial_weights_and_shift_r_draws_others(start: Start) -> None:
    async with start() as user:
        first = user.snapshot.parameters
        await user.press("e", "r")
        assert (user.snapshot.step, user.snapshot.state) == (0, "ready")
        np.testing.assert_array_equal(user.snapshot.parameters, first)
        await user.press("R")
        assert not np.array_equal(user.snapshot.parameters, first)
        assert "New initial weights, seed 1." in user.said
        other = user.snapshot.parameters
        await user.press("e", "r")
        np.testing.assert_array_equal(user.snapshot.parameters, other)


async def test_brackets_walk_along_the_learning_rates_and_stop_at_the_ends(start: Start) -> None:
    async with start() as user:
        here = LEARNING_RATES.index(0.03)
        for rate in LEARNING_RATES[here + 1 :]:
            await user.press("right_square_bracket")
            assert user.app.session.training.learning_rate == rate
            assert f"lr {rate:g}" in user.text("#status")
        await user.press("right_square_bracket")
        assert user.app.session.training.learning_rate == LEARNING_RATES[-1]
        await user.press(*["left_square_bracket"] * len(LEARNING_RATES))
        assert user.app.session.training.learning_rate == LEARNING_RATES[0]
        assert user.said == []


async def test_braces_change_the_learning_rate_by_a_tenth(start: Start) -> None:
    async with start() as user:
        await user.press("right_curly_bracket")
        assert user.app.session.training.learning_rate == 0.033
        await user.press("left_curly_bracket", "left_curly_bracket")
        assert user.app.session.training.learning_rate == pytest.approx(0.0267)
        await user.press("right_square_bracket")
        assert user.app.session.training.learning_rate == 0.03


async def test_comma_and_full_stop_change_the_pace(start: Start) -> None:
    async with start() as user:
        await user.press("comma")
        assert user.app.session.training.pace == 10.0
        assert "Pace: 10 epochs per second." in user.said
        await user.press(*["full_stop"] * 4)
        assert math.isinf(user.app.session.training.pace)
        assert "Pace: as fast as possible." in user.said


async def test_y_changes_the_axis_and_a_the_part_of_the_loss(start: Start) -> None:
    async with start() as user:
        await user.press("6")
        await user.advance(STEPS_PER_EPOCH)
        await user.press("y")
        assert "Loss  linear, all" in user.text("#loss")
        await user.press("y", "a")
        assert "Loss  log, last 200" in user.text("#loss")


async def test_numbers_and_tab_cycle_through_the_panes(start: Start) -> None:
    async with start() as user:
        for number, pane in enumerate(PANE_IDS, start=1):
            await user.press(str(number))
            assert user.focus == pane
            assert user.text(f"#{pane}").strip()
        await user.press("tab")
        assert user.focus == "status"
        await user.press("shift+tab")
        assert user.focus == "gradients"


async def test_tab_enters_the_first_pane_when_none_has_the_focus(start: Start) -> None:
    async with start() as user:
        assert user.focus == ""
        await user.press("tab")
        assert user.focus == PANE_IDS[1]


async def test_z_maximizes_the_pane_with_the_focus_and_back(start: Start) -> None:
    async with start((120, 40)) as user:
        await user.press("z")
        assert user.said == ["Go to a pane first: press 2 to 7, then z."]
        await user.press("5", "z")
        assert user.app.screen.maximized is user.app.screen.query_one("#output")
        assert "Training" not in user.text()
        assert user.app.screen.query_one("#output").size.width > 100
        await user.press("z")
        assert user.app.screen.maximized is None
        await user.press("7", "z", "escape")
        assert user.app.screen.maximized is None
        await user.press("z", "6")
        assert user.app.screen.maximized is None
        assert user.focus == "loss"


async def test_slash_filters_the_gradients_and_escape_removes_the_filter(start: Start) -> None:
    async with start() as user:
        await user.press("slash")
        await user.type("layer1 bias")
        assert "4 of 25 parameters" in user.text("#gradients")
        assert "layer1.weight" not in user.text("#gradients")
        await user.press("enter")
        assert isinstance(user.app.focused, ParameterTable)
        assert "4 of 25" in user.text("#gradients")
        await user.press("escape")
        assert "25 parameters" in user.text("#gradients")
        assert "4 of 25" not in user.text("#gradients")
        assert "layer1 bias" not in user.text("#gradients")


async def test_letters_typed_in_a_field_are_text(start: Start) -> None:
    async with start() as user:
        await user.press("slash")
        await user.type("s e r R q 1")
        assert "s e r R q 1" in user.text("#gradients")
        assert (user.app.session.step, user.app.session.seed) == (0, 0)
        assert user.state() == "ready"


async def test_question_mark_opens_help_and_escape_restores_the_focus(start: Start) -> None:
    async with start() as user:
        await user.press("3", "question_mark")
        assert "What matters first" in user.text()
        await user.press("space", "s")
        assert user.app.session.step == 0
        assert user.state() == "ready"
        await user.press("escape")
        assert isinstance(user.app.screen, PlaygroundScreen)
        assert user.focus == "training"


async def test_second_keys_that_need_no_altgr_do_the_same(start: Start) -> None:
    async with start() as user:
        rates = []
        for key in (")", "(", "*", "_"):
            await user.pilot.press(key)
            rates.append(user.app.session.training.learning_rate)
        assert rates == [0.1, 0.03, 0.033, 0.0297]
        await user.press("ctrl+f")
        assert user.app.focused is user.app.screen.query_one("#gradient-filter")
        await user.press("f1")
        assert isinstance(user.app.screen, HelpScreen)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_q_quits(key: str, start: Start) -> None:
    async with start() as user:
        await user.pilot.press(key)
        assert not user.app.is_running or user.app._exit


async def test_arrows_and_hl_turn_a_number_and_enter_edits_it(start: Start) -> None:
    async with start() as user:
        await user.press("3")
        settings = user.settings("learning_rate")
        assert user.app.focused is settings and settings.cursor == "learning_rate"
        await user.press("right", "l")
        assert user.app.session.training.learning_rate == 0.3
        await user.press("left", "h")
        assert user.app.session.training.learning_rate == 0.03
        await user.press("enter")
        await user.type("0.05")
        assert user.app.session.training.learning_rate == 0.03
        await user.press("enter")
        assert user.app.session.training.learning_rate == 0.05
        assert user.app.focused is settings
        await user.press("enter")
        await user.type("7")
        await user.press("escape")
        assert user.app.session.training.learning_rate == 0.05
        assert user.value("learning_rate") == 0.05
        assert user.app.focused is settings


async def test_arrows_and_hjkl_move_among_the_pictures_and_enter_opens(start: Start) -> None:
    async with start() as user:
        await user.press("2", "right", "down", "k", "l", "h", "enter")
        assert user.app.session.dataset.name == "xor"


async def test_arrows_and_hjkl_move_and_sort_in_the_table(start: Start) -> None:
    async with start() as user:
        await user.advance(3)
        await user.press("7", "down", "j", "k")
        table = user.app.screen.query_one(ParameterTable)
        largest = int(np.argmax(np.abs(user.snapshot.gradients)))
        assert table.selected_index == largest
        await user.press("right")
        after = table.sort_by
        await user.press("l", "h", "left")
        assert table.sort_by == "abs gradient" != after
        await user.press("o")
        assert not table.descending
        await user.press("escape")
        assert table.selected_index is None


async def test_f_holds_the_table_still_while_training_continues(start: Start) -> None:
    async with start() as user:
        await user.press("7", "f")
        still = user.text("#parameters")
        assert "held" in user.text("#gradients")
        await user.advance(10)
        assert user.text("#parameters") == still
        await user.press("f")
        assert user.text("#parameters") != still
