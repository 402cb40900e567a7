"""The derivative as a limit: the secant turns into the tangent, until rounding takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from ...core.autograd import Value
from ...core.explain.check import error_against_h
from ...core.explain.formulas import number_text
from ...core.explain.limit import STEPS, Limit, cost_of, limit
from ...core.expression import run_program
from ..drawing.palette import NEGATIVE, POSITIVE
from ..footer import Footer
from ..keys import bindings
from ..widgets.basics import is_ascii, show_text
from ..widgets.line_list import LineList
from ..widgets.plot import DASHED, DOTTED, SOLID, strokes_legend
from ..widgets.row_styles import RowStyles
from .check_views import ErrorPlot, SmallPlot, error_legend
from .examples import EXAMPLES

PARABOLA: Final = "3x^2 - 4x + 5, slope 14"
_OWN: Final = "the graph"
_FUNCTIONS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    PARABOLA: (("", EXAMPLES[PARABOLA]),),
    "tanh, whole and in pieces": (
        ("whole", EXAMPLES["tanh in one node"]),
        ("in pieces", EXAMPLES["tanh from exp, same slope"]),
    ),
    "sin(x^2)": (("", EXAMPLES["sin(x^2)"]),),
}
# The longest, and two blanks.
_H_WIDTH: Final = 8
_WIDTH: Final = 12
_NARROW: Final = 10
_DIGITS: Final = 10
# The curve is drawn as far as the first secant reaches, and a little.
_REACH: Final = 1.3
_POINTS: Final = 81
_LINES: Final = {"f": SOLID, "secant": DASHED, "tangent": DOTTED}


@dataclass(frozen=True, eq=False)
class Subject:
    """A function, once or in two spellings, and the leaf whose slope is asked for.

    Attributes:
        name: What it is called.
        spellings: Each with its name, its output and the leaf.
    """

    name: str
    spellings: tuple[tuple[str, Value, Value], ...]

    @classmethod
    def of(cls, name: str) -> Subject:
        """One of the ready-made ones."""
        found = []
        for spelling, text in _FUNCTIONS[name]:
            first, *_, last = [s.value for s in run_program(text).statements]
            assert first is not None
            assert last is not None
            found.append((spelling, last, first))
        return cls(name, tuple(found))


class LimitScreen(Screen[None]):
    """Difference quotients from h = 1 down, the secant and the tangent, the error, and the cost.

    Args:
        own: The output of the graph in the microscope and the leaf selected there, if any.
        network: The loss of the network on a sample, for what its gradients would cost.
    """

    TITLE = "The derivative as a limit"
    HELP_TEXT: ClassVar[str] = (
        "The derivative is what (f(x + h) - f(x)) / h comes to as h goes to 0: the secant through "
        "two points of the curve turns into the tangent. Up and down change h. The one-sided "
        "quotient has an error in proportion to h, the central one, (f(x + h) - f(x - h)) / 2h, "
        "in proportion to h squared. Below some h the error grows again: the two values of f agree "
        "in so many digits that rounding is most of their difference."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        [,right | limit.smaller | change_h(1) | *Smaller h | A tenth of h
        ],left | limit.larger | change_h(-1) | *Larger h | Ten times h
        f | limit.function | next_function | *Function | The next function
        escape,d | limit.close | dismiss | *Microscope | Back to the microscope
        ?,f1 | limit.help | app.help | *Help | Show every key and what is shown here
        q | limit.quit | app.quit | Quit | Leave toygrad
        """
    )
    DEFAULT_CSS = """
    LimitScreen #limit-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    LimitScreen #limit-body { height: 1fr; padding: 0 1; }
    LimitScreen #limit-table { width: auto; height: 1fr; margin-right: 1; }
    LimitScreen .plot-name { height: auto; color: $text-muted; }
    LimitScreen #limit-said { height: auto; max-height: 6; padding: 0 1; background: $panel; }
    """

    def __init__(
        self, own: tuple[str, Value, Value] | None = None, network: Value | None = None
    ) -> None:
        super().__init__()
        self._own, self._network = own, network
        self._names = [*_FUNCTIONS, *([_OWN] if own else [])]
        self._subject = Subject.of(PARABOLA)
        self._limits: tuple[Limit, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(self.TITLE, id="limit-title", markup=False)
        with Horizontal(id="limit-body"):
            yield LineList(id="limit-table", tooltip="The quotient at each h. Choose an h.")
            with Vertical():
                ascii = is_ascii(self)
                lines = strokes_legend(_LINES, ascii=ascii)
                yield Static(lines, classes="plot-name", markup=False)
                yield SecantPlot(
                    id="limit-secant",
                    tooltip="f around x, the secant through x and x + h, and the tangent at x.",
                )
                yield Static(error_legend(ascii=ascii), classes="plot-name", markup=False)
                yield ErrorPlot(
                    id="limit-error",
                    tooltip="The error of both quotients against h; h falls from right to left.",
                )
        yield Static(id="limit-said", markup=False)
        yield Footer()

    def _title_of(self, name: str) -> str:
        return self._own[0] if name == _OWN and self._own else name

    def on_mount(self) -> None:
        self._show(PARABOLA)
        self.query_one(LineList).focus()
        # The headings of the table keep the colours that they were given.
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show(self._subject.name))

    # --- What is shown -------------------------------------------------------------------------

    def _show(self, name: str) -> None:
        if name == _OWN and self._own is not None:
            self._subject = Subject(name, (("", *self._own[1:]),))
        else:
            self._subject = Subject.of(name)
        spellings = self._subject.spellings
        self._limits = tuple(limit(output, leaf) for _, output, leaf in spellings)
        title = f"{self.TITLE}: {self._title_of(name)}"
        show_text(self.query_one("#limit-title", Static), Content(title))
        table = self.query_one("#limit-table", LineList)
        columns = 2 * len(spellings)
        table.styles.width = _H_WIDTH + columns * (self._column + 1) + 1
        table.show(self._headings(table), len(STEPS) + 1, self._row)
        table.choose(0)
        self._show_h()

    @property
    def _column(self) -> int:
        return _WIDTH if len(self._limits) == 1 else _NARROW

    def _headings(self, table: LineList) -> list[list[Segment]]:
        width, names = self._column, [name for name, *_ in self._subject.spellings]
        quotients = "".join(
            f"{name:<{len(names) * (width + 1)}}" for name in ("one-sided", "central")
        )
        lines = [f"{_in_first_column('h')}{quotients}"]
        if len(names) > 1:
            lines.append(" " * _H_WIDTH + "".join(f"{name:<{width + 1}}" for name in 2 * names))
        return [[Segment(line, table.title_style)] for line in lines]

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        if row == len(STEPS):
            slopes = [found.slope for found in self._limits]
            numbers = "".join(f"{self._number(slope)} " for slope in 2 * slopes)
            return [Segment(f"{_in_first_column('slope')}{numbers}", styles.healthy)]
        segments = [Segment(_in_first_column(f"{STEPS[row]:g}"), styles.quiet)]
        for of in ("one_sided", "central"):
            for found in self._limits:
                quotients = getattr(found, of)
                style = styles.healthy if row == found.best(quotients) else styles.plain
                segments.append(Segment(f"{self._number(float(quotients[row]))} ", style))
        return segments

    def _number(self, number: float) -> str:
        width = self._column
        for digits in range(_DIGITS, 0, -1):
            text = f"{number:.{digits}g}"
            if len(text) <= width:
                break
        return f"{text:<{width}}"

    @property
    def _place(self) -> int:
        """Of the chosen h; the last one at the row of the slope."""
        return min(self.query_one("#limit-table", LineList).cursor or 0, len(STEPS) - 1)

    def _show_h(self) -> None:
        (_, output, leaf), *_ = self._subject.spellings
        h = STEPS[self._place]
        self.query_one(SecantPlot).show_secant(self._limits[0], h)
        self.query_one(ErrorPlot).show_curve(error_against_h(output, leaf, STEPS), h)
        said = "\n".join([*_sentences(self._limits, self._place), *self._costs()])
        show_text(self.query_one("#limit-said", Static), Content(said))

    def _costs(self) -> list[str]:
        outputs = {"this function": self._subject.spellings[0][1]}
        if self._network is not None:
            outputs["your network"] = self._network
        costs = {name: cost_of(output) for name, output in outputs.items()}
        counts = "; ".join(
            f"{name} {cost.n_leaves:,} in {cost.one_sided:,} or {cost.central:,}"
            for name, cost in costs.items()
        )
        return [
            f"Slopes in evaluations, one-sided or central: {counts}. "
            "Backpropagation: all in 1 pass forward, 1 back."
        ]

    # --- What the user does --------------------------------------------------------------------

    def on_line_list_chosen(self) -> None:
        self._show_h()

    def action_change_h(self, by: int) -> None:
        place = min(max(self._place + by, 0), len(STEPS) - 1)
        self.query_one("#limit-table", LineList).choose(place)
        self._show_h()

    def action_next_function(self) -> None:
        place = self._names.index(self._subject.name) + 1
        self._show(self._names[place % len(self._names)])


