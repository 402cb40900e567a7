"""Measures the doctor on ill and healthy runs, drawn anew each time: is its first advice good?"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import random
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.core.diagnosis.population import Case, healthy_runs, ill_runs
from toygrad.core import Session, Snapshot
from toygrad.core.diagnosis.doctor import EPOCHS, examine
from toygrad.core.diagnosis.trials import Trial


def main() -> None:
    """Prints a line a run, and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--runs", type=int, default=60, help="of each kind")
    parser.add_argument("--seconds", type=float, default=2.0, help="of an examination")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"seed {arguments.seed}")
    for kind, runs in (("ill", ill_runs), ("healthy", healthy_runs)):
        _measure(kind, runs(arguments.seed, arguments.runs), arguments.seconds)


def _measure(kind: str, runs: Iterator[tuple[Case, list[Snapshot]]], seconds: float) -> None:
    n = advised = below = halved = 0
    for case, _ in runs:
        n += 1
        taken, without, words = _outcome(case, seconds)
        advised += bool(words)
        below += taken < without
        halved += taken <= without / 2
        print(f"{case.illness or kind}: {without:.3g} -> {taken:.3g}; {words or 'no advice'}")
    print("| what | of | runs |\n|---|---:|---:|")
    print(f"| {kind}: advised | {n} | {advised} |")
    print(f"| {kind}: below the control's loss after {EPOCHS} epochs | {n} | {below} |")
    print(f"| {kind}: half of it or less | {n} | {halved} |")


def _outcome(case: Case, seconds: float) -> tuple[float, float, str]:
    """The loss with the first advice and without, and what was said."""
    session = Session(case.network, case.dataset, case.training, seed=case.seed)
    if case.spoil is not None:
        case.spoil(session)
    session.advance_epochs(case.epochs)
    state = session.learner_state()
    began = time.perf_counter()
    *_, advice = examine(state, seconds=seconds)
    took = time.perf_counter() - began
    steps = EPOCHS * session.steps_per_epoch
    control = Trial(state)
    control.train(steps)
    if advice.best is None or advice.best.remedy.edit is None:
        return control.loss, control.loss, ""
    # In another order than any that was tried.
    taken = Trial(state, [advice.best.remedy.edit], order_seed=case.seed + 99)
    taken.train(steps)
    return taken.loss, control.loss, f"{advice.words} ({took:.1f} s)"


if __name__ == "__main__":
    main()
