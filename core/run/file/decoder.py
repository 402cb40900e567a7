"""Decoder: a document from frames, believed in nothing."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from ...training.setup import Setup
from ..checkpoints import MAX_CHECKPOINTS, Checkpoint
from ..document import RunDocument
from ..edits import AddSample, Edit, RemoveSample, WriteElements, WriteParameters
from ..journal import Entry, Expected, Journal, Kind
from ..past_runs import PastRuns
from ..recipe import Recipe
from . import records as r
from .data import is_same_data
from .edits import read_edit
from .frames import NUMBERS, Frame, RunFileError, damaged
from .library import Library, check_network, dataset_bytes, numbered
from .spread import spread
from .states import read_past_runs, read_state

MAX_ENTRIES = 100_000
_MAX_REASON = 300


class Decoder:
    """Takes the frames of one file, in their order; a frame that it refuses changes nothing.

    Attributes:
        is_whole: Whether the record was there that ends a saved run.
    """

    def __init__(self, lessons: Container[str] | None = None) -> None:
        """Begins with nothing.

        Args:
            lessons: The names of those that a run may belong to; None for any.
        """
        self.is_whole = False
        self._library = Library(lessons)
        self._states: list[r.StateRecord] = []
        self._edits: list[Edit] = []
        self._recipe: Recipe | None = None
        self._entries: list[Entry] = []
        self._checkpoints: list[r.CheckpointRecord] = []
        self._past_runs = PastRuns()
        self._end = 0

    @property
    def has_begun(self) -> bool:
        """Whether it is known what the run started from."""
        return self._recipe is not None

    def take(self, frame: Frame) -> None:
        """Takes the next frame.

        Raises:
            RunFileError: If it is not what it should be.
        """
        if self.is_whole:
            raise damaged("it goes on after its end")
        with _sentences():
            if frame.kind == NUMBERS:
                self._library.add_array(frame.body)
            else:
                self._take(r.decode(frame.body))

    def _take(self, record: r.AnyRecord) -> None:
        library = self._library
        match record:
            case r.DatasetRecord():
                library.add_dataset(record)
            case r.SetupRecord():
                library.add_setup(record)
            case r.RecipeRecord():
                self._take_recipe(record)
            case r.StateRecord():
                # To be made where it is needed: most of a log's are not.
                library.spend(5_000)
                self._states.append(record)
            case r.EntryRecord():
                self._take_entry(record)
            case r.CutRecord():
                self._take_cut(record)
            case r.CheckpointRecord():
                library.spend(1_000 + 8 * (len(record.undo) + len(record.redo)))
                self._checkpoints.append(record)
                self._end = max(self._end, record.tick)
            case r.PastRunsRecord():
                self._past_runs = read_past_runs(library, record)
            case r.TickRecord(tick=tick):
                self._end = max(self._end, tick)
            case r.EndRecord(tick=tick):
                if self._recipe is None or tick < self._end:
                    raise damaged("it ends at an impossible moment")
                self._end, self.is_whole = tick, True
            case _:
                library.spend(1_000)
                self._edits.append(read_edit(library, self._states, record))

    def _take_recipe(self, record: r.RecipeRecord) -> None:
        if self._recipe is not None:
            raise damaged("it has two beginnings")
        setup = self._library.setup(record.setup)
        self._recipe = Recipe(
            setup.network, setup.dataset, setup.training, record.seed, setup.lesson
        )
        self._library.split_seed = record.seed

    # --- The journal ---------------------------------------------------------------------------

    @property
    def _setup(self) -> Setup:
        """What the entries so far lead to."""
        return self._entries[-1].setup if self._entries else self._begun().setup

    def _begun(self) -> Recipe:
        if self._recipe is None:
            raise damaged("it doesn't say what the run started from")
        return self._recipe

    def _take_entry(self, record: r.EntryRecord) -> None:
        library, before, edit = self._library, self._setup, numbered(self._edits, record.edit)
        last = self._entries[-1].tick if self._entries else 0
        if record.tick < last or len(self._entries) >= MAX_ENTRIES:
            raise damaged("its edits are out of order")
        if isinstance(edit, AddSample | RemoveSample):
            library.spend(dataset_bytes(before.dataset.n_samples, len(before.dataset.columns)))
        library.spend(1_000)
        after = edit.leads_to(before) if record.kind is Kind.EDIT else _leads_back(edit, before)
        check_network(after.network.hidden, after.network.inputs, after.dataset)
        if (after.dataset, after.network.inputs) != (before.dataset, before.network.inputs):
            library.spend_on_inputs(after)
        is_new = record.dataset == len(library.datasets)
        if not is_new:
            known = library.dataset(record.dataset)
            if not is_same_data(known, after.dataset):
                raise damaged("an edit leads to other data")
            if known is not after.dataset:
                after = replace(after, dataset=known)
        self._entries.append(Entry(record.tick, edit, record.kind, after))
        if is_new:
            library.datasets.append(after.dataset)
        self._end = max(self._end, record.tick)

    def _take_cut(self, record: r.CutRecord) -> None:
        entries = self._entries[: record.n_entries]
        last = entries[-1].tick if entries else 0
        if record.n_entries > len(self._entries) or record.tick < last:
            raise damaged("its edits are out of order")
        # What is looked through: a file must not make that long by many cuts.
        self._library.spend(8 * (len(entries) + len(self._checkpoints)))
        self._entries, self._end = entries, record.tick
        self._checkpoints = [
            kept
            for kept in self._checkpoints
            if kept.tick <= record.tick and kept.n_entries <= record.n_entries
        ]

    # --- The document --------------------------------------------------------------------------

    def document(self, *, tolerant: bool = False) -> RunDocument:
        """What was taken, put together.

        Args:
            tolerant: Whether to leave out what does not fit.

        Raises:
            RunFileError: If something does not fit.
        """
        recipe, n_entries = self._begun(), len(self._entries)
        try:
            _check_journal(recipe.setup, self._entries)
        except _Misfit as error:
            if not tolerant:
                raise damaged("an undo leads to something else than there was") from None
            n_entries = error.n_entries
        journal = Journal(recipe.setup, tuple(self._entries[:n_entries]))
        end = self._end
        if n_entries < len(self._entries):
            end = journal.entries[-1].tick if n_entries else 0
        checkpoints = self._read_checkpoints(journal, tolerant)
        return RunDocument(recipe, journal, end, checkpoints, self._past_runs)

    def _read_checkpoints(self, journal: Journal, tolerant: bool) -> tuple[Checkpoint, ...]:
        n_entries = len(journal.entries)
        kept = [record for record in self._checkpoints if record.n_entries <= n_entries]
        if len(kept) < len(self._checkpoints) and not tolerant:
            raise damaged("a checkpoint is at an impossible moment")
        by_place = {(record.tick, record.n_entries): record for record in kept}
        records = [by_place[place] for place in sorted(by_place)]
        chosen = list(spread([record.tick for record in records]))[:MAX_CHECKPOINTS]
        reader = _CheckpointReader(self._library, self._states, self._edits, journal)
        found = []
        for i in sorted(chosen):
            try:
                with _sentences():
                    found.append(reader.read(records[i]))
            except RunFileError:
                if not tolerant:
                    raise
        return tuple(found)


class _Misfit(Exception):
    """An undo or redo that does not lead where it should.

    Attributes:
        n_entries: How many entries come before it.
    """

    def __init__(self, n_entries: int) -> None:
        super().__init__()
        self.n_entries = n_entries


def _check_journal(start: Setup, entries: list[Entry]) -> None:
    expected = Expected(start)
    for n, entry in enumerate(entries):
        if entry.kind is not Kind.EDIT:
            goals = expected.undo if entry.kind is Kind.UNDO else expected.redo
            if not goals or not is_same_setup(goals[-1], entry.setup):
                raise _Misfit(n)
        expected = expected.after(entry.kind, entry.setup, entry.edit)


class _CheckpointReader:
    """Reads checkpoints in the order of their places."""

    def __init__(
        self,
        library: Library,
        states: list[r.StateRecord],
        edits: list[Edit],
        journal: Journal,
    ) -> None:
        self._library, self._states, self._edits = library, states, edits
        self._entries = journal.entries
        self._expected, self._n_entries = Expected(journal.start), 0
        # Which edit leads from which set-up to which: neighbours ask the same.
        self._known: set[tuple[int, int, int]] = set()

    def read(self, record: r.CheckpointRecord) -> Checkpoint:
        """The checkpoint that a record describes, if it fits the journal."""
        while self._n_entries < record.n_entries:
            entry = self._entries[self._n_entries]
            self._expected = self._expected.after(entry.kind, entry.setup, entry.edit)
            self._n_entries += 1
        n = record.n_entries
        earliest = self._entries[n - 1].tick if n else 0
        is_late = n < len(self._entries) and record.tick > self._entries[n].tick
        if record.tick < earliest or is_late:
            raise damaged("a checkpoint is at an impossible moment")
        state = read_state(self._library, numbered(self._states, record.state))
        if state.step > record.tick or not is_same_setup(state.setup, self._expected.setup):
            raise damaged("a checkpoint does not fit the edits before it")
        undo = tuple(numbered(self._edits, ref) for ref in record.undo)
        redo = tuple(numbered(self._edits, ref) for ref in record.redo)
        self._check_stack(undo, self._expected.undo)
        self._check_stack(redo, self._expected.redo)
        setups = self._library.setup_log(record.setups)
        return Checkpoint(record.tick, record.n_entries, state, setups, undo, redo)

    def _check_stack(self, edits: tuple[Edit, ...], goals: tuple[Setup, ...]) -> None:
        setup = self._expected.setup
        if len(edits) > len(goals):
            raise damaged("there is more to undo than was done")
        for edit, goal in zip(reversed(edits), reversed(goals), strict=False):
            key = (id(edit), id(setup), id(goal))
            if key not in self._known:
                if not is_same_setup(_leads_back(edit, setup), goal):
                    raise damaged("an undo leads to something else than there was")
                self._known.add(key)
            setup = goal


def _leads_back(edit: Edit, setup: Setup) -> Setup:
    """The set-up after an edit that undoes or redoes: what it brings back need not be finite."""
    match edit:
        case WriteParameters(arrays):
            edit = WriteParameters({name: np.zeros_like(array) for name, array in arrays.items()})
        case WriteElements(numbers, frozen):
            edit = WriteElements(dict.fromkeys(numbers, 0.0), frozen)
    return edit.leads_to(setup)


def is_same_setup(a: Setup, b: Setup) -> bool:
    """Whether two set-ups agree, to the bit of their data."""
    settings = (a.training, a.network, a.lesson) == (b.training, b.network, b.lesson)
    return settings and is_same_data(a.dataset, b.dataset)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turns whatever a hostile file brings about into one sentence."""
    try:
        with np.errstate(all="ignore"):
            yield
    except RunFileError:
        raise
    except MemoryError:
        raise RunFileError("There is not enough memory to open this run.") from None
    except IMPOSSIBLE as error:
        raise damaged(f"a part of it makes no sense ({_reason(error)})") from error


# What records that fit no schema, numbers that nothing has, and edits that do not fit raise.
IMPOSSIBLE = (ValueError, LookupError, TypeError, ArithmeticError, RecursionError)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)[:_MAX_REASON].rstrip(".")
