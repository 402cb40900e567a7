"""Compares toygrad's training steps, on the tape and compiled, with its peers', all in one run.

Each has a process of its own. All start from the same weights and take the same steps: forward,
loss as a number, backward, SGD update, in float64 and on one thread; JAX as it comes hands each
step to a second one, "JAX, waiting" does not. "JAX, compiled loop" takes 100 steps a call, a scan
over as many batches that overwrites the weights; "toygrad compiled" takes about a millisecond of
steps a call, at least 100, on the same batches; both return every loss. First the loss curves have
to be equal, then the steps are timed. Prints Markdown: times, how a step grows, and the figures to
reach, for compiled steps from each one's best time. Peers that are not installed are named; the
dependency group `bench` has them all. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, duration, keep, two_digits
from tests.benchmarks.growth import COMPILED, OWN, Growth, print_growth
from tests.benchmarks.machine import AVX512_BYTES, best_blas, describe, vector_bytes
from tests.benchmarks.timing import SECONDS_A_TURN, Worker, best_ratio, measure, ratio
from toygrad.core import Network
from toygrad.datasets import DATASETS

Array = np.ndarray[Any, Any]
Times = dict[str, list[float]]

PEERS = "tests.benchmarks.peers."
BUFFERS = "NumPy, buffers"
PLAIN = "NumPy, plain"
TORCH = "PyTorch"
JAX_LOOP = "JAX, compiled loop"
# Name -> its module here, and the package it needs.
SUBJECTS = {
    OWN: ("toygrad_tape", "toygrad"),
    COMPILED: ("toygrad_compiled", "llvmlite"),
    BUFFERS: ("numpy_buffers", "numpy"),
    PLAIN: ("numpy_plain", "numpy"),
    TORCH: ("pytorch", "torch"),
    JAX_LOOP: ("jax_loop", "jax"),
    "JAX, jit": ("jax_jit", "jax"),
    "JAX, waiting": ("jax_waiting", "jax"),
    "HIPS autograd": ("hips_autograd", "autograd"),
    "micrograd": ("micrograd_nn", "micrograd"),
}
# Read by NumPy, PyTorch and JAX when they are imported: one thread for everyone.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
LEARNING_RATE = 0.01
COMPARED_STEPS = 3
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Case:
    """A network, a batch, and the data it learns.

    Attributes:
        sizes: Units from the inputs to the outputs.
        batch: Samples a step.
        loss: A name in `LOSSES`; micrograd has squared error only.
        activation: Of the hidden layers, "relu" or "tanh"; micrograd has relu only.
    """

    sizes: tuple[int, ...]
    batch: int
    loss: str = "squared_error"
    activation: str = "relu"

    def __str__(self) -> str:
        activation = "" if self.activation == "relu" else f", {self.activation}"
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}{activation}"

    def problem(self) -> tuple[list[tuple[Array, Array]], Array, Array, str, float, str]:
        """First weights and biases, inputs, targets, loss, learning rate and activation."""
        rng = np.random.default_rng(0)
        activations = [self.activation] * (len(self.sizes) - 2) + ["linear"]
        network = Network(self.sizes, activations, rng=rng, initializer="he")
        # No sum is exactly 0, where not everyone has the same derivative of relu.
        parameters = [
            (np.array(layer.weight.data), np.array(layer.bias.data) + 0.01)
            for layer in network.layers
        ]
        inputs, targets = self._data(rng)
        return parameters, inputs, targets, self.loss, LEARNING_RATE, self.activation

    def _data(self, rng: np.random.Generator) -> tuple[Array, Array]:
        n_inputs, n_outputs = self.sizes[0], self.sizes[-1]
        names = {2: "circle", 64: "digits"}
        if n_inputs in names:
            dataset = DATASETS[names[n_inputs]](self.batch, rng=rng)
            inputs, labels = np.array(dataset.network_inputs()), np.array(dataset.labels)
        else:
            inputs = rng.normal(size=(self.batch, n_inputs))
            labels = rng.integers(max(2, n_outputs), size=self.batch)
        classes = np.arange(n_outputs) if n_outputs > 1 else np.ones(1)
        return inputs, np.where(labels[:, None] == classes, 1.0, -1.0)


SMALL = Case((2, 16, 16, 1), 100)
SMALL_BATCH = Case((2, 16, 16, 1), 10)
LARGE = (
    Case((64, 256, 256, 10), 64, "softmax_cross_entropy"),
    Case((784, 512, 10), 64, "softmax_cross_entropy"),
)
TINY = Case((2, 4, 2, 1), 10)
DEEP = Case((2, 8, 8, 8, 1), 10, activation="tanh")
UP_TO_MEDIUM = (
    TINY,
    Case((2, 4, 2, 1), 100),
    DEEP,
    SMALL_BATCH,
    SMALL,
    Case((7, 8, 8, 8, 1), 10),
    Case((64, 10), 64, "softmax_cross_entropy"),
    Case((64, 64, 10), 64, "softmax_cross_entropy"),
)
CASES = (*UP_TO_MEDIUM, *LARGE)
# A compiled step's time over the tape's, at most: with AVX-512, and with AVX2.
OVER_TAPE = {TINY: (0.02, 0.02), DEEP: (0.03, 0.05), SMALL_BATCH: (0.06, 0.1), SMALL: (0.25, 0.5)}


@dataclass(frozen=True)
class Asked:
    """A figure to reach; nan where a peer is missing.

    Attributes:
        text: What it is.
        measured: What it came to.
        bound: What is asked of it.
        at_least: Whether the bound is a lower one.
    """

    text: str
    measured: float
    bound: float
    at_least: bool = False

    def __str__(self) -> str:
        if np.isnan(self.measured):
            verdict, measured = "not installed", "-"
        else:
            reached = self.measured >= self.bound if self.at_least else self.measured <= self.bound
            verdict, measured = "yes" if reached else "NO", f"{self.measured:,.3g}"
            measured = f"{self.measured:,.0f}" if self.measured >= 1000 else measured
        word = "at least" if self.at_least else "at most"
        return f"| {self.text} | {word} {self.bound:,g} | {measured} | {verdict} |"


def compared(case: Case, workers: dict[str, Worker], rounds: int, turn: float) -> Times:
    """Checks that the loss curves are the same, then times everyone who can take part."""
    present = {
        name: worker
        for name, worker in workers.items()
        if name != "micrograd" or (case.loss, case.activation) == ("squared_error", "relu")
    }
    curves = {}
    for name, worker in present.items():
        worker.make(PEERS + SUBJECTS[name][0], "make_step", *case.problem())
        curves[name] = worker.results(COMPARED_STEPS)
    expected = np.array(curves[OWN])
    for name, losses in curves.items():
        if not np.allclose(losses, expected, rtol=TOLERANCE, atol=TOLERANCE):
            raise SystemExit(f"{case}: {name} has the losses {losses}, {OWN} {expected}")
    return measure(present, rounds, turn)


def print_times(results: dict[Case, Times], present: dict[str, Worker]) -> None:
    """The median of every step, and beside it how many times the tape's."""
    names = [name for name in SUBJECTS if name in present]
    print("Median microseconds a step, in brackets the ratio to the tape's\n")
    print("| network |", " | ".join(names), "|")
    print("|---|" + "---:|" * len(names))
    for case, times in results.items():
        cells = []
        for name in names:
            if name not in times:
                cells.append("-")
                continue
            times_own = ratio(times[name], times[OWN])
            cells.append(f"{statistics.median(times[name]) * 1e6:,.1f} ({times_own:,.3g})")
        print(f"| {case} |", " | ".join(cells), "|")
    print()


