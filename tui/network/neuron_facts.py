"""What a card says about a neuron: its formula with numbers, and every input by its size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from rich.cells import set_cell_size
from rich.segment import Segment

from ...core.training.trace import FanIn
from ..drawing.bars import signed_bar
from ..drawing.canvas import cut_end
from ..selection import Bias, Link, Part, Unit
from ..widgets.row_styles import RowStyles
from .facts import NUMBER_WIDTH, STRONG, Facts, Line, number

NAME_WIDTH: Final = 9
LEAST_NAME: Final = 6
LEAST_BAR: Final = 6
MOST_BAR: Final = 24
MAX_LINES: Final = 3
"""The most lines of a formula."""
DECIMALS: Final = 2
"""Of weights and inputs; fewer if the formula would be too long."""
_TERM: Final = len(" - 0.20*-0.40")
_BIAS: Final = len(" + 0.10")
_ENDS: Final = len(" = () = -0.197") - len(" + ")
_LARGEST_FIXED: Final = 1000.0


@dataclass(frozen=True, eq=False)
class NeuronFacts(Facts):
    """A neuron: its formula, the point, each of its inputs, its bias and the sum.

    Attributes:
        fan_in: What it adds up.
    """

    part: Unit
    fan_in: FanIn

    @property
    def title(self) -> str:
        """`layer 1, neuron 3`, its activation, and what is wrong with it."""
        note = self.data.notes[self.part.column][self.part.unit]
        activation = self._activation.replace("_", " ")
        return self.joined(self.data.unit_name(self.part), activation, note)

    def height(self, width: int) -> int:
        return self.choices(width).stop + 1

    def choices(self, width: int) -> range:
        """The inputs by the size of their products, and the bias."""
        first = self._formula_height(width) + len(self.point_lines(width)) + 1
        return range(first, first + len(self.fan_in.weights) + 1)

    def part_at(self, y: int, width: int) -> Part | None:
        choices, (column, unit) = self.choices(width), self.part
        if y not in choices:
            return None
        if y == choices[-1]:
            return Bias(column - 1, unit)
        return Link(column - 1, int(self.fan_in.order[y - choices.start]), unit)

    def line(self, y: int, width: int, styles: RowStyles) -> Line:
        if y < (height := self._formula_height(width)):
            return [Segment(self._formula(width)[y], styles.plain)]
        if y < height + len(point := self.point_lines(width)):
            return [Segment(point[y - height], styles.quiet)]
        fan_in = self.fan_in
        match self.part_at(y, width):
            case Link(layer, source, _) as link:
                name, value = self.data.symbol(Unit(layer, source)), float(fan_in.inputs[source])
                return self._term(link, name, value, float(fan_in.products[source]), width, styles)
            case Bias() as bias:
                return self._term(bias, "bias", None, fan_in.bias, width, styles)
        is_above = y < self.choices(width).start
        return self._titles(width, styles) if is_above else self._sum(width, styles)

    @property
    def _activation(self) -> str:
        return self.data.activations[self.part.column - 1]

    @property
    def _around(self) -> int:
        return len(self.data.symbol(self.part)) + len(self._activation)

    def _formula_height(self, width: int) -> int:
        count = len(self.fan_in.weights)
        shown = products_shown(count, self._around, width)
        # What is left out is a term too.
        return formula_lines(shown + (shown < count), self._around, width)

    def _formula(self, width: int) -> list[str]:
        fan_in, count = self.fan_in, len(self.fan_in.weights)
        shown = products_shown(count, self._around, width)
        # In their own order if all of them fit, else the largest.
        places = range(count) if shown == count else fan_in.order[:shown].tolist()
        terms = [(float(fan_in.weights[k]), float(fan_in.inputs[k])) for k in places]
        name, activation, left_out = self.data.symbol(self.part), self._activation, count - shown
        texts = (
            formula(name, activation, terms, left_out, fan_in.bias, fan_in.output, decimals)
            for decimals in range(DECIMALS, -1, -1)
        )
        return wrapped(texts, width, self._formula_height(width), ascii=self.ascii)

    def _titles(self, width: int, styles: RowStyles) -> Line:
        name, bar = _widths(width)
        arrow = " v" if self.ascii else "▼"
        titles = f"{'from':<{name}}{'weight':>{NUMBER_WIDTH}}  "
        titles += f"{'input':>{NUMBER_WIDTH}} |product|{arrow}" if bar else f" product{arrow}"
        return [Segment(titles[:width], styles.quiet)]

    def _sum(self, width: int, styles: RowStyles) -> Line:
        name, bar = _widths(width)
        before = name + NUMBER_WIDTH + 2 + (NUMBER_WIDTH + 1 if bar else 0)
        return [
            Segment("sum".ljust(before), styles.plain + STRONG),
            number(self.fan_in.total, styles),
        ]

    def _term(
        self,
        part: Link | Bias,
        name: str,
        value: float | None,
        product: float,
        width: int,
        styles: RowStyles,
    ) -> Line:
        """An input or the bias: its name, weight and mark, and with room its input and a bar."""
        name_width, bar = _widths(width)
        name = set_cell_size(cut_end(name, name_width, ascii=self.ascii), name_width)
        line = [
            Segment(name, styles.plain),
            number(self.data.value(part), styles),
            Segment(f"{self.data.mark(part)} ", styles.plain + STRONG),
        ]
        if not bar:
            return [*line, number(product, styles)]
        blank = Segment(" " * NUMBER_WIDTH, styles.plain)
        color = styles.negative if product < 0 else styles.positive
        return [
            *line,
            blank if value is None else number(value, styles),
            Segment(" ", styles.plain),
            number(product, styles),
            Segment("  ", styles.plain),
            *signed_bar(
                product, self._largest, bar, bar=color, line=styles.quiet, ascii=self.ascii
            ),
        ]

    @property
    def _largest(self) -> float:
        """What a full bar stands for: the largest of the terms."""
        largest = self.fan_in.products[self.fan_in.order[0]]
        return max(abs(float(largest)), abs(self.fan_in.bias))


def _widths(width: int) -> tuple[int, int]:
    """Characters for names and for bars; without room for bars the inputs go too."""
    bar = width - NAME_WIDTH - 3 * NUMBER_WIDTH - 5
    if bar >= LEAST_BAR:
        return NAME_WIDTH, min(bar, MOST_BAR)
    return max(min(width - 2 * NUMBER_WIDTH - 2, NAME_WIDTH), LEAST_NAME), 0


def formula_lines(n_products: int, around: int, width: int) -> int:
    """How many lines a formula gets, whatever its numbers.

    Args:
        n_products: Weights times inputs.
        around: Characters of the neuron's name and its activation.
        width: Characters of a line.
    """
    length = around + _ENDS + _BIAS + _TERM * n_products
    return max(1, min(MAX_LINES, math.ceil(length / max(width, 1))))


def products_shown(n_products: int, around: int, width: int) -> int:
    """How many of the products fit; of the others only the number is shown."""
    fit = (MAX_LINES * (width - _TERM // 2) - around - _ENDS - _BIAS) // _TERM
    # The number of those that are left out takes the room of a term.
    return n_products if n_products <= fit else max(fit - 1, 2)


def formula(
    name: str,
    activation: str,
    terms: list[tuple[float, float]],
    left_out: int,
    bias: float,
    output: float,
    decimals: int = DECIMALS,
) -> str:
    """What a neuron computes for one point.

    Args:
        name: The neuron's.
        activation: The name of its activation; `linear` is not written.
        terms: (weight, input) pairs.
        left_out: The number of smaller terms that are left out.
        bias: What is added.
        output: What comes out; it has one decimal more.
        decimals: Of the other numbers.
    """
    text = ""
    for weight, value in terms:
        text += f"{_joined(weight, text, decimals)}*{_short(value, decimals)}"
    if left_out:
        text += f" + {left_out} smaller"
    text += _joined(bias, text, decimals)
    inside = text if activation == "linear" else f"{activation}({text})"
    return f"{name} = {inside} = {_short(output, DECIMALS + 1)}"


def wrapped(texts: Iterable[str], width: int, lines: int, *, ascii: bool) -> list[str]:
    """The first text that fits into exactly so many lines, or the last one cut with dots."""
    found: list[str] = []
    for text in texts:
        found = wrap(text, max(width, 4), subsequent_indent="  ") or [""]
        if len(found) <= lines:
            return found + [""] * (lines - len(found))
    rest = " ".join(line.strip() for line in found[lines - 1 :])
    return [*found[: lines - 1], cut_end(f"  {rest}", width, ascii=ascii)]


def _joined(value: float, before: str, decimals: int) -> str:
    """A number after others: ` + 0.10`, ` - 0.20`."""
    text = _short(value, decimals)
    if not before:
        return text
    return f" - {text[1:]}" if text.startswith("-") else f" + {text}"


def _short(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return f"{value}"
    if abs(value) >= _LARGEST_FIXED:
        return f"{value:.{decimals + 1}g}"
    # Adding zero makes a plain zero of a negative one.
    return f"{round(value, decimals) + 0.0:.{decimals}f}"
