"""Gradcheck: gradients from backward() against central differences, element by element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .numerics import Data, FloatArray
from .value import Value, apply, topological_order

# The error of a central difference is about eps^(2/3), least at a step of eps^(1/3) = 6e-6.
DEFAULT_STEP = 6e-6
DEFAULT_TOLERANCE = 1e-6


class GradcheckError(AssertionError):
    """A gradient that central differences do not confirm."""


@dataclass(frozen=True, slots=True, eq=False)
class GradcheckResult:
    """Both gradients of every element of every value. False if one is wrong.

    Attributes:
        names: A name for each element: the value's label or position, and the index.
        autograd: The gradients from `backward()`, shape (elements,).
        numeric: The central differences, shape (elements,).
        tolerance: The largest relative error that passes.
    """

    names: tuple[str, ...]
    autograd: FloatArray
    numeric: FloatArray
    tolerance: float

    @property
    def relative_error(self) -> FloatArray:
        """|autograd - numeric| / max(1, |autograd|, |numeric|), shape (elements,)."""
        return relative_error(self.autograd, self.numeric)

    def __bool__(self) -> bool:
        return bool(np.all(self.relative_error <= self.tolerance))


def relative_error(autograd: FloatArray, numeric: FloatArray) -> FloatArray:
    """The difference of two gradients, relative to the larger one if that is above 1."""
    scale = np.maximum(1.0, np.maximum(np.abs(autograd), np.abs(numeric)))
    error: FloatArray = np.abs(autograd - numeric) / scale
    return error


def gradcheck(
    function: Callable[..., Value],
    *values: Value,
    step: float = DEFAULT_STEP,
    tolerance: float = DEFAULT_TOLERANCE,
) -> GradcheckResult:
    """Compares every gradient of a function with central differences.

    Args:
        function: Takes the values and returns a Value; an array is summed.
        *values: Leaves, scalars or arrays. Their `data` and `grad` are restored at the end.
        step: h in (f(x + h) - f(x - h)) / 2h.
        tolerance: The largest relative error that passes.

    Raises:
        GradcheckError: If a gradient is wrong; the message names the element, and the operation
            whose gradient rule is wrong.
    """
    result = compare_gradients(function, *values, step=step, tolerance=tolerance)
    if result:
        return result
    worst = int(np.argmax(result.relative_error))
    raise GradcheckError(
        f"the gradient by {result.names[worst]} is {result.autograd[worst]:.8g} by autograd and "
        f"{result.numeric[worst]:.8g} by central differences; "
        f"{_wrong_rule(function(*values), step, tolerance)}"
    )


def compare_gradients(
    function: Callable[..., Value],
    *values: Value,
    step: float = DEFAULT_STEP,
    tolerance: float = DEFAULT_TOLERANCE,
) -> GradcheckResult:
    """As `gradcheck`, without raising: the result is false if a gradient is wrong."""
    saved = [value.grad for value in values]
    for value in values:
        value.grad = 0.0 * value.data
    function(*values).sum().backward()
    autograd = np.concatenate([np.ravel(v.grad) for v in values])
    for value, grad in zip(values, saved, strict=True):
        value.grad = grad
    names, numeric = [], []
    for k, value in enumerate(values):
        for index in np.ndindex(value.shape):
            suffix = f"[{','.join(map(str, index))}]" if index else ""
            names.append((value.label or f"value {k}") + suffix)
            numeric.append(
                central_difference(lambda: float(function(*values).sum()), value, index, step)
            )
    return GradcheckResult(tuple(names), autograd, np.array(numeric), tolerance)


def central_difference(
    function: Callable[[], float], value: Value, index: tuple[int, ...], step: float
) -> float:
    """(f(x + h) - f(x - h)) / 2h by one element of a value, whose data is restored at the end.

    Args:
        function: Computes the output from the present data of the value.
        value: The leaf that is moved.
        index: The element of its data; `()` for a number.
        step: h.
    """
    results = []
    original = value.data
    for moved_by in (step, -step):
        value.data = _moved(original, index, moved_by)
        try:
            results.append(function())
        finally:
            value.data = original
    return (results[0] - results[1]) / (2.0 * step)


def _moved(data: Data, index: tuple[int, ...], by: float) -> Data:
    if type(data) is float:
        return data + by
    moved: FloatArray = np.copy(data)
    moved[index] += by
    return moved


def _wrong_rule(output: Value, step: float, tolerance: float) -> str:
    """Checks every operation of a graph by itself."""
    for node in topological_order(output):
        if (op := node.op) is None:
            continue
        operands = [Value(p.data, label=f"operand {k}") for k, p in enumerate(node.parents)]
        result = compare_gradients(
            lambda *values, op=op, node=node: apply(op, values, node.parameters),
            *operands,
            step=step,
            tolerance=tolerance,
        )
        if not result:
            # Written so that nan counts as wrong.
            wrong = int(np.argmin(result.relative_error <= tolerance))
            return f"the gradient rule of '{op.name}' is off by {result.names[wrong]}"
    return "every operation by itself agrees, so the values are close to a kink or a jump"
