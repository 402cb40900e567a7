"""The network pane: selecting, the card, and editing by hand, with keys and with the mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.widgets import Input

from tests.tui.test_goldens import without_colors
from toygrad.core import NetworkSpec
from toygrad.core.nn import Element, element_place
from toygrad.core.training.reshape import without_layer
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.key_words import with_keys
from toygrad.tui.messages import LayersEdited, PartSelected, PointSelected
from toygrad.tui.network.card import NeuronCard
from toygrad.tui.network.diagram import NetworkDiagram
from toygrad.tui.network.fact_sheet import FactSheet
from toygrad.tui.network.layers_editor import LayersEditor, LayersField
from toygrad.tui.network.pane import NetworkPane
from toygrad.tui.selection import Bias, Link, Part, Unit

if TYPE_CHECKING:
    from tests.tui.conftest import Size, Start, User

TALL = (250, 80)
BY_HAND = AppConfig(network=NetworkSpec(hidden=(2,)))


def diagram(user: User) -> NetworkDiagram:
    return user.app.playground.query_one(NetworkDiagram)


def selected(user: User) -> Part | None:
    """What is selected: the same in the diagram and on the screen."""
    part = user.app.playground.selection.part
    assert diagram(user).selected == part
    return part


def number(user: User, element: Element) -> float:
    place = element_place(user.snapshot.sizes, element)
    assert user.app.session.network.flat_parameters[place] == user.snapshot.parameters[place]
    return float(user.snapshot.parameters[place])


def is_frozen(user: User, element: Element) -> bool:
    return bool(user.snapshot.frozen[element_place(user.snapshot.sizes, element)])


async def select(user: User, part: Part | None) -> None:
    user.app.playground.query_one(NetworkPane).post_message(PartSelected(part))
    await user.settle()


async def click(user: User, selector: str, text: str) -> None:
    widget = user.app.screen.query_one(selector)
    place = user.place(widget, text)
    await user.pilot.click(selector, offset=(place.x, place.y))
    await user.settle()


def write_the_case_by_hand(user: User) -> None:
    """The network of playground-semantics.md."""
    user.app.session.set_parameters(
        {
            "layer1.weight": [[0.1, 0.3], [-0.2, 0.4]],
            "layer1.bias": [0.1, 0.1],
            "layer2.weight": [[0.5], [-0.5]],
            "layer2.bias": [0.1],
        }
    )
    user.app.refresh_snapshot()


# --- Selecting ----------------------------------------------------------------------------------


async def test_arrows_letters_and_escape_select_for_all_panes(start: Start) -> None:
    async with start() as user:
        await user.press("4", "right")
        assert selected(user) == Unit(1, 0)
        await user.press("j", "w")
        assert isinstance(selected(user), Link)
        await user.press("b")
        assert selected(user) == Bias(0, 1)
        assert all(p.selection.part == Bias(0, 1) for p in user.app.playground.panes)
        await user.press("escape")
        assert selected(user) is None
        assert not user.app.screen.query_one(NeuronCard).display


async def test_a_selected_neuron_asks_for_its_map(start: Start) -> None:
    async with start() as user:
        await user.press("4", "right", "right")
        assert user.snapshot.unit == (2, 0) and user.snapshot.unit_grid is not None
        await user.press("escape")
        assert user.snapshot.unit is None


async def test_what_is_selected_elsewhere_is_selected_in_the_diagram(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 2, 0))
        assert selected(user) == Link(1, 2, 0)
        assert "layer2.weight[2,0]" in user.text("#neuron-card")


async def test_a_selection_made_while_the_pane_is_out_of_sight_is_seen_later(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.press("7")
        await select(user, Bias(0, 1))
        await user.press("4")
        assert selected(user) == Bias(0, 1)
        assert "layer1.bias[1]" in user.text("#neuron-card")


async def test_a_removed_part_is_deselected(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4", "right", "down", "down", "down")
        assert selected(user) == Unit(1, 3)
        await user.press("minus")
        assert user.sizes() == (2, 3, 2, 1)
        assert selected(user) is None


async def test_a_click_on_the_diagram_selects(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        layout = diagram(user)._layout(diagram(user).data)  # type: ignore[arg-type]
        column = layout.columns[1]
        spot = (column.left + 1, int(column.middle_rows[2]) + layout.title_rows)
        await user.pilot.click("#diagram", offset=spot)
        await user.settle()
        assert selected(user) == Unit(1, 2)
        assert "layer 1, neuron 2 · tanh" in user.text("#neuron-card")


async def test_the_minus_and_plus_above_a_layer_resize_it(start_pane: Start) -> None:
    async with start_pane() as user:
        for sign, sizes in (("+", (2, 5, 2, 1)), ("-", (2, 4, 2, 1)), ("-", (2, 3, 2, 1))):
            spot = user.place(diagram(user), f"- {user.sizes()[1]} +")
            x = spot.x if sign == "-" else spot.x + 4
            await user.pilot.click("#diagram", offset=(x, spot.y))
            await user.settle()
            assert user.sizes() == sizes
        # The number between them does nothing.
        await user.pilot.click("#diagram", offset=(spot.x + 2, spot.y))
        await user.settle()
        assert user.sizes() == (2, 3, 2, 1)
        assert selected(user) is None


# --- The card -----------------------------------------------------------------------------------


async def test_the_card_shows_the_formula_with_the_numbers_of_the_selected_point(
    start_pane: Start,
) -> None:
    async with start_pane(TALL, BY_HAND) as user:
        await user.press("4", "right")
        write_the_case_by_hand(user)
        user.app.playground.query_one(NetworkPane).post_message(PointSelected((1.0, 2.0)))
        await user.settle()
        card = user.text("#neuron-card")
        assert "h1[0] = tanh(0.10*1.00 - 0.20*2.00 + 0.10) = -0.197" in card
        assert "for x1 1.00, x2 2.00 (selected point)" in card
        rows = [line.split() for line in user.text("#facts").splitlines()]
        names = [row[0] for row in rows if row and row[0] in ("x1", "x2", "bias", "sum")]
        assert names == ["x2", "x1", "bias", "sum"]
        assert ["x2", "-0.2000", "+2.0000", "-0.4000"] in [row[:4] for row in rows]
        assert ["sum", "-0.2000"] in rows


async def test_without_a_point_the_card_takes_the_first_training_point_and_says_so(
    start_pane: Start,
) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "right")
        x1, x2 = user.snapshot.dataset.points[user.snapshot.train_rows[0]]
        assert f"for x1 {x1:.2f}, x2 {x2:.2f} (first training sample)" in user.text("#facts")


async def test_the_numbers_of_the_card_are_those_of_the_frame(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "right")
        for _ in range(3):
            await user.advance(20)
            weight = number(user, Element(1, 0, 0))
            (row,) = [li for li in user.text("#facts").splitlines() if li.startswith("x1 ")]
            assert f"{weight:+.4f}" in row


async def test_an_input_has_its_formula_and_its_value(start_pane: Start) -> None:
    options = AppConfig(network=NetworkSpec(inputs=("x1*x2", "x2")))
    async with start_pane(TALL, options) as user:
        await user.press("4")
        await select(user, Unit(0, 0))
        x1, x2 = user.snapshot.dataset.points[user.snapshot.train_rows[0]]
        assert f"x1*x2 = {x1 * x2:.4g}" in user.text("#neuron-card")
        assert "input x1*x2" in user.text("#neuron-card")


async def test_a_weight_has_value_gradient_update_and_product(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4")
        await select(user, Link(0, 1, 2))
        assert "none before the first step" in user.text("#facts")
        await user.advance(5)
        place = element_place(user.snapshot.sizes, Element(1, 1, 2))
        card = user.text("#neuron-card")
        assert "layer1.weight[1,2] · x2 to h1[2]" in card
        for array in (user.snapshot.parameters, user.snapshot.updates, user.snapshot.gradients):
            digits = re.escape(f"{abs(array[place]):.4f}")
            assert re.search(digits, card) or abs(array[place]) < 1e-3
        assert "product" in card
        await user.press("b")
        assert "layer1.bias[2] · layer 1, neuron 2" in user.text("#neuron-card")
        assert "product" not in user.text("#neuron-card")


async def test_enter_goes_to_the_list_of_a_neuron_and_selects_a_weight(
    start_pane: Start,
) -> None:
    options = AppConfig(data=DataChoice(name="digits"), network=NetworkSpec(hidden=(3,)))
    async with start_pane((80, 24), options) as user:
        await user.press("4", "right", "enter")
        sheet = user.app.screen.query_one(FactSheet)
        assert user.app.focused is sheet
        await user.press("end")
        assert sheet.scroll_offset.y > 0
        await user.press("enter")
        assert selected(user) == Bias(0, 0)
        await user.press("left", "right", "enter", "home", "down", "j", "k", "enter")
        part = selected(user)
        assert isinstance(part, Link) and part.layer == 0
        assert isinstance(user.app.focused, NetworkDiagram)


async def test_escape_in_the_list_goes_back_and_pages_scroll(start_pane: Start) -> None:
    options = AppConfig(data=DataChoice(name="digits"), network=NetworkSpec(hidden=(3,)))
    async with start_pane((168, 24), options) as user:
        await user.press("4", "right", "enter", "pagedown", "pagedown")
        sheet = user.app.screen.query_one(FactSheet)
        below = sheet.scroll_offset.y
        assert below > 0
        await user.press("pageup")
        assert sheet.scroll_offset.y < below
        await user.press("escape")
        assert isinstance(user.app.focused, NetworkDiagram)
        assert selected(user) is not None


async def test_a_click_on_a_line_of_the_card_selects_its_weight(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "right", "right")
        await click(user, "#facts", "h1[2]")
        assert selected(user) == Link(1, 2, 0)
        await user.press("right")
        await click(user, "#facts", "bias ")
        assert selected(user) == Bias(1, 0)


# --- Weights and biases by hand -----------------------------------------------------------------

WEIGHT = Element(2, 1, 0)


async def test_a_weight_is_typed_and_undone(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await user.advance(10)
        before = number(user, WEIGHT)
        await select(user, Link(1, 1, 0))
        await user.press("enter")
        assert isinstance(user.app.focused, Input)
        await user.fill("-2.5")
        assert number(user, WEIGHT) == -2.5
        assert isinstance(user.app.focused, NetworkDiagram)
        assert user.snapshot.step == 10
        await user.press("ctrl+z")
        assert number(user, WEIGHT) == before
        await user.press("ctrl+y")
        assert number(user, WEIGHT) == -2.5


async def test_a_value_that_is_no_number_is_refused_and_can_be_corrected(
    start_pane: Start,
) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Bias(1, 1))
        before = number(user, Element(2, None, 1))
        await user.press("enter")
        for count, text in enumerate(["two", "nan", "inf", ""], start=1):
            await user.fill(text)
            assert len(user.said) == count and "number" in user.said[-1]
            assert number(user, Element(2, None, 1)) == before
        await user.fill("0.25")
        assert number(user, Element(2, None, 1)) == 0.25


async def test_escape_leaves_the_value_as_it_was(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 1, 0))
        before = number(user, WEIGHT)
        await user.press("enter")
        await user.type("7")
        await user.press("escape")
        assert number(user, WEIGHT) == before
        assert isinstance(user.app.focused, NetworkDiagram)
        assert selected(user) == Link(1, 1, 0)
        assert not user.app.screen.query_one(NeuronCard).is_typing


async def test_a_double_click_opens_the_field(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        layout = diagram(user)._layout(diagram(user).data)  # type: ignore[arg-type]
        column = layout.columns[2]
        spot = (column.left - 1, int(column.middle_rows[0]) + layout.title_rows)
        await user.pilot.click("#diagram", offset=spot)
        await user.settle()
        assert selected(user) == Bias(1, 0)
        layout = diagram(user)._layout(diagram(user).data)  # type: ignore[arg-type]
        column = layout.columns[2]
        spot = (column.left - 1, int(column.middle_rows[0]) + layout.title_rows)
        await user.pilot.click("#diagram", offset=spot, times=2)
        await user.settle()
        assert user.app.screen.query_one(NeuronCard).is_typing


async def test_plus_and_minus_move_a_weight_and_angle_brackets_finely(
    start_pane: Start,
) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 1, 0))
        user.app.session.set_element(WEIGHT, 1.0)
        user.app.refresh_snapshot()
        await user.press("plus")
        assert number(user, WEIGHT) == 1.1
        await user.press("plus", "minus", "minus", "minus")
        assert number(user, WEIGHT) == 0.9
        await user.press("greater_than_sign", "greater_than_sign", "less_than_sign")
        assert number(user, WEIGHT) == 0.91
        assert user.snapshot.network == NetworkSpec()


async def test_quick_presses_all_count_before_a_frame_comes(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 1, 0))
        user.app.session.set_element(WEIGHT, 1.0)
        user.app.refresh_snapshot()
        pane = user.app.playground.query_one(NetworkPane)
        for _ in range(3):
            pane.action_nudge(1.0)
        await user.settle()
        assert number(user, WEIGHT) == 1.3
        await select(user, Unit(1, 0))
        for _ in range(3):
            pane.action_more(1)
        await user.settle()
        assert user.sizes() == (2, 7, 2, 1)


async def test_an_edit_of_a_removed_part_is_refused_with_a_sentence(
    start_pane: Start,
) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Unit(2, 1))
        pane = user.app.playground.query_one(NetworkPane)
        for _ in range(2):
            pane.action_cut()
        pane.post_message(LayersEdited(lambda spec: without_layer(spec, 7)))
        await user.settle()
        assert user.sizes() == (2, 4, 1, 1)
        assert "last neuron" in user.said[0] and "no longer exists" in user.said[1]


async def test_f_freezes_and_unfreezes_a_weight(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 1, 0))
        await user.press("f")
        assert is_frozen(user, WEIGHT)
        assert "frozen" in user.text("#neuron-card")
        assert "1 frozen" in user.text("#network")
        before = number(user, WEIGHT)
        await user.advance(20)
        assert number(user, WEIGHT) == before
        assert "*" in user.text("#diagram")
        await user.press("f")
        assert not is_frozen(user, WEIGHT)
        await user.press("ctrl+z")
        assert is_frozen(user, WEIGHT)


async def test_f_on_a_neuron_freezes_all_that_leads_to_it(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4", "right", "f")
        elements = [Element(1, 0, 0), Element(1, 1, 0), Element(1, None, 0)]
        assert all(is_frozen(user, element) for element in elements)
        assert user.snapshot.frozen.sum() == 3
        await user.press("ctrl+z")
        assert not user.snapshot.frozen.any()
        await user.press("ctrl+y", "f")
        assert not user.snapshot.frozen.any()
        await user.press("left", "f")
        assert not user.snapshot.frozen.any()
        assert user.said and "Inputs are chosen in the Data pane" in user.said[-1]


async def test_x_cuts_a_weight_and_reconnects_it(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await user.advance(5)
        await select(user, Link(1, 1, 0))
        before = number(user, WEIGHT)
        await user.press("x")
        assert number(user, WEIGHT) == 0.0 and is_frozen(user, WEIGHT)
        assert "cut: stays 0" in user.text("#neuron-card")
        assert "x" in user.text("#diagram").replace("x1", "").replace("x2", "")
        await user.advance(5)
        assert number(user, WEIGHT) == 0.0
        await user.press("x")
        assert number(user, WEIGHT) == 0.0 and not is_frozen(user, WEIGHT)
        await user.press("ctrl+z", "ctrl+z")
        assert number(user, WEIGHT) == before and not is_frozen(user, WEIGHT)
        for key in ("delete", "x"):
            await user.press(key)
            assert number(user, WEIGHT) == 0.0 and is_frozen(user, WEIGHT)
            await user.press("ctrl+z")
            assert number(user, WEIGHT) == before and not is_frozen(user, WEIGHT)


async def test_the_words_of_the_card_do_what_their_keys_do(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4")
        await select(user, Link(1, 1, 0))
        user.app.session.set_element(WEIGHT, 1.0)
        user.app.refresh_snapshot()
        await click(user, "#facts", "+ 0.1")
        assert number(user, WEIGHT) == 1.1
        await click(user, "#facts", "- 0.1")
        assert number(user, WEIGHT) == 1.0
        await click(user, "#facts", "freeze")
        assert is_frozen(user, WEIGHT)
        await click(user, "#facts", "f unfreeze")
        assert not is_frozen(user, WEIGHT)
        await click(user, "#facts", "cut")
        assert number(user, WEIGHT) == 0.0 and is_frozen(user, WEIGHT)
        await click(user, "#facts", "x reconnect")
        assert not is_frozen(user, WEIGHT)
        await click(user, "#facts", "type a value")
        await user.fill("0.5")
        assert number(user, WEIGHT) == 0.5
        await click(user, "#facts", "close")
        assert selected(user) is None


async def test_the_words_of_a_neurons_card_do_what_their_keys_do(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "right", "right")
        await click(user, "#facts", "+ neuron")
        assert user.sizes() == (2, 4, 3, 1)
        await click(user, "#facts", "- neuron")
        assert user.sizes() == (2, 4, 2, 1)
        await click(user, "#facts", "activation")
        assert user.app.session.network_spec.activations == ("tanh", "sigmoid")
        await click(user, "#facts", "freeze")
        assert user.snapshot.frozen.sum() == 5
        await click(user, "#facts", "add layer")
        assert user.sizes() == (2, 4, 2, 4, 1)
        await click(user, "#facts", "x remove")
        assert user.sizes() == (2, 4, 1, 4, 1)
        await click(user, "#facts", "remove layer")
        assert user.sizes() == (2, 4, 4, 1)
        await click(user, "#facts", "b bias")
        assert selected(user) == Bias(1, 0)
        await user.press("right", "left", "right")
        await click(user, "#facts", "w weights")
        assert isinstance(selected(user), Link)


# --- Layers -------------------------------------------------------------------------------------


async def test_a_adds_a_layer_after_what_is_selected(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4", "a")
        assert user.sizes() == (2, 4, 2, 4, 1)
        await user.press("ctrl+z", "right", "a")
        assert user.sizes() == (2, 4, 4, 2, 1)
        await user.press("ctrl+z")
        await select(user, Unit(0, 1))
        await user.press("a")
        assert user.sizes() == (2, 4, 4, 2, 1)
        await user.press("ctrl+z")
        await select(user, Unit(3, 0))
        await user.press("a")
        assert user.sizes() == (2, 4, 2, 4, 1)


async def test_d_removes_the_selected_layer_and_undo_brings_its_weights_back(
    start_pane: Start,
) -> None:
    options = AppConfig(network=NetworkSpec(hidden=(3, 3, 3), activation="tanh"))
    async with start_pane(options=options) as user:
        await user.press("4")
        await user.advance(10)
        before = user.parameters
        await user.press("right", "right", "d")
        assert user.sizes() == (2, 3, 3, 1)
        np.testing.assert_array_equal(user.parameters["layer1.weight"], before["layer1.weight"])
        np.testing.assert_array_equal(user.parameters["layer3.weight"], before["layer4.weight"])
        assert user.snapshot.step == 10
        await user.press("ctrl+z")
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        await user.press("escape", "d", "d", "d", "d")
        assert user.sizes() == (2, 1)
        assert "No hidden layer to remove." in user.said


async def test_inputs_and_outputs_are_neither_resized_nor_removed(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        for unit, sentence in (
            (Unit(0, 0), "Inputs are chosen in the Data pane"),
            (Unit(3, 0), "The data determine the outputs"),
        ):
            await select(user, unit)
            for key in ("plus", "minus", "x", "d"):
                user.app.clear_notifications()
                await user.press(key)
                assert len(user.said) == 1 and sentence in user.said[0]
            assert user.sizes() == (2, 4, 2, 1)


async def test_plus_and_minus_resize_the_layer_of_a_neuron(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4", "right", "right", "plus", "plus", "minus")
        assert user.sizes() == (2, 4, 3, 1)
        await user.press("minus", "minus", "minus")
        assert user.sizes() == (2, 4, 1, 1)
        assert "last neuron" in user.said[-1]


async def test_x_removes_that_neuron_and_the_others_keep_their_weights(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await user.advance(10)
        before = user.parameters
        await user.press("right", "down", "x")
        assert user.sizes() == (2, 3, 2, 1)
        left = [0, 2, 3]
        np.testing.assert_array_equal(
            user.parameters["layer1.weight"], before["layer1.weight"][:, left]
        )
        np.testing.assert_array_equal(
            user.parameters["layer2.weight"], before["layer2.weight"][left]
        )
        await user.press("ctrl+z")
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        await user.press("right", "x", "x")
        assert "last neuron" in user.said[-1] and user.sizes() == (2, 4, 1, 1)


async def test_t_cycles_through_the_activations_of_a_layer_and_the_output(
    start_pane: Start,
) -> None:
    async with start_pane() as user:
        await user.press("4", "t")
        assert "Select a neuron first" in user.said[-1]
        await user.press("right", "t")
        assert user.app.session.network_spec.activations == ("sigmoid", "tanh")
        await user.press("T", "T")
        assert user.app.session.network_spec.activations == ("leaky_relu", "tanh")
        await select(user, Unit(3, 0))
        await user.press("t")
        assert user.app.session.network_spec.output_activation == "linear"
        await user.press("T", "T")
        assert user.app.session.network_spec.output_activation == "sin"
        await select(user, Unit(0, 0))
        await user.press("t")
        assert "Inputs are chosen" in user.said[-1]


async def test_n_lets_the_layers_be_typed(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4")
        await user.advance(5)
        before = user.parameters
        await user.press("n")
        field = user.app.focused
        assert isinstance(field, Input) and field.value == "4 tanh, 2 tanh"
        await user.fill("4 tanh, 3 relu, 2 tanh")
        assert user.sizes() == (2, 4, 3, 2, 1)
        assert user.app.session.network_spec.activations == ("tanh", "relu", "tanh")
        assert isinstance(user.app.focused, NetworkDiagram)
        np.testing.assert_array_equal(user.parameters["layer1.weight"], before["layer1.weight"])
        np.testing.assert_array_equal(user.parameters["layer4.weight"], before["layer3.weight"])
        assert field.value == "4 tanh, 3 relu, 2 tanh"
        await user.press("n")
        await user.fill("none")
        assert user.sizes() == (2, 1) and field.value == "none"
        await user.press("n")
        await user.fill("8x3 relu")
        assert user.sizes() == (2, 8, 8, 8, 1) and field.value == "8x3 relu"


async def test_invalid_layers_are_refused_and_can_be_corrected_or_left(
    start_pane: Start,
) -> None:
    async with start_pane() as user:
        await user.press("4", "n")
        await user.fill("8 tanhh")
        assert "No activation “tanhh”: use tanh," in user.said[-1]
        assert isinstance(user.app.focused, Input)
        await user.press("escape")
        assert user.sizes() == (2, 4, 2, 1)
        field = user.app.screen.query_one("#layers-field", Input)
        assert field.value == "4 tanh, 2 tanh"
        assert isinstance(user.app.focused, NetworkDiagram)
        await user.press("n")
        await user.fill("90000000")
        assert "parameters" in user.said[-1]
        assert user.sizes() == (2, 4, 2, 1) and field.value == "4 tanh, 2 tanh"


async def test_layers_that_are_not_seen_are_left_out_whole(start_pane: Start) -> None:
    async with start_pane() as user:
        await user.press("4", "n")
        await user.fill(", ".join(f"{n} tanh" for n in range(16, 2, -1)))
        field = user.app.screen.query_one("#layers-field", LayersField)
        assert not field.has_focus
        line = field.render_line(0).text.rstrip()
        assert line.endswith("tanh, …") and field.value.startswith(line[:-1])


async def test_a_click_on_the_layers_lets_them_be_typed(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.pilot.click("#layers-field")
        await user.settle()
        assert user.app.focused is user.app.screen.query_one("#layers-field")
        await user.fill("3")
        assert user.sizes() == (2, 3, 1)


async def test_v_and_a_click_show_and_hide_the_controls(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        rows = user.app.screen.query_one("#layer-editor")
        assert not rows.display
        await user.press("4", "v")
        assert rows.display and "first weights" in user.text("#network")
        await user.press("v")
        assert not rows.display
        await user.pilot.click("#layers-toggle")
        await user.settle()
        assert rows.display


async def test_up_and_down_go_from_knob_to_knob(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "v", "n", "down")
        first = user.app.focused
        assert first is not None and user.app.screen.query_one(LayersEditor) in first.ancestors
        await user.press("right")
        assert user.sizes() == (2, 5, 2, 1)
        await user.press("up")
        assert user.app.focused is user.app.screen.query_one("#layers-field")
        await user.press("escape")
        assert isinstance(user.app.focused, NetworkDiagram)


async def test_the_output_and_the_first_weights_are_chosen_from_lists(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "v")
        await user.advance(5)
        before = user.parameters
        await user.choose("output", "sigmoid")
        assert user.app.session.network_spec.output_activation == "sigmoid"
        await user.choose("initializer", "zeros")
        assert user.app.session.network_spec.initializer == "zeros"
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])
        assert "first weights" in user.text("#network")
        await user.press("r")
        assert not user.snapshot.parameters.any()
        await user.press("ctrl+z", "ctrl+z")
        assert user.app.session.network_spec == NetworkSpec()
        assert (user.value("output"), user.value("initializer")) == ("auto", "playground")


async def test_a_layer_is_added_and_removed_from_the_list(start_pane: Start) -> None:
    async with start_pane(TALL) as user:
        await user.press("4", "v")
        await user.reach("neurons-add")
        await user.press("enter")
        assert user.sizes() == (2, 4, 2, 4, 1)
        await user.reach("activation-1")
        await user.press("delete")
        assert user.sizes() == (2, 4, 4, 1)


# --- How it looks -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 46)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("ascii", [False, True], ids=["braille", "ascii"])
async def test_the_pane_looks_as_it_did(
    size: Size, ascii: bool, start_pane: Start, golden: Callable[[str, str], None]
) -> None:
    options = AppConfig(network=NetworkSpec(hidden=(4, 2)), ascii=ascii)
    name = f"network_{size[0]}x{size[1]}{'_ascii' if ascii else ''}"
    async with start_pane(size, options) as user:
        await user.advance(100)
        await user.press("4")
        await select(user, Link(0, 1, 2))
        await user.press("f")
        await select(user, Link(1, 0, 1))
        await user.press("x")
        await select(user, Unit(1, 2))
        text = without_colors(user.text("#network"))
        if ascii:
            assert text.isascii()
        golden(name, text)


async def test_without_colour_signs_frozen_and_cut_links_can_be_told_apart(
    start_pane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start_pane() as user:
        await user.press("4")
        await select(user, Link(1, 0, 0))
        await user.press("f")
        await select(user, Link(1, 1, 1))
        await user.press("x", "escape")
        assert user.text("#diagram").isascii()
        picture = diagram(user)._current_picture()
        assert picture is not None
        left, right = picture.layout.columns[1:3]
        between = picture.body.glyphs[:, left.right : right.left - 1].ravel().tolist()
        assert between.count(ord("*")) == between.count(ord("x")) == 1


async def test_the_help_explains_every_key_of_the_pane() -> None:
    for binding in NetworkPane.BINDINGS + LayersEditor.BINDINGS + FactSheet.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id and binding.description and binding.tooltip
    words = with_keys(NetworkPane.HELP_TEXT).replace(",", "").replace(".", "").split()
    for key in ("w", "b", "n", "v", "a", "d", "t", "T", "f", "x", "+", "-", "<", ">", "enter"):
        assert key in words


async def test_what_the_application_was_started_with_is_shown_and_stays(start_pane: Start) -> None:
    spec = NetworkSpec(hidden=(3,), output_activation="sigmoid", initializer="xavier")
    async with start_pane(TALL, AppConfig(network=spec)) as user:
        await user.press("4", "v")
        assert user.app.session.network_spec == spec
        shown = user.text("#layer-editor")
        assert "sigmoid" in shown and "xavier" in shown
        await user.press("ctrl+z")
        assert "Nothing to undo." in user.said
