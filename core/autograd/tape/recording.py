"""Recording: arrays that note every NumPy call made on them, and the list of those calls."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Array: TypeAlias = np.ndarray[Any, Any]
Function: TypeAlias = Callable[..., Any]

VIEWS: frozenset[Function] = frozenset(
    {
        np.swapaxes,
        np.transpose,
        np.expand_dims,
        np.squeeze,
        np.broadcast_to,
        np.reshape,
        np.ndarray.__getitem__,
    }
)
"""Calls whose result can be a view of the operand's memory, which is made only once then."""


class Traced(NDArrayOperatorsMixin):
    """An array that notes what is computed from it.

    Attributes:
        value: What it held when it was recorded; every replay has its shape and dtype.
        slot: Its number in the recording.
    """

    def __init__(self, recording: Recording, value: Array, slot: int) -> None:
        self._recording = recording
        self.value = value
        self.slot = slot

    @property
    def is_float(self) -> bool:
        """Whether it holds floating-point numbers rather than truth values."""
        return bool(self.value.dtype.kind == "f")

    @property
    def dtype(self) -> np.dtype[Any]:
        """As NumPy's."""
        dtype: np.dtype[Any] = self.value.dtype
        return dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """As NumPy's."""
        shape: tuple[int, ...] = self.value.shape
        return shape

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Traced:
        return self._recording.call(np.ndarray.__getitem__, (self, index))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            return NotImplemented
        return self._recording.ufunc(ufunc, inputs)

    def __array_function__(self, function: Function, types: Any, args: Any, kwargs: Any) -> Any:
        if function in (np.shape, np.ndim, np.size):
            return function(args[0].value)
        if function is np.broadcast_to and self.shape == tuple(args[1]):
            return self
        return self._recording.call(function, args, kwargs)


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a recording: result = function(*args, **kwargs)."""

    function: Function
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    result: Traced

    @property
    def operands(self) -> list[int]:
        """The slots it reads."""
        return [argument.slot for argument in self.args if isinstance(argument, Traced)]

    @property
    def is_view(self) -> bool:
        """Whether its result is a view of its first operand."""
        return self.function in VIEWS and np.may_share_memory(self.result.value, self.args[0].value)


class Recording:
    """Calls in their order, each with a result of its own that is never written to again.

    Attributes:
        leaves: The arrays that exist outside, by their slots.
        calls: The calls, by the slots of their results.
    """

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.leaves: dict[int, Array] = {}
        self.calls: dict[int, Call] = {}
        self._dtype = dtype
        self._known: dict[Hashable, Traced] = {}

    def leaf(self, array: Array) -> Traced:
        """An array that exists outside, and whose contents may change between replays."""
        traced = self._new(array)
        self.leaves[traced.slot] = array
        return traced

    def call(
        self, function: Function, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
    ) -> Traced:
        """Notes a call, and makes it on the recorded values; the same call twice is one."""
        kwargs = kwargs or {}
        key = (function, *map(_key, args), *((name, _key(x)) for name, x in kwargs.items()))
        if key not in self._known:
            plain = [x.value if isinstance(x, Traced) else x for x in args]
            value = self._in_precision(np.asarray(function(*plain, **kwargs)))
            self._known[key] = result = self._new(value)
            self.calls[result.slot] = Call(function, args, kwargs, result)
        return self._known[key]

    def ufunc(self, ufunc: np.ufunc, inputs: Sequence[Any]) -> Traced:
        """Notes a call, in its simplest form if it is elementwise."""
        inputs = [self._in_precision(x) if isinstance(x, np.ndarray) else x for x in inputs]
        # NumPy's power rounds otherwise for a number than for an array.
        if ufunc.signature is None and len(inputs) == 2 and ufunc is not np.power:
            a, b = inputs
            inputs = [_number_if_repeated(a, np.shape(b)), _number_if_repeated(b, np.shape(a))]
        if not any(isinstance(x, Traced) and x.is_float for x in inputs):
            # A plain number times truth values would be of double precision.
            inputs = [self._dtype.type(x) if isinstance(x, float) else x for x in inputs]
        if ufunc is np.multiply:
            a, b = inputs if isinstance(inputs[1], float) else inputs[::-1]
            if isinstance(b, float) and b == 1.0 and a.is_float:
                result: Traced = a
                return result
        return self.call(ufunc, inputs)

    def calls_for(self, slots: Sequence[int]) -> list[Call]:
        """The calls that lead to some results, in order."""
        needed: set[int] = set()
        waiting = list(slots)
        while waiting:
            slot = waiting.pop()
            if slot in self.calls and slot not in needed:
                needed.add(slot)
                waiting += self.calls[slot].operands
        return [self.calls[slot] for slot in sorted(needed)]

    def _in_precision(self, array: Array) -> Array:
        return array.astype(self._dtype, copy=False) if array.dtype.kind == "f" else array

    def _new(self, value: Array) -> Traced:
        return Traced(self, value, len(self.leaves) + len(self.calls))


def _number_if_repeated(x: Any, shape: tuple[int, ...]) -> Any:
    """A constant array that repeats one number as that number, if the result's shape stays."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or not x.size:
        return x
    first = x.flat[0]
    is_repeated = np.all(x == first) and np.all(np.signbit(x) == np.signbit(first))
    return float(first) if is_repeated and np.broadcast_shapes(x.shape, shape) == shape else x


def _key(argument: Any) -> Hashable:
    if isinstance(argument, Traced):
        return ("slot", argument.slot)
    if isinstance(argument, tuple):
        return tuple(map(_key, argument))
    if isinstance(argument, (float, np.floating)):
        return (type(argument), argument, bool(np.signbit(argument)))
    try:
        hash(argument)
    except TypeError:
        # A list or an array is itself alone; slices are so too in older Pythons.
        return ("id", id(argument))
    return (type(argument), argument)
