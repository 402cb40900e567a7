"""Schedules by name: each gives the factor of the learning rate at an epoch."""

from __future__ import annotations

import math
from collections.abc import Callable

STEP_FACTOR = 0.5

Schedule = Callable[[int, int], float]
"""`schedule(epoch, period)` -> a factor in [0, 1]; the period is in epochs."""


def constant(epoch: int, period: int) -> float:
    """Always 1."""
    return 1.0


def step(epoch: int, period: int) -> float:
    """Halved every `period` epochs."""
    return STEP_FACTOR ** (epoch // period)


def cosine(epoch: int, period: int) -> float:
    """Half a cosine from 1 to 0 over `period` epochs, and 0 after (Loshchilov & Hutter 2017)."""
    return 0.5 * (1.0 + math.cos(math.pi * min(epoch / period, 1.0)))


def inverse_time(epoch: int, period: int) -> float:
    """1 / (1 + epoch / period): halved after one period, a third after two (Robbins-Monro)."""
    return 1.0 / (1.0 + epoch / period)


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": step,
    "cosine": cosine,
    "1/t": inverse_time,
}
"""Every schedule, by its name."""
