"""The Training pane: every setting of the training, stop conditions, bugs, rate factors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size

from ...core import LOSSES, OPTIMIZERS, SCHEDULES, Snapshot, TrainingConfig
from ...core.training import ENGINES, LEARNING_RATES, PACES, REGULARIZATION_RATES, REGULARIZATIONS
from ...core.training.config import AUTO
from ...core.training.sabotage import SABOTAGES
from ..keys import bindings
from ..messages import Complaint, RaceWanted, TrainingChanged
from ..pane import Pane
from ..widgets.settings import (
    Choice,
    Number,
    Section,
    Setting,
    Tick,
    format_number,
    parse_number,
    parse_whole,
)
from ..widgets.settings_list import SettingsList
from .race_field import RaceField

NO_STOP: Final = "stop condition: none"
NO_BUG: Final = "plant a bug"
_OFF: Final = "off"

_MEAN_SQUARE_DECAYS: Final = (0.5, 0.9, 0.99, 0.999, 0.9999)
_EPOCH_STOPS: Final = (0.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)

NUMBERS: Final[dict[str, tuple[float, ...]]] = {
    "learning_rate": LEARNING_RATES,
    "batch_size": (1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 100.0, 200.0),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "decay": _MEAN_SQUARE_DECAYS,
    "beta2": _MEAN_SQUARE_DECAYS,
    "weight_decay": (0.0, 1e-4, 1e-3, 0.01, 0.03, 0.1),
    "schedule_epochs": (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0),
    "regularization_rate": REGULARIZATION_RATES,
    "pace": PACES,
    "stop_epochs": _EPOCH_STOPS,
    "stop_loss": (0.0, 1e-4, 1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2),
    "stop_patience": _EPOCH_STOPS,
}
"""The settings that are numbers, by their names in `TrainingConfig`, with the stops of each."""

CHOICES: Final[dict[str, Iterable[str]]] = {
    "loss": (AUTO, *LOSSES),
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "regularization": REGULARIZATIONS,
    "engine": ENGINES,
}
"""The settings that are names, with the values of each."""

SETTINGS: Final = """
    learning_rate | learning rate | How far each step goes along the gradient. Too large
        | overshoots, too small crawls: try three times more, or a third.
    batch_size | batch size | Samples a step. Small batches make many noisy steps, large ones few
        | smooth steps.
    loss | loss | What is minimized. Auto takes squared error, and softmax cross-entropy for more
        | than two classes.
    optimizer | optimizer | How gradients become updates. Adam often needs a smaller learning rate
        | than sgd.
    momentum | momentum | How much of the last update goes on; Adam's beta 1.
    decay | decay | How long RMSProp remembers the size of gradients.
    beta2 | beta 2 | How long Adam remembers the size of gradients.
    weight_decay | weight decay | How fast AdamW shrinks the parameters.
    schedule | schedule | How the learning rate falls over the epochs: not at all, halved every
        | period, along a cosine to zero, or as 1/t.
    schedule_epochs | period | The schedule's period, in epochs.
    regularization | regularization | A term of the loss that keeps weights small: l2 shrinks them
        | all, l1 makes many exactly zero. Try it against noise.
    regularization_rate | strength | The weight of the regularization term in the loss: begin with
        | the smallest.
    pace | pace | Epochs a second, so that you can watch it learn; max is as fast as it goes.
    engine | engine | What takes the steps. Auto begins on the tape and goes over to compiled,
        | native code made for this network, once that is faster; the status bar says which is on.
        | Array builds the graph again each step. Scalar computes one number at a time as in a
        | textbook, a thousand times slower.
"""
"""The settings from top to bottom: name, label, tooltip; `|` continues a tooltip."""

STOP_CONDITIONS: Final = """
    stop_epochs | after epochs | Training pauses after this many passes over all samples; 0 is off.
        | Try 200 to compare two settings fairly.
    stop_loss | at loss | Training pauses when the test loss has fallen to this; 0 is off. Try
        | 0.02, a good fit on most data sets.
    stop_patience | patience | Early stopping: training pauses after this many epochs without a
        | lower test loss, before it overfits; 0 is off. Try 50.