def shown(results: dict[Case, Times]) -> dict[str, str]:
    """The figures of the book: each one's time a step, and what it is of the tape's."""
    figures = {}
    for case, times in results.items():
        for name, seconds in times.items():
            figures[f"{case}: {name}"] = duration(statistics.median(seconds))
            figures[f"{case}: {name} / tape"] = two_digits(ratio(seconds, times[OWN]))
        if {COMPILED, JAX_LOOP} <= set(times):
            figures[f"{case}: compiled / JAX's loop"] = two_digits(
                ratio(times[COMPILED], times[JAX_LOOP])
            )
    return figures


def asked_of_peers(results: dict[Case, Times]) -> list[Asked]:
    """What is asked beside other libraries."""

    def over(case: Case, first: str, second: str) -> float:
        times = results[case]
        return ratio(times[first], times[second]) if {first, second} <= set(times) else np.nan

    batch_ratio = statistics.median(results[SMALL_BATCH][OWN]) / statistics.median(
        results[SMALL][PLAIN]
    )
    faster = (
        (TORCH, 5.0),
        ("JAX, jit", 1.8),
        ("JAX, waiting", 1.8),
        ("HIPS autograd", 15.0),
        ("micrograd", 4e4),
    )
    return [
        Asked(f"{SMALL}: its time over NumPy with buffers", over(SMALL, OWN, BUFFERS), 1.10),
        *(
            Asked(f"{SMALL}: times as fast as {name}", over(SMALL, name, OWN), bound, at_least=True)
            for name, bound in faster
        ),
        Asked(f"{SMALL_BATCH}: its time over plain NumPy's with batch 100", batch_ratio, 0.44),
        *(
            Asked(f"{case}: its time over PyTorch's", over(case, OWN, TORCH), 1.15)
            for case in LARGE
        ),
    ]


