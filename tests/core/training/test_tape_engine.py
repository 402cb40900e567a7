"""The tape in training: the same run as the eager engines', with nothing allocated a step."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import LOSSES, Network, NetworkSpec, Session, TrainingConfig
from toygrad.core.autograd.numerics import FloatArray
from toygrad.core.training.engines import ArrayEngine, Engine, ScalarEngine, TapeEngine
from toygrad.core.training.evaluation import Inference
from toygrad.core.training.update import Updater
from toygrad.datasets import Dataset


def make_network(sizes: tuple[int, ...] = (3, 5, 4, 2), activation: str = "tanh") -> Network:
    activations = [activation] * (len(sizes) - 2) + ["linear"]
    return Network(sizes, activations, rng=np.random.default_rng(0))


def make_batch(rows: int, network: Network, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(rows, network.sizes[0]))
    targets = np.where(rng.normal(size=(rows, network.sizes[-1])) > 0.0, 1.0, -1.0)
    return inputs, targets


def gradients(engine: Engine, network: Network, batch: tuple[FloatArray, FloatArray]) -> FloatArray:
    network.flat_gradients[...] = math.nan
    engine(*batch)
    return network.flat_gradients.copy()


@settings(max_examples=20)
@given(
    rows=st.integers(1, 6),
    hidden=st.lists(st.integers(1, 4), max_size=2),
    activation=st.sampled_from(("tanh", "relu", "gelu", "softplus")),
    loss=st.sampled_from(sorted(LOSSES)),
)
def test_scalar_array_and_tape_gradients_are_one(
    rows: int, hidden: list[int], activation: str, loss: str
) -> None:
    network = make_network((2, *hidden, 2), activation)
    batch = make_batch(rows, network)
    tape = gradients(TapeEngine(network, LOSSES[loss], "float64"), network, batch)
    for eager in (
        ArrayEngine(network, LOSSES[loss]),
        ScalarEngine(network, LOSSES[loss], lambda: False),
    ):
        np.testing.assert_allclose(tape, gradients(eager, network, batch), rtol=0, atol=1e-10)


def test_batches_of_several_sizes_do_not_disturb_each_other() -> None:
    network = make_network()
    tape = TapeEngine(network, LOSSES["hinge"], "float64")
    eager = ArrayEngine(network, LOSSES["hinge"])
    for seed, rows in enumerate((10, 3, 10, 1, 3, 10)):
        batch = make_batch(rows, network, seed)
        network.flat_parameters[...] = np.random.default_rng(seed).normal(size=network.n_parameters)
        np.testing.assert_allclose(
            gradients(tape, network, batch), gradients(eager, network, batch), atol=1e-12
        )
        assert tape(*batch) == pytest.approx(eager(*batch), rel=1e-12)


def test_the_batch_may_come_in_another_array_each_time() -> None:
    network = make_network()
    tape = TapeEngine(network, LOSSES["squared_error"], "float64")
    inputs, targets = make_batch(6, network)
    loss = tape(inputs, targets)
    assert tape(np.asfortranarray(inputs), targets.copy()) == loss
    assert tape(inputs * 2.0, targets) != loss


@pytest.mark.parametrize("loss", LOSSES)
def test_single_precision_is_close_to_double(loss: str) -> None:
    network = make_network()
    batch = make_batch(20, network)
    double = gradients(TapeEngine(network, LOSSES[loss], "float64"), network, batch)
    single = gradients(TapeEngine(network, LOSSES[loss], "float32"), network, batch)
    assert single.dtype == network.flat_parameters.dtype == np.float64
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4 * np.abs(double).max())
    assert not np.array_equal(single, double)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_switching_the_engine_keeps_the_weights_and_the_optimizer_state(
    two_classes: Dataset, optimizer: str
) -> None:
    plain, switched = (
        Session(NetworkSpec(), two_classes, TrainingConfig(optimizer=optimizer)) for _ in range(2)
    )
    plain.advance(12)
    switched.advance(5)
    before = switched.snapshot().parameters
    switched.configure(TrainingConfig(optimizer=optimizer, engine="array"))
    np.testing.assert_array_equal(switched.snapshot().parameters, before)
    switched.advance(4)
    switched.configure(TrainingConfig(optimizer=optimizer, engine="tape"))
    switched.advance(3)
    np.testing.assert_allclose(
        switched.snapshot().parameters, plain.snapshot().parameters, rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("data", ["two_classes", "three_classes", "numbers"])
def test_an_evaluation_is_the_eager_evaluation(data: str, request: pytest.FixtureRequest) -> None:
    dataset: Dataset = request.getfixturevalue(data)
    session = Session(NetworkSpec(), dataset, TrainingConfig(batch_size=7))
    for _ in range(3):
        session.advance(4)
        shown = session.snapshot()
        learner = session._loop.run.learner
        loss, problem = learner.loss.on_arrays, learner.problem
        outputs = np.asarray(session.network(problem.inputs).data)
        np.testing.assert_allclose(shown.outputs, outputs, rtol=1e-12, atol=1e-14)
        for rows, number in (
            (problem.train_rows, shown.evaluation.train_loss),
            (problem.test_rows, shown.evaluation.test_loss),
        ):
            eager = loss(session.network(problem.inputs[rows]), problem.targets[rows])
            assert number == pytest.approx(float(eager), rel=1e-12)


def test_the_grid_is_the_eager_grid(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(), two_classes)
    for size in ((5, 3), (40, 30), (5, 3)):
        session.advance(2)
        picture = session.snapshot(grid=size).grid
        assert picture is not None
        inputs = session._loop.run.learner.problem.grid_inputs(*size)
        eager = np.asarray(session.network(inputs).data).reshape(size[1], size[0], 1)
        np.testing.assert_allclose(picture, eager, rtol=1e-12, atol=1e-14)


def test_many_rows_are_inferred_piece_by_piece_as_all_at_once() -> None:
    network = make_network()
    inputs, _ = make_batch(2345, network)
    infer = Inference(network, inputs)
    for _ in range(2):
        network.flat_parameters *= 1.1
        np.testing.assert_allclose(infer(), np.asarray(network(inputs).data), rtol=1e-12)


def test_a_step_of_the_engine_and_the_update_allocates_no_array() -> None:
    network = make_network((20, 50, 50, 10), "relu")
    batch = make_batch(4000, network)
    engine = TapeEngine(network, LOSSES["softmax_cross_entropy"], "float64")
    update = Updater(network, TrainingConfig(optimizer="adam"))

    def step() -> None:
        engine(*batch)
        update(0.01)

    # Inside a call NumPy goes through memory of its own, less than the smallest of these matrices.
    assert peak_of(step, 5) < batch[1].nbytes


def test_a_long_run_keeps_its_memory(two_classes: Dataset) -> None:
    session = Session(NetworkSpec(hidden=(16, 16)), two_classes)
    steps = 3000
    session.advance(steps)
    # A long run keeps a state now and then, and nothing else.
    kept = session.document().checkpoints[-1].state.n_bytes
    assert peak_of(lambda: session.advance(steps), 1) < 6 * kept


def peak_of(call: Callable[[], object], times: int) -> int:
    """The most bytes that calls held at once beyond what was held before."""
    call()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(times):
        call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before
