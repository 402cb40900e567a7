"""What a diagram shows: its shape is checked, its parts have names and numbers."""

from dataclasses import replace

import numpy as np
import pytest

from toygrad.tui.render.diagram_data import Bias, DiagramData, Link, Part, Unit

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
def test_arrays_that_are_no_network_are_refused(change: dict[str, object], message: str) -> None:
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
def test_a_part_is_told_by_name_and_number(part: Part, text: str) -> None:
    assert DATA.holds(part)
    assert DATA.describe(part) == text


@pytest.mark.parametrize(
    "part",
    [Unit(3, 0), Unit(0, 2), Unit(-1, 0), Link(0, 2, 0), Link(0, 0, 3), Bias(2, 0), Bias(-1, 0)],
)
def test_what_is_not_there_is_not_held(part: Part) -> None:
    assert not DATA.holds(part)
