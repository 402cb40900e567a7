"""The training pane: every knob, with its value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from ...core import LOSSES, OPTIMIZERS, SCHEDULES, Snapshot, TrainingConfig
from ...core.training import (
    ENGINES,
    LEARNING_RATES,
    PACES,
    REGULARIZATION_RATES,
    REGULARIZATIONS,
)
from ..messages import Complaint, TrainingChanged
from ..widgets.choice import Choice
from ..widgets.knob import Knob, parse_number
from .pane import Pane

LABEL_WIDTH = 14
VALUE_WIDTH = 8
BATCH_SIZES = (1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 100.0, 200.0)
PERIODS = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
WEIGHT_DECAYS = (0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1)
MOMENTA = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
MEAN_SQUARE_DECAYS = (0.5, 0.9, 0.99, 0.999, 0.9999)

# Which knobs mean something to which optimizer; the others are out of sight.
OPTIMIZER_KNOBS = {
    "momentum": ("momentum", "nesterov", "adam", "adamw"),
    "decay": ("rmsprop",),
    "beta2": ("adam", "adamw"),
    "weight_decay": ("adamw",),
}
_INTEGERS = ("batch_size", "schedule_epochs")


class TrainingPane(Pane):
    """Learning rate, batch, loss, optimizer, schedule, regularization, pace and engine."""

    TITLE = "Training"
    HELP_TEXT = (
        "Every knob of the training. All of them take hold at the next step, and none of them "
        "resets what was learned. Arrows turn a knob, enter types a value; [ and ] walk the "
        "learning rate along its list, { and } change it by a tenth, comma and full stop the pace."
    )

    def __init__(self, training: TrainingConfig, *, id: str) -> None:
        super().__init__(id=id)
        self._training = training
        # By the names of the settings.
        self._knobs: dict[str, Knob] = {}
        self._choices: dict[str, Choice] = {}

    def compose(self) -> ComposeResult:
        """One row a knob."""
        with VerticalScroll(can_focus=False):
            yield self._knob(
                "learning_rate",
                "learning rate",
                LEARNING_RATES,
                "How far each step goes along the gradient. Too large overshoots, "
                "too small crawls: try three times more, or a third.",
            )
            yield self._knob(
                "batch_size",
                "batch size",
                BATCH_SIZES,
                "Samples a step. Few make noisy steps and many of them, many make smooth ones.",
            )
            yield self._choice(
                "loss",
                "loss",
                ("auto", *LOSSES),
                "What is minimized. Auto takes squared error, and softmax "
                "cross-entropy for more than two classes.",
            )
            yield self._choice(
                "optimizer",
                "optimizer",
                OPTIMIZERS,
                "How gradients become updates. Adam often needs a smaller learning "
                "rate than sgd: try 0.01.",
            )
            yield self._knob(
                "momentum",
                "momentum",
                MOMENTA,
                "How much of the last update goes on; Adam's beta 1.",
            )
            yield self._knob(
                "decay",
                "decay",
                MEAN_SQUARE_DECAYS,
                "How long RMSProp remembers the size of gradients.",
            )
            yield self._knob(
                "beta2",
                "beta 2",
                MEAN_SQUARE_DECAYS,
                "How long Adam remembers the size of gradients.",
            )
            yield self._knob(
                "weight_decay",
                "weight decay",
                WEIGHT_DECAYS,
                "How fast AdamW shrinks the parameters.",
            )
            yield self._choice(
                "schedule",
                "schedule",
                SCHEDULES,
                "How the learning rate falls over the epochs: not at all, halved "
                "every period, along a cosine to zero, or as 1/t.",
            )
            yield self._knob(
                "schedule_epochs", "period", PERIODS, "The schedule's period, in epochs."
            )
            yield self._choice(
                "regularization",
                "regularize",
                REGULARIZATIONS,
                "A penalty on large weights: l2 shrinks them all, l1 makes many "
                "exactly zero. Try it against noise.",
            )
            yield self._knob(
                "regularization_rate",
                "at rate",
                REGULARIZATION_RATES,
                "How strong the penalty is: try 0.001.",
            )
            yield self._knob(
                "pace",
                "pace",
                PACES,
                "Epochs a second, so that learning can be watched; max is as fast as it goes.",
            )
            yield self._choice(
                "engine",
                "engine",
                ENGINES,
                "How gradients are computed: whole arrays, or one number at a time "
                "as a textbook does it, a thousand times slower.",
            )

    def _knob(self, name: str, label: str, stops: tuple[float, ...], tooltip: str) -> Knob:
        knob = self._knobs[name] = Knob(
            label,
            stops,
            float(getattr(self._training, name)),
            _FORMATS.get(name, _plain),
            _PARSERS.get(name, parse_number),
            label_width=LABEL_WIDTH,
            value_width=VALUE_WIDTH,
            tooltip=tooltip,
            id=name.replace("_", "-"),
        )
        return knob

    def _choice(self, name: str, label: str, values: object, tooltip: str) -> Choice:
        names = [str(v) for v in values]  # type: ignore[attr-defined]
        choice = self._choices[name] = Choice(
            label,
            [(v.replace("_", " "), v) for v in names],
            getattr(self._training, name),
            label_width=LABEL_WIDTH,
            tooltip=tooltip,
            id=name.replace("_", "-"),
        )
        return choice

    def on_mount(self) -> None:
        """Hides the knobs that do nothing yet."""
        super().on_mount()
        self._show_training(self._training)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the settings in force."""
        if snapshot.training is not self._training:
            self._show_training(snapshot.training)

    def restore(self) -> None:
        """Turns the knobs back."""
        self._show_training(self._training)

    def _show_training(self, training: TrainingConfig) -> None:
        self._training = training
        for field in fields(training):
            value = getattr(training, field.name)
            knob = self._knobs.get(field.name)
            if knob is not None and not knob.is_editing:
                knob.value = float(value)
            if field.name in self._choices:
                self._choices[field.name].value = value
        for name, optimizers in OPTIMIZER_KNOBS.items():
            self.query_one(f"#{name.replace('_', '-')}").display = training.optimizer in optimizers
        self.query_one("#schedule-epochs").display = training.schedule != "constant"
        self.query_one("#regularization-rate").display = training.regularization != "none"

    def on_knob_changed(self, event: Knob.Changed) -> None:
        """Hands on what was turned."""
        event.stop()
        name = str(event.knob.id).replace("-", "_")
        value = round(event.value) if name in _INTEGERS else event.value
        self.post_message(TrainingChanged({name: value}))

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        """Hands on what cannot be."""
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Hands on what was chosen."""
        event.stop()
        self.post_message(TrainingChanged({str(event.choice.id).replace("-", "_"): event.value}))


def _plain(value: float) -> str:
    return f"{value:.4g}"


def _pace(value: float) -> str:
    return "max" if math.isinf(value) else f"{value:g} ep/s"


def _parse_pace(text: str) -> float:
    return math.inf if text.strip().lower() in ("max", "inf") else parse_number(text)


def _parse_integer(text: str) -> float:
    number = parse_number(text)
    if number != int(number):
        raise ValueError(f"“{text}” is not a whole number.")
    return number


_FORMATS: dict[str, Callable[[float], str]] = {"pace": _pace}
_PARSERS: dict[str, Callable[[str], float]] = {
    "pace": _parse_pace,
    "batch_size": _parse_integer,
    "schedule_epochs": _parse_integer,
}
