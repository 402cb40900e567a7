"""Limits: what a lesson hides from the learner, and what it does not let them change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

from ...core.training.config import NetworkSpec, TrainingConfig

PANES: Final = ("data", "network", "output", "training", "loss", "gradients")
"""Of the playground; one of them always stays."""
PARTS: Final = ("program", "steps", "check")
"""Of the microscope; its graph always stays."""
ALWAYS_LOCKED: Final = ("hidden_sabotage",)

HIDEABLE: Final = ("status", *PANES, *PARTS)
_TRAINING: Final = tuple(f.name for f in fields(TrainingConfig) if f.name not in ALWAYS_LOCKED)
_NETWORK: Final = tuple(f.name for f in fields(NetworkSpec))
LOCKABLE: Final = ("data", *_NETWORK, *_TRAINING)
_SETTINGS: Final = (
    *("loss", "optimizer", "momentum", "decay", "beta2", "weight_decay", "schedule"),
    *("schedule_epochs", "pace", "engine", "stops", "sabotages"),
)


@cache
def hideable_controls() -> tuple[str, ...]:
    """What `hide_controls` takes."""
    # Here, because few sittings begin with a lesson.
    from ...core.links.playground import CONTROLS

    return tuple(sorted({*CONTROLS, *_SETTINGS}))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a lesson keeps from the learner; by default nothing.

    Attributes:
        hidden: Names in `HIDEABLE`.
        controls: Names in `hideable_controls()`.
        locked: Names in `LOCKABLE`.
    """

    hidden: frozenset[str] = frozenset()
    controls: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()


NO_LIMITS: Final = Limits()


def limit_faults(
    hide: tuple[str, ...], controls: tuple[str, ...], lock: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the limits of a lesson: the key, and a sentence without its end."""
    for key, names, known in (
        ("hide", hide, HIDEABLE),
        ("hide_controls", controls, hideable_controls()),
        ("lock", lock, LOCKABLE),
    ):
        for name in names:
            if name not in known:
                yield key, f'"{name}" can\'t stand in {key}: choose from {", ".join(known)}'
    if set(PANES) <= set(hide):
        yield "hide", "hide leaves no pane of the playground: leave one out"
