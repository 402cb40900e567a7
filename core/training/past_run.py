"""PastRun: a run that a reset ended, as it is shown beside the present one."""

from __future__ import annotations

from dataclasses import dataclass

from .points import Points

MAX_POINTS = 200


@dataclass(frozen=True, slots=True, eq=False)
class PastRun:
    """A run that a reset ended.

    Attributes:
        number: Counts the runs of a session, from 1.
        name: What differs from the present run, as it was here: `learning rate 0.1`.
        dataset: The name of what it learned.
        loss: The name of its loss, "auto" resolved.
        points: Its curves, in the order of `CURVES`, at most `MAX_POINTS` of them.
    """

    number: int
    name: str
    dataset: str
    loss: str
    points: Points
