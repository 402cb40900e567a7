"""Journal: every edit of a document, with the tick at which it took hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ..training.setup import Setup
from .edits import NOT_UNDOABLE, Edit

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

    def n_until(self, tick: int) -> int:
        """How many edits took hold by a tick, those at the tick itself included."""
        return sum(entry.tick <= tick for entry in self.entries)

    def expected(self, n_entries: int) -> Expected:
        """What the first edits lead to."""
        expected = Expected(self.start)
        for entry in self.entries[:n_entries]:
            expected = expected.after(entry.kind, entry.setup, entry.edit)
        return expected
