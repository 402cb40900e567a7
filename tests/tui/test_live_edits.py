"""Any sequence of live edits: no crash, no weight lost that fits, one moment on the screen."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.widgets import Input

from toygrad.core import NetworkSpec, Session, Snapshot
from toygrad.core.nn import Element, element_at, element_place
from toygrad.core.training import layer_arrays
from toygrad.core.training.reshape import (
    Reshaped,
    resized,
    with_activation,
    with_layer,
    without_layer,
    without_neuron,
)
from toygrad.datasets import DATASETS, DataChoice
from toygrad.tui.messages import DataChanged, NetworkChanged, PartSelected
from toygrad.tui.network.diagram import NetworkDiagram
from toygrad.tui.network.pane import NetworkPane
from toygrad.tui.selection import Bias, Link, Part, Unit

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.usefixtures("each_frame")

N_EDITS = 40
MOST_NEURONS = 6
PLANES = [DATASETS[name](20, rng=np.random.default_rng(1)) for name in ("xor", "circle")]
INPUTS = ((), ("x1",), ("x2", "x1"), ("x1^2", "sin x1", "x2"))


class Neurons:
    """Who is who in a network, kept beside it: each neuron has a name for life."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._fresh = count()
        self.hidden = [self._new(n) for n in snapshot.network.hidden]
        self.inputs = list(snapshot.inputs)
        self.outputs = [f"out{n}" for n in range(snapshot.sizes[-1])]

    def _new(self, n: int) -> list[str]:
        return [f"n{next(self._fresh)}" for _ in range(n)]

    def add(self, place: int, n: int) -> None:
        self.hidden.insert(place, self._new(n))

    def drop(self, layer: int) -> None:
        del self.hidden[layer]

    def remove(self, layer: int, neuron: int) -> None:
        del self.hidden[layer][neuron]

    def resize(self, layer: int, n: int) -> None:
        old = self.hidden[layer][:n]
        self.hidden[layer] = old + self._new(n - len(old))

    def weights(self, snapshot: Snapshot) -> dict[tuple[str, str], float]:
        """Every weight and bias by the names of those it joins."""
        names = [self.inputs, *self.hidden, self.outputs]
        assert tuple(map(len, names)) == snapshot.sizes
        found = {}
        arrays = layer_arrays(snapshot.sizes, snapshot.parameters)
        for (weight, bias), sources, targets in zip(arrays, names, names[1:], strict=False):
            for t, target in enumerate(targets):
                found["bias", target] = float(bias[t])
                for s, source in enumerate(sources):
                    found[source, target] = float(weight[s, t])
        return found


def seen(run: Session) -> Snapshot:
    """What there is to see of a session, but its picture."""
    return run.snapshot((1, 1))


def assert_nothing_lost(
    before: dict[tuple[str, str], float], after: dict[tuple[str, str], float]
) -> None:
    for key in before.keys() & after.keys():
        assert after[key] == before[key], key


# --- On a session -------------------------------------------------------------------------------

