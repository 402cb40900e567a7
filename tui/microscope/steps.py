"""The steps of a graph: a bar to move along them, a list of them, and what the last one did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from ...core.autograd import Value
from ...core.explain.formulas import number_text
from ...core.explain.stepper import Kind, Step, Stepper
from ..drawing.canvas import cut_middle, padded_segments
from ..key_words import with_keys
from ..widgets.basics import Words, is_ascii, show_text
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

_PLAY: Final = ("▶", ">")
_PAUSE: Final = ("‖", "=")
_NOTHING: Final = "no steps"
FORWARD: Final = "forward "
BACKWARD: Final = " backward"
_GLYPHS: Final = ("━", "─", "┿", "●")
_ASCII_GLYPHS: Final = ("=", "-", "|", "O")


class StepBar(Horizontal):
    """Play, back, next and start; then a track of all steps, and the speed."""

    TITLE: ClassVar[str] = "Stepping"
    HELP_TEXT: ClassVar[str] = (
        "The bar at the top: play, one step back, one step forward, back to the start; the number "
        "of the last step; a track to slide along, with the forward pass before the tick and the "
        "backward pass after it; and the speed of play in steps per second."
    )

    DEFAULT_CSS = """
    StepBar { height: 1; background: $panel; }
    StepBar > Words { height: 1; margin: 0 1; }
    StepBar > #pace { width: 12; }
    StepBar > .step-button {
        width: 3; link-color: $text-primary; link-style: bold; link-style-hover: bold;
        link-color-hover: $background; link-background-hover: $primary; }
    """

    def compose(self) -> ComposeResult:
        ascii = is_ascii(self)
        yield _button(_PLAY[ascii], "play", "Play the steps, or pause (space)", id="play")
        yield _button("⇤<"[ascii], "step(-1)", with_keys("Undo the last step (p{step.back})"))
        yield _button("⇥>"[ascii], "step(1)", with_keys("Take the next step (n{step.next})"))
        yield _button("↺r"[ascii], "start", "Go back to before the first step (home)")
        yield Words(id="place", tooltip="How many steps are done, out of all steps.")
        yield StepTrack(id="step-track")
        yield Words(
            id="pace",
            tooltip="Steps per second of play: comma for slower, full stop for faster.",
        )
        yield _button("-", "zoom(-1)", "Smaller boxes, to show more of the graph (-)")
        yield _button("+", "zoom(1)", "Larger boxes with more in them (+)")

    def show_stepper(self, stepper: Stepper | None) -> None:
        place = self.query_one("#place", Words)
        track = self.query_one(StepTrack)
        if stepper is None:
            place.styles.width = len(_NOTHING)
            place.say(Content(_NOTHING))
            track.show(0, 0, 0)
            return
        n_steps = str(stepper.n_steps)
        number = f"{stepper.position:>{len(n_steps)}}"
        place.styles.width = len(f"step {number} of {n_steps}")
        place.say(Content.assemble("step ", (f"{number} ", "bold"), f"of {n_steps}"))
        track.show(stepper.position, stepper.n_steps, stepper.backward_position)

    def show_pace(self, steps_a_second: float, *, is_playing: bool) -> None:
        """Shows the speed of play, and whether it is playing."""
        self.query_one("#pace", Words).say(Content(f"{steps_a_second:>4g} steps/s"))
        symbol = (_PAUSE if is_playing else _PLAY)[is_ascii(self)]
        show_text(self.query_one("#play", Static), _clickable(symbol, "play"))


def _button(symbol: str, action: str, tooltip: str, *, id: str | None = None) -> Static:
    button = Static(_clickable(symbol, action), id=id, classes="step-button")
    button.tooltip = tooltip
    return button


def _clickable(symbol: str, action: str) -> str:
    return f"[@click='screen.{action}'] {symbol} [/]"


class StepTrack(Widget):
    """A track of all steps to slide along: the forward pass, a tick, the backward pass."""

    DEFAULT_CSS = """
    StepTrack { height: 1; width: 1fr; min-width: 12; color: $text-muted; }
    StepTrack > .step-track--done { color: $text-primary; }
    StepTrack > .step-track--todo { color: $foreground-disabled; }
    StepTrack > .step-track--handle { color: $text-success; text-style: bold; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "step-track--done",
        "step-track--todo",
        "step-track--handle",
    }

    @dataclass
    class Moved(Message):
        """The user moved to a position: the number of steps done."""

        position: int

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = "All steps, forward and backward. Click or drag to go to one."
        self._position, self._n_steps, self._turn = 0, 0, 0
        self._is_dragged = False

    def show(self, position: int, n_steps: int, turn: int) -> None:
        """Shows a position.

        Args:
            position: The number of steps done.
            n_steps: The number of all steps.
            turn: The position where the backward pass starts.
        """
        if (position, n_steps, turn) != (self._position, self._n_steps, self._turn):
            self._position, self._n_steps, self._turn = position, n_steps, turn
            self.refresh()

    @property
    def _cells(self) -> int:
        return max(self.size.width - len(FORWARD) - len(BACKWARD), 1)

    def _cell(self, position: int) -> int:
        return round(position * (self._cells - 1) / max(self._n_steps, 1))

    def render_line(self, y: int) -> Strip:
        plain, cells = self.rich_style, self._cells
        done, todo, tick, handle = _ASCII_GLYPHS if is_ascii(self) else _GLYPHS
        at, turn = self._cell(self._position), self._cell(self._turn)
        segments = [Segment(FORWARD, plain)]
        for cell in range(cells):
            name, glyph = ("done", done) if cell < at else ("todo", todo)
            if cell == turn and self._n_steps:
                glyph = tick
            if cell == at:
                name, glyph = "handle", handle
            style = self.get_component_rich_style(f"step-track--{name}")
            segments.append(Segment(glyph, style))
        segments.append(Segment(BACKWARD, plain))
        return Strip(Segment.simplify(segments)).adjust_cell_length(self.size.width, plain)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._is_dragged = True
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._is_dragged:
            self._go_to(event.x)

    def on_mouse_up(self) -> None:
        self._is_dragged = False
        self.release_mouse()

    def _go_to(self, x: int) -> None:
        share = (x - len(FORWARD)) / max(self._cells - 1, 1)
        position = round(min(max(share, 0.0), 1.0) * self._n_steps)
        if position != self._position:
            self.post_message(self.Moved(position))


