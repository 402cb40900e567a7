"""ChainRule: what the last step did, as equations with numbers and as a rule."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from ...core.explain.stepper import Step, Stepper
from ..widgets.text import Words

START: Final = "Press n to compute the first value, f to compute all of them, space to play."
QUIET: Final = "$foreground 60%"
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
            self.say(Content.styled(START, QUIET))
            return
        lines = [*map(_equation, stepper.sentences(step)), _kind(stepper, step)]
        self.say(Content("\n").join(lines))

    def show_error(self, sentence: str) -> None:
        """Shows why a step failed."""
        self.say(Content.styled(sentence, "bold $text-error"))


def _kind(stepper: Stepper, step: Step) -> Content:
    if step.kind == "forward":
        return Content.styled(f"Forward: {stepper.names[step.node]} is computed.", QUIET)
    if step.kind == "start":
        return Content.styled(
            "The backward pass starts: the gradient of the output with respect to itself is 1.",
            QUIET,
        )
    rule = "" if step.node.op is None else _RULES.get(step.node.op.name, "")
    said = f"Backward through {stepper.formula(step.node)}{': ' if rule else ''}{rule}."
    return Content.styled(said, QUIET)


def _equation(sentence: str) -> Content:
    """An equation with its result bold and the old value muted."""
    equation, blanks, before = sentence.partition(_WAS)
    start, equals, result = equation.rpartition("= ")
    # Text that starts with blanks moves in an exported picture.
    return Content.assemble(
        start + equals, (result + blanks[:-1], "bold"), (blanks[-1:] + before, QUIET)
    )