def _in_first_column(text: str) -> str:
    return f"{text:>{_H_WIDTH - 2}}  "


def _shortest(number: float) -> str:
    return number_text(number).removesuffix(".0")


def _sentences(limits: Sequence[Limit], place: int) -> list[str]:
    """What the secant does at one h, and where rounding takes over."""
    found, h = limits[0], STEPS[place]
    x, slope = _shortest(found.at), _shortest(found.slope)
    said = [
        f"h = {h:g}: the secant through x = {x} and x + h has slope "
        f"{found.one_sided[place]:.{_DIGITS}g}; the tangent {slope}, by one backward pass"
        f"{f', in pieces {_shortest(limits[1].slope)}' if len(limits) > 1 else ''}."
    ]
    one, central = found.best(found.one_sided), found.best(found.central)
    if one is None or central is None:
        return [*said, "There is no slope here."]
    best = f"Closest: one-sided at h = {STEPS[one]:g}, central at " + (
        "every h (it is exact for a parabola)"
        if found.is_central_exact
        else f"h = {STEPS[central]:g}"
    )
    is_rounding = place > (one if found.is_central_exact else max(one, central))
    when = "Here" if is_rounding else "Below that"
    return [*said, f"{best}. {when} rounding takes over: too few digits of f differ."]


class SecantPlot(SmallPlot):
    """A function around a place, the secant from there, and the tangent."""

    def show_secant(self, found: Limit, h: float) -> None:
        """Draws the curve, the tangent, the secant through x and x + h, and the two points."""
        self.begin()
        x = np.linspace(found.at - _REACH, found.at + _REACH, _POINTS)
        y = np.array([found.f(place) for place in x.tolist()])
        end = found.f(found.at + h)
        away = x - found.at
        tangent = found.value + found.slope * away
        secant = found.value + (end - found.value) / h * away
        self.line(x, tangent, self.ink("gray"), _LINES["tangent"])
        self.line(x, secant, self.ink(NEGATIVE), _LINES["secant"])
        self.line(x, y, self.ink(POSITIVE), _LINES["f"])
        glyph = "O" if self.is_ascii else "●"
        for place, value in ((found.at, found.value), (found.at + h, end)):
            self.symbol(place, value, glyph, self.ink(NEGATIVE))
        self.end()
