"""Journal: every edit of a document, with the tick at which it took hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ..training.setup import Setup
from .edits import NOT_UNDOABLE, RESTARTS, Edit

MAX_UNDO = 200


class Kind(Enum):
    """How an edit came about."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One edit.

    Attributes:
        tick: How many updates the document had seen.
        edit: What was done; an undo is the edit that reverses another one.
        kind: Whether it was asked for, or is an undo or a redo.
        setup: The set-up afterwards.
    """

    tick: int
    edit: Edit
    kind: Kind
    setup: Setup


class Expected(NamedTuple):
    """What a series of edits leads to, known without carrying them out.

    Attributes:
        setup: The set-up.
        undo: The set-ups that undoing leads to, the next one last.
        redo: The set-ups that redoing leads to, the next one last.
    """

    setup: Setup
    undo: tuple[Setup, ...] = ()
    redo: tuple[Setup, ...] = ()

    def after(self, kind: Kind, setup: Setup, edit: Edit | None = None) -> Expected:
        """What it leads to with one edit more."""
        if kind is Kind.UNDO:
            return Expected(setup, self.undo[:-1], (*self.redo, self.setup))
        if kind is Kind.REDO:
            return Expected(setup, (*self.undo, self.setup)[-MAX_UNDO:], self.redo[:-1])
        if isinstance(edit, NOT_UNDOABLE):
            return Expected(setup, self.undo, self.redo)
        return Expected(setup, (*self.undo, self.setup)[-MAX_UNDO:])


class Moment(NamedTuple):
    """A moment of a document, see `Seek`."""

    tick: int
    before_restart: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Journal:
    """The edits of a document.

    Attributes:
        start: The set-up before the first.
        entries: In their order, and in that of their ticks.
    """

    start: Setup
    entries: tuple[Entry, ...] = ()

    @property
    def setup(self) -> Setup:
        """The set-up after the last."""
        return self.entries[-1].setup if self.entries else self.start

    def with_entry(self, entry: Entry) -> Journal:
        """This journal with one edit more."""
        return Journal(self.start, (*self.entries, entry))

    def until(self, n_entries: int) -> Journal:
        """The first edits of this journal."""
        return Journal(self.start, self.entries[:n_entries])

    def n_until(self, tick: int, *, before_restart: bool = False) -> int:
        """How many edits took hold by a tick, those at the tick itself included.

        Args:
            tick: The tick.
            before_restart: Whether the first restart at the tick is left out, and all after it.
        """
        if before_restart and (first := self.first_restart(tick)) is not None:
            return first
        return sum(entry.tick <= tick for entry in self.entries)

    def first_restart(self, tick: int) -> int | None:
        """The number of the first edit at a tick that ended a run with steps, if there is one."""
        if tick == 0:
            return None
        return next(
            (
                n
                for n, e in enumerate(self.entries)
                if e.tick == tick and isinstance(e.edit, RESTARTS)
            ),
            None,
        )

    def next_restart(self, n_entries: int) -> int | None:
        """The number of the first restart that is not among the first edits."""
        later = enumerate(self.entries[n_entries:], start=n_entries)
        return next((n for n, entry in later if isinstance(entry.edit, RESTARTS)), None)

    def moment(self, tick: int, n_entries: int) -> Moment:
        """The moment of a place."""
        first = self.first_restart(tick)
        return Moment(tick, first is not None and n_entries <= first)

    def moment_before(self, tick: int, n_entries: int) -> Moment | None:
        """One mini-batch before a moment, or the end of the run that a restart there ended."""
        first = self.first_restart(tick)
        if first is not None and n_entries > first:
            return Moment(tick, before_restart=True)
        return Moment(tick - 1) if tick > 0 else None

    def moment_after(self, tick: int, n_entries: int, end: int) -> Moment | None:
        """The opposite of `moment_before`, in a document whose last tick is `end`."""
        first = self.first_restart(tick)
        if first is not None and n_entries <= first:
            return Moment(tick)
        if tick >= end:
            return None
        return Moment(tick + 1, self.first_restart(tick + 1) is not None)

    def expected(self, n_entries: int) -> Expected:
        """What the first edits lead to."""
        expected = Expected(self.start)
        for entry in self.entries[:n_entries]:
            expected = expected.after(entry.kind, entry.setup, entry.edit)
        return expected
