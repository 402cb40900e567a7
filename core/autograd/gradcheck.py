"""Autograd against central differences, element by element and operation by operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .numerics import Data, FloatArray, unbroadcast
from .value import Value, topological_order

# The error of a central difference is about eps^(2/3), least at a step of eps^(1/3) = 6e-6.
DEFAULT_STEP = 6e-6
DEFAULT_TOLERANCE = 1e-6


class GradcheckError(AssertionError):
    """A gradient that central differences do not confirm."""


@dataclass(frozen=True, slots=True, eq=False)
class GradcheckResult:
    """What autograd and central differences say of every element of every value.

    Attributes:
        names: One name an element: the value's label or position, and the index.
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
    """The difference of two gradients, relative to the larger one where that is above 1."""
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
        function: Takes the values and returns one number as a Value. An array is summed.
        *values: Leaves, scalars or arrays. Their `data` and `grad` are as before when it returns.
        step: h in (f(x + h) - f(x - h)) / 2h.
        tolerance: The largest relative error that passes.

    Returns:
        Both gradients of every element.

    Raises:
        GradcheckError: If one is off; it names the element, and the operation whose gradient
            rule is wrong.
    """
    result = compare_gradients(function, *values, step=step, tolerance=tolerance)
    if not result:
        raise GradcheckError(_explain(result, _wrong_operation(function, values, step, tolerance)))
    return result


def compare_gradients(
    function: Callable[..., Value],
    *values: Value,
    step: float = DEFAULT_STEP,
    tolerance: float = DEFAULT_TOLERANCE,
) -> GradcheckResult:
    """As `gradcheck`, without raising: the result is false where a gradient is off."""
    saved = [value.grad for value in values]
    for value in values:
        value.grad = 0.0 * value.data
    function(*values).sum().backward()
    autograd = np.concatenate([np.ravel(v.grad) for v in values])
    for value, grad in zip(values, saved, strict=True):
        value.grad = grad
    names = tuple(
        _element_name(value.label or f"value {k}", index)
        for k, value in enumerate(values)
        for index in np.ndindex(value.shape)
    )
    numeric = np.array(
        [
            central_difference(lambda: float(function(*values).sum()), value, index, step)
            for value in values
            for index in np.ndindex(value.shape)
        ]
    )
    return GradcheckResult(names, autograd, numeric, tolerance)


def central_difference(
    function: Callable[[], float], value: Value, index: tuple[int, ...], step: float
) -> float:
    """(f(x + h) - f(x - h)) / 2h by one element of a value, which is put back afterwards.

    Args:
        function: Computes the output anew from the value's present data.
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


def _element_name(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]" if index else name


def _explain(result: GradcheckResult, operation: str) -> str:
    worst = int(np.argmax(result.relative_error))
    return (
        f"the gradient by {result.names[worst]} is {result.autograd[worst]:.8g} by autograd and "
        f"{result.numeric[worst]:.8g} by central differences{operation}"
    )


def _wrong_operation(
    function: Callable[..., Value], values: tuple[Value, ...], step: float, tolerance: float
) -> str:
    for node in topological_order(function(*values)):
        for position, index in _wrong_elements(node, step, tolerance):
            operand = _element_name(f"operand {position}", index)
            return f"; the gradient rule of '{node.op.name if node.op else ''}' is off by {operand}"
    return "; every operation by itself agrees, so the values are close to a kink or a jump"


def _wrong_elements(
    node: Value, step: float, tolerance: float
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The operand elements by which one operation's own gradient rule is off."""
    op = node.op
    if op is None:
        return
    operands: list[Any] = [parent.data for parent in node.parents]
    seed = np.ones(node.shape) if node.shape else 1.0
    for position, gradient in enumerate(op.vjp(seed, node.data, *operands, *node.parameters)):
        data = operands[position]
        for index in np.ndindex(np.shape(data)):
            ends = []
            for moved_by in (step, -step):
                moved = [*operands]
                moved[position] = _moved(data, index, moved_by)
                ends.append(float(np.sum(op.forward(*moved, *node.parameters))))
            numeric = (ends[0] - ends[1]) / (2.0 * step)
            analytic = np.asarray(unbroadcast(gradient, data))[index]
            # Written so that nan counts as wrong.
            if not relative_error(np.asarray(analytic), np.asarray(numeric)) <= tolerance:
                yield position, index
