"""The status bar: state, epoch, losses, accuracy, learning rate and speed, in one line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.markup import escape
from textual.reactive import reactive
from textual.widget import Widget

from ...core import Snapshot, TrainingConfig
from ...core.training.sabotage import SABOTAGES
from ..drawing.canvas import cut_middle
from ..drawing.fitting import fitting
from ..drawing.numbers import compact, loss_text, percent
from ..key_words import with_keys
from ..pane import Pane
from ..past import last_epoch, what_to_do, where_in_time
from ..widgets.basics import is_ascii

STATES: Final = {
    "ready": ("●", "o", "$primary"),
    "training": ("▶", ">", "$success"),
    "paused": ("‖", "=", "$warning"),
    "diverged": ("✖", "x", "$error"),
    "failed": ("✖", "x", "$error"),
}
"""The symbol of each state, its replacement in ASCII, and its colour."""
PAST: Final = ("◀", "<", "$accent")
"""Likewise, of a moment that is not the last, and of the way to one."""
STATE_TOOLTIP: Final = (
    "What training is doing. space{train.toggle} starts and pauses it; after it has diverged, "
    "r{train.reset} resets it to the same initial weights."
)
TOOLTIPS: Final = {
    "epoch": (
        "How often the network has seen all training samples. Press e{train.epoch} for one more "
        "epoch."
    ),
    "train": "The mean loss on the samples it learns from, without the regularization term. It "
    "should fall; if it does not, try another learning rate.",
    "test": "The mean loss on samples it never learns from. If it rises while the training loss "
    "falls, the network overfits: try l2 regularization or more samples.",
    "accuracy": "The share of test samples that is classified correctly; of training samples if "
    "there are no test samples. Try to reach 97 %.",
    "lr": "The learning rate in force, including the schedule's factor. [{rate.lower} and "
    "]{rate.higher} step through a list, {{rate.finer-lower} and }{rate.finer-higher} change "
    "it by 10 %.",
    "step": (
        "How many updates the weights have had, one per mini-batch. Press s{train.step} for one "
        "more."
    ),
    "steps/s": "Updates per second. Comma and full stop make it slower and faster.",
    "file": (
        "The file of this run, with a star if the run has changed since. Press ctrl+s{run.save} to "
        "save."
    ),
    "engine": "What takes the steps: compiled is native code made for this network, tape a "
    "recorded step. Try scalar in the Training pane: one number at a time, as in a textbook.",
    "regularization": "The regularization term, added to the loss that training minimizes.",
}
"""What each field is, and what to try."""
RANKS: Final = (
    *("state", "bug", "epoch", "train", "test", "lr", "accuracy"),
    *("past", "file", "engine", "step", "steps/s", "regularization"),
)
"""The most important field first; the last ones disappear first when it is narrow.

