"""A native training loop takes the steps that the tape and an array rule take."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from toygrad.core import LOSSES, Network
from toygrad.core.autograd import Tape, Value
from toygrad.core.autograd.tape import TracedRule
from toygrad.core.autograd.tape.compiled import Batch, CompiledLoop

pytest.importorskip("llvmlite")

Array = np.ndarray[Any, Any]
Rule = Callable[[list[Any], Any, Any], list[Any]]

# state -> state, on arrays and on what records alike: parameters first, then what the rule keeps.


def sgd(state: list[Any], gradient: Any, rate: Any) -> list[Any]:
    (parameters,) = state
    return [parameters - rate * gradient]


def adam(state: list[Any], gradient: Any, rate: Any) -> list[Any]:
    parameters, mean, square, power1, power2 = state
    power1, power2 = power1 * 0.9, power2 * 0.999
    mean = mean * 0.9 + gradient * 0.1
    square = square * 0.999 + gradient * gradient * 0.001
    correction = np.sqrt(1.0 - power2)
    size = rate * correction / (1.0 - power1)
    update = mean / (np.sqrt(square) + 1e-8 * correction) * size
    return [parameters - update, mean, square, power1, power2]


RULES: dict[str, Rule] = {"sgd": sgd, "adam": adam}


class Training:
    """A network that learns the same thing natively, and on a tape as a copy."""

    def __init__(
        self,
        sizes: tuple[int, ...] = (2, 6, 1),
        *,
        rule: str = "sgd",
        loss: str = "squared_error",
        n_rows: int = 23,
        batch: int = 5,
        is_single: bool = False,
    ) -> None:
        rng = np.random.default_rng(0)
        self.network = Network(sizes, ("tanh",) * (len(sizes) - 1), rng=rng)
        self.inputs = rng.normal(size=(n_rows, sizes[0]))
        self.targets = np.sign(rng.normal(size=(n_rows, sizes[-1])))
        self.batch, self.n_batches = batch, -(-n_rows // batch)
        self.rule = RULES[rule]
        parameters = self.network.flat_parameters
        extra = [np.zeros_like(parameters), np.zeros_like(parameters), np.ones(()), np.ones(())]
        self.state = [parameters, *(extra if rule == "adam" else [])]
        self.copy = [array.copy() for array in self.state]
        self.stop = np.zeros(1, dtype=np.int64)
        self._loss = LOSSES[loss]
        self._single: dict[Value, tuple[Array, Array]] = {}
        self.loop = self.compile(is_single)

    def _graph(self, rows: int) -> Batch:
        x, t = (Value(a[:rows], constant=True) for a in (self.inputs, self.targets))
        return Batch(self._loss.on_arrays(self.network(x), t), (x, t))

    def compile(
        self, is_single: bool = False, before_the_update: Sequence[TracedRule] = ()
    ) -> CompiledLoop:
        network, rest = self.network, len(self.inputs) % self.batch
        before, after = [], []
        if is_single:
            for p in network.parameters():
                self._single[p] = (np.zeros(p.shape, np.float32), np.zeros(p.shape, np.float32))
                before.append((np.asarray(p.data), self._single[p][0]))
                after.append((self._single[p][1], p.grad))
        rate = np.zeros(())

        def rule(rate: Any, gradient: Any, *state: Any) -> list[Any]:
            return self.rule(list(state), gradient, rate)

        operands = [rate, network.flat_gradients, *self.state]
        update = TracedRule.trace(rule, operands, self.state)
        batches = [self._graph(rows) for rows in (self.batch, rest) if rows]
        sources = (self.inputs, self.targets)
        return CompiledLoop(
            batches,
            network.parameters(),
            sources,
            [*before_the_update, update],
            rate,
            buffers=self._single or None,
            before=before,
            after=after,
        )

    def order(self, steps: int) -> Array:
        rng = np.random.default_rng(7)
        n = len(self.inputs)
        epochs = steps // self.n_batches + 2
        return np.concatenate([rng.permutation(n) for _ in range(epochs)])

    def on_the_tape(self, order: Array, rates: Array) -> list[float]:
        """The same steps with NumPy; leaves the native ones as they are."""
        kept = [array.copy() for array in self.state]
        self._set(self.copy)
        tapes: dict[int, Tape] = {}
        losses = []
        for step, rate in enumerate(rates):
            epoch, place = divmod(step, self.n_batches)
            start = epoch * len(self.inputs) + place * self.batch
            rows = order[start : min(start + self.batch, (epoch + 1) * len(self.inputs))]
            if len(rows) not in tapes:
                graph = self._graph(len(rows))
                tapes[len(rows)] = Tape(
                    graph.loss,
                    self.network.parameters(),
                    inputs=graph.inputs,
                    buffers=self._single or None,
                )
            for p, (numbers, _) in self._single.items():
                numbers[...] = p.data
            losses.append(float(tapes[len(rows)].replay(self.inputs[rows], self.targets[rows])))
            for p, (_, gradient) in self._single.items():
                p.grad[...] = gradient
            gradients = self.network.flat_gradients
            self._set(self.rule([x.copy() for x in self.state], gradients.copy(), rate))
        self.copy = [array.copy() for array in self.state]
        self._set(kept)
        return losses

    def _set(self, arrays: list[Array]) -> None:
        for mine, other in zip(self.state, arrays, strict=True):
            mine[...] = other

    def run(self, steps: int, order: Array, rate: float = 0.1, **kwargs: Any) -> tuple[int, Array]:
        losses = np.full(steps, np.nan)
        rates = np.full(steps, rate)
        taken = self.loop.run(
            steps, order, rates, losses, n_batches=self.n_batches, stop=self.stop, **kwargs
        )
        return taken, losses


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("loss", ["squared_error", "softmax_cross_entropy"])
def test_two_thousand_steps_with_a_smaller_last_batch(rule: str, loss: str) -> None:
    training = Training((2, 6, 3), rule=rule, loss=loss)
    order = training.order(2000)
    taken, losses = training.run(2000, order, 0.01)
    expected = training.on_the_tape(order, np.full(2000, 0.01))
    assert taken == 2000
    np.testing.assert_allclose(losses[:20], expected[:20], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(losses, expected, rtol=1e-9, atol=1e-9)
    for one, other in zip(training.state, training.copy, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_single_precision_keeps_the_parameters_in_double() -> None:
    training = Training(rule="adam", is_single=True)
    order = training.order(50)
    _, losses = training.run(50, order)
    expected = training.on_the_tape(order, np.full(50, 0.1))
    np.testing.assert_allclose(losses, expected, rtol=1e-4)
    np.testing.assert_allclose(training.state[0], training.copy[0], rtol=1e-3, atol=1e-5)
    assert np.any(training.state[0] != training.state[0].astype(np.float32))


def test_calls_join_in_the_middle_of_an_epoch() -> None:
    whole, parts = Training(rule="adam"), Training(rule="adam")
    order = whole.order(12)
    whole.run(12, order)
    row = 0
    for first, n in ((0, 2), (2, 1), (3, 9)):
        assert parts.run(n, order[row:], batch=first % parts.n_batches)[0] == n
        row = ((first + n) // 5) * 23 + ((first + n) % 5) * 5
    np.testing.assert_array_equal(whole.network.flat_parameters, parts.network.flat_parameters)


def test_each_step_has_its_own_learning_rate() -> None:
    training = Training()
    order, rates = training.order(6), np.array([0.1, 0.1, 0.0, 0.3, 0.2, 0.0])
    losses = np.zeros(6)
    training.loop.run(6, order, rates, losses, n_batches=training.n_batches)
    np.testing.assert_allclose(losses, training.on_the_tape(order, rates), rtol=1e-12)


def test_a_rule_may_change_the_gradients_before_the_update() -> None:
    training, turned = Training(), Training()
    gradients = turned.network.flat_gradients
    carried = np.zeros_like(gradients)
    spoil = TracedRule.trace(
        lambda g, sum_: [-(g + sum_), g + sum_], [gradients, carried], [gradients, carried]
    )
    turned.loop = turned.compile(before_the_update=[spoil])
    order = training.order(3)
    turned.run(3, order)
    sum_ = np.zeros_like(gradients)
    rows = [order[start : start + 5] for start in (0, 5, 10)]
    for batch in rows:
        training.network.zero_grad()
        output = training.network(training.inputs[batch])
        LOSSES["squared_error"].on_arrays(output, training.targets[batch]).backward()
        sum_ += training.network.flat_gradients
        training.network.flat_parameters += 0.1 * sum_
    np.testing.assert_allclose(
        turned.network.flat_parameters, training.network.flat_parameters, rtol=1e-12
    )
    np.testing.assert_allclose(carried, sum_, rtol=1e-12, atol=1e-14)


def test_a_loss_that_is_not_finite_ends_the_run_before_its_update() -> None:
    training = Training(n_rows=20)
    training.inputs[17] = np.nan
    order = np.arange(20)
    taken, losses = training.run(4, order)
    assert taken == 3
    assert np.isfinite(losses[:3]).all() and np.isnan(losses[3])
    assert np.isfinite(training.network.flat_parameters).all()
    assert np.isnan(training.network.flat_gradients).any()


def test_a_stop_ends_a_run_between_two_steps_while_other_threads_run() -> None:
    training = Training()
    steps, taken = 5_000_000, []
    order, rates, losses = np.zeros(steps * 5, dtype=np.int64), np.zeros(steps), np.zeros(steps)

    def run() -> None:
        stop, n_batches = training.stop, training.n_batches
        taken.append(training.loop.run(steps, order, rates, losses, n_batches=n_batches, stop=stop))

    thread = threading.Thread(target=run)
    thread.start()
    while losses[0] == 0.0:
        time.sleep(0.001)
    training.stop[0] = 1
    thread.join(10.0)
    assert not thread.is_alive()
    assert 0 < taken[0] < steps
    run()
    assert taken[1] == 0


def test_rows_that_do_not_exist_and_arrays_that_are_too_short_are_refused() -> None:
    training = Training()
    for order in (np.full(100, 23), np.full(100, -1), np.zeros(5, dtype=np.int64)):
        with pytest.raises(ValueError, match="row"):
            training.run(2, order)
    with pytest.raises(ValueError, match="2 steps need as many"):
        training.loop.run(2, training.order(2), np.zeros(1), np.zeros(2))
    with pytest.raises(ValueError, match="a contiguous array of int64 is needed"):
        training.run(2, training.order(2).astype(np.int32))
    for steps, batch, n_batches in ((-1, 0, 0), (2, -1, 2), (2, 7, 2), (2, 2, 2), (2, 1, 0)):
        numbers = training.order(9), np.zeros(9), np.zeros(9)
        with pytest.raises(ValueError, match=f"no {steps} steps from batch {batch}"):
            training.loop.run(steps, *numbers, batch=batch, n_batches=n_batches)


def test_arrays_that_do_not_fit_replace_none() -> None:
    training, other = Training(), Training()
    for old, new in (
        (training.network.flat_parameters, np.zeros(3)),
        (training.inputs, np.zeros((50, training.inputs.shape[1] + 1))),
        (training.inputs, np.zeros(50)),
        (training.inputs, training.inputs.astype(np.float32)),
    ):
        with pytest.raises(ValueError, match=r"does not fit|is needed"):
            training.loop.rebind([(training.targets, np.ones_like(training.targets)), (old, new)])
    for each in (training, other):
        each.run(3, training.order(3))
    np.testing.assert_array_equal(training.network.flat_parameters, other.network.flat_parameters)


def test_closed_code_refuses_to_run() -> None:
    training = Training()
    training.loop.close()
    with pytest.raises(ValueError, match="this code was closed"):
        training.run(1, training.order(1))
