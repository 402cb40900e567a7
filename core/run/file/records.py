"""Records: everything that a run file says, as plain typed data; numbers stand in arrays apart.

What is written once has a number (arrays, data sets, set-ups, states and edits, each counted from 0
in the order of the file), and others refer to it by that. A field that is added later needs a
default; one that is unknown is skipped.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from ....datasets.facts import Task
from ....datasets.table_options import ColumnKind, Missing
from ...training.config import NetworkSpec, TrainingConfig
from ...training.reshape import Origins
from ...training.snapshot import TrainingFailure
from ..journal import Kind

Count = Annotated[int, Meta(ge=0, le=2**53)]
Ref = Annotated[int, Meta(ge=0, le=2**31)]
# A terminal takes control characters for commands; of CSV files the same ones are refused.
_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Name = Annotated[str, Meta(max_length=2_000, pattern=_PLAIN)]
Names = Annotated[tuple[Name, ...], Meta(max_length=1_000)]
Text = Annotated[str, Meta(max_length=20_000, pattern=_PLAIN)]
Word128 = Annotated[bytes, Meta(min_length=16, max_length=16)]
SetupLogRecord = Annotated[tuple[tuple[float, Ref], ...], Meta(min_length=1, max_length=100_000)]


class Record(Struct, omit_defaults=True):
    """A frame of its own, told apart by its tag."""


# --- Data ---------------------------------------------------------------------------------------


class OptionsRecord(Struct, omit_defaults=True):
    """See `TableOptions`, but for the target."""

    left_out: Names = ()
    taken: Names = ()
    missing: Missing = "fill"
    task: Task | None = None
    kinds: Annotated[tuple[tuple[Name, ColumnKind], ...], Meta(max_length=1_000)] = ()
    sample: Count | None = None


class ChoiceRecord(Struct, omit_defaults=True):
    """See `DataChoice`; the path, in saved files the name alone, as the system's bytes."""

    name: Name
    path: Annotated[bytes, Meta(max_length=5_000)] | None = None
    target: Name | None = None
    table: OptionsRecord | None = None
    n_samples: Count | None = None
    noise: float | None = None
    seed: Annotated[int, Meta(ge=0)] = 0
    n_columns: Annotated[int, Meta(ge=1, le=1_000)] = 1
    added: Ref | None = None
    removed: Ref | None = None


class TableRecord(Struct, omit_defaults=True):
    """See `Dataset`."""

    name: Name
    points: Ref
    targets: Ref
    columns: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1_000)]
    task: Task
    input_shift: Ref
    input_scale: Ref
    drawn: Count
    ids: Ref
    classes: Names = ()
    groups: Names = ()
    source: Text = ""
    note: Text = ""
    domain: tuple[float, float] | None = None
    target_shift: float = 0.0
    target_scale: float = 1.0
    fits_scaling: bool = False
    strata: Ref | None = None
    file_columns: Names = ()


class DatasetRecord(Record, tag="dataset"):
    """A data set: its table, or what makes it again and the hash of what that makes."""

    origin: ChoiceRecord | None = None
    table: TableRecord | None = None
    hash: bytes = b""


class SetupRecord(Record, tag="setup"):
    """See `Setup`."""

    training: TrainingConfig
    network: NetworkSpec
    dataset: Ref
    lesson: Name = ""


class RecipeRecord(Record, tag="recipe"):
    """See `Recipe`."""

    setup: Ref
    seed: Annotated[int, Meta(ge=0)]


# --- States -------------------------------------------------------------------------------------


class OrderRecord(Struct, omit_defaults=True):
    """The state of a PCG64 generator."""

    state: Word128
    inc: Word128
    has_uint32: bool = False
    uinteger: Annotated[int, Meta(ge=0, lt=2**32)] = 0


class HistoryRecord(Struct, omit_defaults=True):
    """See `HistoryNumbers`; in chunks, which states of one run have in common."""

    n_points: Count
    buckets: Annotated[tuple[Ref, ...], Meta(max_length=200)]
    recent: Annotated[tuple[Ref, ...], Meta(max_length=200)]
    marks: Annotated[tuple[tuple[float, Text], ...], Meta(max_length=64)] = ()
    best: Annotated[tuple[tuple[float, Name, float], ...], Meta(max_length=2)] = ()
    before_recent: tuple[float, float] = (0.0, 0.0)


class StateRecord(Record, tag="state"):
    """See `LearnerState`."""

    setup: Ref
    seed: Annotated[int, Meta(ge=0)]
    parameters: Ref
    gradients: Ref
    frozen: Ref
    optimizer_arrays: Annotated[dict[Name, Ref], Meta(max_length=20)]
    optimizer_numbers: Annotated[dict[Name, float], Meta(max_length=20)]
    last_update: Ref
    order: OrderRecord
    rows: Ref
    place: Count
    epoch: Count
    step: Count
    noted_step: Count
    history: HistoryRecord
    stop_conditions: tuple[float, float, Count]
    carried: Ref | None = None
    last_batch: tuple[Ref, float] | None = None
    failure: TrainingFailure | None = None
    stopped: Text = ""
    engine: Literal["scalar", "array", "tape", "compiled"] = "tape"


