"""Weights and biases written by hand, frozen and let go, one by one."""

from __future__ import annotations

import math
import threading
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import OPTIMIZERS, NetworkSpec, Session, TrainingConfig
from toygrad.core.nn import Element, element_at, element_place
from toygrad.core.training import ENGINES
from toygrad.datasets import DATASETS, Dataset

POINTS = DATASETS["circle"](20, rng=np.random.default_rng(0))
WEIGHT, BIAS = Element(1, 0, 3), Element(2, None, 1)


def session(training: TrainingConfig | None = None, dataset: Dataset = POINTS) -> Session:
    return Session(NetworkSpec(), dataset, training)


def value(run: Session, element: Element) -> float:
    return float(run.network.flat_parameters[element_place(run.network.sizes, element)])


@pytest.mark.parametrize(
    ("optimizer", "regularization"), list(product(OPTIMIZERS, ("none", "l1", "l2")))
)
def test_what_is_frozen_stays_to_the_last_bit_and_all_else_moves(
    optimizer: str, regularization: str
) -> None:
    run = session(
        TrainingConfig(optimizer=optimizer, regularization=regularization, regularization_rate=0.01)
    )
    run.advance(3)
    frozen = [WEIGHT, BIAS, Element(3, 1, 0)]
    run.set_frozen(frozen, True)
    before = run.network.flat_parameters.copy()
    run.advance(20)
    snapshot = run.snapshot()
    places = [element_place(snapshot.sizes, element) for element in frozen]
    np.testing.assert_array_equal(snapshot.parameters[places], before[places])
    np.testing.assert_array_equal(snapshot.updates[places], 0.0)
    moved = np.delete(snapshot.parameters != before, places)
    assert moved.all()
    assert snapshot.frozen.nonzero()[0].tolist() == sorted(places)
    # Their gradients are still told.
    assert np.count_nonzero(snapshot.gradients[places])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_engine_leaves_frozen_weights_alone(engine: str, dtype: str) -> None:
    run = session(TrainingConfig(engine=engine, dtype=dtype))
    run.set_element(WEIGHT, 0.123456789012345)
    run.set_frozen([WEIGHT], True)
    run.advance(4)
    assert value(run, WEIGHT) == 0.123456789012345
    assert not run.snapshot().frozen[element_place(run.network.sizes, BIAS)]


def test_what_is_let_go_learns_again() -> None:
    run = session()
    run.set_frozen([WEIGHT, BIAS], True)
    run.advance(5)
    before = value(run, WEIGHT), value(run, BIAS)
    run.set_frozen([WEIGHT], False)
    run.advance(5)
    assert value(run, WEIGHT) != before[0] and value(run, BIAS) == before[1]
    run.unfreeze_all()
    run.advance(5)
    assert value(run, BIAS) != before[1]
    assert not run.snapshot().frozen.any()


def test_with_nothing_frozen_it_learns_exactly_as_it_did() -> None:
    plain, touched = session(), session()
    touched.set_frozen([WEIGHT, BIAS], True)
    touched.set_frozen([WEIGHT, BIAS], False)
    for run in (plain, touched):
        run.advance(30)
    np.testing.assert_array_equal(plain.network.flat_parameters, touched.network.flat_parameters)


def test_a_network_that_is_frozen_as_a_whole_goes_on_without_moving() -> None:
    run = session()
    sizes = run.network.sizes
    run.set_frozen([element_at(sizes, p) for p in range(run.network.n_parameters)], True)
    before = run.network.flat_parameters.copy()
    run.advance(10)
    np.testing.assert_array_equal(run.network.flat_parameters, before)
    assert run.step == 10


def test_frozen_weights_outlive_resets_and_new_first_weights() -> None:
    run = session()
    run.set_element(WEIGHT, 3.0)
    run.set_frozen([WEIGHT], True)
    run.advance(5)
    run.reset()
    assert value(run, WEIGHT) == 3.0
    run.reseed(7)
    assert value(run, WEIGHT) == 3.0
    assert run.snapshot().frozen.sum() == 1
    run.unfreeze_all()
    run.reset()
    assert value(run, WEIGHT) != 3.0


def test_frozen_weights_stay_finite_when_the_loss_does_not() -> None:
    run = session(TrainingConfig(learning_rate=1e300))
    run.set_frozen([WEIGHT], True)
    before = value(run, WEIGHT)
    run.advance(50)
    assert value(run, WEIGHT) == before


