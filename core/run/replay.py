"""Replay: a document trained again from its recipe, to see whether the same numbers come out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..autograd.numerics import FloatArray
from .checkpoints import Checkpoint
from .commands import Redo, Undo
from .document import RunDocument
from .journal import Entry, Kind
from .session import Session

SLICE_SECONDS = 0.05

Watch = Callable[[Session], None]
"""Called with the session every `SLICE_SECONDS` or so, to show its progress."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A document that was trained again.

    Attributes:
        session: At the end.
        seconds: Of training alone.
        same: Whether weights and curves are those of the document's last checkpoint, to the bit;
            None if it has none, or was not reached.
        interrupted: Whether it was interrupted before the end.
        complaint: What could not be done again, a sentence; empty if all could.
    """

    session: Session
    seconds: float
    same: bool | None
    interrupted: bool = False
    complaint: str = ""


def replay(
    document: RunDocument,
    *,
    watch: Watch | None = None,
    interrupt: threading.Event | None = None,
) -> Replay:
    """Trains a document again, with every edit of its journal, as fast as possible.

    Args:
        document: The run; its checkpoints are only compared with.
        watch: Shows the progress.
        interrupt: Ends it when set.
    """
    replayer = _Replayer(document, watch, interrupt)
    complaint = replayer.go()
    return Replay(
        replayer.session, replayer.seconds, replayer.same, replayer.is_interrupted, complaint
    )


class _Replayer:
    def __init__(
        self, document: RunDocument, watch: Watch | None, interrupt: threading.Event | None
    ) -> None:
        recipe = document.recipe
        self.session = Session(
            recipe.network,
            recipe.dataset,
            recipe.training,
            seed=recipe.seed,
            lesson=recipe.lesson,
            chooses_engine=False,
        )
        self.seconds = 0.0
        self.same: bool | None = None
        self._document, self._watch, self._interrupt = document, watch, interrupt
        self._goal = max(document.checkpoints, key=lambda kept: kept.place, default=None)
        self._n_entries = 0

    @property
    def is_interrupted(self) -> bool:
        return self._interrupt is not None and self._interrupt.is_set()

    def go(self) -> str:
        """Does all of it, and returns what could not be done."""
        for entry in self._document.journal.entries:
            if not self._advance_to(entry.tick):
                return self._why()
            try:
                self._repeat(entry)
            except (ValueError, IndexError) as error:
                return str(error)
            self._n_entries += 1
        if not self._advance_to(self._document.end):
            return self._why()
        if self._ends_in_failure:
            # The step that fails is none of those that were counted.
            self.session.advance(1)
        return ""

    @property
    def _ends_in_failure(self) -> bool:
        goal, document = self._goal, self._document
        end = document.end, len(document.journal.entries)
        return goal is not None and goal.place == end and goal.state.failure is not None

    def _why(self) -> str:
        return "" if self.is_interrupted else "Training can't continue where it did."

    def _repeat(self, entry: Entry) -> None:
        if entry.kind is Kind.EDIT:
            self.session.submit(entry.edit)
        else:
            self.session.submit(Undo() if entry.kind is Kind.UNDO else Redo())

    def _advance_to(self, tick: int) -> bool:
        """Trains up to a tick; false if it doesn't get there."""
        goal = self._goal
        if goal is not None and self._n_entries == goal.n_entries and goal.tick <= tick:
            if not self._train(goal.tick):
                return False
            self.same = _is_same(self.session, goal)
        return self._train(tick)

    def _train(self, tick: int) -> bool:
        session, steps = self.session, 1
        while (left := tick - session.tick) > 0 and not self.is_interrupted:
            before, started = session.tick, time.perf_counter()
            session.advance(min(steps, left))
            took = time.perf_counter() - started
            self.seconds += took
            taken = session.tick - before
            if not taken:
                return False
            steps = max(1, min(2 * steps, int(taken * SLICE_SECONDS / max(took, 1e-9))))
            if self._watch is not None:
                self._watch(session)
        return left <= 0


def _is_same(session: Session, checkpoint: Checkpoint) -> bool:
    snapshot, state = session.snapshot(grid=(1, 1)), checkpoint.state
    curves = state.history.curves()
    pairs = [(snapshot.parameters, state.parameters)] + [
        (getattr(snapshot.curves, name), getattr(curves, name))
        for name in ("epochs", "low", "mean", "high", "recent_epochs", "recent")
    ]
    return all(_are_equal(a, b) for a, b in pairs)


def _are_equal(a: FloatArray, b: FloatArray) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()
