"""What a diagram shows: its shape is checked, its parts have names and numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.drawing.palette import LEVELS
from toygrad.tui.network.diagram_data import DiagramData, _curves, _maps
from toygrad.tui.selection import Bias, Link, Part, Unit

DATA = DiagramData(
    input_names=("x1", "x2"),
    layer_names=("layer 1", "output"),
    activations=("relu", "tanh"),
    weights=(np.array([[0.5, -0.4835, 0.0], [1.0, 2.0, 3.0]]), np.array([[1.0], [-2.0], [3.0]])),
    biases=(np.array([0.1, 0.0, -0.1]), np.array([0.25])),
    thumbnails=tuple(np.zeros((n, 0, 0), dtype=np.uint8) for n in (2, 3, 1)),
    notes=(("", ""), ("", "", "dead"), ("",)),
)


def test_the_shape_is_that_of_the_network() -> None:
    assert DATA.sizes == (2, 3, 1)
    assert DATA.links == 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layer_names": ("layer 1",)}, "each layer"),
        ({"weights": (), "biases": (), "layer_names": (), "activations": ()}, "each layer"),
        ({"input_names": ("x1",)}, "do not join"),
        ({"notes": (("", ""), ("",), ("",))}, "a note for each"),
        ({"thumbnails": DATA.thumbnails[:2]}, "a thumbnail"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(DATA, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Unit(0, 1), "input x2"),
        (Unit(1, 2), "layer 1, neuron 2: relu, dead\nlayer1.bias[2] = -0.1000"),
        (Unit(2, 0), "output, neuron 0: tanh\nlayer2.bias[0] = +0.2500"),
        (Link(0, 0, 1), "layer1.weight[0,1] = -0.4835\nx1 to layer 1, neuron 1"),
        (Link(1, 2, 0), "layer2.weight[2,0] = +3.0000\nlayer 1, neuron 2 to output, neuron 0"),
        (Bias(0, 1), "layer1.bias[1] = 0.0000\nlayer 1, neuron 1"),
    ],
)
def test_a_part_is_described_by_name_and_number(part: Part, text: str) -> None:
    assert DATA.holds(part)
    assert DATA.describe(part) == text


@pytest.mark.parametrize(
    "part",
    [Unit(3, 0), Unit(0, 2), Unit(-1, 0), Link(0, 2, 0), Link(0, 0, 3), Bias(2, 0), Bias(-1, 0)],
)
def test_missing_parts_are_not_held(part: Part) -> None:
    assert not DATA.holds(part)


def held(*parts: Link | Bias) -> DiagramData:
    masks = (np.zeros((3, 3), dtype=bool), np.zeros((4, 1), dtype=bool))
    for part in parts:
        match part:
            case Link(layer, source, target):
                masks[layer][source, target] = True
            case Bias(layer, unit):
                masks[layer][-1, unit] = True
    return replace(DATA, frozen=masks)


def test_frozen_and_cut_parts_can_be_told_apart() -> None:
    data = held(Link(0, 0, 1), Link(0, 0, 2), Bias(0, 1), Bias(1, 0))
    assert data.is_frozen(Link(0, 0, 1)) and not data.is_cut(Link(0, 0, 1))
    assert data.is_frozen(Link(0, 0, 2)) and data.is_cut(Link(0, 0, 2))
    assert data.is_cut(Bias(0, 1)) and not data.is_cut(Bias(1, 0))
    assert not data.is_frozen(Link(1, 0, 0)) and not DATA.is_frozen(Link(0, 0, 1))
    assert not DATA.is_cut(Link(0, 0, 2))
    assert data.describe(Link(0, 0, 1)).startswith("layer1.weight[0,1] = -0.4835, frozen\n")
    assert data.describe(Bias(0, 1)).startswith("layer1.bias[1] = 0.0000, cut\n")


def test_what_is_frozen_has_to_belong_to_the_network() -> None:
    with pytest.raises(ValueError, match="what is frozen"):
        replace(DATA, frozen=(np.zeros((2, 3), dtype=bool), np.zeros((3, 1), dtype=bool)))


def test_units_have_short_names_for_formulas() -> None:
    assert [DATA.symbol(Unit(column, 0)) for column in range(3)] == ["x1", "h1[0]", "output"]
    two = replace(
        DATA,
        weights=(DATA.weights[0], np.ones((3, 2))),
        biases=(DATA.biases[0], np.ones(2)),
        thumbnails=(*DATA.thumbnails[:2], np.zeros((2, 0, 0), dtype=np.uint8)),
        notes=(*DATA.notes[:2], ("", "")),
    )
    assert two.symbol(Unit(2, 1)) == "output[1]"


def test_a_unit_is_never_a_bias_of_the_same_numbers() -> None:
    unit: Part = Unit(1, 0)
    bias: Part = Bias(1, 0)
    assert unit != bias and bias != unit and len({unit, bias}) == 2
    assert unit == Unit(1, 0) and bias == Bias(1, 0)
    others: tuple[Part, ...] = (Bias(1, 0),)
    assert unit in (Unit(1, 0),) and unit not in others


ANY = st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308, math.inf, -math.inf, math.nan]) | st.floats()


@given(values=st.lists(ANY, min_size=16, max_size=16))
def test_any_output_of_a_neuron_is_a_picture(values: list[float]) -> None:
    outputs = np.array([values])
    for pixels in (_curves(outputs), _maps(outputs.reshape(1, 4, 4))):
        assert pixels.max() < LEVELS
