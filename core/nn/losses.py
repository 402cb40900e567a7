"""Losses by name: each on a batch of arrays, and on one sample of scalars.

Targets are -1 and +1 for two classes (one output), -1 and +1 for each class against the rest for
more (one output a class), and real numbers for regression. A loss adds up over the outputs of a
sample and averages over the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..autograd import Value
from ..autograd.numerics import FloatArray
from ..autograd.value import as_value

Targets = Value | FloatArray


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss function.

    Attributes:
        name: Its key in `LOSSES`.
        title: Its name in words.
        on_arrays: `(outputs (batch, k), targets (batch, k)) -> Value`, one number.
        on_scalars: `(outputs, targets) -> Value`, the loss of one sample.
        classification_only: Whether it needs classes.
        from_logits: Whether it needs a linear output layer.
    """

    name: str
    title: str
    on_arrays: Callable[[Value, Targets], Value]
    on_scalars: Callable[[Sequence[Value], Sequence[float]], Value]
    classification_only: bool
    from_logits: bool


def _sum(values: Sequence[Value]) -> Value:
    return sum(values[1:], values[0])


def squared_error(outputs: Value, targets: Targets) -> Value:
    """Mean over the batch of sum (o - t)^2 / 2 (playground-semantics: TensorFlow Playground's)."""
    return ((outputs - targets) ** 2).sum() * (0.5 / outputs.shape[0])


def _squared_error_of_sample(outputs: Sequence[Value], targets: Sequence[float]) -> Value:
    return _sum([(o - t) ** 2 for o, t in zip(outputs, targets, strict=True)]) * 0.5


def binary_cross_entropy(logits: Value, targets: Targets) -> Value:
    """Mean over the batch of sum log(1 + exp(-t z)), targets -1 and +1."""
    return (logits * -as_value(targets, logits)).softplus().sum() * (1.0 / logits.shape[0])


def _binary_cross_entropy_of_sample(logits: Sequence[Value], targets: Sequence[float]) -> Value:
    return _sum([(z * -t).softplus() for z, t in zip(logits, targets, strict=True)])


def softmax_cross_entropy(logits: Value, targets: Targets) -> Value:
    """Mean over the batch of logsumexp(z) - z[class]; the target of the class is +1."""
    one_hot = (as_value(targets, logits) + 1.0) * 0.5
    return (logits.logsumexp(1) - (logits * one_hot).sum(1)).sum() * (1.0 / logits.shape[0])


def _softmax_cross_entropy_of_sample(logits: Sequence[Value], targets: Sequence[float]) -> Value:
    # Shifted by the largest logit, a constant, which changes neither the loss nor its gradient.
    largest = max(float(z.data) for z in logits)
    total = _sum([(z - largest).exp() for z in logits])
    return (
        total.log()
        + largest
        - _sum([z * ((t + 1.0) * 0.5) for z, t in zip(logits, targets, strict=True)])
    )


def hinge(outputs: Value, targets: Targets) -> Value:
    """Mean over the batch of sum max(0, 1 - t o), the margin loss of micrograd's demo."""
    return (1.0 - outputs * targets).relu().sum() * (1.0 / outputs.shape[0])


def _hinge_of_sample(outputs: Sequence[Value], targets: Sequence[float]) -> Value:
    return _sum([(1.0 - o * t).relu() for o, t in zip(outputs, targets, strict=True)])


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "squared_error", "squared error", squared_error, _squared_error_of_sample, False, False
        ),
        Loss(
            "binary_cross_entropy",
            "binary cross-entropy",
            binary_cross_entropy,
            _binary_cross_entropy_of_sample,
            True,
            True,
        ),
        Loss(
            "softmax_cross_entropy",
            "softmax cross-entropy",
            softmax_cross_entropy,
            _softmax_cross_entropy_of_sample,
            True,
            True,
        ),
        Loss("hinge", "hinge", hinge, _hinge_of_sample, True, True),
    )
}
"""Every loss, by its name."""