def test_turning_other_knobs_keeps_what_is_frozen() -> None:
    run = session()
    run.set_frozen([WEIGHT], True)
    before = value(run, WEIGHT)
    for training in (
        TrainingConfig(optimizer="adam"),
        TrainingConfig(optimizer="adam", batch_size=3),
        TrainingConfig(optimizer="adam", engine="array"),
        TrainingConfig(optimizer="adam", train_share=0.8),
    ):
        run.configure(training)
        run.advance(2)
        assert value(run, WEIGHT) == before and run.snapshot().frozen.sum() == 1


# --- By hand ------------------------------------------------------------------------------------


def test_a_written_weight_is_there_at_once_and_learns_on() -> None:
    run = session()
    run.advance(3)
    loss = run.evaluate().train_loss
    run.set_element(WEIGHT, -4.5)
    assert value(run, WEIGHT) == -4.5
    assert run.evaluate().train_loss != loss
    run.advance(1)
    assert value(run, WEIGHT) != -4.5


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_weight_has_to_be_a_number(number: float) -> None:
    run = session()
    before = run.network.flat_parameters.copy()
    with pytest.raises(ValueError, match=r"layer1\.weight\[0,3\] has to be a number"):
        run.set_element(WEIGHT, number)
    np.testing.assert_array_equal(run.network.flat_parameters, before)


def test_what_is_not_there_can_be_neither_written_nor_frozen() -> None:
    run = session()
    nowhere = Element(1, 2, 0)
    with pytest.raises(IndexError, match=r"layer1\.weight\[2,0\]"):
        run.set_element(nowhere, 1.0)
    with pytest.raises(IndexError, match=r"layer1\.weight\[2,0\]"):
        run.set_frozen([WEIGHT, nowhere], True)
    assert not run.snapshot().frozen.any()


def test_a_snapshot_keeps_what_was_frozen_when_it_was_taken() -> None:
    run = session()
    run.set_frozen([WEIGHT], True)
    snapshot = run.snapshot()
    run.unfreeze_all()
    run.set_element(BIAS, 9.0)
    assert snapshot.frozen.sum() == 1 and not run.snapshot().frozen.any()
    assert not snapshot.frozen.flags.writeable
    assert snapshot.weights.frozen is snapshot.frozen


def test_a_thread_that_trains_takes_edits_between_two_steps() -> None:
    run, stop = session(), threading.Event()
    run.configure(TrainingConfig(pace=math.inf))
    seen = threading.Event()
    snapshots = []

    def publish(snapshot: object) -> None:
        snapshots.append(snapshot)
        seen.set()

    run.set_element(WEIGHT, 2.5)
    run.set_frozen([WEIGHT], True)
    thread = threading.Thread(target=run.run, args=(stop, publish))
    thread.start()
    run.resume()
    run.set_element(BIAS, 1.0)
    run.set_frozen([BIAS], True)
    run.request_snapshot()
    assert seen.wait(20.0)
    stop.set()
    thread.join(20.0)
    assert (value(run, WEIGHT), value(run, BIAS)) == (2.5, 1.0)


actions = st.one_of(
    st.tuples(st.just("set"), st.integers(0, 24), st.floats(-5, 5)),
    st.tuples(st.just("freeze"), st.integers(0, 24), st.booleans()),
    st.tuples(st.just("step"), st.integers(1, 3), st.none()),
    st.tuples(st.just("reset"), st.just(0), st.none()),
)


@settings(max_examples=60)
@given(sequence=st.lists(actions, max_size=25))
def test_any_order_of_writing_freezing_and_learning_moves_only_what_is_free(
    sequence: list[tuple[str, int, object]],
) -> None:
    run = session()
    sizes = run.network.sizes
    frozen: dict[int, float] = {}
    for what, number, how in sequence:
        if what == "set":
            assert isinstance(how, float)
            run.set_element(element_at(sizes, number), how)
            if number in frozen:
                frozen[number] = how
        elif what == "freeze" and how:
            run.set_frozen([element_at(sizes, number)], True)
            frozen[number] = float(run.network.flat_parameters[number])
        elif what == "freeze":
            run.set_frozen([element_at(sizes, number)], False)
            frozen.pop(number, None)
        elif what == "step":
            run.advance(number)
        else:
            run.reset()
        assert set(run.snapshot().frozen.nonzero()[0].tolist()) == set(frozen)
        for place, expected in frozen.items():
            assert run.network.flat_parameters[place] == expected
