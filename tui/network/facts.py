"""What a card says about a weight, a bias or an input, line by line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style

from ..drawing.canvas import cut_end
from ..drawing.numbers import signed
from ..key_words import with_keys
from ..selection import Bias, Link, Part, Unit, element_of, unit_of
from ..widgets.row_styles import RowStyles
from .diagram_data import DiagramData

NUMBER_WIDTH: Final = 8
"""Characters of a number in a column."""
POINT_LINES: Final = 2
STRONG: Final = Style(bold=True)
_LABEL_WIDTH: Final = 9

Line = list[Segment]


class Hint(NamedTuple):
    """Something to do: its key by default, what it does, and the action's name."""

    key: str
    words: str
    action: str

    @property
    def shown_key(self) -> str:
        """The key in force."""
        return with_keys(self.key)


@dataclass(frozen=True, eq=False)
class Facts(ABC):
    """Lines about one part, some of which may stand for other parts to select.

    Attributes:
        part: The part.
        data: Its network.
        point: The point that the numbers are for, in words.
        hints: What can be done with it.
        ascii: Whether to draw only ASCII characters.
    """

    part: Part
    data: DiagramData
    point: str
    hints: tuple[Hint, ...]
    ascii: bool

    @property
    @abstractmethod
    def title(self) -> str:
        """The part's name, and what to know first."""

    @abstractmethod
    def height(self, width: int) -> int:
        """The number of lines at a width; always the same for the same part."""

    @abstractmethod
    def line(self, y: int, width: int, styles: RowStyles) -> Line:
        """One line, no wider than the width."""

    def choices(self, width: int) -> range:
        """The lines that stand for other parts."""
        return range(0)

    def part_at(self, y: int, width: int) -> Part | None:
        """The part that a line stands for."""
        return None

    def point_lines(self, width: int) -> tuple[str, ...]:
        """The point that the numbers are for, in at most two lines."""
        return _point_lines(self.point, width, self.ascii)

    def joined(self, *words: str) -> str:
        return (", " if self.ascii else " · ").join(filter(None, words))


@dataclass(frozen=True, eq=False)
class InputFacts(Facts):
    """An input.

    Attributes:
        value: Its value for the point.
        note: How the data are prepared for the network; may be empty.
    """

    part: Unit
    value: float
    note: str

    @property
    def title(self) -> str:
        """`input x1^2`."""
        return f"input {self.data.unit_name(self.part)}"

    def height(self, width: int) -> int:
        return len(self._texts(width))

    def line(self, y: int, width: int, styles: RowStyles) -> Line:
        text = cut_end(self._texts(width)[y], width, ascii=self.ascii)
        return [Segment(text, styles.quiet if y else styles.plain)]

    def _texts(self, width: int) -> list[str]:
        equation = f"{self.data.unit_name(self.part)} = {self.value:.4g}"
        return [equation, *self.point_lines(width), *filter(None, [self.note])]


@dataclass(frozen=True, eq=False)
class ElementFacts(Facts):
    """A weight or a bias.

    Attributes:
        gradient: Of the last mini-batch; None before the first.
        update: What the last step added; None before the first.
        product: A weight's input, and the product of both; None for a bias.
    """

    part: Link | Bias
    gradient: float | None
    update: float | None
    product: tuple[float, float] | None

    @property
    def title(self) -> str:
        """`layer1.weight[0,3]`, and what it connects."""
        data, part, unit = self.data, self.part, unit_of(self.part)
        if isinstance(part, Link):
            source = data.symbol(Unit(part.layer, part.source))
            is_class = unit.column == len(data.weights) and data.classes
            words = f"{source} to {data.classes[unit.unit] if is_class else data.symbol(unit)}"
        else:
            words = data.unit_name(unit)
        return self.joined(element_of(part).name, words)

    def height(self, width: int) -> int:
        return 3 if self.product is None else 4 + len(self.point_lines(width))

    def line(self, y: int, width: int, styles: RowStyles) -> Line:
        if y > 3:
            return [Segment(self.point_lines(width)[y - 4], styles.quiet)]
        value, product = self.product or (None, None)
        name, shown, words = (
            ("value", self.data.value(self.part), self._state),
            ("gradient", self.gradient, "of the last batch"),
            ("update", self.update, "in the last step"),
            ("product", product, f"with input {value:.4g}" if value is not None else ""),
        )[y]
        label = Segment(name.ljust(_LABEL_WIDTH), styles.quiet)
        if shown is None:
            return [label, Segment("none before the first step", styles.quiet)]
        room = max(width - _LABEL_WIDTH - NUMBER_WIDTH - 2, 0)
        style = styles.quiet if y else styles.plain + STRONG
        words = f"  {cut_end(words, room, ascii=self.ascii)}"
        return [label, number(shown, styles), Segment(words, style)]

    @property
    def _state(self) -> str:
        if self.data.is_cut(self.part):
            return "cut: stays 0"
        return "frozen: training won't change it" if self.data.is_frozen(self.part) else ""


def number(value: float, styles: RowStyles) -> Segment:
    """A signed number in its column and its colour."""
    return Segment(signed(value, NUMBER_WIDTH), styles.of_sign(value))


# A card asks several times a line.
@lru_cache(maxsize=16)
def _point_lines(point: str, width: int, ascii: bool) -> tuple[str, ...]:
    lines = wrap(f"for {point}", max(width, 4)) or [""]
    return tuple(cut_end(line, width, ascii=ascii) for line in lines[:POINT_LINES])
