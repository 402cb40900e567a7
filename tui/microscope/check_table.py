"""A table that compares every leaf's gradient with its central difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from textual.message import Message

from ...core.autograd import Value
from ...core.explain.check import LeafCheck, check_gradients
from ...core.explain.formulas import node_names
from ...core.explain.replay import scalar_order
from ..drawing.numbers import signed
from ..drawing.segments import padded_segments
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

GOOD: Final = 1e-6
"""A relative error below this is rounding."""
NUMBER_WIDTH: Final = 9
DIFFERENCE_WIDTH: Final = 10
ERROR_WIDTH: Final = 8
VERDICT_WIDTH: Final = 7
# What stands behind the name, and blanks between.
_OTHER_COLUMNS: Final = NUMBER_WIDTH + DIFFERENCE_WIDTH + ERROR_WIDTH + VERDICT_WIDTH + 4
LEAST_NAME: Final = 5
MOST_NAME: Final = 20


class CheckTable(LineList):
    """For every leaf the gradient, the central difference, and how far they are apart.

    Only the rows in view are computed, as each takes two evaluations of the whole graph.
    """

    DEFAULT_CSS = """
    CheckTable { height: 1fr; width: 1fr; }
    """

    @dataclass
    class LeafChosen(Message):
        """The user chose a leaf."""

        leaf: Value

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="The gradient by the chain rule beside (f(x + h) - f(x - h)) / 2h, which needs "
            "no calculus. [ and ] change h; choose a row to look closer at that value.",
        )
        self._output: Value | None = None
        self._leaves: tuple[Value, ...] = ()
        self._names: dict[Value, str] = {}
        self._h = 0.0
        self._found: dict[Value, LeafCheck] = {}

    def show_check(self, output: Value | None, leaves: Sequence[Value], h: float) -> None:
        """Checks the graph behind an output.

        Args:
            output: None where there is nothing to check.
            leaves: What it depends on, in the order of the rows.
            h: How far each leaf is moved.
        """
        self._output, self._h, self._found = output, h, {}
        self._leaves = tuple(leaves)
        self._names = {} if output is None else node_names(scalar_order(output))
        self.styles.min_width = self._name_width + _OTHER_COLUMNS
        heading = [self._titles()] if self._leaves else []
        self.show(heading, len(self._leaves), self._row)

    def choose_leaf(self, leaf: Value | None) -> None:
        """Puts the cursor on a leaf."""
        self.choose(self._leaves.index(leaf) if leaf in self._leaves else None)

    @property
    def _name_width(self) -> int:
        longest = max((len(self._names[leaf]) for leaf in self._leaves), default=0)
        return min(max(longest, LEAST_NAME), MOST_NAME)

    def _titles(self) -> list[Segment]:
        difference = f"by h={self._h:.0e}"
        titles = (
            f"{'value':<{self._name_width}}",
            f"{'gradient':>{NUMBER_WIDTH}}",
            f"{difference:>{DIFFERENCE_WIDTH}}",
            f"{'error':>{ERROR_WIDTH}}",
        )
        return [Segment(" ".join(titles), self.title_style)]

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        leaf = self._leaves[row]
        found = self._check(leaf)
        name = self._names[leaf][: self._name_width]
        error, verdict = found.relative_error, "differs"
        if math.isnan(error):
            error_text, verdict, style = "", "none", styles.warning
        else:
            error_text, style = f"{error:.1e}", styles.warning
            if error < GOOD:
                verdict, style = "ok", styles.healthy
        return [
            Segment(f"{name:<{self._name_width}} ", styles.plain),
            *padded_segments(signed(found.gradient, NUMBER_WIDTH), styles.of_sign(found.gradient)),
            *padded_segments(
                f" {signed(found.numeric, NUMBER_WIDTH):>{DIFFERENCE_WIDTH}}",
                styles.of_sign(found.numeric),
            ),
            *padded_segments(f" {error_text:>{ERROR_WIDTH}} ", styles.quiet),
            Segment(verdict, style),
        ]

    def _check(self, leaf: Value) -> LeafCheck:
        assert self._output is not None
        if leaf not in self._found:
            (self._found[leaf],) = check_gradients(self._output, [leaf], step=self._h)
        return self._found[leaf]

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        self.post_message(self.LeafChosen(self._leaves[message.row]))
