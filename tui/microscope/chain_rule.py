"""The lines that say what the step did: the chain rule with its numbers, and the rule."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from ...core.explain.stepper import Step, Stepper
from ..widgets.text import Words
from .rule_words import rule_in_words

START: Final = "Press n to compute the first value, f to compute them all, space to play."
QUIET: Final = "$foreground 60%"
_WAS: Final = "   ("


class ChainRule(Words):
    """Three lines: one or two equations, and the rule that they are an example of."""

    DEFAULT_CSS = """
    ChainRule {
        height: 3; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis;
        background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, tooltip="What the last step did, with its numbers.")

    def show_step(self, stepper: Stepper | None) -> None:
        """Says what the last step of a stepper did."""
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
        """Says why a step cannot be taken."""
        self.say(Content.styled(sentence, "bold $text-error"))


def _kind(stepper: Stepper, step: Step) -> Content:
    if step.kind == "forward":
        return Content.styled(f"Forward: {stepper.names[step.node]} is computed.", QUIET)
    if step.kind == "start":
        return Content.styled("Backward begins: how much the output changes with itself.", QUIET)
    rule = "" if step.node.op is None else rule_in_words(step.node.op.name)
    said = f"Backward through {stepper.formula(step.node)}{': ' if rule else ''}{rule}."
    return Content.styled(said, QUIET)


def _equation(sentence: str) -> Content:
    """An equation with its result bold and what was there before muted."""
    equation, blanks, before = sentence.partition(_WAS)
    start, equals, result = equation.rpartition("= ")
    # A piece of text that begins with blanks moves in an exported picture.
    return Content.assemble(
        start + equals, (result + blanks[:-1], "bold"), (blanks[-1:] + before, QUIET)
    )