"""

MOST_FACTORS: Final = 12
"""So many layers have a knob for their learning rate here."""
FACTOR_STOPS: Final = (0.0, 1e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
SAME_RATE: Final = "rate factors: all 1"
FACTORS_TOOLTIP: Final = (
    "What the learning rate is multiplied by in each layer. Enter or a click opens it. A factor "
    "of 0 stops a layer from learning; a smaller one for the first layers slows them down."
)
FACTOR_TOOLTIP: Final = (
    "The learning rate of this layer is so many times that of the others: 1 is the usual one, 0 "
    "leaves the layer as it is. Try 0.1 against 10 in another layer."
)
_FACTOR: Final = "rate-factor-"

STOPS_TOOLTIP: Final = (
    "When training pauses by itself: after some epochs, at a loss, or when it no longer improves. "
    "Enter or a click opens it; space{train.toggle} resumes training."
)
BUGS_TOOLTIP: Final = (
    "Classic mistakes in a training loop, to see what each of them breaks. Enter or a click opens "
    "it; the status bar shows which are on."
)

# Which settings mean something to which optimizer; the others are hidden.
OPTIMIZER_SETTINGS: Final = {
    "momentum": ("momentum", "nesterov", "adam", "adamw"),
    "decay": ("rmsprop",),
    "beta2": ("adam", "adamw"),
    "weight_decay": ("adamw",),
}
_INTEGERS: Final = ("batch_size", "schedule_epochs", "stop_epochs", "stop_patience")
# How the title of the section names the conditions that are on.
_CONDITIONS: Final = {"stop_epochs": "epoch", "stop_loss": "loss", "stop_patience": "patience"}


class TrainingPane(Pane):
    """Every setting of the training, its stop conditions, bugs to plant, and rate factors."""

    TITLE = "Training"
    HELP_TEXT = (
        "Every setting of the training. Each takes effect at the next step, and none of them "
        "resets what the network has learned. Up and down go from one to the next, left and right "
        "change it, enter types a value or opens a list; [{rate.lower} and ]{rate.higher} step the "
        "learning rate through its list, {{rate.finer-lower} and }{rate.finer-higher} change it by "
        "a tenth, ,{pace.slower} and .{pace.faster} change the pace. Enter opens the three "
        "sections below: conditions that pause training, the classic bugs of a training loop to "
        "plant (the status bar shows which are on), and a rate factor for each layer. "
        "v{training.race} races some values of the setting at the cursor: each becomes a lane that "
        "goes on from here."
    )

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        v | training.race | race_values | *Race |
        | Type some values of the setting at the cursor: each goes on as a lane of its own
        escape | training.leave | leave_race | Leave | Race no values
        """
    )

    def __init__(self, training: TrainingConfig, n_layers: int, *, id: str) -> None:
        super().__init__(id=id)
        self._training, self._n_layers = training, n_layers
        self._meanings: dict[str, str] = {}

    def lines_wanted(self, width: int) -> int:
        controls, frame = self.query_one(VerticalScroll), self.gutter
        cells = Size(width - frame.width, self.app.size.height)
        return controls.get_content_height(cells, self.app.size, cells.width) + frame.height

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            training = self._training
            n_layers = self._n_layers
            settings = SettingsList(tuple(_settings(n_layers)), _values(training, n_layers))
            settings.show({}, hidden=_hidden(training), alarms=_alarms(training))
            yield settings
        yield RaceField(id="race-values")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        n_layers = len(snapshot.activations)
        if n_layers != self._n_layers:
            self._n_layers = n_layers
            values = _values(snapshot.training, n_layers)
            self.query_one(SettingsList).offer(tuple(_settings(n_layers)), values)
        meanings = _meanings(snapshot)
        if snapshot.training is not self._training or meanings != self._meanings:
            self._meanings = meanings
            self.show_training(snapshot.training)

    def restore(self) -> None:
        self.show_training(self._training)

    def show_training(self, training: TrainingConfig) -> None:
        """Shows settings."""
        self._training = training
        values, meanings = asdict(training), self._meanings
        self.query_one(SettingsList).show(
            _values(training, self._n_layers),
            hidden=_hidden(training),
            alarms=_alarms(training),
            meanings={name: meanings[name] for name in meanings if values[name] == AUTO},
        )

    # --- Racing --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "leave_race":
            return self.query_one(RaceField).is_open
        if action == "race_values":
            return not self.query_one(RaceField).is_open
        return super().check_action(action, parameters)

    def action_race_values(self) -> None:
        settings = self.query_one(SettingsList)
        setting = next((s for s in settings.settings if s.name == settings.cursor), None)
        if isinstance(setting, Number | Choice):
            self.query_one(RaceField).open(setting, settings.value(setting.name))
        else:
            self.post_message(Complaint("Go to a number or a name first: others can't be raced."))

    def action_leave_race(self) -> None:
        self.query_one(RaceField).close()
        self.query_one(SettingsList).focus()

    def on_race_field_typed(self, event: RaceField.Typed) -> None:
        event.stop()
        name, values = event.setting, event.values
        self.action_leave_race()
        values = [round(value) for value in values] if name in _INTEGERS else values
        self.post_message(RaceWanted(name, values))

    def on_settings_list_changed(self, event: SettingsList.Changed) -> None:
        event.stop()
        name, value = event.name, event.value
        if name in SABOTAGES:
            bugs = set(self._training.sabotage) ^ {name}
            self.post_message(TrainingChanged({"sabotage": tuple(bugs)}))
        elif name.startswith(_FACTOR):
            factors = list(self._training.factors_of(self._n_layers))
            factors[int(name.removeprefix(_FACTOR)) - 1] = value
            # Those of layers that are gone wait for them.
            factors += self._training.rate_factors[self._n_layers :]
            self.post_message(TrainingChanged({"rate_factors": tuple(factors)}))
        else:
            value = round(value) if name in _INTEGERS else value
            self.post_message(TrainingChanged({name: value}))


