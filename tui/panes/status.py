"""The status bar: state, epoch, losses, accuracy, learning rate and speed, in one line."""

from __future__ import annotations

import math

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.widget import Widget

from ...core import Snapshot
from ..render.numbers import compact, loss_text, percent
from .pane import Pane

STATE_GLYPHS = {"ready": "●", "training": "▶", "paused": "‖", "diverged": "✖", "failed": "✖"}
STATE_GLYPHS_ASCII = {"ready": "o", "training": ">", "paused": "=", "diverged": "x", "failed": "x"}
STATE_COLORS = {
    "ready": "$primary",
    "training": "$success",
    "paused": "$warning",
    "diverged": "$error",
    "failed": "$error",
}
GAP = "  "
_STATE_WIDTH = max(map(len, STATE_GLYPHS))


class StatusLine(Widget, can_focus=True):
    """One line of fields; the least important ones go first when it is narrow."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; }
    StatusLine:focus { background: $foreground 10%; }
    """

    snapshot: Snapshot | None = None

    def render(self) -> RenderResult:
        """As many fields as there is room for."""
        if self.snapshot is None:
            return Content("")
        shown: list[Content] = []
        room = self.size.width
        for field in self._fields(self.snapshot):
            room -= field.cell_length + (len(GAP) if shown else 0)
            if room < 0:
                break
            shown.append(field)
        return Content(GAP).join(shown)

    def _fields(self, snapshot: Snapshot) -> list[Content]:
        evaluation = snapshot.evaluation
        ascii = bool(getattr(self.app, "ascii", False))
        glyph = (STATE_GLYPHS_ASCII if ascii else STATE_GLYPHS)[snapshot.state]
        color = STATE_COLORS[snapshot.state]
        state = f"{glyph} {snapshot.state:<{_STATE_WIDTH}}"
        fields = [
            Content.from_markup(f"[b {color}]$state[/]", state=state),
            _field("epoch", compact(snapshot.epoch)),
            _field("train", loss_text(evaluation.train_loss, 8)),
            _field(
                "test",
                "       -"
                if math.isnan(evaluation.test_loss) and snapshot.state != "diverged"
                else loss_text(evaluation.test_loss, 8),
            ),
            _field("lr", f"{snapshot.learning_rate:<7.4g}"),
        ]
        accuracy = evaluation.test_accuracy
        if accuracy is None:
            accuracy = evaluation.train_accuracy
        if accuracy is not None:
            fields.append(_field("accuracy", percent(accuracy)))
        fields.append(_field("step", compact(snapshot.step)))
        fields.append(_field("steps/s", compact(snapshot.steps_per_second)))
        fields.append(_field("engine", snapshot.training.engine))
        fields.append(_field("penalty", loss_text(evaluation.penalty, 8)))
        return fields


def _field(name: str, value: str) -> Content:
    return Content.assemble((name, "$text-muted"), " ", (value, "bold"))


class StatusPane(Pane):
    """The status bar with its buttons."""

    TITLE = "Status"
    HELP_TEXT = (
        "What the training is doing, the losses of the training and of the test samples, the "
        "learning rate now in force, and the speed. Click the buttons, or press space, s and r."
    )
    ALLOW_MAXIMIZE = False

    def compose(self) -> ComposeResult:
        """Buttons, then the fields."""
        yield StatusButton("▶", ">", "toggle_training", "Train or pause (space)")
        yield StatusButton("⇥", "|", "step", "Learn one mini-batch (s)")
        yield StatusButton("↺", "r", "reset", "Back to the same first weights (r)")
        yield StatusLine()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draws the fields."""
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
        """The symbol, and what stands for it in ASCII."""
        return self._symbols

    @symbols.setter
    def symbols(self, symbols: tuple[str, str]) -> None:
        if symbols != self._symbols:
            self._symbols = symbols
            self.refresh()

    def render(self) -> RenderResult:
        """The symbol in the middle."""
        return f" {self._symbols[bool(getattr(self.app, 'ascii', False))]} "

    async def on_click(self) -> None:
        """Does what its key does."""
        await self.run_action(f"app.{self._action}")
