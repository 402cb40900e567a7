"""Tape: a graph recorded once, bound to preallocated buffers, and replayed every step.

A training step has the same graph every time. The tape runs the operations' own rules (ops.py)
once on arrays that note every NumPy call made on them; what was noted is a list of calls (a Wengert
list), forward and backward. Each call is then bound to buffers that are allocated once, so that a
replay makes no node, asks for no rule and allocates no array.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..numerics import unbroadcast
from ..value import Value, topological_order
from .kernels import VIEWS, bind_call, is_elementwise

Array = np.ndarray[Any, Any]
Buffers = tuple[Array, Array]
"""Where a parameter's numbers are, and where its gradient goes."""


class Tape:
    """A recorded computation of one output and, if asked for, its gradients.

    Attributes:
        output: The output's buffer, 0-d for a loss; its contents change with every replay.
        n_calls: How many NumPy calls a replay makes.
    """

    output: Array

    def __init__(
        self,
        output: Value,
        parameters: Sequence[Value] = (),
        *,
        inputs: Sequence[Value] = (),
        buffers: Mapping[Value, Buffers] | None = None,
    ) -> None:
        """Records the graph of an output that was computed once.

        Args:
            output: The end of the graph. With parameters, a single number: the loss.
            parameters: Array leaves; each replay writes their gradients into their `grad`.
            inputs: Array leaves that get new contents at each replay, in this order. Leaves that
                are neither keep the contents they have now.
            buffers: Other places for parameters, in their shapes, of another dtype perhaps.

        Raises:
            ValueError: If a parameter or an input is a number and no array, or a gradient is
                asked of an output that is an array.
        """
        if parameters and output.shape:
            raise ValueError(f"gradients need one number to start from, not {output.shape}")
        for leaf in (*parameters, *inputs):
            if leaf.op is not None or not leaf.shape:
                raise ValueError("a tape's parameters and inputs are leaves that hold arrays")
        places = {p: (np.asarray(p.data), p.grad) for p in parameters} | dict(buffers or {})
        dtype = next((place[0].dtype for place in places.values()), np.dtype(np.float64))
        recording = _Recording(dtype)
        self._inputs = [np.array(leaf.data, dtype=dtype) for leaf in inputs]
        traced: dict[Value, Any] = {
            leaf: recording.leaf(array) for leaf, array in zip(inputs, self._inputs, strict=True)
        }
        traced |= {leaf: recording.leaf(place[0]) for leaf, place in places.items()}
        order = topological_order(output)
        _record_forward(order, traced, dtype)
        gradients = _record_backward(order, traced, set(parameters)) if parameters else {}
        wanted = {
            leaf: (gradient, places[leaf][1])
            for leaf, gradient in gradients.items()
            if leaf in places
        }
        end = traced[output]
        self._end = end if isinstance(end, Traced) else recording.constant(end)
        program, arrays = recording.bind([self._end], list(wanted.values()))
        self.output = arrays[self._end.slot]
        # A parameter that the output does not depend on has a gradient of zero, for good.
        for parameter in parameters:
            if parameter not in wanted:
                places[parameter][1][...] = 0.0
        self._program = program
        self.n_calls = len(program)

    def replay(self, *inputs: Array) -> Array:
        """Computes the output, and the gradients, for new inputs and the present parameters.

        Args:
            *inputs: Arrays in the shapes of the recorded inputs.

        Returns:
            `output`, which the next replay overwrites.
        """
        for buffer, array in zip(self._inputs, inputs, strict=True):
            buffer[...] = array
        for call in self._program:
            call()
        return self.output


def _record_forward(order: Sequence[Value], traced: dict[Value, Any], dtype: Any) -> None:
    for node in order:
        if node in traced:
            continue
        if node.op is None:
            data = node.data
            traced[node] = data if type(data) is float else np.array(data, dtype=dtype)
        else:
            operands = [traced[parent] for parent in node.parents]
            traced[node] = node.op.forward(*operands, *node.parameters)


def _record_backward(
    order: Sequence[Value], traced: Mapping[Value, Any], parameters: set[Value]
) -> dict[Value, Any]:
    """Every gradient that leads to a parameter, by its node."""
    depends = set(parameters)
    for node in order:
        if any(parent in depends for parent in node.parents):
            depends.add(node)
    gradients: dict[Value, Any] = {order[-1]: 1.0}
    for node in reversed(order):
        if node.op is None or node not in depends or node not in gradients:
            continue
        operands = [traced[parent] for parent in node.parents]
        contributions = node.op.vjp(gradients[node], traced[node], *operands, *node.parameters)
        for parent, contribution in zip(node.parents, contributions, strict=True):
            if parent in depends:
                fitting = unbroadcast(contribution, np.asarray(parent.data))
                # The first contribution is written, later ones are added to it.
                earlier = gradients.get(parent)
                gradients[parent] = fitting if earlier is None else earlier + fitting
    return gradients


