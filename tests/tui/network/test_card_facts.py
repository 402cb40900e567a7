"""What a card says about a neuron, an input, a weight or a bias."""

from dataclasses import replace

import numpy as np
import pytest
from rich.style import Style

from toygrad.core.training.trace import FanIn
from toygrad.tui.drawing.canvas import cut_end
from toygrad.tui.network.diagram_data import DiagramData
from toygrad.tui.network.diagram_pictures import Numbered
from toygrad.tui.network.facts import ElementFacts, Facts, InputFacts
from toygrad.tui.network.neuron_facts import NeuronFacts
from toygrad.tui.selection import Bias, Link, Unit
from toygrad.tui.widgets.row_styles import RowStyles

STYLES = RowStyles(*(Style(color=f"color({number})") for number in range(7)))
POINT = "x1 1.00, x2 2.00 (selected point)"


def data(n_inputs: int = 2) -> DiagramData:
    weights = np.array([[0.1], [-0.2], *[[0.001]] * (n_inputs - 2)])
    return DiagramData(
        tuple(f"x{k + 1}" for k in range(n_inputs)),
        ("output",),
        ("tanh",),
        (weights,),
        (np.array([0.1]),),
        (Numbered(n_inputs), Numbered(1)),
        (("",) * n_inputs, ("",)),
    )


def neuron(n_inputs: int = 2, *, ascii: bool = False, network: DiagramData | None = None) -> Facts:
    network = network or data(n_inputs)
    inputs = np.array([1.0, 2.0, *[1.0] * (n_inputs - 2)])
    weights = network.weights[0][:, 0]
    products = weights * inputs
    total = float(products.sum()) + 0.1
    order = np.argsort(-np.abs(products), kind="stable")
    terms = FanIn(weights, inputs, products, order, 0.1, total, float(np.tanh(total)))
    return NeuronFacts(Unit(1, 0), network, POINT, (), ascii, terms)


def texts(facts: Facts, width: int) -> list[str]:
    return [
        "".join(segment.text for segment in facts.line(y, width, STYLES))
        for y in range(facts.height(width))
    ]


def test_a_neuron_has_its_formula_its_point_and_its_inputs_by_size() -> None:
    lines = texts(neuron(), 60)
    assert lines[0] == "output = tanh(0.10*1.00 - 0.20*2.00 + 0.10) = -0.197"
    assert lines[1] == "for x1 1.00, x2 2.00 (selected point)"
    assert lines[2].split() == ["from", "weight", "input", "|product|▼"]
    assert lines[3].split()[:4] == ["x2", "-0.2000", "+2.0000", "-0.4000"]
    assert lines[4].split()[:4] == ["x1", "+0.1000", "+1.0000", "+0.1000"]
    assert lines[5].split()[:3] == ["bias", "+0.1000", "+0.1000"]
    assert lines[6].split() == ["sum", "-0.2000"]
    assert len(lines) == 7


def test_its_lines_stand_for_their_weights_and_its_bias() -> None:
    facts = neuron()
    parts = [facts.part_at(y, 60) for y in range(facts.height(60))]
    assert parts == [None, None, None, Link(0, 1, 0), Link(0, 0, 0), Bias(0, 0), None]


@pytest.mark.parametrize("width", [20, 26, 34, 40, 54, 90, 150])
@pytest.mark.parametrize("n_inputs", [2, 3, 64])
@pytest.mark.parametrize("ascii", [False, True])
def test_no_line_is_wider_than_there_is_room(width: int, n_inputs: int, ascii: bool) -> None:
    lines = texts(neuron(n_inputs, ascii=ascii), width)
    assert all(len(line) <= max(width, 24) for line in lines)
    assert sum(line.startswith("x") for line in lines) == n_inputs
    assert not ascii or all(line.isascii() for line in lines)


def test_columns_stand_below_each_other() -> None:
    for width in (30, 60):
        rows = [line for line in texts(neuron(), width) if line[:4] in ("x1  ", "x2  ", "bias")]
        assert len({row.index(".") for row in rows}) == 1


