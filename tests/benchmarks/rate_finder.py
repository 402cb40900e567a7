"""Measures the rate finder on tasks drawn anew each time, each with several first weights.

Its rate is taken for 200 epochs with another order of the samples, beside seven rates.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import multiprocessing
import random
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.core.diagnosis.rates import Pick, Task, pick

LEAST_GOOD = 0.9


def main() -> None:
    """Prints the table, and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--weights", type=int, default=3, help="first weights of each task")
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.tasks)
    tasks = [Task(seed, weights) for seed in seeds for weights in range(arguments.weights)]
    # A process for each of the two cores that a small machine has.
    with multiprocessing.Pool(2, warnings.simplefilter, ("ignore",)) as pool:
        picks = pool.map(pick, tasks, chunksize=arguments.weights)
    _print(arguments.seed, picks, arguments.weights)
    for task, found in zip(tasks, picks, strict=True) if arguments.misses else ():
        if not found.is_good:
            print(task, found)


def _print(seed: int, picks: list[Pick], weights: int) -> None:
    n = len(picks)
    rungs = [[p.rung for p in picks[k : k + weights]] for k in range(0, n, weights)]
    near = sum(max(of_task) - min(of_task) <= 1 for of_task in rungs)
    print(f"seed {seed}, {len(rungs)} tasks, {weights} first weights each")
    print("| what | asked | measured |")
    print("|---|---:|---:|")
    good, twice = (sum(getattr(p, name) for p in picks) for name in ("is_good", "is_within_twice"))
    print(f"| within twice the best of seven, or learned | {LEAST_GOOD:.0%} | {good / n:.1%} |")
    print(f"| within twice, however small the loss | | {twice / n:.1%} |")
    print(f"| at most one rung apart over first weights | | {near / len(rungs):.1%} |")


if __name__ == "__main__":
    main()
