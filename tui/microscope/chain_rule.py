"""What the last step did: its equations, what is to be noticed, and the rule behind it."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from ...core.autograd import Value
from ...core.explain.backward_rules import BACKWARD_RULES
from ...core.explain.formulas import number_text
from ...core.explain.stepper import Step, Stepper
from ..key_words import with_keys
from ..widgets.basics import Words, is_ascii
from .graph_source import NetworkSource

START: Final = (
    "Press n{step.next} to compute the first value, f{step.forward} to compute all of them, "
    "space{step.play} to play."
)
QUIET: Final = "$foreground-muted"
_WAS: Final = "   ("
_TIMES: Final = {2: "twice"}
_MORE: Final = " Press w{microscope.what-if} to see what = would give, in place of +=."


def in_characters(text: str, *, ascii: bool) -> str:
    """A text with derivatives in it, without the partial sign if only ASCII is wanted."""
    return text.replace("∂", "d") if ascii else text


class ChainRule(Words):
    """Four lines: one or two equations, a remark if there is any, and the rule behind them."""

    DEFAULT_CSS = """
    ChainRule {
        height: 4; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis;
        background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, tooltip="What the last step did, with its numbers.")

    def show_step(self, stepper: Stepper | None, network: NetworkSource | None = None) -> None:
        """Shows what the last step of a stepper did.

        Args:
            stepper: None without a graph.
            network: What the graph is of; None for a program.
        """
        if stepper is None:
            self.say(Content(""))
            return
        step, ascii = stepper.last, is_ascii(self)
        if step is None:
            self.say(Content.styled(with_keys(START), QUIET))
            return
        lines = [_equation(in_characters(s, ascii=ascii)) for s in stepper.sentences(step)]
        for said in filter(None, (_remark(stepper, step, network), _rule(stepper, step))):
            lines.append(Content.styled(in_characters(said, ascii=ascii), QUIET))
        self.say(Content("\n").join(lines))

    def show_remark(self, sentence: str) -> None:
        """Shows what is to be said about a prediction, or about a path."""
        self.say(Content.styled(in_characters(sentence, ascii=is_ascii(self)), "bold"))

    def show_error(self, sentence: str) -> None:
        self.say(Content.styled(sentence, "bold $text-error"))


def _equation(sentence: str) -> Content:
    """An equation with its result bold and the old value muted."""
    equation, blanks, before = sentence.partition(_WAS)
    start, equals, result = equation.rpartition("= ")
    # Text that starts with blanks moves in an exported picture.
    return Content.assemble(
        start + equals, (result + blanks[:-1], "bold"), (blanks[-1:] + before, QUIET)
    )


# --- The rule ----------------------------------------------------------------------------------


def _rule(stepper: Stepper, step: Step) -> str:
    """The operation's own backward rule."""
    node = step.node
    if step.kind == "forward":
        return f"Forward: {stepper.names[node]} is computed."
    if step.kind == "start":
        if stepper.bugs.first < 0.0:
            if stepper.bugs.is_hidden:
                return "The backward pass starts."
            return "The backward pass starts with the wrong sign: so every gradient has it."
        return "The backward pass starts: the gradient of the output by itself is 1."
    assert node.op is not None
    rule = BACKWARD_RULES.get(node.op.name)
    words = f" ({rule.words})" if rule is not None and rule.words else ""
    return f"Backward through {stepper.formula(node)}: {stepper.rule(node)}{words}."


# --- Remarks -----------------------------------------------------------------------------------


def _remark(stepper: Stepper, step: Step, network: NetworkSource | None) -> str:
    """What is to be noticed at a step; empty if nothing is."""
    if network is not None and step.node is stepper.output and step.kind != "backward":
        return _on_output(stepper, network)
    if step.kind != "backward":
        return ""
    added = [push.parent for push in step.pushes if push.before is not None]
    if stepper.bugs.early is step.node:
        return (
            f"Too early: {stepper.names[step.node]}.grad is {number_text(step.number)} so far, and "
            "more will arrive. What it passes on now stays wrong."
        )
    on_order = _on_order(stepper, step.node)
    return _on_more(stepper, step, added[0]) if added and not on_order else on_order


def _on_output(stepper: Stepper, network: NetworkSource) -> str:
    if network.neuron is None:
        return f"The loss: {network.loss_text}."
    name = stepper.names[stepper.output]
    return f"{name} is the neuron's output: the gradients are of it, not of the loss."


def _on_more(stepper: Stepper, step: Step, node: Value) -> str:
    """What becomes of a gradient that arrives where there is one already."""
    name, bugs, n_uses = stepper.names[node], stepper.bugs, stepper.n_uses(node)
    if bugs.is_hidden:
        return f"{name} is used {_times(n_uses)}."
    right = stepper.right_grad(node)
    ends = "" if right is None else f", {number_text(right)} in all"
    if bugs.assigns:
        lost = next(p.before for p in step.pushes if p.parent is node and p.before is not None)
        throws = f"= throws {number_text(lost)} away, += keeps it{ends}"
        return f"{name} is used {_times(n_uses)}: {throws}."
    if bugs.early is node:
        return f"More arrives at {name}, too late: it has passed its gradient on already."
    if node in bugs.left_over:
        return f"{name} still has the gradient of earlier steps: nothing has set it to 0."
    more = _MORE if stepper.beside is None else ""
    both = "two" if n_uses == 2 else f"{n_uses}"
    return with_keys(f"{name} is used {_times(n_uses)}: the {both} gradients add.{more}")


def _times(number: int) -> str:
    return _TIMES.get(number, f"{number} times")


def _on_order(stepper: Stepper, node: Value) -> str:
    """Why a node had to wait until now."""
    early = stepper.taken_early(node)
    if early is None:
        return ""
    wrong = ""
    if number_text(early.wrong) != number_text(early.right):
        wrong = (
            f" and {stepper.names[early.receiver]}.grad would be {number_text(early.wrong)}, "
            f"not {number_text(early.right)}"
        )
    return (
        f"Only now, after all that use {stepper.names[node]} (topological order): earlier it would "
        f"pass on {number_text(early.passed_on)}{wrong}."
    )