def _settings(n_layers: int) -> Iterator[Setting]:
    """All of them, from top to bottom, for a network of so many layers."""
    yield from _read(SETTINGS)
    conditions = list(_read(STOP_CONDITIONS))
    yield Section("stops", "", STOPS_TOOLTIP, frozenset(setting.name for setting in conditions))
    yield from conditions
    yield Section("sabotages", "", BUGS_TOOLTIP, frozenset(SABOTAGES))
    for name, bug in SABOTAGES.items():
        tip = f"{bug.breaks} Try it, watch the gradients, and untick it again."
        yield Tick(name, bug.title, tip)
    names = [f"{_FACTOR}{n}" for n in range(1, min(n_layers, MOST_FACTORS) + 1)]
    yield Section("rate_factors", "", FACTORS_TOOLTIP, frozenset(names), stays_closed=True)
    for n, name in enumerate(names, 1):
        label = f"layer {n}" if n < n_layers else "output"
        yield Number(name, label, FACTOR_TOOLTIP, FACTOR_STOPS, _plain, parse_number)


def _read(table: str) -> Iterator[Setting]:
    for line in re.sub(r"\n\s*\|", "", table).strip().splitlines():
        name, label, tooltip = map(str.strip, line.split("|"))
        if name in CHOICES:
            options = [(option.replace("_", " "), option) for option in CHOICES[name]]
            yield Choice(name, label, tooltip, options)
        else:
            notation = _NOTATIONS.get(name, (_plain, parse_number))
            yield Number(name, label, tooltip, NUMBERS[name], *notation)


def _values(training: TrainingConfig, n_layers: int) -> dict[str, Any]:
    """What the settings show; the titles say what is on, also while the sections are closed."""
    conditions = [
        f"{word} {getattr(training, name):g}"
        for name, word in _CONDITIONS.items()
        if getattr(training, name)
    ]
    factors = training.factors_of(n_layers)
    listed = ", ".join(map(_plain, factors))
    bugs = [SABOTAGES[name].title for name in training.sabotage]
    return {
        **asdict(training),
        **{name: name in training.sabotage for name in SABOTAGES},
        "stops": f"stop: {', '.join(conditions)}" if conditions else NO_STOP,
        **{f"{_FACTOR}{n}": factor for n, factor in enumerate(factors, 1)},
        "rate_factors": SAME_RATE if set(factors) == {1.0} else f"rate factors: {listed}",
        "sabotages": f"bug: {', '.join(bugs)}" if bugs else NO_BUG,
    }


def _meanings(snapshot: Snapshot) -> dict[str, str]:
    """What "auto" stands for now."""
    return {"loss": snapshot.loss.replace("_", " "), "engine": snapshot.engine}


def _hidden(training: TrainingConfig) -> set[str]:
    """The settings that mean nothing now."""
    hidden = {name for name, users in OPTIMIZER_SETTINGS.items() if training.optimizer not in users}
    if training.schedule == "constant":
        hidden.add("schedule_epochs")
    if training.regularization == "none":
        hidden.add("regularization_rate")
    return hidden


def _alarms(training: TrainingConfig) -> set[str]:
    return {"sabotages", *training.sabotage} if training.sabotage else set()


def _plain(value: float) -> str:
    return f"{value:.4g}"


def _pace(value: float) -> str:
    return "max" if math.isinf(value) else f"{format_number(value)} ep/s"


def _parse_pace(text: str) -> float:
    return math.inf if text.lower() in ("max", "inf") else parse_number(text)


def _epochs(value: float) -> str:
    return f"{value:.0f} ep" if value else _OFF


def _loss(value: float) -> str:
    return _plain(value) if value else _OFF


def _or_off(parse: Callable[[str], float]) -> Callable[[str], float]:
    return lambda text: 0.0 if text.lower() == _OFF else parse(text.removesuffix("ep").strip())


# How values are shown, and how typed ones are read.
_NOTATIONS: Final[dict[str, tuple[Callable[[float], str], Callable[[str], float]]]] = {
    "pace": (_pace, _parse_pace),
    "batch_size": (_plain, parse_whole),
    "schedule_epochs": (_plain, parse_whole),
    "stop_epochs": (_epochs, _or_off(parse_whole)),
    "stop_loss": (_loss, _or_off(parse_number)),
    "stop_patience": (_epochs, _or_off(parse_whole)),
}