def asked_of_compiled(results: dict[Case, Times], growth: Growth | None) -> list[Asked]:
    """What is asked of compiled steps, beside the tape, other compilers and libraries."""

    def over(case: Case, *others: str) -> float:
        times = results[case]
        if not {COMPILED, *others} <= set(times):
            return np.nan
        return best_ratio(times[COMPILED], *(times[name] for name in others))

    is_narrow = vector_bytes() < AVX512_BYTES
    better = "the better of JAX's loop and PyTorch"
    asked = [
        *(
            Asked(f"{case}: compiled over tape", over(case, OWN), bounds[is_narrow])
            for case, bounds in OVER_TAPE.items()
        ),
        *(
            Asked(f"{case}: compiled over JAX's loop", over(case, JAX_LOOP), 0.7)
            for case in UP_TO_MEDIUM
        ),
        *(
            Asked(f"{case}: compiled over {better}", over(case, JAX_LOOP, TORCH), 1.15)
            for case in LARGE
        ),
    ]
    if growth:
        others = "over the better of tape and PyTorch, worst of all sizes"
        asked += [
            Asked(f"compiled {others}", growth.compiled, 1.1),
            Asked(f"the better of compiled and tape {others}", growth.raced, 1.1),
        ]
    return asked


def asked_of_itself(rounds: int, turn: float) -> list[Asked]:
    """What is asked of an optimizer, a session, a picture and a recording."""
    subjects = ("adam", "session", "grid", "recording")
    workers = {name: Worker() for name in ("sgd", *subjects)}
    workers["sgd"].make(PEERS + "toygrad_tape", "make_step", *SMALL.problem())
    for name in subjects:
        workers[name].make(PEERS + "toygrad_own", name, *SMALL.problem())
    times = measure(workers, rounds, turn)
    for worker in workers.values():
        worker.close()
    # The session takes a hundred steps a call.
    step = [100 * seconds for seconds in times["sgd"]]
    return [
        Asked(f"{SMALL}: Adam's step over SGD's", ratio(times["adam"], times["sgd"]), 1.35),
        Asked(f"{SMALL}: a session's step over the bare step", ratio(times["session"], step), 1.15),
        Asked("a 100x100 grid, 2-16-16-1, ms", 1e3 * statistics.median(times["grid"]), 1.5),
        Asked("recording a step, ms", 1e3 * statistics.median(times["recording"]), 5.0),
    ]


def main() -> None:
    """Prints everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="turns of each subject (9)")
    parser.add_argument("--turn", type=float, default=SECONDS_A_TURN, help="seconds of each (0.05)")
    parser.add_argument("--no-growth", action="store_true", help="leave the plots out")
    add_json_option(parser)
    options = parser.parse_args()
    rounds, turn = options.rounds, options.turn
    os.environ.update(ENVIRONMENT | best_blas())
    installed = {
        name: importlib.util.find_spec(package) is not None
        for name, (_, package) in SUBJECTS.items()
    }
    for name, is_installed in installed.items():
        if not is_installed:
            print(f"{name}: not installed")
    workers = {name: Worker() for name, is_installed in installed.items() if is_installed}
    print(describe(workers[BUFFERS], workers.get(TORCH)), "\n")
    results = {case: compared(case, workers, rounds, turn) for case in CASES}
    print_times(results, workers)
    if options.json:
        keep(options.json, shown(results))
    growth = None
    if not options.no_growth:
        names = [name for name in (OWN, TORCH, COMPILED) if name in workers]
        subjects = [(name, PEERS + SUBJECTS[name][0], workers[name]) for name in names]
        growth = print_growth(subjects, rounds, turn)
    print("\n| figure | asked | measured | reached |\n|---|---:|---:|---|")
    asked_of = asked_of_compiled(results, growth), asked_of_peers(results)
    for asked in chain(*asked_of, asked_of_itself(rounds, turn)):
        print(asked)
    for worker in workers.values():
        worker.close()


if __name__ == "__main__":
    main()
