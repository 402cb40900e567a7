"""Lasting: whether a run has had the same problem for so long that somebody may want help."""

from __future__ import annotations

from ..training.snapshot import Snapshot
from .steady import SteadyDiagnosis

# Both of them: at full speed a hundred epochs are over before anybody has read what is wrong, and
# at a slow pace a hundred frames show little training.
FRAMES, EPOCHS = 100, 100

Problem = tuple[str, object, str]
"""What is wrong, with which network on which data."""


class LastingProblem:
    """Follows a run frame after frame, and says once for each problem that it lasts."""

    def __init__(self) -> None:
        self._steady = SteadyDiagnosis()
        self._spell: tuple[int, Problem | None] = (-1, None)
        self._began, self._frames = 0, 0
        self._known: set[Problem] = set()

    def see(self, snapshot: Snapshot) -> bool:
        """Whether a problem has now lasted that has not been named before.

        What has diverged stays so: that need not last. Paused frames count for nothing, nor does a
        planted bug: it is a fact on the screen, and whoever planted it wants to see what it does.
        """
        if snapshot.goal is not None or snapshot.state not in ("training", "diverged"):
            return False
        problem = self._problem_of(snapshot)
        if (snapshot.run_id, problem) != self._spell:
            self._spell = snapshot.run_id, problem
            self._began, self._frames = snapshot.epoch, 0
        if problem is None or problem in self._known:
            return False
        self._frames += 1
        has_lasted = self._frames >= FRAMES and snapshot.epoch - self._began >= EPOCHS
        if has_lasted or snapshot.state == "diverged":
            self._known.add(problem)
            return True
        return False

    def note_known(self, snapshot: Snapshot) -> None:
        """Names the present problem no more: the user knows."""
        problem = self._problem_of(snapshot)
        if problem is not None:
            self._known.add(problem)

    def _problem_of(self, snapshot: Snapshot) -> Problem | None:
        diagnosis = self._steady.see(snapshot)
        if not diagnosis.findings or snapshot.training.sabotage:
            return None
        return diagnosis.headline, snapshot.network, snapshot.dataset.name
