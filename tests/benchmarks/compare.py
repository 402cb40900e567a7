"""Compares a training step on toygrad's tape, and compiled, with its peers: a process for each.

All start from the same weights and take the same steps: forward, loss as a number, backward, SGD
update, in float64 and on one thread; JAX as it comes hands each step to a second one, "JAX,
waiting" does not. First the loss curves have to be equal, then the steps are timed. Prints
Markdown: times, the figures to reach, and how a step grows. Peers that are not installed are
named; the dependency group `bench` has them all.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.growth import print_growth
from tests.benchmarks.timing import Worker, measure, ratio
from toygrad.core import MLP
from toygrad.datasets import DATASETS

Array = np.ndarray[Any, Any]
Times = dict[str, list[float]]

PEERS = "tests.benchmarks.peers."
OWN = "toygrad tape"
COMPILED, JAX_LOOP = "toygrad compiled", "JAX, compiled loop"
# These take so many steps a call.
LOOPS = (COMPILED, JAX_LOOP)
STEPS_A_CALL = 100
BUFFERS = "NumPy, buffers"
PLAIN = "NumPy, plain"
# Name -> its module here, and the package it needs.
SUBJECTS = {
    COMPILED: ("toygrad_compiled", "llvmlite"),
    OWN: ("toygrad_tape", "toygrad"),
    BUFFERS: ("numpy_buffers", "numpy"),
    PLAIN: ("numpy_plain", "numpy"),
    "PyTorch": ("pytorch", "torch"),
    "JAX, jit": ("jax_jit", "jax"),
    "JAX, waiting": ("jax_waiting", "jax"),
    JAX_LOOP: ("jax_loop", "jax"),
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
    """

    sizes: tuple[int, ...]
    batch: int
    loss: str = "squared_error"

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}"

    def problem(self) -> tuple[list[tuple[Array, Array]], Array, Array, str, float]:
        """First weights and biases, inputs, targets, loss and learning rate."""
        rng = np.random.default_rng(0)
        activations = ["relu"] * (len(self.sizes) - 2) + ["linear"]
        network = MLP(self.sizes, activations, rng=rng, initializer="he")
        # No sum is exactly 0, where not everyone has the same derivative of relu.
        parameters = [
            (np.array(layer.weight.data), np.array(layer.bias.data) + 0.01)
            for layer in network.layers
        ]
        inputs, targets = self._data(rng)
        return parameters, inputs, targets, self.loss, LEARNING_RATE

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
DEEP = Case((2, 8, 8, 8, 1), 10)
COMPILED_CASES = (TINY, DEEP, SMALL_BATCH, SMALL)
# What is asked of them, with the vectors of AVX2 and with those of AVX-512.
OVER_TAPE = ((0.02, 0.05, 0.1, 0.5), (0.02, 0.03, 0.06, 0.25))
CASES = (
    TINY,
    DEEP,
    Case((2, 4, 2, 1), 100),
    SMALL_BATCH,
    SMALL,
    Case((7, 8, 8, 8, 1), 10),
    Case((64, 10), 64, "softmax_cross_entropy"),
    Case((64, 64, 10), 64, "softmax_cross_entropy"),
    *LARGE,
)


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


def compared(case: Case, workers: dict[str, Worker], rounds: int) -> Times:
    """Checks that the loss curves are the same, then times everyone who can take part."""
    present = {
        name: worker
        for name, worker in workers.items()
        if name != "micrograd" or case.loss == "squared_error"
    }
    curves = {}
    for name, worker in present.items():
        worker.make(PEERS + SUBJECTS[name][0], "make_step", *case.problem())
        curves[name] = worker.results(COMPARED_STEPS)
    expected = np.array(curves[OWN])
    for name, losses in curves.items():
        if not np.allclose(losses, expected, rtol=TOLERANCE, atol=TOLERANCE):
            raise SystemExit(f"{case}: {name} has the losses {losses}, {OWN} {expected}")
    for name in set(LOOPS) & set(present):
        present[name].make(PEERS + SUBJECTS[name][0], "make_loop", *case.problem())
    times = measure(present, rounds)
    for name in set(LOOPS) & set(times):
        times[name] = [seconds / STEPS_A_CALL for seconds in times[name]]
    return times


