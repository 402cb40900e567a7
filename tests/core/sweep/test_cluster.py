"""A sweep on a real cluster of processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.core.sweep.cases import numbers, sweep
from toygrad.core.sweep import cluster as cluster_module
from toygrad.core.sweep.cell import run_cell
from toygrad.core.sweep.chunks import VersionMismatchError, run_chunk
from toygrad.core.sweep.cluster import run_there
from toygrad.core.sweep.workers import WorkersError

SWEEP = sweep("learning-rate=0.01..1:40:log", n_seeds=2, epochs=30)


def test_without_dask_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkersError, match=r"pip install 'toygrad-tui\[cluster\]'"):
        list(run_there(SWEEP, [0], 1, scheduler="tcp://127.0.0.1:1"))


def test_a_worker_with_another_version_runs_nothing() -> None:
    with pytest.raises(VersionMismatchError, match="there and"):
        run_chunk(SWEEP, (0,), version="0.0.0")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster


# Of dask's own, not of what it runs.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning:distributed")
@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal of POSIX")
def test_a_lost_worker_costs_no_result_and_all_are_the_same_to_the_bit(cluster: Any) -> None:
    address = cluster.scheduler_address
    back = []
    results = run_there(SWEEP, range(SWEEP.n_cells), SWEEP.n_cells, scheduler=address)
    with closing(results):
        for result in results:
            back.append(result)
            if len(back) == 5:
                with cluster.get_client() as client:
                    pid = next(iter(client.run(os.getpid).values()))
                os.kill(pid, signal.SIGKILL)
    assert len(back) == SWEEP.n_cells
    assert numbers(back) == numbers(run_cell(SWEEP, n) for n in range(SWEEP.n_cells))


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning:distributed")
def test_another_version_on_the_workers_gets_a_sentence(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "__version__", "9.9")
    with pytest.raises(WorkersError, match=r"have toygrad-tui .*, and here is 9\.9: install"):
        list(run_there(SWEEP, [0], 1, scheduler=cluster.scheduler_address))


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning:distributed")
def test_no_scheduler_there_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.3)
    for address, said in (
        ("tcp://127.0.0.1:1", "There is no dask scheduler at"),
        ("nonsense", "nonsense is no address of a dask scheduler"),
    ):
        with pytest.raises(WorkersError, match=said):
            list(run_there(SWEEP, [0], 1, scheduler=address))
