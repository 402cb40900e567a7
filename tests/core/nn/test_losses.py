"""Losses: the textbook's formulas, the same for a batch and for one sample of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import LOSSES, Value


def _softmax_cross_entropy(z: Any, t: Any) -> Any:
    probabilities = anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True)
    return -anp.mean(anp.log(anp.sum(probabilities * (t > 0), axis=1)))


FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "squared_error": lambda o, t: anp.mean(anp.sum((o - t) ** 2, axis=1)) / 2.0,
    "binary_cross_entropy": lambda z, t: (
        -anp.mean(
            anp.sum(
                anp.where(
                    t > 0,
                    anp.log(1.0 / (1.0 + anp.exp(-z))),
                    anp.log(1.0 - 1.0 / (1.0 + anp.exp(-z))),
                ),
                axis=1,
            )
        )
    ),
    "softmax_cross_entropy": _softmax_cross_entropy,
    "hinge": lambda o, t: anp.mean(anp.sum(anp.maximum(0.0, 1.0 - t * o), axis=1)),
}


def example(seed: int, batch: int, n_outputs: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    right = rng.integers(n_outputs, size=batch)
    one_of_them = np.where(np.arange(n_outputs) == right[:, None], 1.0, -1.0)
    return rng.normal(0.0, 2.0, (batch, n_outputs)), one_of_them


def test_every_loss_has_its_formula_here() -> None:
    assert set(FORMULAS) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
@given(seed=st.integers(0, 999), batch=st.integers(1, 6), n_outputs=st.integers(2, 4))
def test_loss_and_its_gradient_are_the_formula_s(
    name: str, seed: int, batch: int, n_outputs: int
) -> None:
    outputs, targets = example(seed, batch, n_outputs)
    value = Value(outputs)
    loss = LOSSES[name].on_arrays(value, targets)
    loss.backward()
    assert float(loss) == pytest.approx(float(FORMULAS[name](outputs, targets)), rel=1e-9)
    expected = grad(lambda o: FORMULAS[name](o, targets))(outputs)
    np.testing.assert_allclose(value.grad, expected, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("name", LOSSES)
@given(seed=st.integers(0, 999), batch=st.integers(1, 6), n_outputs=st.integers(1, 4))
def test_one_sample_at_a_time_adds_up_to_the_same_loss(
    name: str, seed: int, batch: int, n_outputs: int
) -> None:
    outputs, targets = example(seed, batch, n_outputs)
    array = Value(outputs)
    loss = LOSSES[name].on_arrays(array, targets)
    loss.backward()

    scalars = [[Value(o) for o in row] for row in outputs.tolist()]
    samples = [
        LOSSES[name].on_scalars(row, target)
        for row, target in zip(scalars, targets.tolist(), strict=True)
    ]
    total = sum(samples, Value(0.0)) * (1.0 / batch)
    total.backward()

    assert float(total) == pytest.approx(float(loss), rel=1e-12, abs=1e-12)
    gradients = [[o.grad for o in row] for row in scalars]
    np.testing.assert_allclose(array.grad, gradients, rtol=1e-12, atol=1e-12)


def test_cases_by_hand() -> None:
    outputs, targets = Value([[0.5, -1.0], [2.0, 0.0]]), np.array([[1.0, -1.0], [-1.0, 1.0]])
    # Squared error: (0.25 + 0 + 9 + 1) / 2 / 2. Hinge: (0.5 + 0 + 3 + 1) / 2.
    assert float(LOSSES["squared_error"].on_arrays(outputs, targets)) == 2.5625
    assert float(LOSSES["hinge"].on_arrays(outputs, targets)) == 2.25
    # Without any evidence every class is as likely as the others.
    silent = Value(np.zeros((2, 2)))
    for name, expected in (
        ("binary_cross_entropy", 2 * np.log(2)),
        ("softmax_cross_entropy", np.log(2)),
    ):
        assert float(LOSSES[name].on_arrays(silent, targets)) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("size", [-1000.0, 1000.0])
def test_cross_entropies_of_extreme_logits_stay_finite(name: str, size: float) -> None:
    targets = np.array([[1.0, -1.0]])
    logits = [size, -size]
    array = LOSSES[name].on_arrays(Value([logits]), targets)
    scalar = LOSSES[name].on_scalars([Value(z) for z in logits], [1.0, -1.0])
    assert float(array) == pytest.approx(max(0.0, -2.0 * size), abs=1e-9)
    assert float(scalar) == pytest.approx(float(array), abs=1e-9)


def test_losses_say_whether_they_need_classes_and_logits() -> None:
    assert [loss.name for loss in LOSSES.values() if not loss.classification_only] == [
        "squared_error"
    ]
    assert [loss.name for loss in LOSSES.values() if not loss.from_logits] == ["squared_error"]
