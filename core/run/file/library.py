"""Library: what a file numbered, made again and checked, within a bound of memory."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from ....datasets.choice import MAX_ADDED, DataChoice
from ....datasets.dataset import Dataset
from ....datasets.facts import MAX_SAMPLES
from ....datasets.table_options import TableOptions
from ...autograd.numerics import FloatArray
from ...nn.parameters import count_parameters
from ...training.problem import Problem, make_problem
from ...training.setup import Setup
from ..past_runs import SetupLog
from . import records as r
from .arrays import Array, array_of
from .data import data_hash
from .frames import RunFileError, damaged

MAX_MEMORY_BYTES = 1_000_000_000
MAX_MAGNITUDE = 1e100
MAX_LAYERS = 1_000
MAX_INPUTS = 1_000
# So many samples can have been added by hand, most of them removed again.
MAX_ID = 1_000_000


class Library:
    """The arrays, data sets and set-ups of a file, by their numbers.

    Attributes:
        datasets: Those of data set records, and those that edits made.
        split_seed: Decides every split into train and test.
    """

    def __init__(self, *, is_private: bool) -> None:
        """Begins with nothing; see `Decoder`."""
        self._is_private = is_private
        self._arrays: list[Array] = []
        self._masks: dict[tuple[int, int], NDArray[np.bool_]] = {}
        self.datasets: list[Dataset] = []
        self._setups: list[Setup] = []
        self._n_parameters: dict[int, int] = {}
        self._problems: dict[tuple[Dataset, tuple[str, ...], float], Problem] = {}
        self._room = MAX_MEMORY_BYTES
        self.split_seed = 0

    def spend(self, n_bytes: int) -> None:
        """Counts memory that is about to be used.

        Raises:
            RunFileError: If that is more than a run needs.
        """
        self._room -= n_bytes
        if self._room < 0:
            raise RunFileError("This run file asks for more memory than any run needs.")

    def spend_on_inputs(self, setup: Setup) -> None:
        """Counts the work to compute a network's inputs, which are not kept."""
        self.spend(setup.dataset.n_samples * (len(setup.network.inputs) + 1))

    # --- Arrays --------------------------------------------------------------------------------

    def add_array(self, body: bytes) -> None:
        """Takes the next array."""
        # An array costs some memory however short it is.
        self.spend(2 * len(body) + 200)
        self._arrays.append(array_of(body))

    def floats(self, ref: int, *shape: int) -> FloatArray:
        """Numbers of a shape, read-only; one part of it may be -1 for as many as fit."""
        return self._shaped(ref, np.dtype(np.float64), shape)

    def whole_numbers(self, ref: int, *shape: int) -> NDArray[np.int64]:
        """Likewise, whole numbers."""
        return self._shaped(ref, np.dtype(np.int64), shape)

    def _shaped(self, ref: int, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> Array:
        array = numbered(self._arrays, ref)
        if array.dtype != dtype:
            raise damaged("it has numbers of another kind than is needed")
        if array.size != math.prod(shape) and -1 not in shape:
            raise damaged(f"it has {array.size:,} numbers where {math.prod(shape):,} are needed")
        return array.reshape(shape)

    def mask(self, ref: int, n: int) -> NDArray[np.bool_]:
        """Truth values, shape (n,), read-only."""
        packed = numbered(self._arrays, ref)
        if packed.dtype != np.uint8 or packed.size != -(-n // 8):
            raise damaged("it has truth values of another number than is needed")
        if (ref, n) not in self._masks:
            self.spend(n + 200)
            mask = np.unpackbits(packed, count=n).astype(np.bool_)
            mask.setflags(write=False)
            self._masks[ref, n] = mask
        return self._masks[ref, n]

    # --- Data ----------------------------------------------------------------------------------

    def add_dataset(self, record: r.DatasetRecord) -> None:
        """Takes the next data set."""
        origin = None if record.origin is None else self._choice(record.origin)
        if record.table is not None:
            dataset = self._of_table(record.table, origin)
        elif origin is not None and origin.path is None:
            self.spend(_bytes_to_make(origin))
            dataset = origin.load()
            if data_hash(dataset) != record.hash:
                raise RunFileError(
                    f"The data set {origin.name} comes out differently here than where this run "
                    "was saved: open it there."
                )
        else:
            raise damaged("a data set is missing")
        self.datasets.append(dataset)

    def _choice(self, record: r.ChoiceRecord) -> DataChoice:
        added: tuple[tuple[float, ...], ...] = ()
        if record.added is not None:
            rows = self.floats(record.added, -1, record.n_columns + 1)
            if len(rows) > MAX_ADDED:
                raise damaged("too many samples were added")
            self.spend(40 * rows.size)
            added = tuple(map(tuple, rows.tolist()))
        removed: list[int] = []
        if record.removed is not None:
            removed = self.whole_numbers(record.removed, -1).tolist()
            self.spend(40 * len(removed))
        choice = DataChoice(
            name=record.name,
            path=None if record.path is None else self._path(record.path),
            table=_options(record),
            n_samples=record.n_samples,
            noise=record.noise,
            seed=record.seed,
            added=added,
            removed=tuple(removed),
        )
        choice.check()
        if choice.path is None and choice.entry.n_columns != record.n_columns:
            raise damaged("samples were added to other data")
        return choice

    def _path(self, written: bytes) -> Path:
        path = Path(os.fsdecode(written))
        return path if self._is_private else Path(path.name)

    def _of_table(self, record: r.TableRecord, origin: DataChoice | None) -> Dataset:
        n_columns = len(record.columns)
        points = self.floats(record.points, -1, n_columns)
        ids = self.whole_numbers(record.ids, len(points))
        if not 0 < len(points) <= MAX_SAMPLES + MAX_ADDED or not 0 < record.drawn <= MAX_SAMPLES:
            raise damaged("a data set has too many samples, or none")
        if ids.max() >= MAX_ID:
            raise damaged("a sample has an impossible number")
        targets = self.floats(record.targets, len(points))
        # Files of version 1 have none: their samples were split whatever the class.
        strata = np.zeros(record.drawn, dtype=np.int64)
        if record.strata is not None:
            strata = self.whole_numbers(record.strata, record.drawn)
        check_magnitude(points, targets, np.array(record.domain or ()))
        self.spend(dataset_bytes(len(points), n_columns))
        return Dataset(
            name=record.name,
            points=points,
            targets=targets,
            columns=record.columns,
            classes=record.classes,
            groups=record.groups,
            task=record.task,
            source=record.source,
            note=record.note,
            domain=record.domain,
            input_shift=self.floats(record.input_shift, n_columns),
            input_scale=self.floats(record.input_scale, n_columns),
            target_shift=record.target_shift,
            target_scale=record.target_scale,
            fits_scaling=record.fits_scaling,
            drawn=record.drawn,
            ids=ids,
            strata=strata,
            origin=origin,
            file_columns=record.file_columns,
        )

    def dataset(self, ref: int) -> Dataset:
        """A data set."""
        return numbered(self.datasets, ref)

    def problem(self, setup: Setup) -> Problem:
        """The data of a set-up as its network sees them, the same one for equal questions."""
        key = setup.problem_key
        if key not in self._problems:
            self.spend(8 * setup.dataset.n_samples * (setup.sizes[0] + setup.sizes[-1] + 1))
            self._problems[key] = make_problem(*key, self.split_seed)
        return self._problems[key]

    # --- Set-ups -------------------------------------------------------------------------------

    def add_setup(self, record: r.SetupRecord) -> None:
        """Takes the next set-up."""
        dataset = self.dataset(record.dataset)
        check_network(record.network.hidden, record.network.inputs, dataset)
        setup = Setup(record.training, record.network, dataset, record.lesson)
        alike = [old for old in self._setups[-1:] if old.dataset is dataset]
        self.spend_on_inputs(setup)
        self.spend(2_000)
        setup.check(*alike)
        self._setups.append(setup)

    def setup(self, ref: int) -> Setup:
        """A set-up; its parts fit each other."""
        return numbered(self._setups, ref)

    def n_parameters(self, ref: int) -> int:
        """How many parameters the network of a set-up has."""
        if ref not in self._n_parameters:
            self._n_parameters[ref] = count_parameters(self.setup(ref).sizes)
        return self._n_parameters[ref]

    def setup_log(self, parts: tuple[tuple[float, int], ...]) -> SetupLog:
        """The set-ups of a run."""
        if not all(0.0 <= epoch < math.inf for epoch, _ in parts):
            raise damaged("a set-up took hold at an impossible epoch")
        self.spend(100 * len(parts))
        return tuple((epoch, self.setup(ref)) for epoch, ref in parts)


def _options(record: r.ChoiceRecord) -> TableOptions:
    others = {} if record.table is None else msgspec.structs.asdict(record.table)
    return TableOptions(target=record.target, **others)


T = TypeVar("T")


def numbered(things: Sequence[T], ref: int) -> T:
    """The thing with a number.

    Raises:
        RunFileError: If there is none.
    """
    if ref >= len(things):
        raise damaged("it refers to a part that it doesn't have")
    return things[ref]


def check_size(n_layers: int, n_inputs: int) -> None:
    """Bounds the hidden layers and the inputs of a network."""
    if n_layers > MAX_LAYERS or n_inputs > MAX_INPUTS:
        raise damaged("a network has too many layers or inputs")


def check_network(hidden: tuple[int, ...], inputs: tuple[str, ...], dataset: Dataset) -> None:
    """Bounds what a network and its inputs may cost, before anything is made."""
    n_inputs = len(inputs) or len(dataset.columns)
    check_size(len(hidden), n_inputs)
    if 8 * dataset.n_samples * n_inputs > MAX_MEMORY_BYTES // 2:
        raise damaged("a network has too many inputs for its data")


def check_magnitude(*parts: FloatArray) -> None:
    """Bounds numbers of samples, whose squares and sums are to be finite; nan passes."""
    if any((np.abs(part) > MAX_MAGNITUDE).any() for part in parts):
        raise damaged("a sample has too large a number")


def dataset_bytes(n_samples: int, n_columns: int) -> int:
    """The memory that a data set takes."""
    return 8 * n_samples * (n_columns + 2) + 2_000


def _bytes_to_make(origin: DataChoice) -> int:
    entry = origin.entry
    n_samples = origin.n_samples or entry.n_samples
    return dataset_bytes(min(n_samples, MAX_SAMPLES) + len(origin.added), entry.n_columns)
