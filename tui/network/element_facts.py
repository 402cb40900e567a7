"""What a card tells of a weight or a bias."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment

from ..selection import Bias, Link, Part, Unit
from .card_facts import Hint, Line, Look, Looks, cut, number, point_lines
from .diagram_data import DiagramData


@dataclass(frozen=True, slots=True, eq=False)
class ElementFacts:
    """Facts of a weight or a bias, see `Facts`.

    Attributes:
        part: It.
        data: Its network.
        value: Its value.
        gradient: Of the last mini-batch; None before the first.
        update: What the last step added to it; None before the first.
        product: The weight's input and the product of both; None for a bias.
        point: For which point, in words.
        hints: What can be done with it.
        ascii: Whether only ASCII characters are drawn.
    """

    part: Link | Bias
    data: DiagramData
    value: float
    gradient: float | None
    update: float | None
    product: tuple[float, float] | None
    point: str
    hints: tuple[Hint, ...]
    ascii: bool

    @property
    def title(self) -> str:
        """`layer1.weight[0,3]`, and what it joins."""
        data, separator = self.data, ", " if self.ascii else " · "
        match self.part:
            case Link(layer, source, target):
                ends = data.symbol(Unit(layer, source)), data.symbol(Unit(layer + 1, target))
                return f"{data.element_name(self.part)}{separator}{' to '.join(ends)}"
            case Bias(layer, unit):
                neuron = data.unit_name(Unit(layer + 1, unit))
                return f"{data.element_name(self.part)}{separator}{neuron}"

    def height(self, width: int) -> int:
        """Value, gradient and update; for a weight its product and the point too."""
        if self.product is None:
            return 3
        return 4 + len(point_lines(self.point, width, ascii=self.ascii))

    def line(self, y: int, width: int, looks: Looks) -> Line:
        """See `Facts`."""
        match y:
            case 0:
                return self._row("value", self.value, self._state, width, looks)
            case 1:
                return self._row("gradient", self.gradient, "of the last batch", width, looks)
            case 2:
                return self._row("update", self.update, "by the last step", width, looks)
            case 3 if self.product is not None:
                value, product = self.product
                words = f"with the input {value:.4g}"
                return self._row("product", product, words, width, looks)
            case _:
                text = point_lines(self.point, width, ascii=self.ascii)[y - 4]
                return [Segment(text, looks[Look.QUIET])]

    def part_at(self, y: int, width: int) -> Part | None:
        """Nothing: it is selected already."""
        return None

    @property
    def _state(self) -> str:
        if self.data.is_cut(self.part):
            return "cut: it stays 0"
        if self.data.is_frozen(self.part):
            return "frozen: training leaves it alone"
        return ""

    def _row(self, name: str, value: float | None, words: str, width: int, looks: Looks) -> Line:
        label = Segment(f"{name:<9}", looks[Look.QUIET])
        if value is None:
            return [label, Segment("none before the first step", looks[Look.QUIET])]
        look = looks[Look.STRONG if name == "value" else Look.QUIET]
        room = max(width - 19, 0)
        return [
            label,
            number(value, looks),
            Segment(f"  {cut(words, room, ascii=self.ascii)}", look),
        ]
