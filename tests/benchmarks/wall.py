"""Times the wall at 150 x 46 in a pseudo-terminal: 400 runs, 20 learning rates by 20 widths.

Keys and frames while all of them train, quitting meanwhile, and how long 200 epochs of all take.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import math
import re
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import BETWEEN_KEYS_SECONDS, FIRST_FRAME, print_row
from tests.benchmarks.terminal import Program

KEYS = 60
QUITS = 3
WARM_UP_SECONDS = 6.0
FRAME_SECONDS = 5.0
# What is written with less time between is one frame.
WITHIN_A_FRAME_SECONDS = 0.02
RIGHT, LEFT = "\x1b[C", "\x1b[D"
# The columns beside the middle one of 20.
RATES = {RIGHT: "0.206914", LEFT: "0.127427"}


def wall(dataset: str, epochs: int) -> Program:
    """The application with 400 runs that train, warm."""
    command = [sys.executable, "-m", "toygrad.tui", "--dataset", dataset]
    program = Program(command)
    program.wait_for(FIRST_FRAME)
    program.press("W")
    program.wait_for(re.compile("400 runs"))
    # One after the other: what is typed at once may overtake a key that edits.
    for keys in ("\t\t\t\t", "\x15", str(epochs), "\r"):
        program.press(keys)
        time.sleep(0.3)
    program.wait_for(re.compile("400 runs, .* training"))
    return program


def key_seconds(program: Program) -> list[float]:
    """From an arrow until the values of the next cell were written."""
    seconds = []
    for number in range(KEYS):
        key = LEFT if number % 2 else RIGHT
        pressed = program.press(key)
        time.sleep(BETWEEN_KEYS_SECONDS)
        written = program.written_at(re.compile(rf"learning-rate {re.escape(RATES[key])},"))
        seconds.append(written - pressed)
    return seconds


def print_keys(what: str, program: Program) -> None:
    """How long a key takes."""
    keys = sorted(1e3 * seconds for seconds in key_seconds(program))
    p95 = keys[math.ceil(0.95 * len(keys)) - 1]
    print_row(what, "below 60 ms", f"{p95:.0f} ms ({statistics.median(keys):.0f} ms)")


def frames_per_second(program: Program) -> float:
    """How often the screen changes by itself."""
    since = program.press("")
    time.sleep(FRAME_SECONDS)
    times = [when for when, _ in program._chunks if when >= since]
    frames = [b for a, b in pairwise(times) if b - a > WITHIN_A_FRAME_SECONDS]
    return len(frames) / FRAME_SECONDS


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="spiral")
    dataset = parser.parse_args().dataset
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before")
    quits = []
    for turn in range(QUITS):
        program = wall(dataset, 1_000_000)
        time.sleep(WARM_UP_SECONDS)
        if not turn:
            print_row("frames/s", "12 or more", f"{frames_per_second(program):.1f}")
            print_keys("key to repaint while 400 runs train, p95 (median)", program)
            program.press(" ")
            print_keys("the same while they are paused", program)
        quits.append(program.quit())
    print_row(
        "quitting meanwhile, median (slowest)",
        "below 0.5 s",
        f"{statistics.median(quits):.2f} s ({max(quits):.2f} s)",
    )
    began = time.perf_counter()
    program = wall(dataset, 200)
    done = program.wait_for(re.compile("200 epochs, done"), timeout=300.0)
    print_row("400 runs of 200 epochs, from the start of the program", "", f"{done - began:.1f} s")
    print_row("processor time of that", "", f"{program.processor_seconds():.1f} s")
    program.quit()


if __name__ == "__main__":
    main()
