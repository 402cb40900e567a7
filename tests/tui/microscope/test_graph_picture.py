"""A computational graph as characters."""

from __future__ import annotations

from toygrad.core.autograd import Value
from toygrad.core.explain.graph import GraphView, collapse
from toygrad.core.explain.graph_layout import lay_out
from toygrad.core.explain.stepper import Stepper
from toygrad.tui.drawing.canvas import Canvas
from toygrad.tui.microscope.graph_picture import (
    Faces,
    Form,
    GraphInk,
    GraphPainter,
    Highlight,
    NodeFace,
    box_size,
    legend,
)

FORM = Form(2, True, 8, 7)


def lines(canvas: Canvas) -> list[str]:
    return ["".join(map(chr, row)).rstrip() for row in canvas.glyphs.tolist()]


def painter(*, numbers: int, plain: bool) -> tuple[GraphPainter, GraphView]:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b", constant=True)
    output = a * b
    output.label = "L"
    view = collapse(output)
    layout = lay_out(
        {node.id: box_size(node, FORM._replace(numbers=numbers)) for node in view.nodes},
        [(edge.source, edge.target) for edge in view.edges],
        label_width=7,
    )
    return GraphPainter(layout, plain=plain), view


def faces(view: GraphView, position: int, numbers: int) -> dict[str, NodeFace]:
    stepper = Stepper(view.nodes[-1].value)
    stepper.jump(position)
    at_step = Faces(stepper, FORM._replace(numbers=numbers), view.nodes[-1], None, ())
    return {node.id: at_step.of(node) for node in view.nodes}


HIGHLIGHT = Highlight({("n0", "n2"): "-3.000"}, GraphInk.HIGHLIGHT, GraphInk.LABEL)


def picture(*, position: int, plain: bool, numbers: int = 2) -> list[str]:
    of, view = painter(numbers=numbers, plain=plain)
    return lines(of.paint(faces(view, position, numbers), [HIGHLIGHT]))


PICTURE = """\
┌a────────────┐
│data  +2.0000│
│grad  -3.0000│─╮         ┏L *━━━━━━━━━━┓
└─────────────┘ ╰─ -3.000▶┃data  -6.0000┃
                ╭────────▶┃grad  +1.0000┃
┌b╌╌╌╌╌╌╌╌╌╌╌╌┐ │         ┗━━━━━━━━━━━━━┛
╎data  -3.0000╎ │
╎             ╎─╯
└╌╌╌╌╌╌╌╌╌╌╌╌╌┘"""
ASCII_PICTURE = """\
+a------------+
|data  +2.0000|
|grad  -3.0000|-+         #L *###########
+-------------+ +- -3.000>#data  -6.0000#
                +-------->#grad  +1.0000#
:b............: |         ###############
:data  -3.0000: |
:             :-+
:.............:"""


def test_a_graph_is_drawn_with_names_numbers_and_a_highlighted_wire() -> None:
    assert "\n".join(picture(position=3, plain=False)) == PICTURE
    assert "\n".join(picture(position=3, plain=True)) == ASCII_PICTURE


def test_a_highlight_leaves_no_trace() -> None:
    of, view = painter(numbers=2, plain=False)
    plain = lines(of.paint(faces(view, 3, 2)))
    assert "-3.000▶" in "".join(lines(of.paint(faces(view, 3, 2), [HIGHLIGHT, HIGHLIGHT])))
    canvas = of.paint(faces(view, 3, 2))
    assert lines(canvas) == plain
    assert not (canvas.keys == GraphInk.HIGHLIGHT).any()


def test_what_is_not_computed_yet_has_no_number() -> None:
    assert "-6.0000" not in "\n".join(picture(position=0, plain=False))
    assert "-6.0000" in "\n".join(picture(position=1, plain=False))


def test_with_one_number_it_is_the_data_and_then_the_gradient() -> None:
    forward = "\n".join(picture(position=1, plain=False, numbers=1))
    backward = "\n".join(picture(position=3, plain=False, numbers=1))
    assert "data -6.0000" in " ".join(forward.split())
    assert "grad" not in forward
    assert "grad +1.0000" in " ".join(backward.split())
    # A constant has no gradient.
    assert "data -3.0000" in " ".join(backward.split())


def test_the_legend_tells_frames_apart_in_words() -> None:
    assert legend({"leaf", "output"}) == "┌─┐ input  ┏━┓ output"
    assert legend({"parameter", "constant"}, plain=True) == "+=+ weight, bias  :.: constant"
