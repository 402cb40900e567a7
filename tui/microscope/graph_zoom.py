"""How much of a graph is drawn: the level of its boxes, and how much room each takes."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NamedTuple

from textual.geometry import Size

from ...core.autograd import Value
from ...core.explain.graph import GraphView, Opened, Outline
from ...core.explain.graph_layout import GraphLayout, lay_out
from .graph_picture import Form, box_size

# From the most readable to the smallest.
FORMS: Final = (
    Form(2, True, 8, 16),
    Form(2, True, 8, 8),
    Form(2, True, 7, 5, is_tight=True),
    Form(2, True, 6, 5, is_tight=True),
    Form(2, False, 7, 5, is_tight=True),
    Form(2, True, 8, 0, is_tight=True),
    Form(2, False, 7, 0, is_tight=True),
    Form(2, False, 6, 0, is_tight=True),
)
NAMES: Final = Form(0, False, 0, 0, is_tight=True)
MOST_FITTED: Final = 40
"""A graph of more boxes is not tried: its numbers could not be read."""
# Those that zooming in and out goes through at each level.
_STAGES: Final = (NAMES, FORMS[-2], FORMS[1])


class Zoom(NamedTuple):
    """A level of the outline, and the form of its boxes."""

    level: int
    form: Form


class Zoomed(NamedTuple):
    """A graph at a zoom."""

    zoom: Zoom
    view: GraphView
    layout: GraphLayout


def at_zoom(outline: Outline, opened: Opened, zoom: Zoom, wrong: Container[Value]) -> Zoomed:
    """A graph at a zoom, or at its coarsest level.

    Args:
        outline: Of the graph.
        opened: Boxes that are drawn finer.
        zoom: The user's.
        wrong: Nodes with two gradients, the wrong and the right one.
    """
    zoom = Zoom(min(zoom.level, len(outline.names) - 1), zoom.form)
    view = outline.view(zoom.level, opened)
    return Zoomed(zoom, view, _layout_of(view, zoom.form, wrong))


def fitted(
    outline: Outline, opened: Opened, size: Size, wrong: Container[Value], *, first: int = 0
) -> Zoomed:
    """A graph at the finest level that fits, in the most readable form; else the smallest.

    Args:
        outline: Of the graph.
        opened: Boxes that are drawn finer.
        size: What it has to fit into.
        wrong: Nodes with two gradients, the wrong and the right one.
        first: The finest level that is tried.
    """
    last = len(outline.names) - 1
    for level in range(min(first, last), last + 1):
        view = outline.view(level, opened)
        if len(view.nodes) > MOST_FITTED and level < last:
            continue
        smallest = Zoomed(Zoom(level, FORMS[-1]), view, _layout_of(view, FORMS[-1], wrong))
        if _fits(smallest.layout, size):
            forms = (Zoomed(Zoom(level, f), view, _layout_of(view, f, wrong)) for f in FORMS[:-1])
            return next((zoomed for zoomed in forms if _fits(zoomed.layout, size)), smallest)
    return smallest


def _fits(layout: GraphLayout, size: Size) -> bool:
    return layout.width <= size.width and layout.height <= size.height


def next_zoom(outline: Outline, shown: Zoom, by: int) -> Zoom:
    """The next larger (1) or smaller (-1) boxes, through all levels."""
    zooms = [Zoom(k, form) for k in reversed(range(len(outline.names))) for form in _STAGES]
    place = sum(zoom.level > shown.level for zoom in zooms)
    place += sum(form < shown.form for form in _STAGES)
    if by < 0 or (place < len(zooms) and zooms[place] == shown):
        place += by
    return zooms[min(max(place, 0), len(zooms) - 1)]


def _layout_of(view: GraphView, form: Form, wrong: Container[Value]) -> GraphLayout:
    return lay_out(
        {node.id: box_size(node, form, wrong) for node in view.nodes},
        [(edge.source, edge.target) for edge in view.edges],
        label_width=form.label_width,
        is_tight=form.is_tight,
    )
