"""The status bar: state, epoch, losses, accuracy, learning rate and speed, in one line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.widget import Widget

from ...core import Snapshot
from ...core.training.sabotage import SABOTAGES
from ..drawing.numbers import compact, loss_text, percent
from ..pane import Pane
from ..widgets.basics import is_ascii

STATE_GLYPHS = {"ready": "●", "training": "▶", "paused": "‖", "diverged": "✖", "failed": "✖"}
STATE_GLYPHS_ASCII = {"ready": "o", "training": ">", "paused": "=", "diverged": "x", "failed": "x"}
STATE = (
    "What training is doing. Space starts and pauses it; after it has diverged, r resets it to the "
    "same initial weights."
)
EPOCH = "How often the network has seen all training samples. Press e for one more epoch."
TRAIN_LOSS = (
    "The mean loss on the samples it learns from, without the regularization term. It should "
    "fall; if it does not, try another learning rate."
)
TEST_LOSS = (
    "The mean loss on samples it never learns from. If it rises while the training loss falls, the "
    "network overfits: try l2 regularization or more samples."
)
ACCURACY = (
    "The share of test samples that is classified correctly; of training samples if there are no "
    "test samples. Try to reach 97 %."
)
LEARNING_RATE = (
    "The learning rate in force, including the schedule's factor. [ and ] step through a list, "
    "{ and } change it by 10 %."
)
STEP = "How many updates the weights have had, one per mini-batch. Press s for one more."
SPEED = "Updates per second. Comma and full stop make it slower and faster."
ENGINE = (
    "What computes the gradients. Try scalar in the Training pane: one number at a time, as in a "
    "textbook."
)
REGULARIZATION = "The regularization term, which is added to the loss that training minimizes."
STATE_COLORS = {
    "ready": "$primary",
    "training": "$success",
    "paused": "$warning",
    "diverged": "$error",
    "failed": "$error",
}
_STATE_WIDTH = max(map(len, STATE_GLYPHS))


@dataclass(frozen=True, slots=True)
class Spacing:
    """How much room the fields take.

    Attributes:
        gap: Blanks between fields.
        count: Characters of an epoch.
        loss: Characters of a loss.
        accuracy: The label of the accuracy.
    """

    gap: int
    count: int
    loss: int
    accuracy: str


ROOMY = Spacing(gap=2, count=6, loss=8, accuracy="accuracy")
TIGHT = Spacing(gap=1, count=5, loss=6, accuracy="acc")
LEAST_ROOMY_WIDTH = 84
"""From this width on, the fields up to the learning rate fit with room around them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the line shows.

    Attributes:
        content: What is written.
        tooltip: What it is, and what to try.
    """

    content: Content
    tooltip: str


class StatusLine(Widget, can_focus=True):
    """One line of fields; the least important ones disappear first when it is narrow."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; }
    StatusLine:focus { background: $foreground 10%; }
    """

    snapshot: Snapshot | None = None
    # Where each visible field begins, and its tooltip.
    _places: tuple[tuple[int, str], ...] = ()

    def on_mount(self) -> None:
        self.tooltip = StatusPane.HELP_TEXT

    def render(self) -> RenderResult:
        if self.snapshot is None:
            return Content("")
        width = self.size.width
        spacing = ROOMY if width >= LEAST_ROOMY_WIDTH else TIGHT
        shown: list[Content] = []
        places = []
        used = 0
        for field in self._fields(self.snapshot, spacing):
            # Trailing blanks need no room.
            if used + field.content.rstrip().cell_length > width:
                break
            places.append((used, field.tooltip))
            shown.append(field.content)
            used += field.content.cell_length + spacing.gap
        self._places = tuple(places)
        return Content(" " * spacing.gap).join(shown)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        before = [tooltip for start, tooltip in self._places if start <= event.x]
        if before and self.tooltip != before[-1]:
            self.tooltip = before[-1]

    def _fields(self, snapshot: Snapshot, spacing: Spacing) -> Iterator[Field]:
        """The most important ones first."""
        yield self._state(snapshot)
        if snapshot.training.sabotage:
            yield _sabotage(snapshot)
        evaluation, width = snapshot.evaluation, spacing.loss
        has_no_test = math.isnan(evaluation.test_loss) and snapshot.state != "diverged"
        test = "-".rjust(width) if has_no_test else loss_text(evaluation.test_loss, width)
        yield _field("epoch", compact(snapshot.epoch, spacing.count), EPOCH)
        yield _field("train", loss_text(evaluation.train_loss, width), TRAIN_LOSS)
        yield _field("test", test, TEST_LOSS)
        accuracy = evaluation.test_accuracy
        if accuracy is None:
            accuracy = evaluation.train_accuracy
        if accuracy is not None:
            yield _field(spacing.accuracy, percent(accuracy), ACCURACY)
        yield _field("lr", f"{snapshot.learning_rate:<7.4g}", LEARNING_RATE)
        yield _field("step", compact(snapshot.step), STEP)
        yield _field("steps/s", compact(snapshot.steps_per_second), SPEED)
        yield _field("engine", snapshot.training.engine, ENGINE)
        yield _field("regularization", loss_text(evaluation.penalty), REGULARIZATION)

    def _state(self, snapshot: Snapshot) -> Field:
        ascii = is_ascii(self)
        glyph = (STATE_GLYPHS_ASCII if ascii else STATE_GLYPHS)[snapshot.state]
        state = f"{glyph} {snapshot.state:<{_STATE_WIDTH}}"
        return Field(Content.styled(state, f"bold {STATE_COLORS[snapshot.state]}"), STATE)


def _sabotage(snapshot: Snapshot) -> Field:
    first, *others = (SABOTAGES[name] for name in snapshot.training.sabotage)
    more = f" +{len(others)}" if others else ""
    said = " ".join(sabotage.breaks for sabotage in (first, *others))
    tooltip = f"A bug planted on purpose. {said} Remove it in the Training pane."
    return Field(Content.styled(f"bug: {first.title}{more}", "bold $text-error"), tooltip)


def _field(name: str, value: str, tooltip: str) -> Field:
    return Field(Content.assemble((name, "$text-muted"), " ", (value, "bold")), tooltip)


class StatusPane(Pane):
    """The status bar with its buttons."""

    TITLE = "Status"
    HELP_TEXT = (
        "What training is doing, the losses on training and test samples, the learning rate in "
        "force, and the speed. Click the buttons, or press space, s and r."
    )
    ALLOW_MAXIMIZE = False

    def compose(self) -> ComposeResult:
        yield StatusButton("▶", ">", "toggle_training", "Start or pause training (space)")
        yield StatusButton("⇥", "|", "step", "Train on one mini-batch, then pause (s)")
        yield StatusButton("↺", "r", "reset", "Back to epoch 0 and the same initial weights (r)")
        yield StatusLine()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        button = self.query(StatusButton).first()
        button.symbols = ("‖", "=") if snapshot.state == "training" else ("▶", ">")
        line = self.query_one(StatusLine)
        line.snapshot = snapshot
        line.refresh()


class StatusButton(Widget):
    """A symbol to click."""

    DEFAULT_CSS = """
    StatusButton { width: 3; height: 1; color: $primary; text-style: bold; }
    StatusButton:hover { background: $primary; color: $background; }
    """

    def __init__(self, symbol: str, ascii_symbol: str, action: str, tooltip: str) -> None:
        super().__init__(id=f"button-{action.replace('_', '-')}")
        self._symbols = (symbol, ascii_symbol)
        self._action = action
        self.tooltip = tooltip

    @property
    def symbols(self) -> tuple[str, str]:
        """The symbol, and its replacement in ASCII."""
        return self._symbols

    @symbols.setter
    def symbols(self, symbols: tuple[str, str]) -> None:
        if symbols != self._symbols:
            self._symbols = symbols
            self.refresh()

    def render(self) -> RenderResult:
        return f" {self._symbols[is_ascii(self)]} "

    async def on_click(self) -> None:
        await self.run_action(f"app.{self._action}")
