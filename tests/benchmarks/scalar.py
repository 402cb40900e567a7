"""Times one step of micrograd's demo network on micrograd and on toygrad's engines.

The step: a 2-16-16-1 relu network, 100 samples, hinge loss and an L2 penalty of 1e-4 on every
parameter, forward, backward and update. Each subject runs in a process of its own and they take
turns, so that a noisy machine is noisy for all of them; the table shows medians.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import gc
import importlib.util
import math
import multiprocessing
import statistics
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

# So that it can be started as a file.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.figures import add_json_option, duration, keep, two_digits
from toygrad.core import Network, TrainingConfig, Value
from toygrad.core.autograd.numerics import FloatArray
from toygrad.core.nn import LOSSES
from toygrad.core.nn.scalar import MLP, Sum, sum_of_products
from toygrad.core.training.engines import make_engine
from toygrad.datasets import DATASETS

HIDDEN = (16, 16)
N_SAMPLES = 100
PENALTY = 1e-4
LEARNING_RATE = 0.1
COMPARED_STEPS = 3
TOLERANCE = 1e-9
# A turn is at least this long, and at least one step.
SECONDS_A_TURN = 0.2

Step = Callable[[], float]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """What ScalarEngine does around a step."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def problem() -> tuple[Network, FloatArray, FloatArray]:
    """The first weights, and the samples: inputs (100, 2) and targets (100, 1)."""
    rng = np.random.default_rng(0)
    network = Network((2, *HIDDEN, 1), ("relu", "relu", "linear"), rng=rng)
    moons = DATASETS["moons"](N_SAMPLES, noise=0.1, rng=rng)
    targets = np.where(moons.labels == 1, 1.0, -1.0)
    return network, moons.points, targets.reshape(-1, 1)


def micrograd_step() -> Step:
    """Micrograd as it is installed."""
    from micrograd import nn

    return _step_of_micrograd_nn(nn)


def micrograd_nn_step() -> Step:
    """Micrograd's own nn module, word for word, on toygrad's Value."""
    spec = importlib.util.find_spec("micrograd.nn")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("micrograd")
    with open(spec.origin, encoding="utf-8") as file:
        source = file.read()
    own_import = "from micrograd.engine import Value"
    if own_import not in source:
        raise RuntimeError(f"micrograd's nn no longer says {own_import!r}")
    module = types.ModuleType("micrograd_nn_on_toygrad")
    vars(module)["Value"] = Value
    exec(compile(source.replace(own_import, ""), spec.origin, "exec"), vars(module))
    return _step_of_micrograd_nn(module)


def _step_of_micrograd_nn(nn: Any) -> Step:
    network, points, targets = problem()
    model = nn.MLP(2, [*HIDDEN, 1])
    for layer, linear in zip(model.layers, network.layers, strict=True):
        for j, neuron in enumerate(layer.neurons):
            for weight, number in zip(
                neuron.w, np.asarray(linear.weight.data)[:, j].tolist(), strict=True
            ):
                weight.data = number
            neuron.b.data = float(np.asarray(linear.bias.data)[j])
    inputs, labels = points.tolist(), targets.ravel().tolist()

    def step() -> float:
        scores = [model(x) for x in inputs]
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        total = sum(losses) * (1.0 / len(losses)) + PENALTY * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= LEARNING_RATE * p.grad
        return float(total.data)

    return step


def neurons_step(weighted_sum: Sum) -> Step:
    """Toygrad's Neuron and Layer, a Value a number."""
    network, points, targets = problem()
    model: MLP = network.unrolled()
    model.record_sums_with(weighted_sum)
    hinge = LOSSES["hinge"].on_scalars
    inputs, labels = points.tolist(), targets.tolist()
    parameters = model.parameters()

    def step() -> float:
        losses = [hinge(model.outputs(x), label) for x, label in zip(inputs, labels, strict=True)]
        total = sum(losses, Value(0.0, constant=True)) * (1.0 / len(losses))
        total = total + sum((p * p for p in parameters), Value(0.0, constant=True)) * PENALTY
        for p in parameters:
            p.grad = 0.0
        total.backward()
        for p in parameters:
            p.data -= LEARNING_RATE * p.grad
        return float(total)

    return step


def resting(step: Step) -> Step:
    """The step with the cyclic collector at rest."""

    def rested() -> float:
        with collector_at_rest():
            return step()

    return rested


def session_engine_step(name: str) -> Step:
    """One of the session's engines, with the regularization term in the flat vectors."""
    network, points, targets = problem()
    engine = make_engine(TrainingConfig(engine=name), network, LOSSES["hinge"], lambda: False)
    parameters, gradients = network.flat_parameters, network.flat_gradients

    def step() -> float:
        loss = engine(points, targets) + PENALTY * float(parameters @ parameters)
        np.subtract(
            parameters, LEARNING_RATE * (gradients + 2.0 * PENALTY * parameters), out=parameters
        )
        return loss

    return step