edits = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 9), st.integers(1, 5)),
    st.tuples(st.just("drop"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("remove"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("resize"), st.integers(0, 9), st.integers(1, 5)),
    st.tuples(st.just("activation"), st.integers(0, 9), st.sampled_from(["relu", "sin"])),
    st.tuples(st.just("inputs"), st.sampled_from(INPUTS), st.just(0)),
    st.tuples(st.just("data"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("set"), st.integers(0, 999), st.floats(-3, 3)),
    st.tuples(st.just("freeze"), st.integers(0, 999), st.booleans()),
    st.tuples(st.just("step"), st.integers(1, 3), st.just(0)),
)


def reshaped(spec: NetworkSpec, neurons: Neurons, edit: tuple[str, Any, Any]) -> Reshaped | None:
    """The edit of the layers, done to the names as well; None if it is none of them."""
    what, which, how = edit
    if what == "add" and len(spec.hidden) < 5:
        place = which % (len(spec.hidden) + 1)
        neurons.add(place, how)
        return with_layer(spec, place, how, "tanh")
    if not spec.hidden:
        return None
    layer = which % len(spec.hidden) if isinstance(which, int) else 0
    match what:
        case "drop":
            neurons.drop(layer)
            return without_layer(spec, layer)
        case "remove" if spec.hidden[layer] > 1:
            neuron = how % spec.hidden[layer]
            neurons.remove(layer, neuron)
            return without_neuron(spec, layer, neuron)
        case "resize":
            neurons.resize(layer, how)
            return resized(spec, layer, how)
        case "activation":
            return with_activation(spec, layer, how)
    return None


@settings(max_examples=60)
@given(sequence=st.lists(edits, min_size=N_EDITS, max_size=N_EDITS), seed=st.integers(0, 9))
def test_forty_edits_of_a_session_lose_no_weight_that_fits(
    sequence: list[tuple[str, Any, Any]], seed: int
) -> None:
    run = Session(NetworkSpec(), PLANES[0], seed=seed)
    snapshot = seen(run)
    neurons = Neurons(snapshot)
    before = neurons.weights(snapshot)
    for edit in sequence:
        what, which, how = edit
        change = reshaped(run.network_spec, neurons, edit)
        if change is not None:
            run.configure(network=change.network, origins=change.origins)
        elif what == "inputs":
            spec = run.network_spec
            run.configure(
                network=NetworkSpec(inputs=which, hidden=spec.hidden, activation=spec.activation)
            )
            neurons.inputs = list(seen(run).inputs)
        elif what == "data":
            run.configure(dataset=PLANES[which])
        if what in ("set", "freeze"):
            element = element_at(run.network.sizes, which % run.network.n_parameters)
            if what == "set":
                run.set_element(element, how)
                before = neurons.weights(seen(run))
            else:
                run.set_frozen([element], how)
        elif what == "step":
            frozen = snapshot.frozen
            held = run.network.flat_parameters[frozen].copy()
            run.advance(which)
            np.testing.assert_array_equal(run.network.flat_parameters[frozen], held)
            before = {}
        snapshot = seen(run)
        after = neurons.weights(snapshot)
        assert_nothing_lost(before, after)
        before = after


# --- On the screen ------------------------------------------------------------------------------


async def select(user: User, part: Part | None) -> None:
    user.app.playground.query_one(NetworkPane).post_message(PartSelected(part))
    await user.settle()


def any_part(user: User, rng: np.random.Generator, kind: int) -> Part:
    sizes = user.snapshot.sizes
    layer = int(rng.integers(len(sizes) - 1))
    source, target = (int(rng.integers(sizes[k])) for k in (layer, layer + 1))
    return (Unit(layer + 1, target), Link(layer, source, target), Bias(layer, target))[kind]


async def edit_layers(user: User, rng: np.random.Generator, neurons: Neurons) -> str:
    """Edits the layers by a key, and the names as well."""
    spec = user.app.session.network_spec
    if not spec.hidden:
        neurons.add(0, 4)
        await select(user, None)
        await user.press("a")
        return "a"
    layer = int(rng.integers(len(spec.hidden)))
    neuron = int(rng.integers(spec.hidden[layer]))
    await select(user, Unit(layer + 1, neuron))
    keys = ["d", "t", "T"]
    keys += ["a"] * (len(spec.hidden) < 4) + ["plus"] * (spec.hidden[layer] < MOST_NEURONS)
    keys += ["x", "minus"] * (spec.hidden[layer] > 1)
    key = str(rng.choice(keys))
    match key:
        case "d":
            neurons.drop(layer)
        case "a":
            neurons.add(layer + 1, 4)
        case "plus":
            neurons.resize(layer, spec.hidden[layer] + 1)
        case "minus":
            neurons.resize(layer, spec.hidden[layer] - 1)
        case "x":
            neurons.remove(layer, neuron)
    await user.press(key)
    return f"{key} on {layer}, {neuron}"


async def edit_element(user: User, rng: np.random.Generator) -> tuple[str, Element]:
    """Types, moves, freezes or cuts a weight or a bias."""
    part = any_part(user, rng, int(rng.integers(1, 3)))
    await select(user, part)
    element = user.app.playground.selection.element
    assert element is not None
    key = str(rng.choice(["enter", "plus", "minus", "f", "x", "greater_than_sign"]))
    await user.press(key)
    if key == "enter":
        await user.fill(f"{rng.normal():.3f}")
    return f"{key} on {element.name}", element


async def act(user: User, rng: np.random.Generator, neurons: Neurons) -> tuple[str, Neurons]:
    """Does one thing at random; tells what, and who is who afterwards."""
    before = neurons.weights(user.snapshot)
    pane = user.app.playground.query_one(NetworkPane)
    kind = int(rng.integers(10))
    if kind < 4:
        did = await edit_layers(user, rng, neurons)
    elif kind < 7:
        did, element = await edit_element(user, rng)
        place = element_place(user.snapshot.sizes, element)
        names = list(neurons.weights(user.snapshot))
        layer, source, target = element
        columns = [neurons.inputs, *neurons.hidden, neurons.outputs]
        origin = "bias" if source is None else columns[layer - 1][source]
        del before[origin, columns[layer][target]]
        assert place < len(names)
    elif kind == 7:
        spec, inputs = user.app.session.network_spec, INPUTS[rng.integers(len(INPUTS))]
        network = NetworkSpec(inputs=inputs, hidden=spec.hidden, activation=spec.activation)
        pane.post_message(NetworkChanged(network))
        await user.settle()
        neurons.inputs, did = list(user.snapshot.inputs), repr(inputs)
    elif kind == 8:
        name = str(rng.choice(["circle", "xor", "gauss"]))
        pane.post_message(DataChanged(DataChoice(name=name, seed=int(rng.integers(3)))))
        # The first time for the message, the second time for the thread that loads.
        await user.settle()
        await user.settle()
        # An untouched network may be exchanged for what the data set begins with.
        before, neurons, did = {}, Neurons(user.snapshot), name
    else:
        did = str(rng.choice(["s", "ctrl+z", "ctrl+y"]))
        await user.press(did)
        # What an undo brings back are neurons that had names before; they get new ones.
        before, neurons = {}, Neurons(user.snapshot)
    assert_nothing_lost(before, neurons.weights(user.snapshot))
    return did, neurons


def assert_one_moment(user: User) -> None:
    """What is drawn are the session's weights, and the snapshot's in every pane."""
    snapshot, network = user.snapshot, user.app.session.network
    np.testing.assert_array_equal(snapshot.parameters, network.flat_parameters)
    data = user.app.playground.query_one(NetworkDiagram).data
    assert data is not None and data.sizes == snapshot.sizes == network.sizes
    drawn = [
        np.vstack([w, b[None]]).ravel() for w, b in zip(data.weights, data.biases, strict=True)
    ]
    np.testing.assert_array_equal(np.concatenate(drawn), network.flat_parameters)
    frozen = [f.ravel() for f in data.frozen]
    shown = np.concatenate(frozen) if frozen else np.zeros(len(network.flat_parameters), bool)
    np.testing.assert_array_equal(shown, seen(user.app.session).frozen)
    part = user.app.playground.selection.part
    assert user.app.playground.query_one(NetworkDiagram).selected == part
    cards = user.app.screen.query("#neuron-card")
    assert any(card.display for card in cards) == (part is not None)
    assert not isinstance(user.app.focused, Input)


@pytest.mark.parametrize("seed", [0])
async def test_forty_edits_on_the_screen_show_one_moment_and_lose_nothing(
    seed: int, start: Start
) -> None:
    rng = np.random.default_rng(seed)
    done = []
    async with start((80, 24)) as user:
        await user.press("s", "4")
        neurons = Neurons(user.snapshot)
        for _ in range(N_EDITS):
            did, neurons = await act(user, rng, neurons)
            done.append(did)
            assert_one_moment(user)
            assert "Traceback" not in user.text(), done


async def test_undo_and_redo_of_every_edit_go_back_and_forth_exactly(start: Start) -> None:
    rng = np.random.default_rng(5)
    async with start((80, 24)) as user:
        await user.press("s", "4")
        states = [(user.snapshot.network, user.snapshot.parameters, user.snapshot.frozen)]
        for _ in range(12):
            if rng.integers(2):
                await edit_layers(user, rng, Neurons(user.snapshot))
            else:
                await edit_element(user, rng)
            states.append((user.snapshot.network, user.snapshot.parameters, user.snapshot.frozen))
        for key, order in (("ctrl+z", states[-2::-1]), ("ctrl+y", states[1:])):
            for network, parameters, frozen in order:
                await user.press(key)
                assert user.snapshot.network == network
                np.testing.assert_array_equal(user.snapshot.parameters, parameters)
                np.testing.assert_array_equal(user.snapshot.frozen, frozen)
