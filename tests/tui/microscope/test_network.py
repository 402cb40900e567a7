"""The microscope on the live network: its graph on a point, its neurons, and who pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.core.explain.pulls import pulls
from toygrad.core.nn.parameters import parse_element
from toygrad.tui.config import AppConfig
from toygrad.tui.data_choice import DataChoice
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.network_source import MOST_WHOLE, look_at, selected_neuron
from toygrad.tui.microscope.push_list import PushList
from toygrad.tui.microscope.screen import MicroscopeScreen
from toygrad.tui.selection import Bias, Link, Selection, Unit, element_of
from toygrad.tui.widgets.choice import Choice
from toygrad.tui.widgets.knob import Knob

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.slow

WIDE = (150, 46)


def screen(user: User) -> MicroscopeScreen:
    found = user.app.screen
    assert isinstance(found, MicroscopeScreen)
    return found


def gradients(user: User) -> dict[str, float | None]:
    """Of the weights and biases, as stepping has them."""
    looked = screen(user)._now
    assert looked is not None
    nodes = [node for node in looked.view.nodes if node.kind == "parameter"]
    return {node.label: looked.stepper.grad(node.value) for node in nodes}


def select(user: User, selection: Selection) -> None:
    user.app.playground._select(selection)


async def test_shift_m_opens_the_network_on_the_selected_point(start: Start) -> None:
    async with start(WIDE) as user:
        await user.advance(30)
        snapshot = user.snapshot
        row = int(snapshot.test_rows[3])
        select(user, Selection(point=tuple(snapshot.dataset.points[row].tolist())))
        await user.press("M")
        card = user.text("#program")
        assert "The selected point." in card
        assert f"{row}" in card
        assert f"output   {snapshot.outputs[row, 0]:+.4f}" in card
        assert "it tests" in card
        assert "weights  of step 30" in card
        assert "75 nodes" in user.text("#graph")
        await user.press("f")
        looked = screen(user)._now
        assert looked is not None
        outputs = [n for n in looked.view.nodes if n.label == "layer3[0]"]
        assert looked.stepper.data(outputs[0].value) == pytest.approx(snapshot.outputs[row, 0])


async def test_without_a_selected_point_it_is_the_first_that_trains(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("M")
        assert "No point is selected: this is the first" in user.text("#program")
        assert f"{user.snapshot.train_rows[0]}" in user.text("#program")


async def test_stepping_gives_the_gradients_of_the_points_own_loss(start: Start) -> None:
    async with start(WIDE) as user:
        await user.advance(20)
        await user.press("M", "b")
        snapshot, row = user.snapshot, int(user.snapshot.train_rows[0])
        for name, gradient in gradients(user).items():
            found = pulls(snapshot, parse_element(name), np.array([row]))
            assert gradient == pytest.approx(found.gradients[0], abs=1e-12)


async def test_g_goes_from_the_program_to_the_network_to_one_neuron_and_back(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m", "n", "n")
        await user.press("g")
        assert "the network on a point" in user.text("#program")
        await user.press("n", "n", "n")
        await user.press("g")
        assert "one neuron on a point" in user.text("#program")
        assert "10 nodes" in user.text("#graph")
        await user.press("g")
        # Each has kept its place.
        assert "step 2 of 7" in user.text("#step-bar")
        await user.press("g")
        assert "step  3 of 93" in user.text("#step-bar")


async def test_the_list_chooses_what_is_looked_at(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m")
        choice = user.app.screen.query_one("#source", Choice)
        choice._select.value = "network"
        await user.settle()
        assert "75 nodes" in user.text("#graph")


async def test_one_neuron_is_the_selected_one_and_another_can_be_chosen(start: Start) -> None:
    async with start(WIDE) as user:
        select(user, Selection(part=Unit(2, 1)))
        await user.press("m", "g", "g")
        assert "neuron   layer2[1]" in user.text("#program")
        choice = user.app.screen.query_one("NetworkCard Choice", Choice)
        assert choice.value == "5"
        choice._select.value = "0"
        await user.settle()
        assert "10 nodes" in user.text("#graph")
        assert "layer1.weight" in user.text("#steps")


@pytest.mark.parametrize(
    ("part", "neuron"),
    [
        (None, (1, 0)),
        (Unit(0, 1), (1, 0)),
        (Unit(3, 0), (3, 0)),
        (Bias(1, 1), (2, 1)),
        (Link(0, 1, 3), (1, 3)),
    ],
)
def test_the_neuron_of_what_is_selected(
    part: Unit | Bias | Link | None, neuron: tuple[int, int]
) -> None:
    assert selected_neuron(Selection(part=part)) == neuron


async def test_another_point_keeps_the_place(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("M", "n", "n", "n", "1")
        knob = user.app.screen.query_one(Knob)
        assert user.app.focused is knob
        row = int(knob.value)
        await user.press("right")
        assert int(knob.value) == row + 1
        assert "step  3 of 93" in user.text("#step-bar")
        x1 = user.snapshot.dataset.points[row + 1, 0]
        assert f"{x1:+.4g}" in user.text("#program")
        await user.press("enter")
        await user.type("12 apples")
        await user.press("enter")
        assert "is not a number" in user.said[-1]


async def test_u_takes_the_newest_weights(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("M", "b")
        before = gradients(user)
        await user.advance(40)
        assert "Training is at step 40: press u." in user.text("#program")
        assert gradients(user) == before
        await user.press("u")
        assert gradients(user) != before
        assert "weights  of step 40" in user.text("#program")
        assert "press u" not in user.text("#program")
        assert "step 93 of 93" in user.text("#step-bar")


async def test_u_says_that_a_program_has_no_weights(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m", "u")
        assert "A program has no training" in user.said[-1]


async def test_the_selected_weight_is_selected_in_the_graph(start: Start) -> None:
    async with start(WIDE) as user:
        part = Link(1, 2, 0)
        select(user, Selection(part=part))
        await user.press("M")
        selected = user.app.screen.query_one(GraphDiagram).selected
        assert selected is not None
        assert selected.label == element_of(part).name == "layer2.weight[2,0]"
        assert selected.kind == "parameter"


async def test_pulls_are_those_of_the_selected_weight_sorted(start: Start) -> None:
    async with start(WIDE) as user:
        await user.advance(20)
        part = Link(0, 1, 2)
        select(user, Selection(part=part))
        await user.press("M", "v", "v", "v")
        found = pulls(user.snapshot, element_of(part))
        text = user.text("#check")
        assert f"{len(found.up):,} push it up" in text
        assert f"{len(found.down):,} push it down" in text
        assert f"{found.gradients[found.gradients < 0][0]:+.4f}" in text
        assert f"point {found.down[0]}" in text
        assert element_of(part).name in text
        for id, rows in (("#push-up", found.up), ("#push-down", found.down)):
            assert user.app.screen.query_one(id, PushList)._rows == rows.tolist()


async def test_a_point_that_pulls_is_looked_at_when_it_is_chosen(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("M", "v", "v", "v", "4")
        found = pulls(user.snapshot, element_of(Link(0, 0, 0)))
        assert isinstance(user.app.focused, PushList)
        await user.press("down", "down")
        assert int(user.app.screen.query_one(Knob).value) == int(found.up[1])
        assert user.app.screen.query_one("#push-up", PushList).cursor == 1


async def test_pulls_of_a_program_are_a_sentence(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("m", "v", "v", "v")
        assert "press g to look at yours" in user.text("#check")


async def test_a_large_network_is_looked_at_one_neuron_at_a_time(start: Start) -> None:
    options = AppConfig(data=DataChoice(name="digits"), network=NetworkSpec(hidden=(40,)))
    async with start(WIDE, options) as user:
        assert user.snapshot.parameters.size > MOST_WHOLE
        await user.press("M")
        said = " ".join(user.text("#program").replace("│", " ").split())
        assert "too many to draw one by one: this is one of its neurons." in said
        await user.press("b")
        looked = screen(user)._now
        assert looked is not None
        assert looked.stepper.phase == "done"
        await user.press("g", "g")
        assert "one neuron" in user.text("#program")


@pytest.mark.parametrize("name", ["iris", "parabola", "plane", "digits"])
async def test_every_kind_of_data_has_its_graph(name: str, start: Start) -> None:
    options = AppConfig(data=DataChoice(name=name), network=NetworkSpec(hidden=(3,)))
    async with start(WIDE, options) as user:
        await user.advance(3)
        await user.press("M", "b")
        looked = screen(user)._now
        assert looked is not None
        assert looked.stepper.phase == "done"
        for _ in range(4):
            await user.press("v")
        await user.press("g", "b", "v", "v", "v", "t")
        assert user.app.screen.query_one("#program").border_title == "Network"


async def test_other_data_leave_the_microscope_what_it_has(start: Start) -> None:
    async with start(WIDE) as user:
        await user.press("M", "f", "m")
        user.app.action_choose_dataset("iris")
        await user.settle()
        await user.press("m")
        assert "75 nodes" in user.text("#graph")
        await user.press("u")
        assert "75 nodes" not in user.text("#graph")
        assert "Sepal" in user.text("#program") or "sepal" in user.text("#program")


async def test_a_look_survives_a_smaller_network(start: Start) -> None:
    async with start(WIDE) as user:
        look = look_at(user.snapshot, Selection()).with_neuron((2, 1)).with_row(10**6)
        assert look.row == user.snapshot.dataset.n_samples - 1
        small = Session(NetworkSpec(hidden=()), user.snapshot.dataset, seed=0).snapshot()
        after = look.with_snapshot(small)
        assert after.neuron == (1, 0)
        assert after.graph[0].label == "layer1[0]"
