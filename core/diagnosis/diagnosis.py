"""Diagnosis: what is to be said of a snapshot, decided once for every text on the screen."""

from __future__ import annotations

import math
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from ..training.snapshot import Snapshot
from ..training.units import UnitNotes
from .case import Case
from .causes import CRAWL, REST, Finding, find_causes, planted_bugs, why_diverged, why_stalled
from .layers import LayerHealth, layer_health
from .parameters import VERDICTS, verdicts
from .progress import progress_of

Condition = Literal[
    "too early to say",
    "learning",
    "learned",
    "stalled",
    "underfitting",
    "overfitting",
    "over-regularized",
    "diverging",
    "diverged",
    "sabotaged",
    "failed",
]

# Where nothing is wrong. Only there may a text say so.
WELL: Final = ("learning", "learned")
OK: Final = "ok"
NO_VERDICT: Final = "-"
"""Of a part of a network that is not well, where nothing is known to be wrong with the part."""

# What a first finding makes of the condition; any other one means that it is stalled.
_CONDITIONS: Final[dict[str, Condition]] = {
    "overfitting": "overfitting",
    "over-regularized": "over-regularized",
    "too small": "underfitting",
    "rate too high": "diverging",
}
# The verdicts on parameters that need a finding, or a condition, that says the same.
_NEEDS: Final = {
    "vanishing": ("vanishing",),
    "exploding": ("rate too high", "diverged"),
    "dead": ("dead",),
}


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """What is to be said of a snapshot.

    Attributes:
        condition: How the run is.
        findings: What is wrong, the most likely cause first.
        layers: Each layer's numbers, the output's last.
    """

    condition: Condition
    findings: tuple[Finding, ...]
    layers: tuple[LayerHealth, ...]

    @property
    def headline(self) -> str:
        """All of it in a few words."""
        if self.condition in WELL:
            return "no problem found"
        if self.condition in ("diverged", "failed") or not self.findings:
            return self.condition
        return self.findings[0].word

    @property
    def layer_words(self) -> tuple[str, ...]:
        """A word on each layer: what is wrong there, `OK` or `NO_VERDICT`."""
        found = {k: finding.word for finding in self.findings[::-1] for k in finding.layers}
        return tuple(found.get(k, self._fine) for k in range(len(self.layers)))

    @property
    def parameter_words(self) -> tuple[str, ...]:
        """The words for the codes of `parameter_codes`."""
        return (self._fine, *VERDICTS[1:])

    def parameter_codes(
        self, gradients: FloatArray, history: Sequence[FloatArray] | FloatArray
    ) -> NDArray[np.uint8]:
        """A code in `parameter_words` for each parameter; arguments as `verdicts` has them."""
        known = {self.condition, *(finding.word for finding in self.findings)}
        allowed = [
            code if word not in _NEEDS or known.intersection(_NEEDS[word]) else 0
            for code, word in enumerate(VERDICTS)
        ]
        return np.array(allowed, dtype=np.uint8)[verdicts(gradients, history)]

    def unit_notes(self, snapshot: Snapshot) -> UnitNotes:
        """A word on each unit that is wrong: none where the run is well."""
        notes = snapshot.unit_notes
        return tuple(("",) * len(n) for n in notes) if self.condition in WELL else notes

    @property
    def _fine(self) -> str:
        return OK if self.condition in WELL else NO_VERDICT


_known: weakref.WeakKeyDictionary[Snapshot, Diagnosis] = weakref.WeakKeyDictionary()


def diagnose(snapshot: Snapshot) -> Diagnosis:
    """What is to be said of a snapshot; computed once for all who ask."""
    diagnosis = _known.get(snapshot)
    if diagnosis is None:
        layers = layer_health(snapshot)
        with np.errstate(all="ignore"):
            diagnosis = _known[snapshot] = Diagnosis(*_judge(snapshot, layers), layers)
    return diagnosis


def _judge(
    snapshot: Snapshot, layers: tuple[LayerHealth, ...]
) -> tuple[Condition, tuple[Finding, ...]]:
    if snapshot.state == "diverged":
        return "diverged", why_diverged(snapshot)
    if snapshot.failure is not None:
        return "failed", ()
    if not snapshot.step:
        return "too early to say", ()
    if snapshot.training.sabotage:
        return "sabotaged", planted_bugs(snapshot)
    if not math.isfinite(snapshot.evaluation.train_loss):
        return "diverging", why_diverged(snapshot)
    case = Case(snapshot, layers, progress_of(snapshot))
    causes = find_causes(case) or _without_cause(case)
    if isinstance(causes, str):
        return causes, ()
    return _CONDITIONS.get(causes[0].word, "stalled"), causes


def _without_cause(case: Case) -> Condition | tuple[Finding, ...]:
    progress = case.progress
    if progress.is_there:
        return "learned"
    if progress.is_falling:
        return "learning"
    if progress.points < REST or progress.fall > max(progress.noise, CRAWL):
        return "too early to say"
    return (why_stalled(case),)
