"""The training pane: every knob, with its value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Checkbox

from ...core import LOSSES, OPTIMIZERS, SCHEDULES, Snapshot, TrainingConfig
from ...core.training import ENGINES, LEARNING_RATES, PACES, REGULARIZATION_RATES, REGULARIZATIONS
from ...core.training.sabotage import SABOTAGES
from ..messages import Complaint, TrainingChanged
from ..pane import Pane
from ..widgets.choice import Choice
from ..widgets.knob import Knob, parse_number
from .fold import Fold
from .tick_box import TickBox

LABEL_WIDTH = 14
VALUE_WIDTH = 8
BATCH_SIZES = (1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 100.0, 200.0)
PERIODS = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
WEIGHT_DECAYS = (0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1)
MOMENTA = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
EPOCH_STOPS = (0.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
LOSS_STOPS = (0.0, 1e-4, 1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
OFF = "off"
NEVER = "stop by itself: never"
HEALTHY = "break it on purpose"
MEAN_SQUARE_DECAYS = (0.5, 0.9, 0.99, 0.999, 0.9999)

# Which knobs mean something to which optimizer; the others are out of sight.
OPTIMIZER_KNOBS = {
    "momentum": ("momentum", "nesterov", "adam", "adamw"),
    "decay": ("rmsprop",),
    "beta2": ("adam", "adamw"),
    "weight_decay": ("adamw",),
}
_INTEGERS = ("batch_size", "schedule_epochs", "stop_epochs", "stop_patience")
_BOX = "sabotage-"


class TrainingPane(Pane):
    """Every knob of the training, when it stops by itself, and mistakes to make on purpose."""

    TITLE = "Training"
    HELP_TEXT = (
        "Every knob of the training. All of them take hold at the next step, and none of them "
        "resets what was learned. Arrows turn a knob, enter types a value; [ and ] walk the "
        "learning rate along its list, { and } change it by a tenth, comma and full stop the pace. "
        "Two sections open with enter: when training stops by itself, and the classic mistakes of "
        "a training loop, to be made on purpose; the status bar shows them while they are on."
    )

    def __init__(self, training: TrainingConfig, *, id: str) -> None:
        super().__init__(id=id)
        self._training = training
        # By the names of the settings.
        self._knobs: dict[str, Knob] = {}
        self._choices: dict[str, Choice] = {}
        self._boxes: dict[str, TickBox] = {}

    def compose(self) -> ComposeResult:
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
            yield self._stop_conditions()
            yield self._sabotages()

    def _stop_conditions(self) -> Fold:
        return Fold(
            self._knob(
                "stop_epochs",
                "after epochs",
                EPOCH_STOPS,
                "Training pauses when it has seen all samples so often; 0 is off. Try 200 to "
                "compare two settings fairly.",
            ),
            self._knob(
                "stop_loss",
                "at loss",
                LOSS_STOPS,
                "Training pauses when the test loss has fallen to this; 0 is off. Try 0.02, which "
                "is a good fit on most of the data sets.",
            ),
            self._knob(
                "stop_patience",
                "no better for",
                EPOCH_STOPS,
                "Training pauses after so many epochs without a lower test loss, before it "
                "overfits; 0 is off. Try 50.",
            ),
            title=NEVER,
            tooltip="When training pauses by itself: after some epochs, at a loss, or when it no "
            "longer gets better. Enter or a click opens it; space trains on.",
            id="stops",
        )

    def _sabotages(self) -> Fold:
        for name, sabotage in SABOTAGES.items():
            self._boxes[name] = TickBox(
                sabotage.title,
                tooltip=f"{sabotage.breaks} Try it, watch the gradients, and untick it again.",
                id=f"{_BOX}{name}",
            )
        return Fold(
            *self._boxes.values(),
            title=HEALTHY,
            tooltip="Classic mistakes of a training loop, to see what each of them breaks. Enter "
            "or a click opens it; the status bar shows what is on.",
            id="sabotages",
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
        for name, box in self._boxes.items():
            box.show(name in training.sabotage)
        self._name_folds(training)
        for name, optimizers in OPTIMIZER_KNOBS.items():
            self.query_one(f"#{name.replace('_', '-')}").display = training.optimizer in optimizers
        self.query_one("#schedule-epochs").display = training.schedule != "constant"
        self.query_one("#regularization-rate").display = training.regularization != "none"

    def _name_folds(self, training: TrainingConfig) -> None:
        """Says in the titles what is on, which a closed section would hide."""
        stops, sabotages = self.query_one("#stops", Fold), self.query_one("#sabotages", Fold)
        conditions = [
            f"{word} {getattr(training, name):g}"
            for name, word in _CONDITIONS.items()
            if getattr(training, name)
        ]
        stops.title = f"stop at {', '.join(conditions)}" if conditions else NEVER
        mistakes = [SABOTAGES[name].title for name in training.sabotage]
        sabotages.title = f"broken: {', '.join(mistakes)}" if mistakes else HEALTHY
        sabotages.set_class(bool(mistakes), "-warning")

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        event.stop()
        mistakes = tuple(name for name, box in self._boxes.items() if box.value)
        if mistakes != self._training.sabotage:
            self.post_message(TrainingChanged({"sabotage": mistakes}))

    def on_knob_changed(self, event: Knob.Changed) -> None:
        event.stop()
        name = str(event.knob.id).replace("-", "_")
        value = round(event.value) if name in _INTEGERS else event.value
        self.post_message(TrainingChanged({name: value}))

    def on_knob_rejected(self, event: Knob.Rejected) -> None:
        event.stop()
        self.post_message(Complaint(event.sentence))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        event.stop()
        self.post_message(TrainingChanged({str(event.choice.id).replace("-", "_"): event.value}))


def _plain(value: float) -> str:
    return f"{value:.4g}"


def _epochs(value: float) -> str:
    return f"{value:.0f} ep" if value else OFF


def _loss(value: float) -> str:
    return f"{value:.4g}" if value else OFF


def _or_off(parse: Callable[[str], float]) -> Callable[[str], float]:
    """Reads what the knob shows, too."""
    return lambda text: 0.0 if text.lower() == OFF else parse(text.removesuffix("ep").strip())


def _pace(value: float) -> str:
    return "max" if math.isinf(value) else f"{value:g} ep/s"


def _parse_pace(text: str) -> float:
    return math.inf if text.strip().lower() in ("max", "inf") else parse_number(text)


def _parse_integer(text: str) -> float:
    number = parse_number(text)
    if number != int(number):
        raise ValueError(f"“{text}” is not a whole number.")
    return number


# Conditions, and how the title of their section calls them.
_CONDITIONS = {"stop_epochs": "epoch", "stop_loss": "loss", "stop_patience": "no gain in"}
_FORMATS: dict[str, Callable[[float], str]] = {
    "pace": _pace,
    "stop_epochs": _epochs,
    "stop_loss": _loss,
    "stop_patience": _epochs,
}
_PARSERS: dict[str, Callable[[str], float]] = {
    "pace": _parse_pace,
    "batch_size": _parse_integer,
    "schedule_epochs": _parse_integer,
    "stop_epochs": _or_off(_parse_integer),
    "stop_loss": _or_off(parse_number),
    "stop_patience": _or_off(_parse_integer),
}
