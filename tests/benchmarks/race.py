"""How fast lanes of a race are beside one run alone, with the thread and the frames of a screen.

    python tests/benchmarks/race.py [--seconds 3]

Steps a second of processor time of each lane, over those of one run, measured in turns.
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

# As the application draws them by default.
FRAMES_PER_SECOND = 17.0
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
    before, began = lanes.step, time.process_time()
    # What else the machine does takes no processor time of this process.
    next_frame = began
    while (now := time.process_time()) - began < seconds:
        if now >= next_frame:
            lanes.request_snapshot(GRID)
            next_frame += 1.0 / FRAMES_PER_SECOND
        time.sleep(0.25 / FRAMES_PER_SECOND)
    rate = (lanes.step - before) / (time.process_time() - began)
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
            each = rate / rates[1]
            print(f"  {n} lanes: {each:.3f} of that each, {n * each:.2f} in all{asked}")


if __name__ == "__main__":
    main()