class Traced(NDArrayOperatorsMixin):
    """An array that notes what is computed from it.

    Attributes:
        value: What it held when it was recorded; its shape and dtype are those of every replay.
        slot: Its number in the recording.
    """

    def __init__(self, recording: _Recording, value: Array, slot: int) -> None:
        self._recording = recording
        self.value = value
        self.slot = slot

    @property
    def is_float(self) -> bool:
        """Whether it holds floating-point numbers, and no truth values."""
        return bool(self.value.dtype.kind == "f")

    @property
    def shape(self) -> tuple[int, ...]:
        """As NumPy's."""
        shape: tuple[int, ...] = self.value.shape
        return shape

    @property
    def ndim(self) -> int:
        """As NumPy's."""
        return self.value.ndim

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Traced:
        return self._recording.call(np.ndarray.__getitem__, (self, index), {})

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            return NotImplemented
        return self._recording.ufunc(ufunc, inputs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        if function in (np.shape, np.ndim, np.size):
            return function(args[0].value)
        if function is np.broadcast_to and self.shape == tuple(args[1]):
            return self
        return self._recording.call(function, args, kwargs)


class _Call:
    """One call of the recording: result = function(*args, **kwargs)."""

    __slots__ = ("args", "function", "kwargs", "slot", "value")

    def __init__(
        self, function: Callable[..., Any], args: Any, kwargs: Any, slot: int, value: Array
    ) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.slot = slot
        self.value = value

    @property
    def operands(self) -> list[int]:
        return [argument.slot for argument in self.args if isinstance(argument, Traced)]

    @property
    def is_view(self) -> bool:
        return self.function in VIEWS and np.may_share_memory(self.value, self.args[0].value)


class _Recording:
    """Calls in their order, each with a result of its own that is never written to again."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._calls: dict[int, _Call] = {}
        self._leaves: dict[int, Array] = {}
        self._known: dict[Hashable, Traced] = {}
        self._n_slots = 0

    def leaf(self, array: Array) -> Traced:
        """An array that exists outside, and whose contents may change between replays."""
        traced = Traced(self, array, self._n_slots)
        self._leaves[traced.slot] = array
        self._n_slots += 1
        return traced

    def constant(self, value: Any) -> Traced:
        """A result that depends on nothing that changes."""
        return self.leaf(np.array(value))

    def ufunc(self, ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Traced:
        """Notes a call, if it is elementwise in its simplest form."""
        if ufunc.signature is None:
            inputs = tuple(self._constant(x) for x in inputs)
        if not any(isinstance(x, Traced) and x.is_float for x in inputs):
            # A plain number times truth values would be of double precision.
            inputs = tuple(self._dtype.type(x) if isinstance(x, float) else x for x in inputs)
        if ufunc is np.multiply:
            scalar, other = _scalar_and_other(inputs)
            if scalar is not None and isinstance(other, Traced) and other.is_float:
                inner = self._calls.get(other.slot)
                if inner is not None and inner.function is np.multiply:
                    inner_scalar, inner_other = _scalar_and_other(inner.args)
                    if inner_scalar is not None:
                        scalar, other = scalar * inner_scalar, inner_other
                if scalar == 1.0:
                    result: Traced = other
                    return result
                inputs = (other, scalar)
        return self.call(ufunc, inputs, {})

    def _constant(self, x: Any) -> Any:
        x = _scalar_where_uniform(x)
        is_array = isinstance(x, np.ndarray) and x.dtype.kind == "f"
        return x.astype(self._dtype, copy=False) if is_array else x

    def call(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Traced:
        """Notes a call, and makes it on the recorded values; the same call twice is one."""
        key = (function, tuple(map(_key, args)), tuple((k, _key(v)) for k, v in kwargs.items()))
        if key in self._known:
            return self._known[key]
        plain = [a.value if isinstance(a, Traced) else a for a in args]
        value = np.asarray(function(*plain, **kwargs))
        traced = Traced(self, value, self._n_slots)
        self._calls[traced.slot] = _Call(function, args, kwargs, traced.slot, value)
        self._known[key] = traced
        self._n_slots += 1
        return traced

    def bind(
        self, outputs: Sequence[Traced], gradients: Sequence[tuple[Any, Array]]
    ) -> tuple[list[Callable[[], Any]], dict[int, Array]]:
        """Gives every needed result a buffer, and every call its arguments.

        Args:
            outputs: Results that are read after a replay.
            gradients: Results, or constants, and the arrays they are to be written into.

        Returns:
            The calls of a replay, and the array of each slot.
        """
        targets: dict[int, Array] = {}
        copies: list[tuple[Any, Array]] = []
        for result, target in gradients:
            # A result that two ask for, or that is no call's own, is copied at the end.
            call = self._calls.get(result.slot) if isinstance(result, Traced) else None
            if call is None or call.is_view or result.slot in targets:
                copies.append((result, target))
            else:
                targets[result.slot] = target
        roots = [result for result, _ in gradients if isinstance(result, Traced)]
        live = self._live([*outputs, *roots])
        kept = [*outputs, *(result for result, _ in copies if isinstance(result, Traced))]
        return _Binding(live, self._leaves, targets, kept).run(copies)

    def _live(self, roots: Sequence[Traced]) -> list[_Call]:
        """The calls that lead to the roots, in order."""
        needed: set[int] = set()
        stack = [root.slot for root in roots]
        while stack:
            slot = stack.pop()
            if slot not in needed:
                needed.add(slot)
                if slot in self._calls:
                    stack.extend(self._calls[slot].operands)
        return [call for slot, call in sorted(self._calls.items()) if slot in needed]


class _Binding:
    """Buffers for the results of calls; a buffer serves again when nobody needs its contents."""

    def __init__(
        self,
        calls: Sequence[_Call],
        leaves: Mapping[int, Array],
        targets: Mapping[int, Array],
        kept: Sequence[Traced],
    ) -> None:
        self._calls = calls
        self._targets = targets
        self._arrays: dict[int, Array] = dict(leaves)
        # The slot that owns the memory a slot is a view of.
        self._owner = {slot: slot for slot in leaves}
        for call in calls:
            base = self._owner[call.operands[0]] if call.is_view else call.slot
            self._owner[call.slot] = base
        self._last_use: dict[int, float] = {}
        for place, call in enumerate(calls):
            for slot in (*call.operands, call.slot):
                self._last_use[self._owner[slot]] = place
        for slot in (*leaves, *targets, *(self._owner[traced.slot] for traced in kept)):
            self._last_use[slot] = float("inf")
        self._free: dict[tuple[Any, ...], list[Array]] = {}

    def run(
        self, copies: Sequence[tuple[Any, Array]]
    ) -> tuple[list[Callable[[], Any]], dict[int, Array]]:
        """Binds every call, and the copies after them."""
        program: list[Callable[[], Any]] = []
        for place, call in enumerate(self._calls):
            args = [self._array(argument) for argument in call.args]
            if call.is_view:
                self._arrays[call.slot] = view = call.function(*args, **call.kwargs)
                if not np.may_share_memory(view, args[0]):
                    # The buffer has another memory order than what was recorded.
                    program.extend(bind_call(call.function, args, call.kwargs, view))
            else:
                self._arrays[call.slot] = out = self._buffer(place, call)
                program.extend(bind_call(call.function, args, call.kwargs, out))
            self._release(place, call)
        for result, target in copies:
            program.extend(bind_call(np.positive, [self._array(result)], {}, target))
        return program, self._arrays

    def _array(self, argument: Any) -> Any:
        return self._arrays[argument.slot] if isinstance(argument, Traced) else argument

    def _buffer(self, place: int, call: _Call) -> Array:
        if call.slot in self._targets:
            return self._targets[call.slot]
        kind = (call.value.shape, call.value.dtype)
        if is_elementwise(call.function):
            for slot in call.operands:
                owner = self._owner[slot]
                array = self._arrays[owner]
                if (
                    slot == owner
                    and self._last_use[owner] == place
                    and kind == (array.shape, array.dtype)
                ):
                    # Its last reader may write over it, element by element.
                    self._last_use[owner] = -1.0
                    return array
        free = self._free.get(kind)
        return free.pop() if free else np.empty(*kind)

    def _release(self, place: int, call: _Call) -> None:
        for owner in {self._owner[slot] for slot in (*call.operands, call.slot)}:
            if self._last_use[owner] == place:
                array = self._arrays[owner]
                self._free.setdefault((array.shape, array.dtype), []).append(array)
                self._last_use[owner] = -1.0


def _key(argument: Any) -> Hashable:
    if isinstance(argument, Traced):
        return ("slot", argument.slot)
    try:
        hash(argument)
    except TypeError:
        # A list or an array is itself alone; slices are so too in older Pythons.
        return ("id", id(argument))
    return (type(argument), argument)


def _scalar_where_uniform(x: Any) -> Any:
    """A constant array that repeats one number, as that number: it broadcasts to the same."""
    if isinstance(x, np.ndarray) and x.size and x.dtype.kind == "f" and np.all(x == x.flat[0]):
        return float(x.flat[0])
    return x


def _scalar_and_other(inputs: Sequence[Any]) -> tuple[float | None, Any]:
    first, second = inputs
    if isinstance(first, float):
        return first, second
    if isinstance(second, float):
        return second, first
    return None, None
