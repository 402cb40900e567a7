"""Measures the diagnosis on a population of runs, drawn anew each time.

Healthy runs reach at their end what their data allow; ill ones have one of twelve illnesses. A
screen's snapshots are taken along each. Printed are the snapshots of healthy runs with an alarm,
and for each illness how many runs are named rightly at their end, and how many wrongly.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import random
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.core.diagnosis.population import ILLNESSES, SABOTAGED, Tally, healthy_runs, ill_runs

MOST_ALARMS, LEAST_RIGHT, MOST_WRONG = 0.02, 0.95, 0.03


def main() -> None:
    """Prints the table, and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--runs", type=int, default=300, help="of each kind")
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    started, tally = time.process_time(), Tally()
    for runs in (healthy_runs, ill_runs):
        for case, seen in runs(arguments.seed, arguments.runs):
            tally.add(case, seen)
    _print(tally, arguments.seed, time.process_time() - started)
    for miss in tally.misses if arguments.misses else ():
        print(miss)


def _print(tally: Tally, seed: int, seconds: float) -> None:
    n = sum(tally.runs.values())
    right, wrong = sum(tally.right.values()), sum(tally.wrong.values())
    print(f"seed {seed}, {tally.snapshots:,} healthy snapshots, {n} ill runs, {seconds:.0f} s")
    print("| what | asked | measured |")
    print("|---|---:|---:|")
    alarms, well = tally.alarms / tally.snapshots, tally.well / tally.snapshots
    print(f"| healthy snapshots with an alarm | {MOST_ALARMS:.0%} at most | {alarms:.2%} |")
    print(f"| healthy snapshots said to be well | | {well:.1%} |")
    print(f"| ill runs named rightly at their end | {LEAST_RIGHT:.0%} | {right / n:.1%} |")
    print(f"| ill runs with a wrong cause | below {MOST_WRONG:.0%} | {wrong / n:.1%} |")
    natural = [illness for illness in ILLNESSES if illness not in SABOTAGED]
    n = sum(tally.runs[illness] for illness in natural)
    right, wrong = (sum(of[k] for k in natural) for of in (tally.right, tally.wrong))
    print(f"| without planted bugs: named rightly | {LEAST_RIGHT:.0%} | {right / n:.1%} |")
    print(f"| without planted bugs: a wrong cause | below {MOST_WRONG:.0%} | {wrong / n:.1%} |")
    for illness in ILLNESSES:
        count = tally.runs[illness]
        print(
            f"| {illness}: right, wrong of {count} | "
            f"| {tally.right[illness]}, {tally.wrong[illness]} |"
        )


if __name__ == "__main__":
    main()
