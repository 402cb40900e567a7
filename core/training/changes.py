"""What changed between two configurations, in a few words for a mark on the loss curve."""

from __future__ import annotations

from dataclasses import fields

from ...datasets.dataset import Dataset
from .config import NetworkSpec, TrainingConfig
from .learner import Setup
from .sabotage import SABOTAGES

# The pace, the engine and what ends a run change no curve.
_UNMARKED = frozenset({"pace", "engine", "dtype", "stop_epochs", "stop_loss", "stop_patience"})


def describe_changes(old: Setup, new: Setup) -> str:
    """Names every knob that was turned, with its new value: `learning rate 0.1, loss hinge`."""
    words = [*_changed(old.training, new.training), *_changed(old.network, new.network)]
    words += _changed_data(old.dataset, new.dataset)
    return ", ".join(words)


def _changed_data(old: Dataset, new: Dataset) -> list[str]:
    if new is old:
        return []
    if new.name != old.name:
        return [f"data {new.name}"]
    if new.n_samples != old.n_samples:
        return [f"samples {new.n_samples}"]
    return ["other points"]


def _changed(old: TrainingConfig | NetworkSpec, new: TrainingConfig | NetworkSpec) -> list[str]:
    return [
        f"{field.name.replace('_', ' ')} {_text(field.name, getattr(new, field.name))}"
        for field in fields(new)
        if field.name not in _unmarked(new) and getattr(old, field.name) != getattr(new, field.name)
    ]


def _unmarked(new: TrainingConfig | NetworkSpec) -> frozenset[str]:
    """The knobs that change no curve."""
    is_off = isinstance(new, TrainingConfig) and new.regularization == "none"
    return _UNMARKED | {"regularization_rate"} if is_off else _UNMARKED


def _text(name: str, setting: object) -> str:
    if name == "sabotage" and isinstance(setting, tuple):
        return ", ".join(SABOTAGES[mistake].title for mistake in setting) or "off"
    if isinstance(setting, tuple):
        return ",".join(map(str, setting)) or "default"
    return f"{setting:g}" if isinstance(setting, float) else str(setting)
