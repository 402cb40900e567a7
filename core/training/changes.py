"""What changed between two set-ups, in a few words for a mark on the loss curve."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

from ...datasets.dataset import Dataset
from .config import NetworkSpec, TrainingConfig
from .sabotage import SABOTAGES
from .setup import Setup

# The pace, the engine and what ends a run change no curve; what is hidden stays so.
_UNMARKED = frozenset(
    {"pace", "engine", "dtype", "stop_epochs", "stop_loss", "stop_patience", "hidden_sabotage"}
)


class Change(NamedTuple):
    """One setting that is another.

    Attributes:
        name: Which: `learning rate`.
        old: What it was: `0.03`.
        new: What it is.
    """

    name: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.name} {self.new}".rstrip()


def changes(old: Setup, new: Setup) -> list[Change]:
    """Every setting that differs, those that change no curve left out."""
    found = [*_changed(old.training, new.training), *_changed(old.network, new.network)]
    return found + _changed_data(old.dataset, new.dataset)


def describe_changes(old: Setup, new: Setup) -> str:
    """Names every setting that was changed, with its new value: `learning rate 0.1, loss hinge`."""
    return ", ".join(map(str, changes(old, new)))


def _changed_data(old: Dataset, new: Dataset) -> list[Change]:
    if new is old:
        return []
    if new.name != old.name:
        return [Change("data", old.name, new.name)]
    if new.n_samples != old.n_samples:
        return [Change("samples", str(old.n_samples), str(new.n_samples))]
    return [Change("other points", "", "")]


def _changed(old: TrainingConfig | NetworkSpec, new: TrainingConfig | NetworkSpec) -> list[Change]:
    pairs = [
        (field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(new)
    ]
    return [
        Change(name.replace("_", " "), _text(name, before), _text(name, after))
        for name, before, after in pairs
        if name not in _unmarked(new) and before != after
    ]


def _unmarked(new: TrainingConfig | NetworkSpec) -> frozenset[str]:
    """The settings that change no curve."""
    is_off = isinstance(new, TrainingConfig) and new.regularization == "none"
    return _UNMARKED | {"regularization_rate"} if is_off else _UNMARKED


def _text(name: str, setting: object) -> str:
    if name == "sabotage" and isinstance(setting, tuple):
        return ", ".join(SABOTAGES[mistake].title for mistake in setting) or "off"
    if name == "hidden" and setting == ():
        return "none"
    if isinstance(setting, tuple):
        return ",".join(map(_plain, setting)) or "default"
    return _plain(setting)


def _plain(part: object) -> str:
    return f"{part:g}" if isinstance(part, float) else str(part)
