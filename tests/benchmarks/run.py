"""What journal and checkpoints cost, and how long it takes to go back in time.

    python tests/benchmarks/run.py [--steps 1000000] [--edits 1000]

Ratios of one run, processor time, the least of several rounds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, duration, keep, two_digits
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.datasets import DATASETS

ROUNDS, STEPS, SEEKS, PRESSES = 15, 3000, 25, 200
N_FIRST_EDITS, COMPILED_NETWORKS = 100, 5


def new_session(engine: str = "tape") -> Session:
    circle = DATASETS["circle"](rng=np.random.default_rng(0))
    return Session(NetworkSpec(hidden=(8, 8, 8)), circle, TrainingConfig(engine=engine))


def microseconds(*contenders: Callable[[], None]) -> list[float]:
    """The least processor time of a step of each, measured in turns."""
    best = [float("inf")] * len(contenders)
    for _ in range(ROUNDS):
        for place, contender in enumerate(contenders):
            began = time.process_time()
            contender()
            best[place] = min(best[place], time.process_time() - began)
    return [1e6 * seconds / STEPS for seconds in best]


def print_costs() -> dict[str, str]:
    """A session's step over the learner's, and over the bare tape's."""
    session = new_session()
    session.advance(STEPS)
    learner = session._loop.run.learner
    batches = learner.batches._batches

    def by_learner() -> None:
        for _ in range(STEPS):
            learner.take_steps()

    def by_tape() -> None:
        for k in range(STEPS):
            learner._engine(*batches[k % len(batches)])
            learner.updater(0.03)

    compiled = new_session("compiled")
    compiled.advance(STEPS)
    step, learned, bare, native = microseconds(
        lambda: session.advance(STEPS), by_learner, by_tape, lambda: compiled.advance(STEPS)
    )
    print(f"bare tape and update   {bare:6.2f} us a step")
    print(f"learner                {learned:6.2f}")
    print(f"Session.advance        {step:6.2f}")
    print(f"Session.advance, compiled {native:5.2f} {compiled.why_on_tape}")
    print(f"Session.advance, compiled over the tape's      {native / step:.3f}  (asked: 0.06)")
    print(f"Session.advance over the bare tape             {step / bare:.3f}  (asked: 1.15)")
    print(f"journal and checkpoints, share of a step       {step / learned - 1:.1%}  (asked: 3%)")
    return {
        "a step of the session, tape": f"{step:.2g} us",
        "a step of the session, compiled": f"{native:.2g} us",
        "compiled / tape, in a session": two_digits(native / step),
        "a session's step / the tape's and its update": f"{step / bare:.2f}",
    }


def print_seeks(n_steps: int) -> dict[str, str]:
    """Seconds to any moment of a long run."""
    session = new_session()
    session.advance(n_steps)
    checkpoints = session.document().checkpoints
    megabytes = sum(checkpoint.state.n_bytes for checkpoint in checkpoints) / 1e6
    print(f"{len(checkpoints)} checkpoints, {megabytes:.1f} MB  (asked: about 200, 64 MB)")
    rng = random.Random(0)
    seconds = []
    for _ in range(SEEKS):
        began = time.monotonic()
        session.seek(rng.randrange(n_steps))
        seconds.append(time.monotonic() - began)
    print(
        f"a random moment of {n_steps:,} steps: median {statistics.median(seconds):.2f} s, "
        f"at most {max(seconds):.2f} s  (asked: median 0.5 s)"
    )
    return {
        "checkpoints": f"{len(checkpoints)}",
        "their memory": f"{two_digits(megabytes)} MB",
        "steps": f"{n_steps:,}",
        "any moment": duration(statistics.median(seconds)),
        "any moment, at most": duration(max(seconds)),
    }


def print_presses() -> dict[str, str]:
    """Milliseconds of each press of backspace, from the live edge on, for networks of all sizes."""
    figures = {}
    for name, hidden, engine in (
        ("2-8-8-8-1", (8, 8, 8), "tape"),
        ("2-64-64-64-1", (64, 64, 64), "tape"),
        ("2-4-2-1, scalar engine", (4, 2), "scalar"),
    ):
        circle = DATASETS["circle"](rng=np.random.default_rng(0))
        session = Session(NetworkSpec(hidden=hidden), circle, TrainingConfig(engine=engine))
        session.advance(PRESSES if engine == "scalar" else STEPS)
        began = time.monotonic()
        session.advance(1)
        step = time.monotonic() - began
        seconds = []
        for _ in range(PRESSES):
            began = time.monotonic()
            session.go_back()
            seconds.append(time.monotonic() - began)
        print(
            f"backspace, {name}: first {1e3 * seconds[0]:.1f} ms, then median "
            f"{1e3 * statistics.median(seconds[1:]):.1f} ms, at most {1e3 * max(seconds[1:]):.1f} "
            f"ms; a step {1e3 * step:.2f} ms  (asked: median below 33 ms, a held key)"
        )
        figures[f"backspace, {name}"] = duration(statistics.median(seconds[1:]))
    return figures


def print_compiling() -> dict[str, str]:
    """Processor seconds of a network's first step, most of them to compile it."""
    seconds = []
    for last in range(7, 7 + COMPILED_NETWORKS):
        session = new_session("compiled")
        session.configure(network=NetworkSpec(hidden=(8, 8, last)))
        began = time.process_time()
        session.advance()
        seconds.append(time.process_time() - began)
    print(f"compile, about 2-8-8-8-1: median {statistics.median(seconds):.3f} s  (asked: 0.25 s)")
    return {"compiling": duration(statistics.median(seconds))}


def print_edits(n_edits: int) -> None:
    """How memory grows over edits of the network, each of which is compiled."""
    session, process, rng = new_session("compiled"), psutil.Process(), random.Random(0)
    # The first programs fill the store that keeps them.
    for number in range(n_edits + N_FIRST_EDITS):
        hidden = tuple(rng.randint(1, 16) for _ in range(rng.randint(1, 3)))
        session.configure(network=NetworkSpec(hidden=hidden))
        session.advance(30)
        if number == N_FIRST_EDITS:
            before = process.memory_info().rss
    grown = (process.memory_info().rss - before) / 1e6
    print(f"{n_edits:,} networks compiled: memory grew by {grown:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--edits", type=int, default=0, help="networks to compile one by one")
    add_json_option(parser)
    arguments = parser.parse_args()

    figures = print_costs() | print_compiling() | print_presses() | print_seeks(arguments.steps)
    if arguments.json:
        keep(arguments.json, figures)
    if arguments.edits:
        print_edits(arguments.edits)
