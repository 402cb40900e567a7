"""Steady: what the screen says of a run, frame after frame, without flickering."""

from __future__ import annotations

import weakref

from ..training.snapshot import Snapshot
from .diagnosis import Diagnosis, diagnose

FRAMES_TO_BELIEVE = 3
"""So many frames of different steps in a row must agree: words that flicker are worse than none."""

# What is a fact, and not judged by a trend.
_FACTS = ("diverged", "failed", "sabotaged")


_shown: weakref.WeakKeyDictionary[Snapshot, Diagnosis] = weakref.WeakKeyDictionary()


def shown_diagnosis(snapshot: Snapshot) -> Diagnosis:
    """What the screen says of a frame, once a `SteadyDiagnosis` has seen it."""
    return _shown.get(snapshot) or diagnose(snapshot)


class SteadyDiagnosis:
    """Follows a run, and changes its mind once another diagnosis has lasted.

    Attributes:
        shown: What to say; None before the first frame.
    """

    def __init__(self) -> None:
        self.shown: Diagnosis | None = None
        self._frame: Snapshot | None = None
        self._next = ""
        self._times = 0

    def see(self, snapshot: Snapshot) -> Diagnosis:
        """What to say of the next frame; one of the same step adds nothing."""
        new, before = diagnose(snapshot), self._frame
        self._frame = snapshot
        if (
            before is None
            or self.shown is None
            or _is_another(before, snapshot)
            or new.condition in _FACTS
            or new.headline == self.shown.headline
        ):
            self.shown, self._times = new, 0
        elif snapshot.step != before.step:
            self._times = self._times + 1 if new.headline == self._next else 1
            self._next = new.headline
            if self._times >= FRAMES_TO_BELIEVE:
                self.shown, self._times = new, 0
        _shown[snapshot] = self.shown
        return self.shown


def _is_another(before: Snapshot, after: Snapshot) -> bool:
    """Whether what was said of one frame means nothing for the other."""
    settings = [(s.run_id, s.training, s.network, s.sizes, not s.step) for s in (before, after)]
    return settings[0] != settings[1] or before.dataset is not after.dataset
