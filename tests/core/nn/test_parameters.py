"""Single weights and biases, by name and by their place in the flat vector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import Network
from toygrad.core.nn import Element, element_at, element_place, holds_element, parse_element
from toygrad.core.nn.layers import element_names

sizes_of_networks = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)


def network(sizes: tuple[int, ...]) -> Network:
    return Network(sizes, ("tanh",) * (len(sizes) - 1), rng=np.random.default_rng(0))


@given(sizes=sizes_of_networks)
def test_every_place_has_one_element_and_its_name_is_the_networks(sizes: tuple[int, ...]) -> None:
    mlp = network(sizes)
    elements = [element_at(sizes, place) for place in range(mlp.n_parameters)]
    assert [element.name for element in elements] == element_names(mlp)
    assert [element_place(sizes, element) for element in elements] == list(range(len(elements)))
    assert [parse_element(element.name) for element in elements] == elements
    assert len(set(elements)) == len(elements)


@given(sizes=sizes_of_networks, data=st.data())
def test_a_place_holds_the_number_that_the_layers_array_has(
    sizes: tuple[int, ...], data: st.DataObject
) -> None:
    mlp = network(sizes)
    layer = data.draw(st.integers(1, len(sizes) - 1))
    source = data.draw(st.none() | st.integers(0, sizes[layer - 1] - 1))
    target = data.draw(st.integers(0, sizes[layer] - 1))
    named = mlp.named_parameters()
    if source is None:
        number = np.asarray(named[f"layer{layer}.bias"].data)[target]
    else:
        number = np.asarray(named[f"layer{layer}.weight"].data)[source, target]
    assert mlp.flat_parameters[element_place(sizes, Element(layer, source, target))] == number


@pytest.mark.parametrize(
    "element",
    [
        Element(0, 0, 0),
        Element(-1, 0, 0),
        Element(3, 0, 0),
        Element(10**6, None, 0),
        Element(1, 2, 0),
        Element(1, -1, 0),
        Element(1, None, 4),
        Element(1, 0, -1),
    ],
    ids=str,
)
def test_an_element_outside_the_network_has_no_place(element: Element) -> None:
    sizes = (2, 4, 1)
    assert not holds_element(sizes, element)
    with pytest.raises(IndexError, match="has no layer"):
        element_place(sizes, element)


@pytest.mark.parametrize("place", [-1, -100, 17, 10**9])
def test_a_place_outside_the_vector_has_no_element(place: int) -> None:
    assert element_at((2, 4, 1), 16) == Element(2, None, 0)
    with pytest.raises(IndexError, match="no element"):
        element_at((2, 4, 1), place)


def test_names_may_contain_spaces() -> None:
    assert parse_element("layer1.weight[0, 3]") == Element(1, 0, 3)
    assert parse_element(" layer12.bias[7] ") == Element(12, None, 7)


@pytest.mark.parametrize(
    "name",
    ["", "layer1", "layer1.weight[0]", "layer1.bias[0,1]", "weight[0,1]", "layer1.weight[-1,0]",
     "layer1.weight[0,1]x", "Layer1.bias[0]", f"layer{'9' * 99}.bias[0]"],
)  # fmt: skip
def test_other_names_are_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValueError, match=r"write layer1\.weight\[0,3\]"):
        parse_element(name)
