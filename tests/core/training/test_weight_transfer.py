"""What of a network stays when its layers are edited: everything that still has its place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import ConfigError, NetworkSpec, Session
from toygrad.core.nn import Element, element_place
from toygrad.core.training import Weights
from toygrad.core.training.reshape import (
    Origin,
    Reshaped,
    last_activation,
    resized,
    with_activation,
    with_initializer,
    with_layer,
    with_layers,
    with_output_activation,
    without_layer,
    without_neuron,
)
from toygrad.core.training.weight_transfer import surviving
from toygrad.datasets import DATASETS

POINTS = DATASETS["circle"](20, rng=np.random.default_rng(0))
# So that a weight that was drawn anew is not taken for one that stayed.
MARK = 100.0

layers = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["tanh", "relu"])), min_size=1, max_size=4
)


def spec_of(chosen: list[tuple[int, str]]) -> NetworkSpec:
    return NetworkSpec(hidden=tuple(n for n, _ in chosen), activation=tuple(a for _, a in chosen))


def numbered(spec: NetworkSpec) -> Session:
    """A session whose parameters are 100, 101, 102, ...: each can be known again."""
    run = Session(spec, POINTS)
    run.network.flat_parameters[:] = MARK + np.arange(run.network.n_parameters)
    return run


def edited(run: Session, change: Reshaped) -> Session:
    run.configure(network=change.network, origins=change.origins)
    run.snapshot()
    return run


def value(run: Session, layer: int, source: int | None, target: int) -> float:
    place = element_place(run.network.sizes, Element(layer, source, target))
    return float(run.network.flat_parameters[place])


def matrices(run: Session) -> list[np.ndarray]:
    """For each layer its weights with the bias as the last row."""
    named = {name: array.copy() for name, array in run.parameters().items()}
    return [
        np.vstack([named[f"layer{k}.weight"], named[f"layer{k}.bias"][None]])
        for k in range(1, len(named) // 2 + 1)
    ]


@given(chosen=layers, data=st.data())
def test_taking_a_layer_away_keeps_every_weight_that_does_not_touch_it(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    layer = data.draw(st.integers(0, len(chosen) - 1))
    run = numbered(spec_of(chosen))
    before = matrices(run)
    after = matrices(edited(run, without_layer(run.network_spec, layer)))
    assert len(after) == len(before) - 1
    for k in range(len(before)):
        if k < layer:
            np.testing.assert_array_equal(after[k], before[k])
        elif k > layer + 1:
            np.testing.assert_array_equal(after[k - 1], before[k])
    # The layer that now stands in its place still has its biases.
    np.testing.assert_array_equal(after[layer][-1], before[layer + 1][-1])


@given(chosen=layers, data=st.data())
def test_adding_a_layer_keeps_every_weight_that_does_not_touch_it(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chosen)))
    neurons = data.draw(st.integers(1, 4))
    run = numbered(spec_of(chosen))
    before = matrices(run)
    after = matrices(edited(run, with_layer(run.network_spec, place, neurons, "sin")))
    assert run.network_spec.activations[place] == "sin"
    for k in range(len(before)):
        if k < place:
            np.testing.assert_array_equal(after[k], before[k])
        elif k > place:
            np.testing.assert_array_equal(after[k + 1], before[k])
    np.testing.assert_array_equal(after[place + 1][-1], before[place][-1])
    # The weights into it are new.
    assert (after[place] < MARK).all()


@given(chosen=layers, data=st.data())
def test_taking_a_neuron_away_takes_its_weights_only(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    layer = data.draw(st.integers(0, len(chosen) - 1))
    count = chosen[layer][0]
    neuron = data.draw(st.integers(0, count - 1))
    run = numbered(spec_of(chosen))
    before = matrices(run)
    if count == 1:
        with pytest.raises(ConfigError, match="at least one neuron"):
            without_neuron(run.network_spec, layer, neuron)
        return
    after = matrices(edited(run, without_neuron(run.network_spec, layer, neuron)))
    for k in range(len(before)):
        expected = before[k]
        if k == layer:
            expected = np.delete(expected, neuron, axis=1)
        elif k == layer + 1:
            expected = np.delete(expected, neuron, axis=0)
        np.testing.assert_array_equal(after[k], expected)


@given(chosen=layers, data=st.data())
def test_a_layer_that_grows_or_shrinks_keeps_its_first_neurons(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    layer, count = data.draw(st.integers(0, len(chosen) - 1)), data.draw(st.integers(1, 6))
    run = numbered(spec_of(chosen))
    before = matrices(run)
    after = matrices(edited(run, resized(run.network_spec, layer, count)))
    kept = min(count, chosen[layer][0])
    np.testing.assert_array_equal(after[layer][:, :kept], before[layer][:, :kept])
    np.testing.assert_array_equal(after[layer + 1][:kept], before[layer + 1][:kept])
    np.testing.assert_array_equal(after[layer + 1][-1], before[layer + 1][-1])
    for k in set(range(len(before))) - {layer, layer + 1}:
        np.testing.assert_array_equal(after[k], before[k])


@given(chosen=layers, data=st.data())
def test_activations_and_first_weights_change_no_weight(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    layer = data.draw(st.integers(0, len(chosen) - 1))
    run = numbered(spec_of(chosen))
    before = run.network.flat_parameters.copy()
    for change in (
        with_activation(run.network_spec, layer, "gelu"),
        with_output_activation(run.network_spec, "sigmoid"),
        with_initializer(run.network_spec, "xavier"),
    ):
        np.testing.assert_array_equal(edited(run, change).network.flat_parameters, before)
    run.configure(network=with_activation(run.network_spec, layer, "gelu").network)
    assert run.network_spec.activations[layer] == "gelu"


@given(chosen=layers, data=st.data())
def test_typed_layers_meet_the_equal_ones_at_both_ends(
    chosen: list[tuple[int, str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chosen)))
    typed = [*chosen[:place], (5, "sin"), *chosen[place:]]
    run = numbered(spec_of(chosen))
    before = matrices(run)
    names = tuple(a for _, a in typed)
    after = matrices(edited(run, with_layers(run.network_spec, tuple(n for n, _ in typed), names)))
    for k in range(len(before)):
        if k != place:
            np.testing.assert_array_equal(after[k + (k > place)], before[k])
    back = with_layers(run.network_spec, tuple(n for n, _ in chosen), tuple(a for _, a in chosen))
    again = matrices(edited(run, back))
    for k in range(len(before)):
        if k != place:
            np.testing.assert_array_equal(again[k], before[k])


def test_what_is_left_between_equal_layers_meets_by_its_number() -> None:
    spec = spec_of([(8, "tanh"), (4, "tanh"), (3, "relu"), (2, "tanh")])
    change = with_layers(spec, (8, 5, 2), ("tanh", "relu", "tanh"))
    assert change.origins == (
        Origin(0, tuple(range(8))),
        Origin(1, (0, 1, 2, 3)),
        Origin(3, (0, 1)),
    )
    more = with_layers(spec, (8, 4, 6, 7, 2), ("tanh", "relu", "relu", "sin", "tanh"))
    assert [origin and origin.layer for origin in more.origins] == [0, 1, 2, None, 3]
    none = with_layers(spec, (), ())
    assert none.origins == () and none.network.hidden == ()
    assert last_activation(none.network) == "tanh"


def test_a_network_without_layers_remembers_the_last_activation() -> None:
    spec = without_layer(NetworkSpec(hidden=(3,), activation="relu"), 0).network
    assert (spec.hidden, last_activation(spec)) == ((), "relu")
    assert last_activation(NetworkSpec(hidden=(), activation=())) == "tanh"
    assert with_layer(spec, 0, 2, last_activation(spec)).network.activations == ("relu",)


@pytest.mark.parametrize("layer", [2, 9])
def test_a_layer_that_is_not_there_cannot_be_edited(layer: int) -> None:
    spec = NetworkSpec()
    for edit in (
        without_layer,
        lambda s, k: resized(s, k, 3),
        lambda s, k: without_neuron(s, k, 0),
    ):
        with pytest.raises(IndexError):
            edit(spec, layer)
    with pytest.raises(IndexError, match="no neuron 4"):
        without_neuron(spec, 0, 4)


def test_impossible_layers_are_refused() -> None:
    with pytest.raises(ConfigError):
        resized(NetworkSpec(), 0, 0)
    with pytest.raises(ConfigError):
        with_layer(NetworkSpec(), 0, 3, "tanhh")
    with pytest.raises(ConfigError):
        with_layers(NetworkSpec(), (10**9,), ("tanh",))


@settings(max_examples=200)
@given(
    old=st.lists(st.integers(1, 4), min_size=2, max_size=5).map(tuple),
    new=st.lists(st.integers(1, 4), min_size=2, max_size=5).map(tuple),
)
def test_no_place_is_given_or_taken_twice_and_none_is_outside(
    old: tuple[int, ...], new: tuple[int, ...]
) -> None:
    inputs = tuple(f"x{n}" for n in range(1, 9))
    taken, given_places = surviving(old, new, inputs[: old[0]], inputs[: new[0]])
    assert taken.shape == given_places.shape
    for places, sizes in ((taken, old), (given_places, new)):
        count = sum((a + 1) * b for a, b in pairwise(sizes))
        assert len(np.unique(places)) == len(places)
        assert places.min() >= 0 and places.max() < count
    if old == new:
        np.testing.assert_array_equal(taken, given_places)


@pytest.mark.parametrize(
    "origins",
    [
        (),
        (Origin(2, (0,)), None),
        (Origin(0, (0, 1, 4)), None),
        (Origin(-1, (0,)), None),
        (Origin(0, (-1,)), None),
        (Origin(0, (0, 1, 2, 3)), Origin(0, (0, 1, 2))),
    ],
    ids=str,
)
def test_origins_that_lead_from_nowhere_are_refused_and_change_nothing(
    origins: tuple[Origin | None, ...],
) -> None:
    run = numbered(NetworkSpec())
    before = run.network.flat_parameters.copy()
    with pytest.raises(ValueError):
        run.configure(network=NetworkSpec(hidden=(4, 2), activation="relu"), origins=origins)
    assert run.network_spec == NetworkSpec()
    np.testing.assert_array_equal(run.network.flat_parameters, before)


def test_brought_back_weights_must_be_of_the_same_shape_and_inputs() -> None:
    run = numbered(NetworkSpec(hidden=(2,)))
    kept = run.snapshot().weights
    run.configure(network=NetworkSpec(hidden=(2,), inputs=("x2", "x1^2")), weights=kept)
    # x2 keeps its weight by its name; the other is not that of x1.
    assert value(run, 1, 0, 0) == MARK + 2 and value(run, 1, 1, 0) < MARK
    run.configure(network=NetworkSpec(hidden=(3,)), weights=kept)
    assert run.network.sizes == (2, 3, 1)
    run.configure(network=NetworkSpec(hidden=(2,)), weights=kept)
    np.testing.assert_array_equal(run.network.flat_parameters, kept.parameters)
    assert isinstance(kept, Weights)


def test_what_stays_stays_frozen() -> None:
    run = numbered(spec_of([(3, "tanh"), (2, "tanh"), (2, "relu")]))
    for element in (Element(1, 0, 2), Element(4, None, 0), Element(3, 1, 1)):
        run.set_frozen([element], True)
    edited(run, without_neuron(run.network_spec, 0, 1))
    sizes = run.network.sizes
    frozen = run.snapshot().frozen
    assert frozen[element_place(sizes, Element(1, 0, 1))]
    edited(run, without_layer(run.network_spec, 1))
    frozen = run.snapshot().frozen
    sizes = run.network.sizes
    assert frozen[element_place(sizes, Element(3, None, 0))]
    assert frozen[element_place(sizes, Element(1, 0, 1))]
