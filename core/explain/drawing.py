"""Drawing: a picture of a graph in a notebook or a file, without Graphviz."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape

from ..autograd.value import Value
from .export import box_lines, to_dot
from .graph import MAX_NODES, GraphNode, GraphView, collapse
from .graph_layout import Box, Place, lay_out

# Pixels of a character, and of half of one: boxes and wires are placed in characters.
_WIDTH, _HEIGHT = 8, 16
_MARGIN = 2
# Fewer show nothing of a large graph.
_LEAST_BOXES = 4

_HEAD = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
    'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#222"/></marker></defs>\n'
    '<rect width="100%" height="100%" fill="white"/>\n'
    f'<g transform="translate({_MARGIN} {_MARGIN})" fill="none" stroke="#222" '
    'font-family="monospace" font-size="13">'
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drawing:
    """A picture of a graph as it was when it was drawn; a notebook shows it.

    Attributes:
        dot: In the language of Graphviz; `str()` gives it too.
        svg: As an image.
    """

    dot: str
    svg: str

    def __str__(self) -> str:
        return self.dot

    def _repr_svg_(self) -> str:
        return self.svg


def draw(output: Value, *, parameters: Collection[Value] = (), limit: int = MAX_NODES) -> Drawing:
    """Draws what an output was computed from, left to right, with data and gradients.

    A graph that is too large is drawn in fewer boxes, as sums of products, or without what is
    farthest from the output; a line below says so.

    Args:
        output: Of a graph of single numbers.
        parameters: Which leaves are weights and biases; their boxes are bold.
        limit: The most boxes, at least 1.

    Raises:
        ValueError: If the graph holds an array, or the limit is below 1.
    """
    view = collapse(output, parameters=parameters, limit=limit, least=_LEAST_BOXES)
    return Drawing(to_dot(view), _svg(view))


def _svg(view: GraphView) -> str:
    lines = {node.id: _printable(node) for node in view.nodes}
    layout = lay_out(
        {id: (max(map(len, text)) + 2, max(len(text) + 1, 3)) for id, text in lines.items()},
        [(edge.source, edge.target) for edge in view.edges],
    )
    width = max(layout.width, len(view.note)) * _WIDTH + 2 * _MARGIN
    height = (layout.height + (2 if view.note else 0)) * _HEIGHT + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
            _HEAD,
            *(_wire(corners) for corners in layout.wires.values()),
            *(_box(node, layout.boxes[node.id], lines[node.id]) for node in view.nodes),
            _text(0, layout.height + 1.5, view.note, "start"),
            "</g></svg>",
        ]
    )


def _printable(node: GraphNode) -> list[str]:
    lines = box_lines(node, node.data, node.grad)
    return ["".join(c if c.isprintable() else "?" for c in line) for line in lines]


def _wire(corners: tuple[Place, ...]) -> str:
    xs = [corners[0].x, *(place.x + 0.5 for place in corners[1:-1]), corners[-1].x + 1]
    points = " ".join(
        f"{x * _WIDTH:g},{(place.y + 0.5) * _HEIGHT:g}"
        for x, place in zip(xs, corners, strict=True)
    )
    return f'<polyline points="{points}" stroke-opacity="0.6" marker-end="url(#arrow)"/>'


def _box(node: GraphNode, box: Box, lines: list[str]) -> str:
    is_leaf = node.kind in ("leaf", "parameter", "constant")
    rect = (
        f'<rect x="{box.left * _WIDTH}" y="{box.top * _HEIGHT}" width="{box.width * _WIDTH}" '
        f'height="{box.height * _HEIGHT}" rx="{0 if is_leaf else 8}" '
        f'stroke-width="{2 if node.kind in ("parameter", "output") else 1}"/>'
    )
    first = box.top + (box.height - len(lines)) / 2 + 0.75
    middle = box.left + box.width / 2
    return rect + "".join(_text(middle, first + k, line) for k, line in enumerate(lines))


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return (
        f'<text x="{x * _WIDTH:g}" y="{y * _HEIGHT:g}" text-anchor="{anchor}" '
        f'fill="#222" stroke="none" xml:space="preserve">{escape(text)}</text>'
    )
