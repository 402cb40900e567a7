"""The microscope on the live network: its graph on a sample, its neurons, and what pulls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.strip import Strip

from toygrad.core import NetworkSpec, Session
from toygrad.core.explain.loss_text import loss_text
from toygrad.core.explain.pulls import pulls
from toygrad.core.nn.parameters import parse_element
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.microscope.check_part import CheckPart
from toygrad.tui.microscope.graph_diagram import GraphDiagram
from toygrad.tui.microscope.graph_source import (
    MOST_WHOLE,
    NOT_OF_THE_LOSS,
    network_source,
    selected_neuron,
)
from toygrad.tui.microscope.screen import MicroscopeScreen
from toygrad.tui.selection import Bias, Link, Selection, Unit, element_of
from toygrad.tui.widgets.sample_pulls import SamplePulls

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

WIDE = (150, 46)


def screen(user: User) -> MicroscopeScreen:
    found = user.app.screen
    assert isinstance(found, MicroscopeScreen)
    return found


def gradients(user: User) -> dict[str, float | None]:
    """Of the weights and biases, as stepping has them."""
    state = screen(user)._state
    assert state is not None
    nodes = [node for node in state.view.nodes if node.kind == "parameter"]
    return {node.label: state.stepper.grad(node.value) for node in nodes}


async def select(user: User, selection: Selection) -> None:
    """Selects something on the playground, with no microscope in front of it."""
    if user.app.screen is not user.app.playground:
        await user.press("m")
    user.app.playground._select(selection)
    await user.settle()


async def open_network(user: User, selection: Selection | None = None) -> None:
    """Opens the network before its first step, with nothing else selected."""
    await select(user, selection or Selection())
    await user.press("M", "2")
    screen(user).action_start()
    user.app.screen.query_one(CheckPart).show_view("gradients")
    await user.settle()


async def choose_data(user: User, name: str) -> None:
    user.app.action_choose_dataset(name)
    await user.settle()
    if isinstance(user.app.screen, ConfirmScreen):
        await user.press("y")


async def shift_m_opens_the_network_on_the_selected_sample(user: User) -> None:
    snapshot = user.snapshot
    row = int(snapshot.test_rows[3])
    await open_network(user, Selection(point=tuple(snapshot.dataset.points[row].tolist())))
    card = user.text("#program")
    assert "The selected sample." in card
    assert f"{row}" in card
    assert f"output   {snapshot.outputs[row, 0]:+.4f}" in card
    assert "(test set)" in card
    assert f"weights  at step {snapshot.step}" in card
    assert "75 nodes" in user.text("#graph")
    await user.press("f")
    state = screen(user)._state
    assert state is not None
    outputs = [n for n in state.view.nodes if n.label == "layer3[0]"]
    assert state.stepper.data(outputs[0].value) == pytest.approx(snapshot.outputs[row, 0])


async def without_a_selection_it_is_the_first_training_sample(user: User) -> None:
    await open_network(user)
    assert "No sample is selected: this is the first" in user.text("#program")
    assert f"{user.snapshot.train_rows[0]}" in user.text("#program")


async def stepping_gives_the_gradients_of_the_samples_own_loss(user: User) -> None:
    await open_network(user)
    await user.press("b")
    snapshot, row = user.snapshot, int(user.snapshot.train_rows[0])
    for name, gradient in gradients(user).items():
        found = pulls(snapshot, parse_element(name), np.array([row]))
        assert gradient == pytest.approx(found.gradients[0], abs=1e-12)


async def g_goes_from_the_program_to_the_network_to_one_neuron_and_back(user: User) -> None:
    await user.press("home", "n", "n")
    await user.press("g")
    assert "the network on a sample" in user.text("#program")
    await user.press("n", "n", "n")
    await user.press("g")
    assert "one neuron on a sample" in user.text("#program")
    assert "10 nodes" in user.text("#graph")
    await user.press("g")
    # Each has kept its place.
    assert "step 2 of 7" in user.text("#step-bar")
    await user.press("g")
    assert "step  3 of 93" in user.text("#step-bar")


async def the_list_chooses_what_is_shown(user: User) -> None:
    for source, size in (("program", "7 nodes"), ("network", "75 nodes")):
        await user.click("source")
        await user.choose("source", source)
        assert f" {size} " in user.text("#graph")


async def one_neuron_is_the_selected_one_and_another_can_be_chosen(user: User) -> None:
    await open_network(user, Selection(part=Unit(2, 1)))
    await user.press("g")
    assert "neuron layer2[1]" in user.text("#program")
    assert user.value("neuron") == "5"
    await user.press("1")
    await user.choose("neuron", "0")
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


async def another_sample_keeps_the_place(user: User) -> None:
    await open_network(user)
    await user.press("n", "n", "n", "1")
    assert user.app.focused is user.settings("sample")
    row = int(user.value("sample"))
    await user.press("right")
    assert user.value("sample") == row + 1
    assert "step  3 of 93" in user.text("#step-bar")
    x1 = user.snapshot.dataset.points[row + 1, 0]
    assert f"{x1:+.4g}" in user.text("#program")
    await user.press("enter")
    await user.type("12 apples")
    await user.press("enter")
    assert "is not a number" in user.said[-1]
    await user.press("escape")


async def u_takes_the_newest_weights(user: User) -> None:
    await open_network(user)
    await user.press("b")
    before = gradients(user)
    await user.advance(40)
    step = user.snapshot.step
    assert f"Training is at step {step}: press u." in user.text("#program")
    assert gradients(user) == before
    await user.press("u")
    assert gradients(user) != before
    assert f"weights  at step {step}" in user.text("#program")
    assert "press u" not in user.text("#program")
    assert "step 93 of 93" in user.text("#step-bar")


async def u_says_that_a_program_has_no_weights(user: User) -> None:
    await user.press("u")
    assert "A program has no weights" in user.said[-1]


async def the_selected_weight_is_selected_in_the_graph(user: User) -> None:
    part = Link(1, 2, 0)
    await open_network(user, Selection(part=part))
    selected = user.app.screen.query_one(GraphDiagram).selected
    assert selected is not None
    assert selected.label == element_of(part).name == "layer2.weight[2,0]"
    assert selected.kind == "parameter"


async def pulls_are_those_of_the_selected_weight_sorted(user: User) -> None:
    part = Link(0, 1, 2)
    await open_network(user, Selection(part=part))
    await user.press("v", "v", "v")
    found = pulls(user.snapshot, element_of(part))
    text = user.text("#check")
    assert f"{len(found.up):,} samples push it up" in text
    assert f"{len(found.down):,} samples push it down" in text
    assert f"{found.gradients[found.gradients < 0][0]:+.4f}" in text
    assert f"#{found.down[0]}" in text
    assert element_of(part).name in text
    for id, rows in (("#push-up", found.up), ("#push-down", found.down)):
        assert user.app.screen.query_one(id, SamplePulls).rows == rows.tolist()


async def a_sample_that_pulls_is_shown_when_it_is_chosen(user: User) -> None:
    await open_network(user)
    await user.press("v", "v", "v", "4")
    found = pulls(user.snapshot, element_of(Link(0, 0, 0)))
    assert isinstance(user.app.focused, SamplePulls)
    await user.press("down", "down")
    assert user.value("sample") == int(found.up[1])
    assert user.app.screen.query_one("#push-up", SamplePulls).cursor == 1


async def pulls_of_a_program_are_a_sentence(user: User) -> None:
    user.app.clear_notifications()
    user.app.screen.query_one(CheckPart).show_view("samples")
    await user.settle()
    assert "press g to show yours" in user.text("#check")


async def test_a_large_network_is_shown_one_neuron_at_a_time(start_small: Start) -> None:
    options = AppConfig(data=DataChoice(name="digits"), network=NetworkSpec(hidden=(40,)))
    async with start_small(WIDE, options) as user:
        assert user.snapshot.parameters.size > MOST_WHOLE
        await user.press("M")
        said = " ".join(user.text("#program").replace("│", " ").split())
        assert "too many to draw: this is one of its neurons." in said
        await user.press("b")
        state = screen(user)._state
        assert state is not None
        assert state.stepper.phase == "done"
        await user.press("g", "g")
        assert "one neuron" in user.text("#program")


@pytest.mark.parametrize("names", [("iris", "parabola", "plane"), ("digits",)], ids=", ".join)
async def test_every_kind_of_data_has_its_graph(names: tuple[str, ...], start_small: Start) -> None:
    options = AppConfig(data=DataChoice(name=names[0]), network=NetworkSpec(hidden=(3,)))
    async with start_small(WIDE, options) as user:
        for name in names:
            if name != names[0]:
                await choose_data(user, name)
            await user.advance(3)
            assert user.snapshot.dataset.name == name
            await user.press("M", "b")
            state = screen(user)._state
            assert state is not None
            assert state.stepper.phase == "done"
            for _ in range(4):
                await user.press("v")
            await user.press("g", "b", "v", "v", "v", "t")
            assert user.app.screen.query_one("#program").border_title == "Network"
            await user.press("m")


async def other_data_leave_the_microscope_what_it_has(user: User) -> None:
    await open_network(user)
    await user.press("m")
    await choose_data(user, "iris")
    await user.press("m")
    assert "75 nodes" in user.text("#graph")
    await user.press("u")
    assert "75 nodes" not in user.text("#graph")
    assert "Sepal" in user.text("#program") or "sepal" in user.text("#program")


def test_a_source_survives_a_smaller_network() -> None:
    snapshot = AppConfig().session().snapshot()
    source = network_source(snapshot, Selection()).with_neuron((2, 1)).with_row(10**6)
    assert source.row == snapshot.dataset.n_samples - 1
    small = Session(NetworkSpec(hidden=()), snapshot.dataset, seed=0).snapshot()
    after = source.with_snapshot(small)
    assert after.neuron == (1, 0)
    assert after.graph[0].label == "layer1[0]"


async def a_planted_bug_acts_here_too_and_is_named(user: User) -> None:
    await user.press("m")
    user.app.action_switch_sabotage("wrong_sign")
    await user.press("s", "M", "b")
    text = " ".join(user.text("#program").replace("│", " ").split())
    assert "A bug is planted in the code." in text and "Wrong sign" in text
    assert "bug planted" in user.text("#program")
    user.app.screen.query_one(CheckPart).show_view("gradients")
    await user.settle()
    # Where a bar scrolls the rows the last letter is cut.
    assert "differ" in user.text("#check-table")
    await user.press("m")
    user.app.action_switch_sabotage("wrong_sign")
    await user.press("M")
    assert "planted" not in user.text("#program")


def test_a_bug_to_be_found_acts_without_being_named() -> None:
    session = AppConfig().session()
    session.configure(replace(session.training, sabotage=("wrong_sign",)))
    source = network_source(session.snapshot(), Selection())
    assert "Wrong sign" in source.bugs
    secret = replace(source, names_bugs=False).with_row(3).with_snapshot(session.snapshot())
    assert secret.bugs == ""
    assert secret.graph[2].first == -1.0


async def test_it_opens_with_the_right_graph_at_once(
    start_small: Start, all_paints: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    render_line = GraphDiagram.render_line

    def noted(self: GraphDiagram, y: int) -> Strip:
        drawn.append("" if self._view is None else self._view.nodes[-1].label)
        return render_line(self, y)

    monkeypatch.setattr(GraphDiagram, "render_line", noted)
    async with start_small((120, 40)) as user:
        for action, output in (
            ("microscope_network", "loss"),
            ("microscope_example('sin(x^2)')", "y"),
            ("microscope_example('tanh in one node')", "o"),
            ("microscope_network", "loss"),
        ):
            drawn.clear()
            await user.app.run_action(f"app.{action}")
            await user.settle()
            assert set(drawn) == {output}, action
            await user.press("escape")


async def the_network_says_its_loss_and_a_neuron_what_its_gradients_are_of(user: User) -> None:
    await open_network(user)
    row = int(user.snapshot.train_rows[0])
    loss = loss_text(user.snapshot, row)
    assert loss.startswith("1/2 (y - t)^2 = 1/2 (")
    card = " ".join(user.text("#program").replace("│", " ").split())
    assert loss in card
    await user.press("f")
    assert f"The loss: {loss}." in user.text("#said")
    assert "gradients of loss" in user.text("#graph")
    await user.press("g", "home", "f", "n")
    card = " ".join(user.text("#program").replace("│", " ").split())
    assert NOT_OF_THE_LOSS in card
    assert "is the neuron's output: the gradients are of it, not of the loss." in user.text("#said")
    assert "gradients of layer1[0]" in user.text("#graph")
    await user.press("1")
    await user.choose("neuron", "1")
    card = " ".join(user.text("#program").replace("│", " ").split())
    assert NOT_OF_THE_LOSS in card


PROGRAM_CHECKS = (
    u_says_that_a_program_has_no_weights,
    pulls_of_a_program_are_a_sentence,
    g_goes_from_the_program_to_the_network_to_one_neuron_and_back,
    the_list_chooses_what_is_shown,
)
NETWORK_CHECKS = {
    "samples": (
        shift_m_opens_the_network_on_the_selected_sample,
        without_a_selection_it_is_the_first_training_sample,
        stepping_gives_the_gradients_of_the_samples_own_loss,
        the_network_says_its_loss_and_a_neuron_what_its_gradients_are_of,
        another_sample_keeps_the_place,
    ),
    "selection": (
        a_sample_that_pulls_is_shown_when_it_is_chosen,
        the_selected_weight_is_selected_in_the_graph,
        pulls_are_those_of_the_selected_weight_sorted,
        a_planted_bug_acts_here_too_and_is_named,
        one_neuron_is_the_selected_one_and_another_can_be_chosen,
    ),
    "later": (u_takes_the_newest_weights, other_data_leave_the_microscope_what_it_has),
}


async def test_from_a_program_to_the_network(start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.press("m")
        for check in PROGRAM_CHECKS:
            await check(user)


@pytest.mark.parametrize("group", NETWORK_CHECKS)
async def test_the_network(group: str, start_small: Start) -> None:
    async with start_small(WIDE) as user:
        await user.advance(30)
        for check in NETWORK_CHECKS[group]:
            await check(user)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 46)])
async def test_why_this_gradient_shows_the_paths_to_the_chosen_weight(
    start: Start, size: tuple[int, int]
) -> None:
    async with start(size) as user:
        await user.press("s", "s", "7", "down", "down", "Y")
        element = user.app.playground.selection.element
        assert element is not None
        check = screen(user).query_one(CheckPart)
        assert check.view == "paths"
        selected = screen(user).query_one(GraphDiagram).selected
        assert selected is not None and selected.label == element.name
        state = screen(user)._state
        assert state is not None and state.stepper.position == state.stepper.n_steps
        found = gradients(user)[element.name]
        await user.press("m", "4", "right", "w", "Y")
        other = user.app.playground.selection.element
        assert other is not None and other != element
        assert gradients(user)[other.name] is not None and found is not None


@pytest.mark.parametrize(("name", "end"), [("iris", ""), ("digits", " and 7 more")])
def test_each_output_is_named_by_its_class(name: str, end: str) -> None:
    config = AppConfig(data=DataChoice(name=name), network=NetworkSpec(hidden=(2,)))
    snapshot = config.session().snapshot()
    source = network_source(snapshot, Selection())
    row = source.row
    named = zip(snapshot.dataset.classes[:3], snapshot.outputs[row][:3].tolist(), strict=True)
    expected = ", ".join(f"{called} {output:+.4f}" for called, output in named) + end
    assert dict(source.facts)["output"] == expected
