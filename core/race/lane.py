"""Lane: one run of a race, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..run.commands import Seek
from ..run.edits import Reseed, Reset
from ..run.loop import Loop
from ..run.run import Run
from ..run.session import Session


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One run of a race; a document of its own.

    Attributes:
        number: From 1; no two lanes that race have the same.
        session: The run, to be asked and saved by itself.
        loop: What carries it out.
    """

    number: int
    session: Session
    loop: Loop


def leader_of(lanes: Sequence[Lane], chosen: Lane, *, travels: bool) -> Lane:
    """The lane that the others follow.

    Args:
        lanes: Those that race.
        chosen: The chosen one.
        travels: Whether the chosen one goes back and forth in time: then it leads. Else the lane
            that is farthest on does, of those that can go on.
    """
    if travels:
        return chosen
    able = [
        lane for lane in lanes if lane.loop.any_failure is None and lane.loop.run.learner.can_step
    ]
    return max(able, key=lambda lane: (_place(lane.loop.run), lane is chosen), default=chosen)


def way(run: Run, lead: Run, *, travels: bool) -> Seek | int:
    """What brings a run to the epoch, and the part of it, where another one is.

    Args:
        run: Which is to follow.
        lead: Which it follows.
        travels: Whether to go there in time, as far as the run has been; else by training.

    Returns:
        Where to go in time; or how many steps to learn, 0 for none.
    """
    steps = _steps_between(run, lead)
    if not travels:
        return max(steps, 0) if run.learner.can_step else 0
    before, wanted = _resets(run), len(_resets(lead))
    if len(before) > wanted:
        return Seek(before[wanted], before_restart=True)
    if len(before) < wanted:
        after = _resets(run, until_end=True)[len(before) :]
        return Seek(after[0]) if after else 0
    tick = min(max(run.tick + steps, 0), run.last_tick)
    return Seek(tick) if tick != run.tick else 0


def _place(run: Run) -> tuple[int, float]:
    return len(_resets(run)), run.learner.precise_epoch


def _resets(run: Run, *, until_end: bool = False) -> list[int]:
    """The ticks of the resets so far, or of all."""
    entries = run.journal.entries
    kept = entries if until_end else entries[: run.place[1]]
    return [entry.tick for entry in kept if isinstance(entry.edit, Reset | Reseed)]


def _steps_between(run: Run, lead: Run) -> int:
    """How many steps a run is behind another one; less than 0 if it is ahead.

    Where the two have batches of different sizes, less than an epoch ahead counts as none.
    """
    mine, other = run.learner.batches, lead.learner.batches
    epochs = lead.learner.epoch - run.learner.epoch
    place = -(-other.place * len(mine) // len(other))
    steps = epochs * len(mine) + place - mine.place
    return 0 if len(mine) != len(other) and -len(mine) < steps < 0 else steps
