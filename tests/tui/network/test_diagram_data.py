"""What a diagram shows: its shape is checked, its parts have names and numbers."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, Snapshot
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.palette import LEVELS, NEUTRAL_LEVEL
from toygrad.tui.network.diagram_boxes import Kind
from toygrad.tui.network.diagram_data import DiagramData, diagram_data
from toygrad.tui.network.diagram_pictures import Curves, Image, Maps, Numbered
from toygrad.tui.selection import Bias, Link, Part, Unit

DATA = DiagramData(
    input_names=("x1", "x2"),
    layer_names=("layer 1", "output"),
    activations=("relu", "tanh"),
    weights=(np.array([[0.5, -0.4835, 0.0], [1.0, 2.0, 3.0]]), np.array([[1.0], [-2.0], [3.0]])),
    biases=(np.array([0.1, 0.0, -0.1]), np.array([0.25])),
    pictures=tuple(map(Numbered, (2, 3, 1))),
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
        ({"pictures": DATA.pictures[:2]}, "a picture"),
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
        pictures=(*DATA.pictures[:2], Numbered(2)),
        notes=(*DATA.notes[:2], ("", "")),
    )
    assert two.symbol(Unit(2, 1)) == "output[1]"
    assert replace(two, classes=("cat", "owl")).unit_name(Unit(2, 1)) == "output, owl"


def test_a_unit_is_never_a_bias_of_the_same_numbers() -> None:
    unit: Part = Unit(1, 0)
    bias: Part = Bias(1, 0)
    assert unit != bias and bias != unit and len({unit, bias}) == 2
    assert unit == Unit(1, 0) and bias == Bias(1, 0)
    others: tuple[Part, ...] = (Bias(1, 0),)
    assert unit in (Unit(1, 0),) and unit not in others


@pytest.fixture(scope="module")
def digits() -> Snapshot:
    return (
        AppConfig(data=DataChoice(name="digits", n_samples=60), network=NetworkSpec(hidden=(3,)))
        .session()
        .snapshot()
    )


def test_digits_are_the_mean_or_the_selected_sample_beside_pictures_of_weights(
    digits: Snapshot,
) -> None:
    points = digits.dataset.points
    for point, values in ((None, points.mean(axis=0)), (tuple(points[3].tolist()), points[3])):
        data = diagram_data(digits, point)
        image, weights, output = data.pictures
        assert isinstance(image, Image) and isinstance(weights, Maps)
        assert (image.values == values.reshape(8, 8)).all()
        assert (weights.values[2] == data.weights[0][:, 2].reshape(8, 8)).all()
        assert output.shape.kind is Kind.PLAIN and data.classes == tuple("0123456789")
        assert data.caption == ("sample" if point else "mean")


def test_a_picture_without_all_its_pixels_is_a_column_of_inputs() -> None:
    session = AppConfig(
        data=DataChoice(name="digits", n_samples=60),
        network=NetworkSpec(inputs=("x1", "x2"), hidden=(3,)),
    ).session()
    pictures = diagram_data(session.snapshot()).pictures
    assert [picture.shape.kind for picture in pictures] == [Kind.PLAIN] * 3


def test_pixels_are_repeated_and_maps_are_mixed() -> None:
    values = np.array([[[-1.0, 1.0], [1.0, -1.0]]])
    pixels = Maps(values, are_pixels=True).levels(slice(None), 4)[0]
    assert pixels.tolist() == [[0, 0, 63, 63]] * 2 + [[63, 63, 0, 0]] * 2
    mixed = Maps(values).levels(slice(None), 3)[0]
    assert mixed[1, 1] == NEUTRAL_LEVEL and mixed[0, 0] == 0 and mixed[0, 2] == 63
    means = Maps(np.arange(16.0).reshape(1, 4, 4)).levels(slice(None), 2)[0]
    assert means[0, 0] < means[0, 1] < means[1, 0] < means[1, 1]
    broken = Maps(np.full((1, 2, 2), np.nan)).levels(slice(None), 4)
    assert (broken == NEUTRAL_LEVEL).all()


def test_a_curve_has_no_gap_and_the_colours_of_its_signs() -> None:
    for size in (3, 8, 15):
        pixels = Curves(np.sin(np.linspace(-4.0, 4.0, 16))[None]).levels(slice(None), size)[0]
        drawn = pixels != NEUTRAL_LEVEL
        assert drawn.any(axis=0).all() and set(pixels[drawn].tolist()) == {0, 63}
        for left, right in pairwise(drawn.T):
            near = np.abs(np.subtract.outer(np.flatnonzero(left), np.flatnonzero(right)))
            assert near.min() <= 1


ANY = st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308, math.inf, -math.inf, math.nan]) | st.floats()


@given(values=st.lists(ANY, min_size=16, max_size=16))
def test_any_output_of_a_neuron_is_a_picture(values: list[float]) -> None:
    outputs = np.array([values])
    maps = outputs.reshape(1, 4, 4)
    for pictures in (Curves(outputs), Maps(maps), Maps(maps, are_pixels=True)):
        for size in (3, 4, 7):
            assert pictures.levels(slice(None), size).max() < LEVELS
