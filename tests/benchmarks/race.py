"""How fast lanes of a race are beside one run alone, with the thread and the frames of a screen.

    python tests/benchmarks/race.py [--seconds 3]

Steps a second of each lane, over those of one run, in turns of the same process.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))


from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.race import Lanes
from toygrad.datasets import DATASETS

FRAMES_PER_SECOND = 30.0
GRID = (40, 40)
ROUNDS = 3


def steps_per_second(n_lanes: int, engine: str, seconds: float) -> float:
    """Of one lane among so many."""
    circle = DATASETS["circle"](rng=np.random.default_rng(0))
    training = TrainingConfig(engine=engine, pace=float("inf"))
    lanes = Lanes(Session(NetworkSpec(hidden=(8, 8, 8)), circle, training))
    for _ in range(n_lanes - 1):
        lanes.fork()
    stop = threading.Event()
    thread = threading.Thread(target=lanes.run, args=(stop, lambda snapshot: None))
    thread.start()
    lanes.resume()
    time.sleep(0.5)
    before, began = lanes.step, time.perf_counter()
    while time.perf_counter() - began < seconds:
        lanes.request_snapshot(GRID)
        time.sleep(1.0 / FRAMES_PER_SECOND)
    rate = (lanes.step - before) / (time.perf_counter() - began)
    stop.set()
    thread.join()
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    for engine in ("compiled", "tape"):
        rates = {n: 0.0 for n in (1, 2, 4, 9)}
        for _ in range(ROUNDS):
            for n in rates:
                rates[n] = max(rates[n], steps_per_second(n, engine, seconds))
        print(f"{engine}: one run {rates[1]:,.0f} steps/s")
        for n, rate in rates.items():
            asked = "  (asked: 0.45)" if n == 2 else ""
            print(
                f"  {n} lanes: {rate / rates[1]:.3f} of that each, {n * rate / rates[1]:.2f} in all{asked}"
            )


if __name__ == "__main__":
    main()
