"""What a run of a sweep costs a worker, and what its result costs whoever gathers it.

    python tests/benchmarks/cluster.py [--json docs/figures/cluster.json]

Processor time; and what follows from it for ten million runs on a thousand cores. dask's
millisecond for each task is taken from its documentation.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, duration, keep, two_digits
from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.sweep.axis import Axis
from toygrad.core.sweep.chunks import CHUNK_SECONDS, run_chunk
from toygrad.core.sweep.fields import CellRecipe
from toygrad.core.sweep.results_file import CellSet, ResultsFile, seen_in
from toygrad.core.sweep.summary import MEASURES, Summary
from toygrad.core.sweep.sweep import Sweep
from toygrad.datasets import DataChoice

N, EPOCHS = 400, 200
RUNS, CORES = 10_000_000, 1_000
SECONDS_A_TASK = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_json_option(parser)
    options = parser.parse_args()
    rates = Axis.parse(f"learning-rate=0.001..1:{N}:log")
    other, sweep = (
        Sweep(
            CellRecipe(DataChoice(name="spiral"), NetworkSpec(hidden=(n,)), TrainingConfig(), 0),
            (rates,),
            1,
            EPOCHS,
        )
        for n in (6, 8)
    )
    # The data and what is loaded once are no part of it.
    run_chunk(other, (0,))
    began = time.process_time()
    run_chunk(sweep, (0,))
    first = time.process_time() - began
    began = time.process_time()
    lines = run_chunk(sweep, tuple(range(N))).lines
    a_run = (time.process_time() - began) / N
    gathering, reading = _cost_of_results(sweep, lines)
    chunks = RUNS * a_run / CHUNK_SECONDS
    figures = {
        "a run": duration(a_run),
        "code for another shape": duration(first - a_run),
        "a result, gathered": duration(gathering),
        "a result, bytes": f"{two_digits(sum(map(len, lines)) / N / 1e3)} kB",
        "the runs": f"{two_digits(RUNS * a_run / CORES)} s",
        "chunks": f"{two_digits(chunks)}",
        "the scheduler": f"{two_digits(chunks * SECONDS_A_TASK)} s",
        "gathering": f"{two_digits(RUNS * gathering)} s",
        "the file": f"{two_digits(RUNS * sum(map(len, lines)) / N / 1e9)} GB",
        "what is done": f"{two_digits(len(CellSet(RUNS)._bits) / 1e6)} MB",
        "reading": f"{two_digits(RUNS * reading)} s",
    }
    for name, figure in figures.items():
        print(f"{name:<24} {figure:>10}")
    if options.json:
        keep(options.json, figures)


def _cost_of_results(sweep: Sweep, lines: list[bytes]) -> tuple[float, float]:
    """Seconds to take a result in, write and count it; and to read it again."""
    rounds, summary = 25, Summary(sweep, MEASURES["test-loss"])
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for place in range(rounds):
            with ResultsFile(Path(folder) / f"{place}.jsonl", sweep) as file:
                for number, line in enumerate(lines):
                    if file.add(number, line):
                        summary.add(seen_in(line))
        gathering = time.process_time() - began
        began = time.process_time()
        for place in range(rounds):
            for _ in ResultsFile(Path(folder) / f"{place}.jsonl", sweep).read():
                pass
        reading = time.process_time() - began
    return gathering / rounds / len(lines), reading / rounds / len(lines)


if __name__ == "__main__":
    main()
