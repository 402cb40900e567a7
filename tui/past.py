"""What is said of a moment that is not the last one, and of what can be done there."""

from __future__ import annotations

from ..core import Snapshot
from ..core.training.history import Curves
from .key_words import with_keys

BEGINNING = "Nothing to go back to: this is the beginning."
LATEST = "Nothing to go forward to: this is the latest moment."


def last_epoch(curves: Curves | None) -> int | None:
    """The epoch of the last point of some curves; None without any."""
    return int(curves.recent_epochs[-1]) if curves and len(curves.recent_epochs) else None


def keeps_future(snapshot: Snapshot) -> bool:
    """Whether what came after a moment becomes a past run once something else is done there."""
    future = snapshot.future
    if future is None or future.restarts:
        return future is not None
    here, known = last_epoch(snapshot.curves), last_epoch(future.curves)
    return here is not None and known is not None and known > here


def what_to_do(snapshot: Snapshot) -> tuple[str, str]:
    """What space and N do at a moment that is not the last one."""
    future = snapshot.future
    if future is not None and not future.steps:
        return with_keys("space{train.toggle} continues this run, which was reset here"), with_keys(
            "N{time.forward} goes to the next run"
        )
    rest = " and keeps the rest as a past run" if keeps_future(snapshot) else ""
    space = with_keys("space{train.toggle} continues here")
    return f"{space}{rest}", with_keys("N{time.forward} goes forward")


def where_in_time(snapshot: Snapshot) -> str:
    """The step, and that of the last moment or the goal; empty at the last moment."""
    step, future = snapshot.step, snapshot.future
    if snapshot.goal is not None:
        return f"{step:,}, going to {step + snapshot.goal - snapshot.tick:,}"
    return "" if future is None else f"{step:,} of {step + future.steps:,}"
