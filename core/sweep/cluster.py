"""A sweep on many machines: its chunks as tasks of dask.distributed."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from queue import Empty, SimpleQueue
from typing import Any, Final

from ... import __version__
from ..diagnosis.trials import never
from .chunks import Chunks, VersionMismatchError, run_chunk
from .sweep import Sweep
from .workers import WorkersError

NEEDS_DASK: Final = "--scheduler needs dask.distributed: pip install 'toygrad-tui[cluster]'."
CONNECT_SECONDS: Final = 10
# So many chunks wait at each thread of a worker, so that none waits for the client.
CHUNKS_AHEAD: Final = 3
MOST_AT_WORK: Final = 20_000
# So often a chunk is tried again whose worker was lost.
RETRIES: Final = 3
POLL_SECONDS: Final = 0.2


def run_there(
    sweep: Sweep,
    numbers: Iterable[int],
    n_left: int,
    *,
    scheduler: str,
    stopped: Callable[[], bool] = never,
) -> Generator[bytes]:
    """Runs cells on the workers of a dask cluster.

    What waits at the scheduler, and what is held here, stays the same however many cells there are.
    The chunks of a worker that is lost are run again by another one.

    Args:
        sweep: The sweep.
        numbers: Which cells; read only as far as there is work for.
        n_left: How many they are.
        scheduler: Its address, `tcp://HOST:PORT`.
        stopped: Asked often; true gives up what was not begun.

    Yields:
        Results as they come, in any order, each a line of JSON.

    Raises:
        WorkersError: If there is no scheduler, no worker, or a worker with another version.
    """
    client = _connected(scheduler)
    try:
        _check_versions(client)
        yield from _results(client, sweep, numbers, n_left, stopped)
    finally:
        client.close()


def _connected(scheduler: str) -> Any:
    if not _ADDRESS.fullmatch(scheduler):
        raise WorkersError(
            f"{scheduler} is no address of a dask scheduler: give one such as tcp://host:8786."
        )
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkersError(NEEDS_DASK) from error
    try:
        # Other versions of dask than here are the cluster's affair as long as it works.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkersError(
            f"There is no dask scheduler at {scheduler}: start one with 'dask scheduler', and "
            "give the address that it prints."
        ) from error


_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(?:\[[0-9a-fA-F:.%]+\]|[\w.-]+):\d{1,5}")


def version_here() -> str:
    """The version of the program in this process."""
    return __version__


def _check_versions(client: Any) -> None:
    """Checks that every worker has this version of the program."""
    try:
        found: dict[str, str] = client.run(version_here)
    except ImportError as error:
        raise WorkersError(_needs_install("are without toygrad-tui")) from error
    if not found:
        raise WorkersError(
            "The dask scheduler has no workers: start some with 'dask worker ADDRESS'."
        )
    for version in found.values():
        _check_version(version)


def _check_version(version: str) -> None:
    if version != __version__:
        raise WorkersError(_needs_install(f"have toygrad-tui {version}"))


def _needs_install(what: str) -> str:
    return (
        f"Workers of the cluster {what}, and here is {__version__}: install the same version "
        "everywhere."
    )


def _results(
    client: Any,
    sweep: Sweep,
    numbers: Iterable[int],
    n_left: int,
    stopped: Callable[[], bool],
) -> Generator[bytes]:
    from distributed.scheduler import KilledWorker

    n_threads = _n_threads(client)
    chunks = Chunks(numbers, n_left, n_threads)
    at_work: dict[Any, tuple[tuple[int, ...], int]] = {}
    finished: SimpleQueue[Any] = SimpleQueue()

    def submit(chunk: tuple[int, ...], tries: int = 0) -> None:
        future = client.submit(run_chunk, sweep, chunk, __version__, pure=False)
        at_work[future] = chunk, tries
        future.add_done_callback(finished.put)

    def submit_next() -> None:
        if not stopped() and (chunk := chunks.next()):
            submit(chunk)

    for _ in range(min(CHUNKS_AHEAD * n_threads, MOST_AT_WORK)):
        submit_next()
    while at_work and (future := _next(finished, stopped)) is not None:
        chunk, tries = at_work.pop(future)
        try:
            done = future.result()
        except KilledWorker as error:
            if tries >= RETRIES:
                raise WorkersError("The cluster lost every worker that ran a chunk.") from error
            submit(chunk, tries + 1)
            continue
        except VersionMismatchError as error:
            raise WorkersError(_needs_install(f"have other versions ({error})")) from error
        except ImportError as error:
            raise WorkersError(_needs_install("are without toygrad-tui")) from error
        except (OSError, CancelledError) as error:
            raise WorkersError("The connection to the dask scheduler was lost.") from error
        finally:
            future.release()
        chunks.note(done)
        submit_next()
        yield from done.lines


def _next(finished: SimpleQueue[Any], stopped: Callable[[], bool]) -> Any:
    """The next chunk that is done; None if the sweep is to stop."""
    while not stopped():
        try:
            return finished.get(timeout=POLL_SECONDS)
        except Empty:
            continue
    return None


def _n_threads(client: Any) -> int:
    counts: dict[str, int] = client.nthreads()
    return max(1, sum(counts.values()))
