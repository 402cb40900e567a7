"""Measures how often the presets and their cures keep what they promise.

Each is run with first weights drawn from many seeds, and on data drawn from many seeds. A preset
with a cure also has to break the cure's promise, and the cure the preset's.
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

from tests.tui.learn.promises import Run, missed
from toygrad.tui.learn.presets import PRESETS

LEAST_OF_DATA = 0.95


def main() -> None:
    """Prints a row for each preset and cure, and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--runs", type=int, default=40, help="of each kind")
    parser.add_argument("--only", choices=list(PRESETS), help="one preset and its cure")
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    arguments = parser.parse_args()
    n, names = arguments.runs, [arguments.only] if arguments.only else list(PRESETS)
    runs = [
        Run(name, is_cure, arguments.seed + k, arguments.seed + k if draws_data else None)
        for name in names
        for is_cure in ((False, True) if PRESETS[name].cure else (False,))
        for draws_data in (False, True)
        for k in range(n)
    ]
    # A process for each of the two cores that a small machine has.
    with multiprocessing.Pool(2, warnings.simplefilter, ("ignore",)) as pool:
        found = dict(zip(runs, pool.map(missed, runs, chunksize=5), strict=True))
    least = round(LEAST_OF_DATA * n)
    print(f"seed {arguments.seed}: asked {n} of {n} first weights, {least} of {n} data")
    print("| preset | first weights | data |")
    print("|---|---:|---:|")
    for name, is_cure in dict.fromkeys((run.name, run.is_cure) for run in runs):
        kept = [
            sum(
                not miss
                for run, miss in found.items()
                if (run.name, run.is_cure) == (name, is_cure) and (run.data is None) is first
            )
            for first in (True, False)
        ]
        print(f"| {name}{', cured' if is_cure else ''} | {kept[0]} | {kept[1]} |")
    for run, miss in found.items() if arguments.misses else ():
        if miss:
            print(run, "; ".join(miss))


if __name__ == "__main__":
    main()