The step is called past where it is not the last.
"""
FASTER: Final = "pip install"
"""What a reason to stay on the tape says where the user can do something about it, once."""
_STATE_WIDTH: Final = max(map(len, STATES))


class Spacing(NamedTuple):
    """How much room the fields take.

    Attributes:
        gap: Blanks between fields.
        epoch: Characters of an epoch.
        loss: Characters of a loss.
        accuracy: The label of the accuracy.
    """

    gap: int
    epoch: int
    loss: int
    accuracy: str


class Field(NamedTuple):
    """One thing that the bar says: its name in `RANKS`, what is written, and its tooltip."""

    name: str
    content: Content
    tooltip: str


ROOMY: Final = Spacing(gap=2, epoch=6, loss=8, accuracy="accuracy")
TIGHT: Final = Spacing(gap=1, epoch=5, loss=6, accuracy="acc")
MOST_OF_A_NAME: Final = 18
LEAST_ROOMY_WIDTH: Final = 84
"""From this width on, the fields up to the learning rate fit with room around them."""


class StatusLine(Widget, can_focus=True):
    """One line of fields; the least important ones disappear first when it is narrow."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; }
    StatusLine:focus { background: $surface-active; text-style: underline; }
    """

    snapshot: Snapshot | None = None
    file: str = ""
    # Where each visible field begins, and its tooltip.
    _places: tuple[tuple[int, str], ...] = ()

    def on_mount(self) -> None:
        self.tooltip = with_keys(StatusPane.HELP_TEXT)
        # Looking for links would take a third of the time of drawing it.
        self.auto_links = False

    def render(self) -> RenderResult:
        return self._write(self.shared(self.size.width)[0])

    def shared(self, width: int) -> tuple[list[Field], list[Field]]:
        """The fields that a line of that many cells has room for, and the others."""
        if self.snapshot is None:
            return [], []
        fields = list(self._fields(self.snapshot, _spacing(width)))
        shown = _fitting(fields, width)
        return shown, [field for field in fields if field not in shown]

    def _write(self, fields: Sequence[Field]) -> Content:
        gap = _spacing(self.size.width).gap
        places, used = [], 0
        for field in fields:
            places.append((used, field.tooltip))
            used += field.content.cell_length + gap
        self._places = tuple(places)
        return Content(" " * gap).join(field.content for field in fields)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        before = [tooltip for start, tooltip in self._places if start <= event.x]
        if before and self.tooltip != before[-1]:
            self.tooltip = before[-1]

    def _fields(self, snapshot: Snapshot, spacing: Spacing) -> Iterator[Field]:
        """All of them, from left to right."""
        word, (*symbols, color), tooltip = _state(snapshot)
        state = f"{symbols[is_ascii(self)]} {word:<{_STATE_WIDTH}}"
        yield Field("state", Content.styled(state, f"bold {color}"), tooltip)
        if snapshot.training.sabotage:
            yield Field("bug", *_planted_bugs(snapshot.training.sabotage))
        for name, text in _texts(snapshot, spacing, self.file).items():
            if text:
                label = spacing.accuracy if name == "accuracy" else name
                content = Content.assemble((label, "$text-muted"), " ", (text, "bold"))
                # Square brackets would be markup.
                why = f" {escape(snapshot.why_on_tape)}" if name == "engine" else ""
                is_past = name == "step" and where_in_time(snapshot)
                rank = "past" if is_past else name
                yield Field(rank, content, f"{with_keys(TOOLTIPS[name])}{why}".rstrip())


class MoreStatus(StatusLine, can_focus=False):
    """The fields that the status bar has no room for, beside the tabs."""

    def render(self) -> RenderResult:
        bar = self.screen.query_one("#status StatusLine", StatusLine)
        self.snapshot, self.file = bar.snapshot, bar.file
        left_out = bar.shared(bar.size.width)[1]
        return self._write(_fitting(left_out, self.size.width))


def _spacing(width: int) -> Spacing:
    return ROOMY if width >= LEAST_ROOMY_WIDTH else TIGHT


def _fitting(fields: Sequence[Field], width: int) -> list[Field]:
    """The fields that fit, the most important ones before others."""
    ranks = sorted(range(len(fields)), key=lambda place: RANKS.index(fields[place].name))
    widths = [field.content.cell_length for field in fields]
    return [fields[place] for place in fitting(widths, width, gap=_spacing(width).gap, ranks=ranks)]


def _state(snapshot: Snapshot) -> tuple[str, tuple[str, str, str], str]:
    """The word for what it is doing, its symbols and colour, and its tooltip."""
    state = snapshot.state
    if state not in ("paused", "ready") or not (where := where_in_time(snapshot)):
        return state, STATES[state], with_keys(STATE_TOOLTIP)
    can_do = ", ".join(
        (*what_to_do(snapshot), with_keys("backspace{time.back} goes back by one mini-batch"))
    )
    tooltip = f"Step {where}: {can_do}."
    return "past" if snapshot.goal is None else "seeking", PAST, tooltip


def _epoch(snapshot: Snapshot, spacing: Spacing) -> str:
    """The epoch; of how many, if the run went on from there."""
    epoch, future = compact(snapshot.epoch, spacing.epoch), snapshot.future
    last = None if future is None else last_epoch(future.curves)
    if last is None or last <= snapshot.epoch:
        return epoch
    between = "/" if spacing is TIGHT else " of "
    return f"{epoch.strip()}{between}{compact(last).strip()}".rjust(spacing.epoch)


def _texts(snapshot: Snapshot, spacing: Spacing, file: str) -> dict[str, str]:
    """What is written for each name in `TOOLTIPS`; empty where it does not exist."""
    evaluation, width = snapshot.evaluation, spacing.loss
    has_no_test = math.isnan(evaluation.test_loss) and snapshot.state != "diverged"
    accuracy = evaluation.test_accuracy
    if accuracy is None:
        accuracy = evaluation.train_accuracy
    return {
        "epoch": _epoch(snapshot, spacing),
        "train": loss_text(evaluation.train_loss, width),
        "test": "-".rjust(width) if has_no_test else loss_text(evaluation.test_loss, width),
        "accuracy": "" if accuracy is None else percent(accuracy),
        "lr": f"{snapshot.learning_rate:<7.4g}",
        "step": where_in_time(snapshot) or compact(snapshot.step),
        "steps/s": compact(snapshot.steps_per_second),
        "file": file,
        "engine": f"{snapshot.engine:<8}",
        "regularization": loss_text(evaluation.regularization_term),
    }


def _planted_bugs(names: tuple[str, ...]) -> tuple[Content, str]:
    bugs = [SABOTAGES[name] for name in names]
    more = f" +{len(bugs) - 1}" if len(bugs) > 1 else ""
    broken = " ".join(bug.breaks for bug in bugs)
    tooltip = f"A bug planted on purpose. {broken} Remove it in the Training pane."
    return Content.styled(f"bug: {bugs[0].title}{more}", "bold $text-error"), tooltip


class StatusPane(Pane):
    """The status bar with its buttons."""

    TITLE = "Status"
    HELP_TEXT = (
        "What training is doing, the losses on training and test samples, the learning rate in "
        "force, and the speed. Click the buttons, or press space{train.toggle}, s{train.step} and "
        "r{train.reset}. backspace{time.back} goes back by one mini-batch; then it says past, and "
        "N{time.forward} goes forward."
    )
    ALLOW_MAXIMIZE = False

    def compose(self) -> ComposeResult:
        yield StatusButton(
            "▶",
            ">",
            "toggle_training",
            with_keys("Start or pause training (space{train.toggle})"),
        )
        yield StatusButton(
            "⇥", "|", "step", with_keys("Train on one mini-batch, then pause (s{train.step})")
        )
        yield StatusButton(
            "↺",
            "r",
            "reset",
            with_keys("Back to epoch 0 and the same initial weights (r{train.reset})"),
        )
        yield StatusLine()

    _has_said_why = False

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if FASTER in snapshot.why_on_tape and not self._has_said_why:
            self._has_said_why = True
            self.notify(snapshot.why_on_tape, title="Training can be faster", markup=False)
        button = self.query(StatusButton).first()
        button.symbols = ("‖", "=") if snapshot.state == "training" else ("▶", ">")
        self.query_one(StatusLine).snapshot = snapshot
        self._write()

    def _write(self) -> None:
        for line in self.screen.query(StatusLine):
            line.refresh()

    def show_training(self, training: TrainingConfig) -> None:
        """Shows the learning rate of settings that no snapshot has yet."""
        line = self.query_one(StatusLine)
        before = line.snapshot
        if before is not None and before.training != training:
            factor = before.learning_rate / before.training.learning_rate
            rate = training.learning_rate * factor
            line.snapshot = replace(before, training=training, learning_rate=rate)
            self._write()

    def show_file(self, name: str, *, is_changed: bool) -> None:
        """Shows a file's name, with a star if what it holds has changed since."""
        line = self.query_one(StatusLine)
        shown = cut_middle(name, MOST_OF_A_NAME, ascii=is_ascii(self))
        file = f"{shown}{'*' if is_changed else ' '}" if name else ""
        if file != line.file:
            line.file = file
            self._write()


class StatusButton(Widget):
    """A symbol to click."""

    DEFAULT_CSS = """
    StatusButton { width: 3; height: 1; color: $primary; text-style: bold; }
    StatusButton:hover { background: $primary; color: $background; }
    """

    symbols: reactive[tuple[str, str]] = reactive(("", ""))
    """The symbol, and its replacement in ASCII."""

    def __init__(self, symbol: str, ascii_symbol: str, action: str, tooltip: str) -> None:
        super().__init__(id=f"button-{action.replace('_', '-')}")
        self.symbols = (symbol, ascii_symbol)
        self._action = action
        self.tooltip = tooltip

    def render(self) -> RenderResult:
        return f" {self.symbols[is_ascii(self)]} "

    async def on_click(self) -> None:
        await self.run_action(f"app.{self._action}")
