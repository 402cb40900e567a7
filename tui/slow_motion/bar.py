"""SlowMotionBar: one update shown in five stages, each with what it did, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from ...core import Snapshot
from ...datasets import IntArray
from ..drawing.numbers import hundredths, loss_text, signed
from ..key_words import with_keys
from ..keys import bindings

if TYPE_CHECKING:
    from ...core.explain.slow_motion import SlowStep

STAGES: Final = ("forward", "loss", "backward", "gradient", "update")
UPDATE: Final = len(STAGES) - 1
WAITING: Final = "Waiting for the step ..."
MAX_LAYERS: Final = 6
MAX_OUTPUTS: Final = 4
NUMBER_WIDTH: Final = 9


class Phase(Enum):
    """What slow motion waits for."""

    OFF = auto()
    PAUSE = auto()
    STEP = auto()
    SHOWING = auto()


class SlowMotionBar(Static, can_focus=True):
    """A line with the stages, and two lines about the current one.

    The step is taken at once, but its snapshot is held back until the update is shown: until then
    all panes show the network before it. Anything else that happens to the session ends it.
    """

    DEFAULT_CSS = """
    SlowMotionBar {
        display: none;
        height: auto;
        max-height: 5;
        padding: 0 1;
        background: $primary-muted;
        color: $text;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        enter | slow-motion.next | next_stage | *Next stage |
        | Next of the five stages, and after the last one the next update
        escape | slow-motion.end | end | *End | End slow motion; the update stays
        """
    )

    @dataclass
    class Highlighted(Message):
        """What acts in this stage: samples, and columns of the diagram; nothing at the end."""

        rows: IntArray
        columns: Sequence[int] = ()

    @dataclass
    class Released(Message):
        """A snapshot was held back and has to be shown now."""

        snapshot: Snapshot

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = with_keys(
            "One update in slow motion: forward, loss, backward, gradient, update. Press "
            "S{slow-motion.start}, enter or click for the next stage; escape ends it."
        )
        self._phase = Phase.OFF
        self._stage = 0
        self._before: Snapshot | None = None
        self._held: Snapshot | None = None
        self._step: SlowStep | None = None
        # What had the focus, and what that is in: a list that was open closes without it.
        self._came_from: list[DOMNode] = []

    @property
    def is_on(self) -> bool:
        """Whether slow motion is on."""
        return self._phase is not Phase.OFF

    @property
    def stage(self) -> str | None:
        """The stage that is shown, if any."""
        return STAGES[self._stage] if self._phase is Phase.SHOWING else None

    def begin(self, snapshot: Snapshot) -> None:
        """Shows the next update, after the snapshot on the screen."""
        self.display = True
        self.update(WAITING)
        focused = self.screen.focused
        self._came_from = [] if focused is None else focused.ancestors_with_self
        self.focus()
        if snapshot.state == "training":
            self._phase = Phase.PAUSE
            # It may be paused by then.
            self.call_later(self.run_action, "app.pause")
        else:
            self._take_step(snapshot)

    def _take_step(self, before: Snapshot) -> None:
        self._phase, self._before = Phase.STEP, before
        self.call_later(self.run_action, "app.step")

    def holds_back(self, snapshot: Snapshot) -> bool:
        """Notes a snapshot, and says whether it has to wait."""
        match self._phase:
            case Phase.PAUSE if snapshot.state != "training":
                self._take_step(snapshot)
            case Phase.STEP:
                return self._shows_step(snapshot)
            case Phase.SHOWING if self._held is None or not _is_same_moment(self._held, snapshot):
                self._finish()
            case Phase.SHOWING:
                return self._stage < UPDATE
        return False

    def _shows_step(self, snapshot: Snapshot) -> bool:
        before, step = self._before, None
        if before is not None and snapshot.run_id == before.run_id:
            if snapshot.step == before.step and snapshot.failure is None:
                return False
            # Here, because few look at a step in slow motion.
            from ...core.explain.slow_motion import slow_step

            step = slow_step(snapshot) if snapshot.step == before.step + 1 else None
        if step is None:
            self._finish()
            return False
        self._step = step
        self._phase, self._stage, self._held = Phase.SHOWING, 0, snapshot
        self._show_stage()
        return True

    def on_resize(self) -> None:
        self._show_stage()

    def on_click(self) -> None:
        self.action_next_stage()

    def action_next_stage(self) -> None:
        if self._phase is not Phase.SHOWING or self._held is None:
            return
        if self._stage == UPDATE:
            self._take_step(self._held)
            return
        self._stage += 1
        self._show_stage()
        if self._stage == UPDATE:
            self.post_message(self.Released(self._held))

    def action_end(self) -> None:
        held, stage = self._held, self._stage
        self._finish()
        if held is not None and stage < UPDATE:
            self.post_message(self.Released(held))

    def _finish(self) -> None:
        self._phase, self._stage = Phase.OFF, 0
        self._before = self._held = self._step = None
        if self.has_focus:
            here = (
                node for node in self._came_from if isinstance(node, Widget) and node.is_attached
            )
            self.screen.set_focus(next((node for node in here if node.focusable), None))
        self.display = False
        self.post_message(self.Highlighted(np.zeros(0, dtype=np.int64)))

    def _show_stage(self) -> None:
        if self._step is None:
            return
        words = Content("").join(
            Content.styled(
                f" {number} {name} ", "reverse bold" if number == self._stage + 1 else ""
            )
            for number, name in enumerate(STAGES, start=1)
        )
        keys = Content.styled(with_keys("  S{slow-motion.start}: next, escape ends"), "dim")
        first = words + keys
        if first.cell_length > self.content_size.width:
            # The footer has them, too.
            first = words
        self.post_message(
            self.Highlighted(self._step.rows, acting_columns(self._step, self._stage))
        )
        lines = stage_lines(self._step, self._stage)
        self.update(Content("\n").join([first, *map(Content, lines)]))


def _is_same_moment(one: Snapshot, other: Snapshot) -> bool:
    """Whether nothing has happened to the session between two snapshots."""
    return (
        (one.run_id, one.step, one.state) == (other.run_id, other.step, other.state)
        and (one.training, one.network) == (other.training, other.network)
        and one.dataset is other.dataset
        and np.array_equal(one.parameters, other.parameters)
        and np.array_equal(one.frozen, other.frozen)
    )


# --- What each stage did, in two lines ---------------------------------------------------------


def acting_columns(step: SlowStep, stage: int) -> Sequence[int]:
    """The columns of the diagram that act in a stage, 0 for the inputs.

    The samples go through all of them; the loss is that of the output; the layers send it back, and
    all of them are moved. The gradient's is the layer of the steepest parameter, which is named.
    """
    last = len(step.layers)
    layers = range(1, last + 1)
    return (range(last + 1), (last,), layers, (step.steepest_layer,), layers)[stage]


def stage_lines(step: SlowStep, stage: int) -> tuple[str, str]:
    """Two lines on one stage, a place in `STAGES`."""
    return (_forward, _loss, _backward, _gradient, _update)[stage](step)


def _forward(step: SlowStep) -> tuple[str, str]:
    n = len(step.rows)
    samples = f"{n} samples go" if n != 1 else "1 sample goes"
    spreads = ", ".join(_by_layer(step, [f"{spread:.2g}" for spread in step.spreads]))
    outputs = ", ".join(map(hundredths, step.outputs[:MAX_OUTPUTS, 0].tolist()))
    more = ", ..." if n > MAX_OUTPUTS else ""
    return (
        f"{samples} through the network. Standard deviation of the outputs: {spreads}.",
        f"The network outputs {outputs}{more}; this batch is highlighted.",
    )


def _loss(step: SlowStep) -> tuple[str, str]:
    worst = step.worst
    return (
        "Comparing outputs with targets: the mean loss of this batch is "
        f"{_number(step.report.before)}.",
        f"The worst sample is number {step.rows[worst]}: {hundredths(step.outputs[worst, 0])} "
        f"instead of {hundredths(step.targets[worst, 0])}, loss {_number(step.worst_loss)}.",
    )


def _backward(step: SlowStep) -> tuple[str, str]:
    arriving = ", ".join(_by_layer(step, [f"{size:.2g}" for size in step.arriving])[::-1])
    return (
        "From the loss back to layer 1, by the chain rule. How strongly a sample's loss depends",
        f"on what a neuron puts out (root mean square): {arriving}.",
    )


def _gradient(step: SlowStep) -> tuple[str, str]:
    if step.is_spoiled:
        why = "A planted bug makes it wrong: what" if step.names_bugs else "What"
        return (
            f"{why} the optimizer gets is |gradient| = {_number(step.report.gradient_norm)}.",
            f"The steepest, so it says, is {step.steepest}: {_signed(step.steepest_gradient)}.",
        )
    return (
        f"The mean over the batch: |gradient| = {_number(step.report.gradient_norm)}.",
        f"The steepest is {step.steepest}: {_signed(step.steepest_gradient)}, so "
        f"{'raising' if step.steepest_gradient < 0.0 else 'lowering'} it helps most.",
    )


def _update(step: SlowStep) -> tuple[str, str]:
    report = step.report
    optimizer = "" if step.optimizer == "sgd" else f"by {step.optimizer}, "
    return (
        f"Learning rate {step.learning_rate:g}: {step.steepest} moves {optimizer}by "
        f"{_signed(step.steepest_update)}, |update| = {_number(report.update_norm)}.",
        f"The loss of this batch goes from {_number(report.before)} to {_number(report.after)} "
        f"({_signed(report.actual)}).",
    )


def _by_layer(step: SlowStep, texts: list[str]) -> list[str]:
    """A number for each layer in order; only the ends if there are many."""
    parts = [f"{name} {text}" for name, text in zip(step.layers, texts, strict=True)]
    half = MAX_LAYERS // 2
    return [*parts[:half], "...", *parts[-half:]] if len(parts) > MAX_LAYERS else parts


def _number(number: float) -> str:
    return loss_text(number, NUMBER_WIDTH).strip()


def _signed(number: float) -> str:
    return signed(number, NUMBER_WIDTH).strip()
