"""Bytes and frames a second that the application sends while it trains as fast as it goes.

At three sizes of the terminal: what a slow line to another machine has to carry.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import json
import sys
import tempfile
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import (
    CASES,
    SPEED_SECONDS,
    WARM_UP_SECONDS,
    MeasuredApp,
    _case,
    print_row,
)
from tests.benchmarks.figures import add_json_option, keep, two_digits
from tests.benchmarks.terminal import Program

SIZES = ((80, 24), (120, 40), (150, 46))
# What a network of the size that most people try may send at the largest size.
ASKED_KB = 250.0
CASES = {"spiral 2-8-8-1": _case("spiral", (8, 8), ("0.03", "0.1"), (0.5, 12.0, 0.06)), **CASES}


def traffic(name: str, size: tuple[int, int]) -> tuple[float, float]:
    """Kilobytes and frames a second of the application in a terminal of some size."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "rates.json")
        program = Program([sys.executable, __file__, name, "--measured-app", str(result)], size)
        program.wait_until_gone(10.0 + WARM_UP_SECONDS + SPEED_SECONDS)
        if not result.exists():
            raise RuntimeError(f"the application failed: run {__file__} NAME --measured-app FILE")
        _, frames, start, end = json.loads(result.read_text())
    return program.bytes_between(start, end) / (end - start) / 1e3, frames


def main() -> None:
    """Prints a table for each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", choices=list(CASES), help="one network; all by default")
    add_json_option(parser)
    parser.add_argument("--measured-app", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measured_app:
        MeasuredApp(CASES[arguments.case], arguments.measured_app).run()
        return
    figures = {}
    for name in [arguments.case] if arguments.case else CASES:
        print(name)
        for size in SIZES:
            kilobytes, frames = traffic(name, size)
            what = "{} x {}, kB/s (frames/s)".format(*size)
            print_row(what, f"at most {ASKED_KB:g}", f"{kilobytes:.0f} ({frames:.1f})")
            where = "{} at {}x{}".format(name, *size)
            figures[where] = f"{two_digits(kilobytes)} kB"
            figures[f"{where}, frames"] = two_digits(frames)
    if arguments.json:
        keep(arguments.json, figures)


if __name__ == "__main__":
    main()
