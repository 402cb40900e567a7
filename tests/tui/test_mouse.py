"""The mouse can do what the keys can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toygrad.tui.gradients.parameter_table import ParameterTable
from toygrad.tui.pane_tabs import PaneTabs

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


async def click(user: User, selector: str, text: str) -> None:
    widget = user.app.screen.query_one(selector)
    place = user.place(widget, text)
    await user.pilot.click(selector, offset=(place.x, place.y))
    await user.settle()


async def test_the_status_buttons_train_step_and_reset(start: Start) -> None:
    async with start() as user:
        first = user.snapshot.parameters
        await user.pilot.click("#button-toggle-training")
        assert user.state() == "training"
        await user.pilot.click("#button-toggle-training")
        assert user.state() == "ready"
        await user.pilot.click("#button-step")
        await user.settle()
        assert user.snapshot.step == 1
        await user.pilot.click("#button-reset")
        await user.settle()
        assert user.snapshot.step == 0
        np.testing.assert_array_equal(user.snapshot.parameters, first)


async def test_a_click_on_a_tab_shows_its_pane_beside_output_and_loss(start: Start) -> None:
    async with start() as user:
        for name in ("Gradients", "Data"):
            await click(user, "#tabs", name)
            seen = user.app.screen._compositor.visible_widgets
            shown = {p.TITLE for p in user.app.playground.panes if p in seen}
            assert shown == {"Status", name, "Output", "Loss"}
            assert user.app.screen.query_one(PaneTabs).active == name.lower()
        await click(user, "#data", "gauss")
        assert user.snapshot.dataset.name == "gauss"
        await user.click("x1*x2")
        assert user.inputs() == ("x1", "x2", "x1*x2")


async def test_a_number_is_dragged_along_its_track_and_its_value_clicked(start: Start) -> None:
    async with start() as user:
        await user.press("3")
        settings = user.settings("learning_rate")
        handle, row = user.place(settings, "●"), settings.region_of("learning_rate")
        await user.pilot.mouse_down(settings, offset=(handle.x, handle.y))
        for x in (handle.x + 5, row.right - 1):
            place = (settings.region.x + x, settings.region.y)
            await user.pilot.hover(user.app.screen, offset=place)
        await user.settle()
        assert user.app.session.training.learning_rate == 10.0
        await user.pilot.mouse_up(settings, offset=(row.right - 1, 0))
        await user.settle()
        await user.click("learning_rate", user.place(settings, "10").x)
        assert settings.is_open
        await user.press("escape")
        assert user.app.session.training.learning_rate == 10.0


async def test_a_click_opens_a_list_and_a_section_and_explains_every_setting(start: Start) -> None:
    async with start() as user:
        await user.press("3")
        await user.click("optimizer", -1)
        settings = user.settings("optimizer")
        assert settings.is_open
        await user.pilot.click("OptionList", offset=(3, 5))
        await user.settle()
        assert user.app.session.training.optimizer == "adam"
        for is_open in (True, False, True):
            await user.click("sabotages", 3)
            assert ("wrong_sign" in [setting.name for setting in settings.shown]) is is_open
        await user.click("wrong_sign", 1)
        assert user.app.session.training.sabotage == ("wrong_sign",)
        row = settings.region_of("batch_size")
        await user.pilot.hover(settings, offset=(row.x, row.y))
        assert "Samples a step" in str(settings.tooltip)


async def test_a_click_on_a_title_sorts_and_on_a_row_selects(start: Start) -> None:
    async with start() as user:
        await user.advance(3)
        await user.press("7")
        table = user.app.screen.query_one(ParameterTable)
        await click(user, "#parameters", "parameter")
        assert (table.sort_by, table.descending) == ("name", False)
        await click(user, "#parameters", "parameter")
        assert table.descending
        await click(user, "#parameters", "layer2.weight[3,1]")
        assert table.selected_name == "layer2.weight[3,1]"


async def test_buttons_add_and_remove_layers_and_the_others_keep_their_weights(
    start: Start,
) -> None:
    async with start() as user:
        await user.advance(30)
        await user.press("4", "v")
        before = user.parameters
        await user.click("neurons-add")
        assert user.sizes() == (2, 4, 2, 4, 1)
        for name in ("layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"):
            np.testing.assert_array_equal(user.parameters[name], before[name])
        for left in ((2, 4, 2, 1), (2, 4, 1), (2, 1)):
            last = len(user.sizes()) - 3
            await user.click(f"activation-{last}", -1)
            assert user.sizes() == left
        assert user.snapshot.step == 30
        await user.advance(1)
        assert user.state() == "paused"


async def test_pointing_at_the_picture_reads_the_output_there(start: Start) -> None:
    async with start() as user:
        picture = user.app.screen.query_one("#output-map")
        middle = (picture.size.width // 2, picture.size.height // 2)
        await user.pilot.hover("#output-map", offset=middle)
        await user.settle()
        assert "output " in user.text("#output").splitlines()[-1]
        await user.pilot.hover("#tabs")
        await user.settle()
        assert "output " not in user.text("#output").splitlines()[-1]
