"""`draw`: a graph as DOT and as an SVG image, without Graphviz."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import MLP, Value
from toygrad.core.explain.drawing import Drawing, draw

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing: Drawing) -> list[str]:
    return [
        element.text or "" for element in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text")
    ]


def n_of(drawing: Drawing, tag: str) -> int:
    return len(list(ElementTree.fromstring(drawing.svg).iter(SVG + tag)))


def product() -> Value:
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    output = a * b
    output.label = "c"
    output.backward()
    return output


def test_every_box_has_its_name_operation_number_and_gradient() -> None:
    assert texts(draw(product())) == [
        "a", "data -4.0", "grad 2.0", "b", "data 2.0", "grad -4.0",
        "c", "*", "data -8.0", "grad 1.0", "",
    ]  # fmt: skip
    # A background, three boxes, two wires.
    assert (n_of(draw(product()), "rect"), n_of(draw(product()), "polyline")) == (4, 2)


def test_a_notebook_shows_the_image_and_print_the_dot_text() -> None:
    drawing = draw(product())
    assert drawing._repr_svg_() == drawing.svg
    assert str(drawing) == drawing.dot
    assert drawing.dot.startswith("digraph")
    assert len(repr(drawing)) < 80
    assert "n0 -> n2;" in drawing.dot


def test_a_picture_keeps_the_numbers_of_its_moment() -> None:
    output = product()
    drawing = draw(output)
    output.zero_grad()
    assert "grad 2.0" in texts(drawing) and "grad 2.0" not in texts(draw(output))


def test_everything_is_inside_the_image() -> None:
    root = ElementTree.fromstring(draw(MLP(3, [4, 1])([1.0, 2.0, 3.0])).svg)
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    for box in list(root.iter(f"{SVG}rect"))[1:]:
        x, y, w, h = (float(box.attrib[k]) for k in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + w < width and y + h < height


def test_a_large_graph_is_drawn_in_few_boxes_and_says_so() -> None:
    drawing = draw(MLP(4, [8, 8, 1])([1.0, 2.0, 3.0, 4.0]), limit=40)
    assert n_of(drawing, "rect") - 1 <= 40
    assert "nodes in" in texts(drawing)[-1]


def test_a_graph_without_names_is_cut_rather_than_drawn_as_one_box() -> None:
    loss = MLP(3, [16, 16, 1])([2.0, 3.0, -1.0]) ** 2
    drawing = draw(loss, limit=40)
    assert n_of(drawing, "rect") - 1 == 40
    assert texts(drawing)[-1].endswith("only the 40 nearest the output are shown")


@given(st.text())
def test_any_label_is_only_text(label: str) -> None:
    value = Value(1.0, label=label)
    ElementTree.fromstring(draw(value * 2.0).svg)


def test_an_array_is_refused() -> None:
    with pytest.raises(ValueError, match="holds an array"):
        draw(Value([1.0, 2.0]).sum())


def test_the_box_of_a_layer_has_no_number_of_its_own() -> None:
    values = [Value(1.0, label="x1"), Value(2.0, label="x2")]
    for number, layer in enumerate(MLP(2, [2, 2], activation="tanh").layers, start=1):
        values = layer.outputs(values)
        for place, neuron in enumerate(values):
            neuron.label = f"layer{number}[{place}]"
    drawing = draw(values[0] * values[1], limit=4)
    lines = texts(drawing)
    assert {"inputs", "layer1", "layer2"} <= set(lines)
    assert len([line for line in lines if line.startswith("data")]) == 1
    assert drawing.dot.count("data") == 1