# --- Edits --------------------------------------------------------------------------------------


class WeightsRecord(Struct, omit_defaults=True):
    """See `Weights`."""

    sizes: Annotated[tuple[Count, ...], Meta(min_length=2, max_length=100_000)]
    inputs: tuple[Name, ...]
    parameters: Ref
    frozen: Ref


class ConfigureRecord(Record, tag="configure"):
    """See `Configure`."""

    training: TrainingConfig | None = None
    network: NetworkSpec | None = None
    dataset: Ref | None = None
    weights: WeightsRecord | None = None
    origins: Origins | None = None


class StartOverRecord(Record, tag="start over"):
    """See `StartOver`."""

    setup: Ref
    seed: Annotated[int, Meta(ge=0)] | None = None


class AddSampleRecord(Record, tag="add sample"):
    """See `AddSample`."""

    point: Annotated[tuple[float, ...], Meta(max_length=1_000)]
    target: float


class RemoveSampleRecord(Record, tag="remove sample"):
    """See `RemoveSample`."""

    number: Count


class UseSamplesRecord(Record, tag="use samples"):
    """See `UseSamples`."""

    dataset: Ref


class WriteParametersRecord(Record, tag="write parameters"):
    """See `WriteParameters`."""

    arrays: dict[Name, tuple[Annotated[tuple[Count, ...], Meta(max_length=2)], Ref]]


class WriteElementsRecord(Record, tag="write elements"):
    """See `WriteElements`: layer, source (-1 for a bias) and target of each element."""

    numbers: Ref
    values: Ref
    frozen: Ref
    holds: Ref


class UnfreezeAllRecord(Record, tag="unfreeze all"):
    """See `UnfreezeAll`."""


class UseEngineRecord(Record, tag="use engine"):
    """See `UseEngine`."""

    name: Name


class ResetRecord(Record, tag="reset"):
    """See `Reset`."""


class ReseedRecord(Record, tag="reseed"):
    """See `Reseed`."""

    seed: Annotated[int, Meta(ge=0)]


class RestoreRecord(Record, tag="restore"):
    """See `Restore`."""

    state: Ref
    setups: Annotated[tuple[tuple[float, Ref], ...], Meta(max_length=100_000)] = ()


EditRecord = (
    ConfigureRecord
    | StartOverRecord
    | AddSampleRecord
    | RemoveSampleRecord
    | UseSamplesRecord
    | WriteParametersRecord
    | WriteElementsRecord
    | UnfreezeAllRecord
    | UseEngineRecord
    | ResetRecord
    | ReseedRecord
    | RestoreRecord
)


# --- What was done ------------------------------------------------------------------------------


class EntryRecord(Record, tag="entry"):
    """See `Entry`. A data set with the next free number is the one that the edit makes."""

    tick: Count
    edit: Ref
    dataset: Ref
    kind: Kind = Kind.EDIT


class CutRecord(Record, tag="cut"):
    """A branch began: the journal goes on after some entries, and later checkpoints are void."""

    tick: Count
    n_entries: Count


class CheckpointRecord(Record, tag="checkpoint"):
    """See `Checkpoint`."""

    tick: Count
    n_entries: Count
    state: Ref
    setups: SetupLogRecord
    undo: Annotated[tuple[Ref, ...], Meta(max_length=1_000)] = ()
    redo: Annotated[tuple[Ref, ...], Meta(max_length=1_000)] = ()


class KeptRunRecord(Struct, omit_defaults=True):
    """See `KeptRun`."""

    number: Count
    setups: SetupLogRecord
    seed: Annotated[int, Meta(ge=0)]
    epochs: float
    point_epochs: Ref
    points: Ref
    left_at: float | None = None
    ended: tuple[Count, Count] | None = None


class PastRunsRecord(Record, tag="past runs"):
    """See `PastRuns`; takes the place of those before."""

    runs: Annotated[tuple[KeptRunRecord, ...], Meta(max_length=100)]
    count: Count


class TickRecord(Record, tag="tick"):
    """The document goes on to a tick at least."""

    tick: Count


class EndRecord(Record, tag="end"):
    """The document is whole, ends at a tick, and goes on at a moment, see `Moment`."""

    tick: Count
    moment: tuple[Count, bool] | None = None


AnyRecord = (
    DatasetRecord
    | SetupRecord
    | RecipeRecord
    | StateRecord
    | EditRecord
    | EntryRecord
    | CutRecord
    | CheckpointRecord
    | PastRunsRecord
    | TickRecord
    | EndRecord
)

decode = msgspec.msgpack.Decoder(AnyRecord).decode
"""The record that some bytes hold; raises a `msgspec.MsgspecError` if they hold none."""


def _plain(number: object) -> object:
    """NumPy's numbers as Python's: a setting may be one."""
    if isinstance(number, np.generic):
        return number.item()
    raise TypeError(f"{type(number).__name__} has no place in a file")


encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode
"""A record as bytes."""