def vector_bytes() -> int:
    """The width of this processor's vectors; 0 where nothing compiles."""
    from toygrad.core.autograd.tape.compiler.native import host, why_not

    return 0 if why_not() else host().vector_bytes


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


def asked_of_peers(results: dict[Case, Times]) -> list[Asked]:
    """What is asked beside other libraries."""

    def over(case: Case, first: str, second: str) -> float:
        times = results[case]
        return ratio(times[first], times[second]) if {first, second} <= set(times) else np.nan

    batch_ratio = statistics.median(results[SMALL_BATCH][OWN]) / statistics.median(
        results[SMALL][PLAIN]
    )
    faster = (
        ("PyTorch", 5.0),
        ("JAX, jit", 1.8),
        ("JAX, waiting", 1.8),
        ("HIPS autograd", 15.0),
        ("micrograd", 4e4),
    )
    bounds = OVER_TAPE[vector_bytes() == 64]
    return [
        *(
            Asked(f"{case}: compiled over the tape", over(case, COMPILED, OWN), bound)
            for case, bound in zip(COMPILED_CASES, bounds, strict=True)
        ),
        *(
            Asked(f"{case}: compiled over JAX's loop", over(case, COMPILED, JAX_LOOP), 0.7)
            for case in CASES
            if case not in LARGE
        ),
        *(
            Asked(f"{case}: compiled over {name}", over(case, COMPILED, name), 1.15)
            for case in LARGE
            for name in (JAX_LOOP, "PyTorch")
        ),
        Asked(f"{SMALL}: its time over NumPy with buffers", over(SMALL, OWN, BUFFERS), 1.10),
        *(
            Asked(f"{SMALL}: times as fast as {name}", over(SMALL, name, OWN), bound, at_least=True)
            for name, bound in faster
        ),
        Asked(f"{SMALL_BATCH}: its time over plain NumPy's with batch 100", batch_ratio, 0.44),
        *(
            Asked(f"{case}: its time over PyTorch's", over(case, OWN, "PyTorch"), 1.15)
            for case in LARGE
        ),
    ]


def asked_of_itself(rounds: int) -> list[Asked]:
    """What is asked of an optimizer, a session, a picture and a recording."""
    subjects = ("adam", "session", "grid", "recording")
    workers = {name: Worker() for name in ("sgd", *subjects)}
    workers["sgd"].make(PEERS + "toygrad_tape", "make_step", *SMALL.problem())
    for name in subjects:
        workers[name].make(PEERS + "toygrad_own", name, *SMALL.problem())
    times = measure(workers, rounds)
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
    parser.add_argument("--no-growth", action="store_true", help="leave the plots out")
    options = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    installed = {
        name: importlib.util.find_spec(package) is not None
        for name, (_, package) in SUBJECTS.items()
    }
    for name, is_installed in installed.items():
        if not is_installed:
            print(f"{name}: not installed")
    workers = {name: Worker() for name, is_installed in installed.items() if is_installed}
    print(f"Vectors of {vector_bytes()} bytes\n")
    results = {case: compared(case, workers, options.rounds) for case in CASES}
    print_times(results, workers)
    print("| figure | asked | measured | reached |\n|---|---:|---:|---|")
    for asked in [*asked_of_peers(results), *asked_of_itself(options.rounds)]:
        print(asked)
    if not options.no_growth:
        pair = {name: workers[name] for name in (OWN, "PyTorch") if name in workers}
        modules = {name: PEERS + SUBJECTS[name][0] for name in pair}
        print_growth(pair, modules, options.rounds)
    for worker in workers.values():
        worker.close()


if __name__ == "__main__":
    main()
