"""States: a learner's state from its record, checked so that every step from it can be taken."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ...autograd.numerics import FloatArray
from ...nn import OPTIMIZERS
from ...nn.optimizers import Optimizer
from ...training.config import AUTO, CHOICES
from ...training.history import (
    CURVES,
    JUDGES,
    MAX_BUCKETS,
    MAX_POINTS,
    RECENT_EPOCHS,
    Best,
    History,
    HistoryNumbers,
    Mark,
    Points,
    bucket_span,
)
from ...training.state import LastBatch, LearnerState
from ...training.stopping import StopConditions
from ..past_runs import KeptRun, PastRuns
from . import records as r
from .encoder import optimizer_fields
from .frames import damaged
from .library import Library

MAX_TICK = 2**53


def read_state(library: Library, record: r.StateRecord) -> LearnerState:
    """The state that a record describes.

    Raises:
        RunFileError: If its parts do not fit each other.
    """
    setup, n = library.setup(record.setup), library.n_parameters(record.setup)
    problem = library.problem(setup)
    parameters = library.floats(record.parameters, n)
    gradients = library.floats(record.gradients, n)
    rows = library.whole_numbers(record.rows, len(problem.train_rows))
    if not np.array_equal(np.sort(rows), np.sort(problem.train_rows)):
        raise damaged("an epoch has other samples than those that train")
    n_batches = -(-len(rows) // setup.training.batch_size)
    if record.place >= n_batches or record.noted_step > record.step:
        raise damaged("a state is at an impossible place")
    if setup.training.engine == AUTO and record.engine not in CHOICES:
        raise damaged("a state has an engine that is not chosen")
    return LearnerState(
        setup=setup,
        seed=record.seed,
        problem=problem,
        parameters=parameters,
        gradients=gradients,
        frozen=library.mask(record.frozen, n),
        optimizer=_optimizer(library, record, setup.training.optimizer, n),
        last_update=library.floats(record.last_update, n),
        carried=None if record.carried is None else library.floats(record.carried, n),
        order=_order(record.order),
        rows=rows,
        place=record.place,
        last_batch=_last_batch(library, record, setup.dataset.n_samples),
        epoch=record.epoch,
        step=record.step,
        noted_step=record.noted_step,
        history=_history(library, record),
        stop_conditions=_stop_conditions(record),
        failure=record.failure,
        stopped=record.stopped,
        engine=record.engine,
    )


def _optimizer(library: Library, record: r.StateRecord, name: str, n: int) -> Optimizer:
    library.spend(24 * n)
    optimizer = OPTIMIZERS[name](n)
    wanted = optimizer_fields(optimizer)
    arrays = {field: library.floats(ref, n) for field, ref in record.optimizer_arrays.items()}
    numbers = record.optimizer_numbers
    if any(not 0.0 <= number <= 1.0 for number in numbers.values()):
        raise damaged("an optimizer's state is impossible")
    kinds = {field: isinstance(value, np.ndarray) for field, value in wanted.items()}
    if kinds != {**dict.fromkeys(arrays, True), **dict.fromkeys(numbers, False)}:
        raise damaged("an optimizer's state is that of another one")
    for field, value in {**arrays, **numbers}.items():
        setattr(optimizer, field, value)
    return optimizer


def _order(record: r.OrderRecord) -> dict[str, object]:
    state, inc = (int.from_bytes(word, "little") for word in (record.state, record.inc))
    if inc % 2 == 0:
        raise damaged("the state of a random generator is impossible")
    return {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": inc},
        "has_uint32": int(record.has_uint32),
        "uinteger": record.uinteger,
    }


def _last_batch(library: Library, record: r.StateRecord, n_samples: int) -> LastBatch | None:
    if record.last_batch is None:
        return None
    ref, loss = record.last_batch
    rows = library.whole_numbers(ref, -1)
    batch_size = library.setup(record.setup).training.batch_size
    if not 0 < len(rows) <= batch_size or rows.min() < 0 or rows.max() >= n_samples:
        raise damaged("a batch has samples that do not exist")
    return rows, 0, loss


def _stop_conditions(record: r.StateRecord) -> StopConditions:
    conditions = StopConditions()
    conditions._last, conditions._best, conditions._best_epoch = record.stop_conditions
    return conditions


def _history(library: Library, record: r.StateRecord) -> History:
    history = record.history
    n = history.n_points
    if not 0 < n <= record.epoch + 1:
        raise damaged("a curve has an impossible number of points")
    buckets = _rows(library, history.buckets, 2 + 3 * len(CURVES), -(-n // bucket_span(n)))
    recent = _rows(library, history.recent, 2 + len(CURVES), min(n, RECENT_EPOCHS))
    # Epochs and ticks.
    times, recent_times = buckets[:, :2], recent[:, :2]
    before_recent = np.array([history.before_recent])
    is_real = times[-1, 0] == recent_times[-1, 0] <= record.epoch
    parts = (*times.T, *recent_times.T, *before_recent.T)
    if not (is_real and all(map(_is_rising, parts)) and times.max() <= MAX_TICK):
        raise damaged("the points of a curve are out of order")
    marks = tuple(Mark(epoch, text) for epoch, text in history.marks)
    best = tuple(Best(*parts) for parts in history.best)
    if not all(0.0 <= mark.epoch < math.inf for mark in marks):
        raise damaged("a mark on a curve is at an impossible epoch")
    for part in best:
        is_real = part.curve in JUDGES and math.isfinite(part.loss)
        if not is_real or not 0.0 <= part.epoch <= record.epoch:
            raise damaged("the best epoch is impossible")
    made = History.of(
        HistoryNumbers(
            n_points=n,
            epochs=times[:, 0],
            buckets=buckets[:, 2:].reshape(-1, 3, len(CURVES)),
            recent_epochs=recent_times[:, 0],
            recent=recent[:, 2:],
            marks=marks,
            best=best,
            ticks=times[:, 1],
            recent_ticks=recent_times[:, 1],
            before_recent=history.before_recent,
        )
    )
    return made


def _rows(library: Library, refs: tuple[int, ...], n_columns: int, n_rows: int) -> FloatArray:
    library.spend(2 * 8 * MAX_BUCKETS * n_columns)
    chunks = [library.floats(ref, n_columns, -1) for ref in refs]
    if sum(chunk.shape[1] for chunk in chunks) != n_rows:
        raise damaged("a curve has an impossible number of points")
    return np.concatenate(chunks, axis=1).T


def _is_rising(epochs: FloatArray) -> bool:
    rising = np.isfinite(epochs).all() and epochs[0] >= 0.0 and (np.diff(epochs) > 0.0).all()
    return bool(rising)


def read_past_runs(library: Library, record: r.PastRunsRecord) -> PastRuns:
    """The runs that are over.

    Raises:
        RunFileError: If one of them is impossible.
    """
    runs = tuple(_kept_run(library, run) for run in record.runs)
    numbers = [0, *(run.number for run in runs)]
    if any(a >= b for a, b in pairwise(numbers)) or numbers[-1] > record.count:
        raise damaged("the past runs are out of order")
    return PastRuns(runs, record.count)


def _kept_run(library: Library, record: r.KeptRunRecord) -> KeptRun:
    epochs = library.floats(record.point_epochs, -1)
    n = len(epochs)
    if not 0 < n <= MAX_POINTS or not _is_rising(epochs) or not 0.0 <= record.epochs < math.inf:
        raise damaged("the curve of a past run is out of order")
    low, mean, high = library.floats(record.points, 3, len(CURVES), n).transpose(0, 2, 1)
    if record.left_at is not None and not 0.0 <= record.left_at < math.inf:
        raise damaged("a past run was left at an impossible epoch")
    points = Points(epochs, low, mean, high)
    setups = library.setup_log(record.setups)
    return KeptRun(
        record.number, setups, record.seed, record.epochs, points, record.left_at, record.ended
    )
