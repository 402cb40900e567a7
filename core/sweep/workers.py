"""Workers: threads or processes of this machine that run a sweep's cells."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from ..diagnosis.trials import never
from ..training.config import AUTO, COMPILED
from .chunks import Chunks, Done, run_chunk
from .sweep import Sweep

# Threads share a process: a chunk costs them nothing to hand out.
THREAD_CHUNK_SECONDS: Final = 0.2
# So many chunks are handed out before the first of them is back, for each worker.
CHUNKS_AHEAD: Final = 2
NEEDS_JOBLIB: Final = (
    "Several workers need compiled steps (pip install 'toygrad-tui[fast]') or processes "
    "(pip install 'toygrad-tui[sweep]'): use --workers 1, or install one of them."
)


class WorkersError(Exception):
    """There are no workers, or they are of no use; in one sentence."""


def n_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_compiled(sweep: Sweep) -> bool:
    """Whether the cells' steps are native code, during which other threads run."""
    from ..autograd.tape.compiler.native import why_not

    engines = {sweep.base.training.engine}
    for axis in sweep.axes:
        if axis.name == "engine":
            engines = set(map(str, axis.values))
    return engines <= {AUTO, COMPILED} and not why_not()


def run_here(
    sweep: Sweep,
    numbers: Iterable[int],
    n_left: int,
    *,
    n_workers: int,
    stopped: Callable[[], bool] = never,
) -> Generator[bytes]:
    """Runs cells on this machine: in threads where steps are compiled, else in processes.

    Args:
        sweep: The sweep.
        numbers: Which cells; read only as far as there is work for.
        n_left: How many they are.
        n_workers: How many run at a time.
        stopped: Asked often; true ends it soon.

    Yields:
        Results as they come, in any order, each a line of JSON.

    Raises:
        WorkersError: If there is nothing to run several on at a time.
    """
    if n_workers == 1 or is_compiled(sweep):
        return _in_threads(
            sweep, Chunks(numbers, n_left, n_workers, THREAD_CHUNK_SECONDS), n_workers, stopped
        )
    return _in_processes(sweep, Chunks(numbers, n_left, n_workers), n_workers, stopped)


def _in_threads(
    sweep: Sweep, chunks: Chunks, n_workers: int, stopped: Callable[[], bool]
) -> Generator[bytes]:
    ending = threading.Event()

    def is_over() -> bool:
        return ending.is_set() or stopped()

    def submit() -> Iterator[Future[Done]]:
        if not is_over() and (chunk := chunks.next()):
            yield pool.submit(run_chunk, sweep, chunk, stopped=is_over)

    with ThreadPoolExecutor(n_workers, thread_name_prefix="sweep") as pool:
        at_work: set[Future[Done]] = set()
        try:
            for _ in range(CHUNKS_AHEAD * n_workers):
                at_work.update(submit())
            while at_work:
                finished, at_work = wait(at_work, return_when=FIRST_COMPLETED)
                for future in finished:
                    done = future.result()
                    chunks.note(done)
                    at_work.update(submit())
                    yield from done.lines
        finally:
            # The reader may leave early, or something failed.
            ending.set()
            for future in at_work:
                future.cancel()


def _in_processes(
    sweep: Sweep, chunks: Chunks, n_workers: int, stopped: Callable[[], bool]
) -> Generator[bytes]:
    try:
        from joblib import Parallel, delayed
    except ImportError as error:
        raise WorkersError(NEEDS_JOBLIB) from error

    def tasks() -> Iterator[object]:
        for chunk in chunks:
            if stopped():
                return
            yield delayed(run_chunk)(sweep, chunk)

    pool = Parallel(
        n_jobs=n_workers,
        backend="loky",
        return_as="generator_unordered",
        batch_size=1,
        pre_dispatch=f"{CHUNKS_AHEAD}*n_jobs",
    )
    back = pool(tasks())
    try:
        for done in back:
            chunks.note(done)
            yield from done.lines
            if stopped():
                return
    finally:
        back.close()
