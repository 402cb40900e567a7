"""NumPy calls bound to their arguments and their output buffer, in the form that costs least."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from .recording import Array, Call, Function, Traced

BoundCall: TypeAlias = Callable[[], Any]

# Where a product is made in blocks of columns, as measured with OpenBLAS; see _is_slow_to_read.
BLOCK_COLUMNS = 64
CACHE_STRIDE_BYTES = 2048
FEW_ROWS = 32
MANY_ROWS = 256


def overwritable(call: Call) -> Sequence[int]:
    """The slots of those operands that a call may write its result over.

    That is, it reads nothing else of them, for each element it writes, than the same element.
    """
    if isinstance(call.function, np.ufunc) and call.function.signature is None:
        return call.operands
    if call.function is np.where and isinstance(call.args[2], Traced):
        return [call.args[2].slot]
    return []


def bind_call(
    function: Function, args: Sequence[Any], kwargs: Mapping[str, Any], out: Array
) -> list[BoundCall]:
    """Calls that write function(*args, **kwargs) into a buffer.

    Args:
        function: A NumPy function that the rules in ops.py use.
        args: Its arguments, bound to the arrays they will always be.
        kwargs: Its keyword arguments.
        out: The buffer, in the shape and dtype of the result.
    """
    binder = _BINDERS.get(function)
    if binder is not None:
        return binder(*args, **kwargs, out=out)
    if isinstance(function, np.ufunc):
        return [_bind_ufunc(function, args, out)]
    return [partial(_call_and_copy, out, partial(function, *args, **kwargs))]


def bind_copy(source: Any, out: Array) -> BoundCall:
    """Copies an array or a number, in the quickest of NumPy's ways."""
    return partial(out.__setitem__, ..., source)


def _bind_ufunc(ufunc: np.ufunc, args: Sequence[Any], out: Array) -> BoundCall:
    dtype = np.result_type(*args)
    args = [_without_axes(x, dtype) for x in args]
    if ufunc in (np.maximum, np.minimum):
        return partial(ufunc, *args, out=out)
    # NumPy takes the output as a positional argument too, which is quicker than by keyword.
    return partial(ufunc, *args, out)


def _without_axes(x: Any, dtype: np.dtype[Any]) -> Any:
    # A number is converted at every call, and an array of one element is broadcast along axes;
    # an array without axes costs neither.
    if isinstance(x, float):
        return np.asarray(x, dtype)
    return x.reshape(()) if isinstance(x, np.ndarray) and x.size == 1 else x


def _call_and_copy(out: Array, call: BoundCall) -> None:
    np.copyto(out, call())


def _bind_matmul(a: Array, b: Array, *, out: Array) -> list[BoundCall]:
    if np.ndim(a) != 2 or np.ndim(b) != 2 or not out.flags.c_contiguous:
        return [partial(np.matmul, a, b, out)]
    if _is_slow_to_read(a, b):
        blocks = [slice(i, i + BLOCK_COLUMNS) for i in range(0, b.shape[1], BLOCK_COLUMNS)]
        return [partial(np.matmul, a, b[:, block], out[:, block]) for block in blocks]
    if 1 in (a.size, b.size):  # dot leaves out a product with 0, of an infinity too
        return [partial(np.matmul, a, b, out)]
    # For matrices, dot is matmul with less around it.
    return [partial(np.dot, a, b, out)]


def _is_slow_to_read(a: Array, b: Array) -> bool:
    # Rows of b this far apart fall on the same places of the processor's cache. Where the rows of
    # a are few, reading b is most of the product's cost, and a block of its columns is read
    # quicker than whole rows.
    return (
        len(a) <= FEW_ROWS
        and len(b) >= MANY_ROWS
        and b.flags.c_contiguous
        and b.strides[0] % CACHE_STRIDE_BYTES == 0
    )


def _bind_sum(a: Array, axis: Any = None, keepdims: bool = False, *, out: Array) -> list[BoundCall]:
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(axis % a.ndim for axis in axes)
    if a.size == out.size:  # sums of one element each: of -0, NumPy's is 0 and a product is -0
        return [partial(np.add, a.reshape(out.shape), np.zeros((), a.dtype), out)]
    # A product with ones adds up a vector, or a matrix along an axis, at half the cost of a
    # reduction.
    if a.dtype == out.dtype and a.flags.c_contiguous and out.flags.c_contiguous and a.size:
        if len(axes) == a.ndim:
            return [partial(np.dot, np.ones(a.size, a.dtype), a.reshape(-1), out.reshape(()))]
        if axes == (0,):
            rows = a.reshape(len(a), -1)
            return [partial(np.dot, np.ones(len(a), a.dtype), rows, out.reshape(-1))]
        if axes == (a.ndim - 1,):
            length = a.shape[-1]
            rows = a.reshape(-1, length)
            return [partial(np.dot, rows, np.ones(length, a.dtype), out.reshape(-1))]
    return [partial(np.add.reduce, a, axes, None, out, keepdims)]


def _bind_max(a: Array, axis: Any = None, keepdims: bool = False, *, out: Array) -> list[BoundCall]:
    return [partial(np.maximum.reduce, a, axis, None, out, keepdims)]


def _bind_where(condition: Any, a: Any, b: Any, *, out: Array) -> list[BoundCall]:
    a, b = (x if isinstance(x, np.ndarray) else np.asarray(x, out.dtype) for x in (a, b))
    start = [] if out is b else [bind_copy(b, out)]
    return [*start, partial(np.copyto, out, a, where=condition)]


def _bind_bincount(places: Array, weights: Array, size: int, *, out: Array) -> list[BoundCall]:
    # Without weights NumPy counts, in whole numbers.
    add_up = [partial(np.add.at, out, places, weights)] if len(places) else []
    return [partial(out.fill, 0), *add_up]


_BINDERS: dict[Function, Callable[..., list[BoundCall]]] = {
    np.matmul: _bind_matmul,
    np.sum: _bind_sum,
    np.max: _bind_max,
    np.where: _bind_where,
    np.bincount: _bind_bincount,
}
"""The calls that have a better form than their own."""