@dataclass(frozen=True)
class Subject:
    """One row of the table.

    Attributes:
        name: What is timed.
        step: Makes the step, in the subject's own process.
        needs_micrograd: Whether micrograd has to be installed.
        to_reach: How many times micrograd's speed is asked; 0 for none.
    """

    name: str
    step: Callable[[], Step]
    needs_micrograd: bool = False
    to_reach: float = 0.0


SUBJECTS = (
    Subject("micrograd", micrograd_step, needs_micrograd=True),
    Subject(
        "micrograd, collector resting", lambda: resting(micrograd_step()), needs_micrograd=True
    ),
    Subject(
        "micrograd's nn on toygrad's Value, collector resting",
        lambda: resting(micrograd_nn_step()),
        needs_micrograd=True,
    ),
    Subject("micrograd's nn on toygrad's Value", micrograd_nn_step, needs_micrograd=True),
    Subject(
        "op by op, collector resting", lambda: resting(neurons_step(sum_of_products)), to_reach=5.0
    ),
    Subject("op by op", lambda: neurons_step(sum_of_products)),
    Subject(
        "dot as one op, collector resting", lambda: resting(neurons_step(Value.dot)), to_reach=20.0
    ),
    Subject("dot as one op", lambda: neurons_step(Value.dot)),
    Subject("array engine, eager", lambda: session_engine_step("array"), to_reach=6000.0),
    Subject("tape engine", lambda: session_engine_step("tape")),
)


def answer(connection: Connection, index: int) -> None:
    """A subject's process: its first losses, then the seconds a step whenever asked."""
    step = SUBJECTS[index].step()
    connection.send([step() for _ in range(COMPARED_STEPS)])
    while connection.recv():
        connection.send(_seconds_a_step(step))


def _seconds_a_step(step: Step) -> float:
    steps, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < SECONDS_A_TURN or not steps:
        step()
        steps += 1
    return seconds / steps


def measure(rounds: int, subjects: Sequence[Subject]) -> dict[str, tuple[list[float], float]]:
    """Each subject's first losses and its median seconds a step."""
    context = multiprocessing.get_context("spawn")
    connections: dict[str, Connection] = {}
    processes = []
    for subject in subjects:
        ours, theirs = context.Pipe()
        process = context.Process(target=answer, args=(theirs, SUBJECTS.index(subject)))
        process.start()
        processes.append(process)
        connections[subject.name] = ours
    losses = {name: connection.recv() for name, connection in connections.items()}
    seconds: dict[str, list[float]] = {name: [] for name in connections}
    for _ in range(rounds):
        for name, connection in connections.items():
            connection.send(True)
            seconds[name].append(connection.recv())
    for connection in connections.values():
        connection.send(False)
    for process in processes:
        process.join()
    return {name: (losses[name], statistics.median(seconds[name])) for name in connections}


def print_losses(results: dict[str, tuple[list[float], float]]) -> None:
    """The losses of the first steps, and whether they are one another's."""
    print(f"Losses of the first {COMPARED_STEPS} steps, from the same weights")
    reference = next(iter(results.values()))[0]
    for name, (losses, _) in results.items():
        print(f"  {name:<54}", *(f"{loss:.12f}" for loss in losses))
        for loss, expected in zip(losses, reference, strict=True):
            if not math.isclose(loss, expected, rel_tol=0.0, abs_tol=TOLERANCE):
                raise SystemExit(f"{name}: {loss!r} is not {expected!r}")
    print(f"  equal to {TOLERANCE:g}\n")


def print_times(results: dict[str, tuple[list[float], float]]) -> None:
    """The times, and how many times micrograd's speed they are."""
    print("Median time of a step: forward, backward and update")
    reference = results.get("micrograd", ([], math.nan))[1]
    for subject in SUBJECTS:
        if subject.name not in results:
            print(f"  {subject.name:<54} {'not installed':>14}")
            continue
        seconds = results[subject.name][1]
        asked = f"   asked: {subject.to_reach:,.0f}" if subject.to_reach else ""
        print(
            f"  {subject.name:<54} {seconds * 1e3:11.3f} ms {reference / seconds:10,.1f} x{asked}"
        )
    print(
        "\nmicrograd runs as its users have it, the cyclic collector on. ScalarEngine rests the\n"
        "collector during a step, for a graph of Values has no cycles: those rows do the same."
    )


def shown(results: dict[str, tuple[list[float], float]]) -> dict[str, str]:
    """The figures of the book: each one's time a step, and how many times micrograd's speed."""
    figures = {name: duration(seconds) for name, (_, seconds) in results.items()}
    if "micrograd" in results:
        reference = results["micrograd"][1]
        figures |= {
            f"{name}, times micrograd": two_digits(reference / seconds)
            for name, (_, seconds) in results.items()
        }
    return figures


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each subject (7)")
    add_json_option(parser)
    options = parser.parse_args()
    rounds = options.rounds
    has_micrograd = importlib.util.find_spec("micrograd") is not None
    present = [s for s in SUBJECTS if has_micrograd or not s.needs_micrograd]
    results = measure(rounds, present)
    print_losses(results)
    print_times(results)
    if options.json:
        keep(options.json, shown(results))


if __name__ == "__main__":
    main()
