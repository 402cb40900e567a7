"""What is said of a moment that is not the last one of the run, and of the way to one."""

from __future__ import annotations

from ..core import Snapshot

BEGINNING = "Nothing to go back to: this is the beginning."
LATEST = "Nothing to go forward to: this is the latest moment."


def past_sentence(snapshot: Snapshot) -> str:
    """Where in time it is, and what can be done there; empty at the last moment."""
    future = snapshot.future
    if snapshot.goal is not None:
        left = max(snapshot.goal - snapshot.tick, 0)
        return f"On the way through time: {left:,} step{'s' if left != 1 else ''} to go."
    if future is None:
        return ""
    if not future.steps:
        return (
            f"Back at step {snapshot.step:,}, the end of a run that was reset. "
            "space continues it; N goes forward to the next run."
        )
    rest = ", the rest stays as a past run" if keeps_future(snapshot) else ""
    return (
        f"Back at epoch {snapshot.epoch:,}, step {snapshot.step:,} of "
        f"{snapshot.step + future.steps:,}. space continues from here{rest}; N goes forward."
    )


def keeps_future(snapshot: Snapshot) -> bool:
    """Whether what comes after a moment becomes a past run once something else is done there."""
    future = snapshot.future
    if future is None:
        return False
    known = None if future.curves is None else future.curves.recent_epochs
    return future.restarts or (
        known is not None and bool(len(known)) and known[-1] > snapshot.curves.recent_epochs[-1]
    )