_ARROWS: Final[dict[Kind, str]] = {"forward": "→", "start": "←", "backward": "←"}
_ASCII_ARROWS: Final[dict[Kind, str]] = {"forward": ">", "start": "<", "backward": "<"}
_MARKS: Final = ("✓", "▶")
_ASCII_MARKS: Final = ("x", ">")


class StepList(LineList):
    """The topological order and its reverse, with the cursor on the last step done."""

    TITLE: ClassVar[str] = "Steps"
    HELP_TEXT: ClassVar[str] = (
        "Every step in order: first each value is computed after the values it needs; then, with "
        "the arrow reversed, each passes its gradient back. A mark shows which steps are done. Up "
        "and down undo and take steps; a click goes to a step."
    )

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, tooltip="Click a step to go there, forward or back.")
        self.add_class(*classes.split())
        self._stepper: Stepper | None = None

    def show_stepper(self, stepper: Stepper | None) -> None:
        self._stepper = stepper
        if stepper is None:
            self.show([], 0, self._step)
            return
        self.show([], stepper.n_steps, self._step)
        self.choose(stepper.position - 1 if stepper.position else None)
        if not stepper.position:
            self.scroll_to(y=0, animate=False, force=True)

    def action_scroll_home(self) -> None:
        # As in the graph, home goes back to before the first step.
        raise SkipAction

    def _step(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        stepper = self._stepper
        if stepper is None or row >= stepper.n_steps:
            return []
        kind, node = stepper.plan[row]
        name = stepper.names[node]
        text = f"{name} = {stepper.formula(node)}" if kind == "forward" else f"{name}.grad"
        if kind == "backward":
            text += f" to {', '.join(_receivers(stepper, row))}"
        elif kind == "start":
            text += " = 1"
        arrow = (_ASCII_ARROWS if self.ascii else _ARROWS)[kind]
        number = f"{row + 1:>{len(str(stepper.n_steps))}} {arrow} "
        text = cut_middle(text, max(width - len(number) - 2, 1), ascii=self.ascii)
        is_done = row < stepper.position
        return [
            Segment(f"{self._mark(row, stepper.position)} ", styles.healthy),
            *padded_segments(number, styles.quiet),
            Segment(text, styles.plain if is_done else styles.quiet),
        ]

    def _mark(self, row: int, position: int) -> str:
        done, current = _ASCII_MARKS if self.ascii else _MARKS
        if row == position - 1:
            return current
        return done if row < position else " "


def _receivers(stepper: Stepper, row: int) -> list[str]:
    """The names of the values that a gradient is passed to, each once."""
    _, node = stepper.plan[row]
    return list(dict.fromkeys(stepper.names[p] for p in node.parents if not p.constant))


START: Final = (
    "Press n{step.next} to compute the first value, f{step.forward} to compute all of them, "
    "space{step.play} to play."
)
QUIET: Final = "$foreground-muted"
_WAS: Final = "   ("
_RULES: Final[dict[str, str]] = {
    "+": "a sum passes its gradient on unchanged, d(a + b)/da = 1",
    "-": "a difference passes it on, to b with the opposite sign, d(a - b)/db = -1",
    "*": "each factor gets the gradient times the other factor, d(a*b)/da = b",
    "/": "d(a/b)/da = 1/b, d(a/b)/db = -a/b**2",
    "**": "d(a**b)/da = b*a**(b - 1), d(a**b)/db = a**b * log(a)",
    "**n": "the exponent comes down as a factor, d(a**n)/da = n*a**(n-1)",
    "neg": "the sign flips, d(-a)/da = -1",
    "exp": "exp is its own derivative",
    "log": "d log(a)/da = 1/a",
    "sqrt": "d sqrt(a)/da = 1/(2*sqrt(a))",
    "abs": "the sign of a, 1 above zero and -1 below",
    "sin": "d sin(a)/da = cos(a)",
    "cos": "d cos(a)/da = -sin(a)",
    "tanh": "d tanh(a)/da = 1 - tanh(a)**2, near 0 where tanh saturates",
    "sigmoid": "d s(a)/da = s(a)*(1 - s(a)), never above 1/4",
    "relu": "a gate: the whole gradient passes above zero, none of it below",
    "leaky_relu": "a leaky gate: the whole gradient passes above zero, a little of it below",
    "elu": "the whole gradient passes above zero, exp(a) times it below",
    "softplus": "d log(1 + exp(a))/da = sigmoid(a)",
}


class ChainRule(Words):
    """Three lines: one or two equations, and the rule behind them."""

    DEFAULT_CSS = """
    ChainRule {
        height: 3; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis;
        background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, tooltip="What the last step did, with its numbers.")

    def show_step(self, stepper: Stepper | None) -> None:
        """Shows what the last step of a stepper did."""
        if stepper is None:
            self.say(Content(""))
            return
        step = stepper.last
        if step is None:
            self.say(Content.styled(with_keys(START), QUIET))
            return
        lines = [*map(_equation, stepper.sentences(step)), _kind(stepper, step)]
        self.say(Content("\n").join(lines))

    def show_remark(self, sentence: str) -> None:
        """Shows what is to be said about a prediction."""
        self.say(Content.styled(sentence, "bold"))

    def show_error(self, sentence: str) -> None:
        self.say(Content.styled(sentence, "bold $text-error"))


def _kind(stepper: Stepper, step: Step) -> Content:
    if step.kind == "forward":
        return Content.styled(f"Forward: {stepper.names[step.node]} is computed.", QUIET)
    if step.kind == "start":
        said = "The backward pass starts: the gradient of the output with respect to itself is 1."
        if stepper.bugs.first < 0.0:
            said = "The backward pass starts with the wrong sign: so every gradient has it."
        return Content.styled(said, QUIET)
    rule = "" if step.node.op is None else _RULES.get(step.node.op.name, "")
    said = f"Backward through {stepper.formula(step.node)}{': ' if rule else ''}{rule}."
    added = [push.parent for push in step.pushes if push.before is not None]
    early = stepper.grad_taken_early(step.node)
    if added:
        said = f"{_on_more(stepper, added[0])} {said}"
    elif early is not None:
        said = (
            f"Only now, after all that use {stepper.names[step.node]}: taken earlier it would "
            f"pass on {number_text(early)}. {said}"
        )
    return Content.styled(said, QUIET)


def _equation(sentence: str) -> Content:
    """An equation with its result bold and the old value muted."""
    equation, blanks, before = sentence.partition(_WAS)
    start, equals, result = equation.rpartition("= ")
    # Text that starts with blanks moves in an exported picture.
    return Content.assemble(
        start + equals, (result + blanks[:-1], "bold"), (blanks[-1:] + before, QUIET)
    )


def _on_more(stepper: Stepper, node: Value) -> str:
    """What becomes of a gradient that arrives where there is one already."""
    name, bugs = stepper.names[node], stepper.bugs
    if bugs.assigns:
        return f"{name} has a gradient already, and = throws it away: += would keep it."
    if node in bugs.left_over:
        return f"{name} still has the gradient of earlier steps: nothing has set it to 0."
    return f"{name} is used more than once: the gradients add."
