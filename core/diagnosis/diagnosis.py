"""Diagnosis: what is to be said of one snapshot, decided once for all that says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ..training.sabotage import SABOTAGES
from ..training.snapshot import Snapshot
from .causes import REST, Case, Finding, find_causes
from .layers import LayerHealth, layer_health
from .progress import Progress, progress_of

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
WELL: Final = ("learning", "learned")
"""The conditions in which nothing is wrong."""
_CONDITIONS: Final[dict[str, Condition]] = {
    "overfitting": "overfitting",
    "over-regularized": "over-regularized",
    "too small": "underfitting",
    "rate too high": "diverging",
}
"""Of the first finding, where it is another one than stalled."""


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """What is to be said of a snapshot.

    Attributes:
        condition: How the run is.
        findings: What is wrong, the most likely cause first.
        layers: Each layer's numbers.
    """

    condition: Condition
    findings: tuple[Finding, ...]
    layers: tuple[LayerHealth, ...]


def diagnose(snapshot: Snapshot) -> Diagnosis:
    layers = layer_health(snapshot)
    return Diagnosis(*_judge(snapshot, layers), layers)


def _judge(
    snapshot: Snapshot, layers: tuple[LayerHealth, ...]
) -> tuple[Condition, tuple[Finding, ...]]:
    if snapshot.training.sabotage:
        return "sabotaged", tuple(
            Finding(
                "bug planted",
                f"{SABOTAGES[name].title}: {SABOTAGES[name].breaks} Remove it in the Training "
                "pane.",
            )
            for name in snapshot.training.sabotage
        )
    if snapshot.state == "diverged":
        return "diverged", ()
    if snapshot.failure is not None:
        return "failed", ()
    if not snapshot.step:
        return "too early to say", ()
    progress = progress_of(snapshot)
    causes = find_causes(Case(snapshot, layers, progress))
    if causes:
        return _CONDITIONS.get(causes[0].word, "stalled"), causes
    return _without_cause(progress)


def _without_cause(progress: Progress) -> tuple[Condition, tuple[Finding, ...]]:
    if progress.is_there:
        return "learned", ()
    if progress.is_falling:
        return "learning", ()
    if progress.points < REST:
        return "too early to say", ()
    finding = Finding(
        "stalled",
        "The loss rests far above what these data allow, and nothing explains it. Try another "
        "learning rate or optimizer, or press R for other first weights.",
    )
    return "stalled", (finding,)
