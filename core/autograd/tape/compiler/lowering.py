"""Lowering: the NumPy calls of a recording as statements on buffers, offsets and strides.

NumPy itself says what a call that moves nothing means: it is made on a dummy with the strides of
the real array, and where the result begins in the dummy, the real one begins too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..recording import VIEWS, Array, Call, Recording, Traced
from .functions import FUNCTIONS
from .memory import Memory
from .program import (
    CannotCompile,
    Elementwise,
    Move,
    Operand,
    Product,
    Reduction,
    Ref,
    Shape,
    Statement,
    contiguous,
    scratch,
)


def lower(
    recording: Recording, outputs: Sequence[tuple[Any, Array]], memory: Memory
) -> list[Statement]:
    """The statements that compute some results of a recording.

    Args:
        recording: The calls.
        outputs: Results, or constants, and the arrays that they are written into. These may be
            leaves of the recording: then they are written once nothing reads them any more.
        memory: Where the leaves and the outputs are; new ones are added.

    Raises:
        CannotCompile: If there is a call without a translation; it says which.
    """
    return _Lowering(recording, memory).lower(outputs)


class _Lowering:
    def __init__(self, recording: Recording, memory: Memory) -> None:
        self._recording = recording
        self._memory = memory
        self._refs = {slot: memory.ref(array) for slot, array in recording.leaves.items()}
        self._targets: dict[int, Ref] = {}
        self._statements: list[Statement] = []

    def lower(self, outputs: Sequence[tuple[Any, Array]]) -> list[Statement]:
        read = {ref.buffer for ref in self._refs.values()}
        pairs = [(result, self._memory.ref(array)) for result, array in outputs]
        copies = []
        for result, target in pairs:
            slot = result.slot if isinstance(result, Traced) else None
            is_free = target.buffer not in read and slot not in self._targets
            if slot in self._recording.calls and is_free and target.is_contiguous:
                self._targets[slot] = target
            else:
                copies.append((result, target))
        slots = [x.slot for x, _ in pairs if isinstance(x, Traced)]
        for call in self._recording.calls_for(slots):
            self._refs[call.result.slot] = self._lower_call(call)
        for slot, target in self._targets.items():
            if self._refs[slot] != target:  # it is a view of something else
                self._copy(self._refs[slot], target)
        written = {target.buffer for _, target in copies}
        for result, target in self._out_of_the_way(copies, written):
            self._copy(result, target)
        return self._statements

    def _out_of_the_way(
        self, copies: Sequence[tuple[Any, Ref]], written: set[Any]
    ) -> list[tuple[Operand, Ref]]:
        """The copies, none of which reads what another one has written over."""
        safe = []
        for result, target in copies:
            operand = self._operand(result, target.shape)
            if isinstance(operand, Ref) and operand.buffer in written and operand != target:
                kept = scratch(operand.buffer.dtype, target.shape)
                self._copy(operand, kept)
                operand = kept
            safe.append((operand, target))
        return safe

    def _copy(self, operand: Operand, target: Ref) -> None:
        if isinstance(operand, Ref):
            operand = operand.broadcast_to(target.shape)
        self._statements.append(Elementwise("positive", (operand,), target))

    # --- Calls ------------------------------------------------------------------------------------

    def _lower_call(self, call: Call) -> Ref:
        function = call.function
        if function in VIEWS:
            return self._viewed(call)
        if function in _TRANSLATIONS:
            return _TRANSLATIONS[function](self, call, *call.args, **call.kwargs)
        name = getattr(function, "__name__", repr(function))
        if name not in FUNCTIONS:
            raise CannotCompile(f"the compiler has no code for {name}")
        out = self._out(call)
        operands = [self._operand(x, out.shape) for x in call.args]
        self._statements.append(Elementwise(name, operands, out))
        return out

    def _viewed(self, call: Call) -> Ref:
        """The same elements seen differently; copied only if no strides can say how."""
        args: list[Any] = list(call.args[1:])
        source = self._array(call.args[0])
        shape = call.result.shape
        if not call.result.value.size:
            return contiguous(source.buffer, shape)
        if (view := _view(source, call.function, args, call.kwargs)) is not None:
            return view
        places = np.asarray(call.function(_places(source), *args, **call.kwargs))
        if places.size == 1:
            return Ref(source.buffer, int(places.reshape(-1)[0]), shape, (0,) * len(shape))
        out = self._out(call)
        elements = Ref(source.buffer, 0, (source.buffer.size,), (1,))
        self._move(elements, places, contiguous(out.buffer, (out.size,), out.offset), adds=False)
        return out

    def _where(self, call: Call, condition: Any, a: Any, b: Any) -> Ref:
        out = self._out(call)
        operands = [self._operand(x, out.shape) for x in (condition, a, b)]
        self._statements.append(Elementwise("where", operands, out))
        return out

    def _matmul(self, call: Call, a: Any, b: Any) -> Ref:
        left, right = self._array(a), self._array(b)
        if len(left.shape) < 2 or len(right.shape) < 2:
            raise CannotCompile("the compiler has no code for products of vectors")
        out = self._out(call)
        stack = out.shape[:-2]
        left, right = (x.broadcast_to((*stack, *x.shape[-2:])) for x in (left, right))
        self._statements.append(Product(left, right, out))
        return out

    def _sum(self, call: Call, a: Any, axis: Any = None, keepdims: bool = False) -> Ref:
        return self._reduce("sum", call, a, axis)

    def _max(self, call: Call, a: Any, axis: Any = None, keepdims: bool = False) -> Ref:
        return self._reduce("max", call, a, axis)

    def _mean(self, call: Call, a: Any, axis: Any = None, keepdims: bool = False) -> Ref:
        out = self._out(call)
        total = scratch(out.buffer.dtype, out.shape)
        self._reduce("sum", call, a, axis, total)
        count = self._array(a).size / max(out.size, 1)
        factor = 1.0 / count if count else math.nan
        self._statements.append(Elementwise("multiply", (total, factor), out))
        return out

    def _reduce(self, name: str, call: Call, a: Any, axis: Any, out: Ref | None = None) -> Ref:
        operand = self._array(a)
        rank = len(operand.shape)
        axes = range(rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        reduced = tuple(sorted(axis % rank for axis in axes))
        out = self._out(call) if out is None else out
        whole = out if len(out.shape) == rank else _with_axes(out, reduced)
        self._statements.append(Reduction(name, operand, reduced, whole))
        return out

    def _bincount(self, call: Call, places: Array, weights: Any, size: int) -> Ref:
        out = self._out(call)
        self._move(self._array(weights), places, out, adds=True)
        return out

    def _move(self, source: Ref, places: Array, out: Ref, *, adds: bool) -> None:
        indices = np.ascontiguousarray(places, dtype=np.int64).reshape(-1)
        self._statements.append(Move(source, self._memory.ref(indices), out, adds))

    # --- Operands ---------------------------------------------------------------------------------

    def _out(self, call: Call) -> Ref:
        value = call.result.value
        target = self._targets.get(call.result.slot)
        return scratch(value.dtype, value.shape) if target is None else target

    def _operand(self, x: Any, shape: Shape) -> Operand:
        """An argument of an elementwise call, in the shape of the result."""
        if isinstance(x, Ref):
            return x.broadcast_to(shape)
        if not isinstance(x, Traced) and np.size(x) == 1:
            return float(np.asarray(x).reshape(-1)[0])
        return self._array(x).broadcast_to(shape)

    def _array(self, x: Any) -> Ref:
        if isinstance(x, Traced):
            return self._refs[x.slot]
        # A copy, so that nobody changes it from outside; the memory keeps it alive.
        return self._memory.ref(np.array(x))


_TRANSLATIONS: Mapping[Callable[..., Any], Callable[..., Ref]] = {
    np.where: _Lowering._where,
    np.matmul: _Lowering._matmul,
    np.sum: _Lowering._sum,
    np.mean: _Lowering._mean,
    np.max: _Lowering._max,
    np.bincount: _Lowering._bincount,
}
"""What is neither elementwise nor a view; called with the call and its arguments."""


def _view(
    source: Ref, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Ref | None:
    """What a call sees of an array; None if it copies."""
    axes = zip(source.shape, source.strides, strict=True)
    spans = [(length - 1) * stride for length, stride in axes]
    before = -sum(min(span, 0) for span in spans)
    after = sum(max(span, 0) for span in spans)
    # One byte stands for one element.
    memory = np.empty(before + after + 1, dtype=np.uint8)
    dummy = np.lib.stride_tricks.as_strided(memory[before:], source.shape, source.strides)
    view = np.asarray(function(dummy, *args, **kwargs))
    if not np.may_share_memory(view, memory):
        return None
    start = view.__array_interface__["data"][0] - dummy.__array_interface__["data"][0]
    return Ref(source.buffer, source.offset + start, view.shape, view.strides)


def _with_axes(reduced: Ref, axes: Shape) -> Ref:
    """The result of a reduction with its reduced axes back, as axes of length 1."""
    shape, strides = list(reduced.shape), list(reduced.strides)
    for axis in axes:
        shape.insert(axis, 1)
        strides.insert(axis, 0)
    return replace(reduced, shape=tuple(shape), strides=tuple(strides))


def _places(source: Ref) -> Array:
    """The numbers of an array's elements in its buffer, in its shape."""
    places = np.full(source.shape, source.offset)
    for axis, (length, stride) in enumerate(zip(source.shape, source.strides, strict=True)):
        along = np.arange(length) * stride
        places += along.reshape((length, *(1,) * (len(source.shape) - axis - 1)))
    return places
