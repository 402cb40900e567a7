"""What a card tells of one of the network's inputs."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment

from ..selection import Part, Unit
from .card_facts import Hint, Line, Look, Looks, cut, point_lines
from .diagram_data import DiagramData


@dataclass(frozen=True, slots=True, eq=False)
class InputFacts:
    """Facts of an input, see `Facts`.

    Attributes:
        unit: The input.
        data: Its network.
        value: What it is for the point.
        point: For which point, in words.
        note: How the data are prepared for the network; may be empty.
        hints: What can be done with it.
        ascii: Whether only ASCII characters are drawn.
    """

    unit: Unit
    data: DiagramData
    value: float
    point: str
    note: str
    hints: tuple[Hint, ...]
    ascii: bool

    @property
    def part(self) -> Part:
        """The unit."""
        return self.unit

    @property
    def title(self) -> str:
        """`input x1^2`."""
        return f"input {self.data.unit_name(self.unit)}"

    def height(self, width: int) -> int:
        """Its formula, the point, and the note if there is one."""
        return len(self._texts(width))

    def line(self, y: int, width: int, looks: Looks) -> Line:
        """See `Facts`."""
        look = Look.PLAIN if y == 0 else Look.QUIET
        return [Segment(cut(self._texts(width)[y], width, ascii=self.ascii), looks[look])]

    def _texts(self, width: int) -> list[str]:
        point = point_lines(self.point, width, ascii=self.ascii)
        equation = f"{self.data.unit_name(self.unit)} = {self.value:.4g}"
        return [equation, *point, *([self.note] if self.note else [])]

    def part_at(self, y: int, width: int) -> Part | None:
        """Nothing."""
        return None
