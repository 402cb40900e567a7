"""What a card tells of a neuron: its formula with numbers, and every input by its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.segment import Segment

from ...core.training.fan_in import FanIn
from ..drawing.bars import signed_bar
from ..selection import Bias, Link, Part, Unit
from .card_facts import NUMBER_WIDTH, Hint, Line, Look, Looks, cut, number, point_lines
from .diagram_data import DiagramData
from .diagram_links import CUT_MARK, FROZEN_MARK
from .formula import DECIMALS, formula, formula_lines, products_shown, wrapped

NAME_WIDTH: Final = 9
LEAST_NAME: Final = 6
LEAST_BAR: Final = 6
MOST_BAR: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class NeuronFacts:
    """Facts of a neuron, see `Facts`.

    Attributes:
        unit: The neuron.
        data: Its network.
        fan_in: What it adds up.
        point: For which point, in words.
        hints: What can be done with it.
        ascii: Whether only ASCII characters are drawn.
    """

    unit: Unit
    data: DiagramData
    fan_in: FanIn
    point: str
    hints: tuple[Hint, ...]
    ascii: bool

    @property
    def part(self) -> Part:
        """The unit."""
        return self.unit

    @property
    def title(self) -> str:
        """`layer 1, neuron 3`, its activation, and what is wrong with it."""
        data = self.data
        note = data.notes[self.unit.column][self.unit.unit]
        separator = ", " if self.ascii else " · "
        words = [data.unit_name(self.unit), self._activation.replace("_", " ")]
        return separator.join([*words, note] if note else words)

    def height(self, width: int) -> int:
        """The formula, the point, the titles, every input, the bias and the sum."""
        return self._head(width) + len(self.fan_in.weights) + 2

    def line(self, y: int, width: int, looks: Looks) -> Line:
        """See `Facts`."""
        row = y - self._head(width)
        count = len(self.fan_in.weights)
        point = point_lines(self.point, width, ascii=self.ascii)
        if row < -1 - len(point):
            return [Segment(self._formula(width)[y], looks[Look.PLAIN])]
        if row < -1:
            return [Segment(point[row + 1], looks[Look.QUIET])]
        if row == -1:
            return self._titles(width, looks)
        if row < count:
            return self._input(int(self.fan_in.order[row]), width, looks)
        return self._bias(width, looks) if row == count else self._sum(width, looks)

    def part_at(self, y: int, width: int) -> Part | None:
        """The weight of an input's line, the bias of its own."""
        row = y - self._head(width)
        layer, unit = self.unit.column - 1, self.unit.unit
        if 0 <= row < len(self.fan_in.weights):
            return Link(layer, int(self.fan_in.order[row]), unit)
        return Bias(layer, unit) if row == len(self.fan_in.weights) else None

    @property
    def _activation(self) -> str:
        return self.data.activations[self.unit.column - 1]

    @property
    def _around(self) -> int:
        return len(self.data.symbol(self.unit)) + len(self._activation)

    def _head(self, width: int) -> int:
        shown = products_shown(len(self.fan_in.weights), self._around, width)
        # What is left out is a term too.
        terms = shown + (shown < len(self.fan_in.weights))
        point = point_lines(self.point, width, ascii=self.ascii)
        return formula_lines(terms, self._around, width) + len(point) + 1

    def _formula(self, width: int) -> list[str]:
        fan_in, count = self.fan_in, len(self.fan_in.weights)
        shown = products_shown(count, self._around, width)
        # In their own order if there is room for all of them, else those that count most.
        places = range(count) if shown == count else fan_in.order[:shown].tolist()
        terms = [(float(fan_in.weights[k]), float(fan_in.inputs[k])) for k in places]
        name, activation, left_out = self.data.symbol(self.unit), self._activation, count - shown
        texts = (
            formula(name, activation, terms, left_out, fan_in.bias, fan_in.output, decimals)
            for decimals in range(DECIMALS, -1, -1)
        )
        point = point_lines(self.point, width, ascii=self.ascii)
        return wrapped(texts, width, self._head(width) - len(point) - 1, ascii=self.ascii)

    def _titles(self, width: int, looks: Looks) -> Line:
        name, bar = self._widths(width)
        arrow = " v" if self.ascii else "▼"
        titles = [f"{'from':<{name}}", f"{'weight':>{NUMBER_WIDTH}}  "]
        if bar:
            titles.append(f"{'input':>{NUMBER_WIDTH}} ")
        titles.append(f"|product|{arrow}" if bar else f" product{arrow}")
        return [Segment("".join(titles)[:width], looks[Look.QUIET])]

    def _input(self, place: int, width: int, looks: Looks) -> Line:
        fan_in, link = self.fan_in, Link(self.unit.column - 1, place, self.unit.unit)
        mark = self._mark(link)
        name = self.data.symbol(Unit(self.unit.column - 1, place))
        weight, value = float(fan_in.weights[place]), float(fan_in.inputs[place])
        return self._row(name, weight, mark, value, float(fan_in.products[place]), width, looks)

    def _bias(self, width: int, looks: Looks) -> Line:
        mark, bias = self._mark(Bias(self.unit.column - 1, self.unit.unit)), self.fan_in.bias
        return self._row("bias", bias, mark, None, bias, width, looks)

    def _sum(self, width: int, looks: Looks) -> Line:
        name, bar = self._widths(width)
        before = name + NUMBER_WIDTH + 2 + (NUMBER_WIDTH + 1 if bar else 0)
        label = Segment("sum".ljust(before), looks[Look.STRONG])
        return [label, number(self.fan_in.total, looks)]

    def _row(
        self,
        name: str,
        weight: float,
        mark: str,
        value: float | None,
        product: float,
        width: int,
        looks: Looks,
    ) -> Line:
        name_width, bar = self._widths(width)
        line = [
            Segment(cut(name, name_width, ascii=self.ascii).ljust(name_width), looks[Look.PLAIN]),
            number(weight, looks),
            Segment(f"{mark} ", looks[Look.STRONG]),
        ]
        if bar:
            blank = Segment(" " * NUMBER_WIDTH, looks[Look.PLAIN])
            line += [
                blank if value is None else number(value, looks),
                Segment(" ", looks[Look.PLAIN]),
            ]
        line.append(number(product, looks))
        if bar:
            look = looks[Look.NEGATIVE if product < 0 else Look.POSITIVE]
            line.append(Segment("  ", looks[Look.PLAIN]))
            line += signed_bar(
                product, self._largest, bar, bar=look, line=looks[Look.QUIET], ascii=self.ascii
            )
        return line

    def _mark(self, part: Link | Bias) -> str:
        if not self.data.is_frozen(part):
            return " "
        return CUT_MARK if self.data.is_cut(part) else FROZEN_MARK

    @property
    def _largest(self) -> float:
        """What a full bar stands for: the largest of the terms."""
        largest = self.fan_in.products[self.fan_in.order[0]]
        return max(abs(float(largest)), abs(self.fan_in.bias))

    def _widths(self, width: int) -> tuple[int, int]:
        """Characters for names and for bars; without room for bars the inputs go too."""
        bar = width - NAME_WIDTH - 3 * NUMBER_WIDTH - 5
        if bar >= LEAST_BAR:
            return NAME_WIDTH, min(bar, MOST_BAR)
        return max(min(width - 2 * NUMBER_WIDTH - 2, NAME_WIDTH), LEAST_NAME), 0
