"""What autosave costs: steps, waits of the thread that trains, and bytes.

python tests/benchmarks/autosave.py [--seconds 8]
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))


from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.run.autosave import Autosave
from toygrad.datasets import DATASETS

TURNS = 4
HOUR_EPOCHS, HOUR_EDITS = 60 * 60 * 10, 50


class Timed(Autosave):
    """Notes how long the thread that trains is held up."""

    waits: list[float]

    def _append(self, *given: object, **named: object) -> None:
        began = time.perf_counter()
        super()._append(*given, **named)  # type: ignore[arg-type]
        self.waits.append(time.perf_counter() - began)


def new_session(pace: float = math.inf) -> Session:
    circle = DATASETS["circle"](rng=np.random.default_rng(0))
    return Session(NetworkSpec(hidden=(8, 8, 8)), circle, TrainingConfig(pace=pace))


@contextmanager
def training(session: Session) -> Iterator[None]:
    """A thread that trains."""
    stop = threading.Event()
    thread = threading.Thread(target=session.run, args=(stop, print))
    thread.start()
    session.resume()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def steps_a_second(seconds: float, folder: str | None, waits: list[float]) -> float:
    """How fast a session trains, and how long each of its edits holds it up."""
    session, rng = new_session(), random.Random(0)
    autosave = None
    if folder is not None:
        autosave = Timed(session, Path(folder))
        autosave.waits = waits
        autosave.start()
    with training(session):
        time.sleep(0.5)
        began, before = time.process_time(), session.tick
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.1)
            rate = round(rng.uniform(0.001, 0.1), 4)
            session.configure(replace(session.training, learning_rate=rate))
        speed = (session.tick - before) / (time.process_time() - began)
    if autosave is not None:
        autosave.close()
    return speed


def hour_of_bytes() -> tuple[int, int]:
    """The largest that the log of an hour gets, and its size at the end, without the waiting."""
    session = new_session()
    most = size = 0
    with tempfile.TemporaryDirectory() as folder:
        autosave = Autosave(session, Path(folder))
        autosave.start()
        beats = 60 * 60 // 2
        for beat in range(beats):
            session.advance(20 * session.steps_per_epoch)
            if beat % (beats // HOUR_EDITS) == 0:
                rate = round(0.01 + beat / 1e6, 6)
                session.configure(replace(session.training, learning_rate=rate))
            autosave._next_checkpoint = 0.0
            autosave.save()
            assert autosave.path is not None
            size = autosave.path.stat().st_size
            most = max(most, size)
        autosave.close()
    return most, size


def main() -> None:
    """Prints the costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--hour", action="store_true", help="also the bytes of an hour")
    given = parser.parse_args()
    waits: list[float] = []
    plain, saved = [], []
    for _ in range(TURNS):
        plain.append(steps_a_second(given.seconds, None, waits))
        with tempfile.TemporaryDirectory() as folder:
            saved.append(steps_a_second(given.seconds, folder, waits))
    ratio = statistics.median(plain) / statistics.median(saved)
    print(f"processor time a step, with autosave to without   {ratio:.3f}   asked: at most 1.03")
    print(
        f"an edit holds training up, median                 {statistics.median(waits) * 1e3:.2f} ms"
    )
    print(
        f"an edit holds training up, most                   {max(waits) * 1e3:.2f} ms   asked: 10"
    )
    if given.hour:
        largest, last = hour_of_bytes()
        print(f"the log of an hour with fifty edits, most         {largest / 1e6:.2f} MB")
        print(f"the log of an hour with fifty edits, at the end   {last / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
