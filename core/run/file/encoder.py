"""Encoder: a run, or what was done to it since, as frames; nothing is written twice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from copy import copy
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from ....datasets.choice import DataChoice
from ....datasets.dataset import Dataset
from ....datasets.table_options import TableOptions
from ...nn.parameters import Element
from ...training.history import History
from ...training.setup import Setup
from ...training.state import LearnerState
from ...training.weight_transfer import Weights
from ..checkpoints import Checkpoint
from ..edits import (
    AddSample,
    Configure,
    Edit,
    RemoveSample,
    Reseed,
    Reset,
    Restore,
    StartOver,
    UnfreezeAll,
    UseEngine,
    UseSamples,
    WriteElements,
    WriteParameters,
)
from ..journal import Entry, Moment
from ..past_runs import PastRuns, SetupLog
from ..recipe import Recipe
from . import records as r
from .arrays import Array, array_bytes
from .data import data_hash, is_made_by_its_origin
from .frames import MAX_RECORD_BYTES, NUMBERS, RECORD, RunFileError, frame

CHUNK = 32
"""Points of a history that stand together. A full chunk is the same in every later state."""

INLINE_BYTES = 64_000
"""So much of data is written out though it can be made again, which another NumPy might do in
another way."""


class Encoder:
    """Turns the parts of one document into frames, in any order that names the recipe first.

    Every method returns the bytes to append: the record, and before it what it refers to, unless
    that was written before. So the bytes of one encoder belong together, in their order.
    """

    def __init__(self, *, is_private: bool = False, inline_bytes: int = INLINE_BYTES) -> None:
        """Begins a file.

        Args:
            is_private: Whether only the user gets the file. Others learn the names of the user's
                own files, and not where they are.
            inline_bytes: So much of data is written out though it can be made again.
        """
        self._is_private = is_private
        self._inline_bytes = inline_bytes
        self._out: list[bytes] = []
        self._arrays: dict[bytes, int] = {}
        # With what is numbered, so that no other object gets its id.
        self._datasets: dict[int, tuple[int, Dataset]] = {}
        self._edits: dict[int, tuple[int, Edit]] = {}
        self._setups: dict[Setup, int] = {}
        self._n_edits = self._n_states = 0

    def fork(self) -> Encoder:
        """Another encoder that goes on from here: what one of the two writes may be left out."""
        new = copy(self)
        new._out = self._out.copy()
        new._arrays, new._datasets = self._arrays.copy(), self._datasets.copy()
        new._edits, new._setups = self._edits.copy(), self._setups.copy()
        return new

    # --- The records ---------------------------------------------------------------------------

    def recipe(self, recipe: Recipe) -> bytes:
        """What the run started from."""
        return self._written(r.RecipeRecord(setup=self._setup(recipe.setup), seed=recipe.seed))

    def entry(self, entry: Entry) -> bytes:
        """The next edit of the journal."""
        edit = self._edit(entry.edit)
        dataset = self._dataset_made(entry.setup.dataset)
        return self._written(
            r.EntryRecord(tick=entry.tick, edit=edit, kind=entry.kind, dataset=dataset)
        )

    def cut(self, tick: int, n_entries: int) -> bytes:
        """A branch begins: only the first edits of the journal stay, and no later checkpoint."""
        return self._written(r.CutRecord(tick=tick, n_entries=n_entries))

    def checkpoint(self, checkpoint: Checkpoint) -> bytes:
        """A moment, all of it."""
        record = r.CheckpointRecord(
            tick=checkpoint.tick,
            n_entries=checkpoint.n_entries,
            state=self._state(checkpoint.state),
            setups=self._setup_log(checkpoint.setups),
            undo=tuple(map(self._edit, checkpoint.undo)),
            redo=tuple(map(self._edit, checkpoint.redo)),
        )
        # The others would keep what no undo needs any more in memory.
        stacks = map(id, (*checkpoint.undo, *checkpoint.redo))
        self._edits = {key: self._edits[key] for key in stacks}
        return self._written(record)

    def past_runs(self, past_runs: PastRuns) -> bytes:
        """The runs that are over; they take the place of those written before."""
        runs = tuple(
            r.KeptRunRecord(
                number=run.number,
                setups=self._setup_log(run.setups),
                seed=run.seed,
                epochs=run.epochs,
                point_epochs=self._array(run.points.epochs),
                points=self._array(
                    np.stack([run.points.low.T, run.points.mean.T, run.points.high.T])
                ),
                left_at=run.left_at,
                ended=run.ended,
            )
            for run in past_runs.runs
        )
        return self._written(r.PastRunsRecord(runs=runs, count=past_runs.count))

    def tick(self, tick: int) -> bytes:
        """The document goes on to a tick at least."""
        return self._written(r.TickRecord(tick=tick))

    def end(self, tick: int, moment: Moment | None = None) -> bytes:
        """The document is whole, ends at a tick, and goes on at a moment, by default there."""
        return self._written(r.EndRecord(tick=tick, moment=moment))

    def _written(self, record: r.Record) -> bytes:
        self._write(record)
        written = b"".join(self._out)
        self._out.clear()
        return written

    def _write(self, record: r.Record) -> None:
        try:
            body = r.encode(record)
            # What can't be opened is better not saved.
            r.decode(body)
        except (OverflowError, TypeError, UnicodeEncodeError, msgspec.MsgspecError) as error:
            raise RunFileError(f"This run can't be saved: {error}.") from None
        if len(body) >= MAX_RECORD_BYTES:
            raise RunFileError("This run can't be saved: one of its edits is too large.")
        self._out.append(frame(RECORD, body))

    # --- What they refer to --------------------------------------------------------------------

    def _array(self, array: Array) -> int:
        body = array_bytes(array)
        key = blake2b(body, digest_size=16).digest()
        if key not in self._arrays:
            self._arrays[key] = len(self._arrays)
            self._out.append(frame(NUMBERS, body))
        return self._arrays[key]

    def _setup(self, setup: Setup) -> int:
        if setup not in self._setups:
            record = r.SetupRecord(
                training=setup.training,
                network=setup.network,
                dataset=self._dataset(setup.dataset),
                lesson=setup.lesson,
            )
            self._write(record)
            self._setups[setup] = len(self._setups)
        return self._setups[setup]

    def _setup_log(self, setups: SetupLog) -> tuple[tuple[float, int], ...]:
        return tuple((epoch, self._setup(setup)) for epoch, setup in setups)

    def _dataset_made(self, dataset: Dataset) -> int:
        """The number of a data set that an edit leads to: the reader makes it by that edit."""
        return self._datasets.setdefault(id(dataset), (len(self._datasets), dataset))[0]

    def _dataset(self, dataset: Dataset) -> int:
        if id(dataset) not in self._datasets:
            self._write(self._dataset_record(dataset))
        return self._dataset_made(dataset)

    def _dataset_record(self, dataset: Dataset) -> r.DatasetRecord:
        origin = dataset.origin
        n_columns = len(dataset.columns)
        choice = self._choice(origin, n_columns) if isinstance(origin, DataChoice) else None
        if choice is not None and is_made_by_its_origin(dataset):
            n_bytes = dataset.points.nbytes + dataset.targets.nbytes
            if n_bytes > self._inline_bytes:
                return r.DatasetRecord(origin=choice, hash=data_hash(dataset))
            self._inline_bytes -= n_bytes
        return r.DatasetRecord(origin=choice, table=self._table(dataset))

    def _choice(self, choice: DataChoice, n_columns: int) -> r.ChoiceRecord:
        return r.ChoiceRecord(
            name=choice.name,
            path=None if choice.path is None else self._path(choice.path),
            target=choice.table.target,
            table=_options(choice.table),
            n_samples=choice.n_samples,
            noise=choice.noise,
            seed=choice.seed,
            n_columns=n_columns,
            added=self._array(np.array(choice.added)) if choice.added else None,
            removed=self._array(np.array(choice.removed)) if choice.removed else None,
        )

    def _path(self, path: Path) -> bytes:
        return os.fsencode(path if self._is_private else path.name)

    def _table(self, dataset: Dataset) -> r.TableRecord:
        return r.TableRecord(
            name=dataset.name,
            points=self._array(dataset.points),
            targets=self._array(dataset.targets),
            columns=dataset.columns,
            classes=dataset.classes,
            groups=dataset.groups if dataset.groups != dataset.columns else (),
            task=dataset.task,
            source=dataset.source,
            note=dataset.note,
            domain=dataset.domain,
            input_shift=self._array(dataset.input_shift),
            input_scale=self._array(dataset.input_scale),
            target_shift=float(dataset.target_shift),
            target_scale=float(dataset.target_scale),
            fits_scaling=dataset.fits_scaling,
            drawn=dataset.drawn,
            ids=self._array(dataset.ids),
            strata=self._array(dataset.strata) if dataset.strata.any() else None,
        )

    # --- States --------------------------------------------------------------------------------

    def _state(self, state: LearnerState) -> int:
        stop, optimizer = state.stop_conditions, optimizer_fields(state.optimizer)
        record = r.StateRecord(
            setup=self._setup(state.setup),
            seed=state.seed,
            parameters=self._array(state.parameters),
            gradients=self._array(state.gradients),
            frozen=self._array(state.frozen),
            optimizer_arrays={
                name: self._array(value)
                for name, value in optimizer.items()
                if isinstance(value, np.ndarray)
            },
            optimizer_numbers={
                name: float(value)
                for name, value in optimizer.items()
                if not isinstance(value, np.ndarray)
            },
            last_update=self._array(state.last_update),
            carried=None if state.carried is None else self._array(state.carried),
            order=_order(state.order),
            rows=self._array(state.rows),
            place=state.place,
            last_batch=self._last_batch(state),
            epoch=state.epoch,
            step=state.step,
            noted_step=state.noted_step,
            history=self._history(state.history),
            stop_conditions=(stop._last, stop._best, stop._best_epoch),
            failure=state.failure,
            stopped=state.stopped,
            engine=state.engine,  # type: ignore[arg-type]
        )
        self._write(record)
        self._n_states += 1
        return self._n_states - 1

    def _last_batch(self, state: LearnerState) -> tuple[int, float] | None:
        if state.last_batch is None:
            return None
        rows, place, loss = state.last_batch
        size = state.setup.training.batch_size
        # The other rows of that order are never looked at again.
        return self._array(rows[place * size : (place + 1) * size]), float(loss)

    def _history(self, history: History) -> r.HistoryRecord:
        numbers = history.numbers()
        n = numbers.n_points
        buckets = np.column_stack(
            [numbers.epochs, numbers.ticks, numbers.buckets.reshape(len(numbers.buckets), -1)]
        )
        recent = np.column_stack([numbers.recent_epochs, numbers.recent_ticks, numbers.recent])
        return r.HistoryRecord(
            n_points=n,
            buckets=tuple(self._array(part.T) for part in chunks(buckets, 0)),
            recent=tuple(self._array(part.T) for part in chunks(recent, n - len(recent))),
            marks=tuple((mark.epoch, mark.text) for mark in numbers.marks),
            best=tuple((best.epoch, best.curve, best.loss) for best in numbers.best),
            before_recent=numbers.before_recent,
        )

    # --- Edits ---------------------------------------------------------------------------------

    def _edit(self, edit: Edit) -> int:
        if id(edit) not in self._edits:
            self._write(self._edit_record(edit))
            self._edits[id(edit)] = (self._n_edits, edit)
            self._n_edits += 1
        return self._edits[id(edit)][0]

    def _edit_record(self, edit: Edit) -> r.EditRecord:
        match edit:
            case Configure(training, network, dataset, weights, origins):
                return r.ConfigureRecord(
                    training=training,
                    network=network,
                    dataset=_or_none(self._dataset, dataset),
                    weights=_or_none(self._weights, weights),
                    origins=origins,
                )
            case StartOver(training, network, dataset, lesson, seed):
                setup = Setup(training, network, dataset, lesson)
                return r.StartOverRecord(setup=self._setup(setup), seed=seed)
            case AddSample(point, target):
                return r.AddSampleRecord(point=tuple(map(float, point)), target=float(target))
            case RemoveSample(number):
                return r.RemoveSampleRecord(number=int(number))
            case UseSamples(dataset):
                return r.UseSamplesRecord(dataset=self._dataset(dataset))
            case WriteParameters(arrays):
                named = {name: (array.shape, self._array(array)) for name, array in arrays.items()}
                return r.WriteParametersRecord(arrays=named)
            case WriteElements(numbers, frozen):
                return r.WriteElementsRecord(
                    numbers=self._elements(numbers),
                    values=self._array(np.array(list(numbers.values()), dtype=np.float64)),
                    frozen=self._elements(frozen),
                    holds=self._array(np.array(list(frozen.values()), dtype=np.bool_)),
                )
            case UnfreezeAll():
                return r.UnfreezeAllRecord()
            case UseEngine(name):
                return r.UseEngineRecord(name=name)
            case Reset():
                return r.ResetRecord()
            case Reseed(seed):
                return r.ReseedRecord(seed=seed)
            case Restore(state, setups):
                return r.RestoreRecord(state=self._state(state), setups=self._setup_log(setups))

    def _weights(self, weights: Weights) -> r.WeightsRecord:
        return r.WeightsRecord(
            sizes=weights.sizes,
            inputs=weights.inputs,
            parameters=self._array(weights.parameters),
            frozen=self._array(weights.frozen),
        )

    def _elements(self, elements: Iterable[Element]) -> int:
        rows = [(e.layer, -1 if e.source is None else e.source, e.target) for e in elements]
        return self._array(np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def optimizer_fields(optimizer: object) -> dict[str, Any]:
    """What an optimizer remembers, by name."""
    return {name: value for name, value in vars(optimizer).items() if name != "_scratch"}


def chunks(rows: Array, first: int) -> list[Array]:
    """Cuts rows after every multiple of `CHUNK`, the first row having the number `first`."""
    cuts = range(CHUNK - first % CHUNK, len(rows), CHUNK)
    return np.split(rows, cuts) if len(rows) else []


def _order(order: dict[str, Any]) -> r.OrderRecord:
    numbers = order["state"]
    return r.OrderRecord(
        state=numbers["state"].to_bytes(16, "little"),
        inc=numbers["inc"].to_bytes(16, "little"),
        has_uint32=bool(order["has_uint32"]),
        uinteger=int(order["uinteger"]),
    )


def _options(options: TableOptions) -> r.OptionsRecord | None:
    if options == TableOptions(target=options.target):
        return None
    fields = r.OptionsRecord.__struct_fields__
    return r.OptionsRecord(**{name: getattr(options, name) for name in fields})


def _or_none(write: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else write(value)