def test_a_long_formula_has_the_largest_products_and_counts_the_others() -> None:
    text = " ".join(texts(neuron(64), 54)[:3])
    assert text.startswith("output = tanh(-0.20*2.00 + 0.10*1.00 + 0.00*1.00")
    assert "smaller + 0.10)" in text


def test_frozen_and_cut_weights_are_marked_in_the_list() -> None:
    network = data()
    network.weights[0][0, 0] = 0.0
    frozen = np.array([[True], [True], [False]])
    lines = texts(neuron(network=replace(network, frozen=(frozen,))), 60)
    assert "+2.0000" in lines[3] and "-0.2000*" in lines[3]
    assert "0.0000x" in lines[4]
    assert "+0.1000*" not in lines[5]


def test_a_title_has_name_activation_and_problem() -> None:
    assert neuron().title == "output, neuron 0 · tanh"
    assert neuron(ascii=True).title == "output, neuron 0, tanh"
    dead = replace(data(), notes=(("", ""), ("dead",)), activations=("leaky_relu",))
    assert neuron(network=dead).title == "output, neuron 0 · leaky relu · dead"


def test_nan_is_shown_as_nan() -> None:
    network = data()
    network.weights[0][:] = np.nan
    assert any("nan" in line for line in texts(neuron(network=network), 60))


def element(
    part: Link | Bias, *, step: bool = True, network: DiagramData | None = None
) -> ElementFacts:
    return ElementFacts(
        part=part,
        data=network or data(),
        gradient=0.0123 if step else None,
        update=-0.0004 if step else None,
        product=(2.0, -0.4) if isinstance(part, Link) else None,
        point=POINT,
        hints=(),
        ascii=False,
    )


def test_a_weight_has_value_gradient_update_and_product() -> None:
    facts = element(Link(0, 1, 0))
    assert facts.title == "layer1.weight[1,0] · x2 to output"
    lines = texts(facts, 60)
    assert [line.split()[:2] for line in lines[:4]] == [
        ["value", "-0.2000"],
        ["gradient", "+0.0123"],
        ["update", "-4.0e-04"],
        ["product", "-0.4000"],
    ]
    assert "with input 2" in lines[3] and lines[4] == f"for {POINT}"
    assert [facts.part_at(y, 60) for y in range(5)] == [None] * 5


def test_a_bias_has_no_product_and_before_the_first_step_nothing_moves() -> None:
    facts = element(Bias(0, 0), step=False)
    assert facts.title == "layer1.bias[0] · output, neuron 0"
    lines = texts(facts, 60)
    assert len(lines) == 3 and lines[1] == "gradient none before the first step"


def test_what_is_frozen_or_cut_says_what_that_means() -> None:
    frozen = replace(data(), frozen=(np.ones((3, 1), dtype=bool),))
    assert "frozen: training won't change it" in texts(element(Bias(0, 0), network=frozen), 60)[0]
    frozen.weights[0][1] = 0.0
    assert "cut: stays 0" in texts(element(Link(0, 1, 0), network=frozen), 60)[0]


def test_an_input_has_its_formula() -> None:
    facts = InputFacts(Unit(0, 1), data(), POINT, (), False, -0.25, "scaled")
    assert facts.title == "input x2"
    assert texts(facts, 60) == ["x2 = -0.25", f"for {POINT}", "scaled"]
    assert facts.part_at(0, 60) is None
    assert texts(replace(facts, note=""), 60) == ["x2 = -0.25", f"for {POINT}"]


def test_a_point_takes_at_most_two_lines() -> None:
    facts = neuron()
    assert facts.point_lines(60) == (f"for {POINT}",)
    assert len(facts.point_lines(26)) == 2
    assert len(facts.point_lines(9)) == 2


def test_a_text_is_cut_with_dots() -> None:
    assert cut_end("abcdef", 6, ascii=False) == "abcdef"
    assert cut_end("abcdef", 4, ascii=False) == "abc…"
    assert cut_end("abcdef", 4, ascii=True) == "ab.."
    assert cut_end("abcdef", 0, ascii=True) == ""
