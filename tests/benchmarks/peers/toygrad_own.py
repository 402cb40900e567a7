"""What toygrad does around a step: its other optimizer, its session, a picture, a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.peers.toygrad_tape import make_network, make_step
from toygrad.core import LOSSES, NetworkSpec, Session, TrainingConfig
from toygrad.core.training.engines import TapeEngine
from toygrad.core.training.evaluation import Inference
from toygrad.datasets import DATASETS

Array = np.ndarray[Any, Any]
Parameters = list[tuple[Array, Array]]
STEPS_A_CALL = 100
SESSION_SAMPLES = 500
TRAIN_SHARE = 0.8
GRID = (100, 100)


def adam(
    parameters: Parameters, inputs: Array, targets: Array, loss: str, rate: float, activation: str
) -> Callable[[], float]:
    """The step with Adam in the place of SGD."""
    return make_step(parameters, inputs, targets, loss, rate, activation, optimizer="adam")


def session(
    parameters: Parameters, inputs: Array, targets: Array, loss: str, rate: float, activation: str
) -> Callable[[], float]:
    """`STEPS_A_CALL` steps of a session with the same network, settings and batch."""
    spec = NetworkSpec(
        hidden=tuple(bias.size for _, bias in parameters[:-1]),
        activation=activation,
        output_activation="linear",
    )
    training = TrainingConfig(
        learning_rate=rate,
        batch_size=len(inputs),
        loss=loss,
        train_share=TRAIN_SHARE,
        engine="tape",
    )
    dataset = DATASETS["circle"](SESSION_SAMPLES, rng=np.random.default_rng(0))
    own = Session(spec, dataset, training)

    def steps() -> float:
        own.advance(STEPS_A_CALL)
        return own.step

    return steps


def grid(
    parameters: Parameters, inputs: Array, targets: Array, loss: str, rate: float, activation: str
) -> Callable[[], float]:
    """One evaluation of a network with two inputs over a grid."""
    axes = [np.linspace(-1.0, 1.0, n) for n in GRID]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    infer = Inference(make_network(parameters, activation), points)
    return lambda: float(infer()[0, 0])


def recording(
    parameters: Parameters, inputs: Array, targets: Array, loss: str, rate: float, activation: str
) -> Callable[[], float]:
    """A first step, which records the tape."""
    network = make_network(parameters, activation)
    return lambda: TapeEngine(network, LOSSES[loss], "float64")(inputs, targets)
