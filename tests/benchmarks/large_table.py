"""A table of 1,000,000 rows and 20 columns: how long reading takes, beside what is asked.

``csv.reader`` and ``numpy.loadtxt`` read the same file in the same run: seconds of a machine say
little, ratios more. Each reader has a process of its own, for the peak of its memory.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from toygrad.datasets import CsvError, TableOptions, load_csv, survey

ASKED_SECONDS = 8.0


def write_table(file: Path, rows: int, columns: int) -> None:
    """Random numbers of five digits, the last column the target."""
    rng = np.random.default_rng(0)
    with file.open("w") as out:
        out.write(",".join([*(f"c{k}" for k in range(columns - 1)), "target"]) + "\n")
        for start in range(0, rows, 10_000):
            some = rng.normal(size=(min(10_000, rows - start), columns))
            np.savetxt(out, some, fmt="%.5g", delimiter=",")


def refused(file: Path) -> None:
    """All rows: too many, which is said."""
    try:
        load_csv(file)
    except CsvError as error:
        print(f"    {error}")


def drawn(file: Path) -> None:
    """The largest sample."""
    load_csv(file, TableOptions(sample=100_000))


def listed(file: Path) -> None:
    """What the application shows of it first."""
    survey(file, TableOptions(sample=10_000))


def split(file: Path) -> None:
    """csv.reader, which keeps nothing."""
    with file.open(newline="") as lines:
        for _ in csv.reader(lines):
            pass


def parsed(file: Path) -> None:
    """numpy.loadtxt, which keeps numbers alone."""
    np.loadtxt(file, delimiter=",", skiprows=1)


READERS: dict[str, Callable[[Path], None]] = {
    "refused with a sentence": refused,
    "100,000 rows drawn and made a data set": drawn,
    "10,000 rows drawn and listed": listed,
    "csv.reader, all rows": split,
    "numpy.loadtxt, all rows": parsed,
}


def measure(name: str, file: Path) -> tuple[float, float]:
    """Seconds of the processor, and the peak of memory in MB."""
    start = time.process_time()
    READERS[name](file)
    spent = time.process_time() - start
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Prints a line for each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    given = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.csv"
        write_table(file, given.rows, given.columns)
        print(f"{given.rows:,} x {given.columns}, {file.stat().st_size / 1e6:.0f} MB on the disk")
        results = {}
        for name in READERS:
            with context.Pool(1) as pool:
                results[name] = pool.apply(measure, (name, file))
    least = results["csv.reader, all rows"][0]
    for name, (seconds, megabytes) in results.items():
        ratio = f"{seconds / least:5.2f} of csv.reader"
        print(f"{name:<40} {seconds:5.2f} s  {ratio}  {megabytes:5.0f} MB")
    print(f"asked: {ASKED_SECONDS:g} s, or refused with the limit said and a sample offered")


if __name__ == "__main__":
    main()
