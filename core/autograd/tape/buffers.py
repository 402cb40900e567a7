"""Buffers: an array for each result; one serves again once nobody needs what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from .kernels import BoundCall, bind_call, is_elementwise
from .recording import Array, Call, Recording, Traced

Program: TypeAlias = list[BoundCall]


def bind(
    recording: Recording, output: Traced, gradients: Sequence[tuple[Any, Array]]
) -> tuple[Program, Array]:
    """Gives every needed result a buffer, and every call its arguments.

    Args:
        recording: The calls.
        output: The result that is read after a replay.
        gradients: Results, or constants, and the arrays they are written into.

    Returns:
        The calls of a replay, and the output's array.
    """
    targets: dict[int, Array] = {}
    copies: list[tuple[Any, Array]] = []
    for result, target in gradients:
        # A result of another dtype, one that two ask for, or that is no call's own, is copied.
        call = recording.calls.get(result.slot) if isinstance(result, Traced) else None
        if call is None or call.is_view or result.slot in targets or result.dtype != target.dtype:
            copies.append((result, target))
        else:
            targets[result.slot] = target
    kept = [output.slot, *(result.slot for result, _ in copies if isinstance(result, Traced))]
    calls = _needed(recording, [*kept, *targets])
    buffers = _Buffers(recording, calls, targets, kept)
    program = [bound for place, call in enumerate(calls) for bound in buffers.bind(place, call)]
    for result, target in copies:
        program += bind_call(np.positive, [buffers.array(result)], {}, target)
    return program, buffers.array(output)


def _needed(recording: Recording, slots: list[int]) -> list[Call]:
    """The calls that lead to some results, in order."""
    needed: set[int] = set()
    while slots:
        slot = slots.pop()
        if slot in recording.calls and slot not in needed:
            needed.add(slot)
            slots += recording.calls[slot].operands
    return [recording.calls[slot] for slot in sorted(needed)]


class _Buffers:
    """The array of every slot, handed out call by call."""

    def __init__(
        self,
        recording: Recording,
        calls: Sequence[Call],
        targets: dict[int, Array],
        kept: Sequence[int],
    ) -> None:
        self._targets = targets
        self._arrays = dict(recording.leaves)
        # The slot that owns the memory a slot is a view of.
        self._owner = {slot: slot for slot in recording.leaves}
        self._last_use: dict[int, float] = {}
        for place, call in enumerate(calls):
            slot = call.result.slot
            self._owner[slot] = self._owner[call.operands[0]] if call.is_view else slot
            self._last_use |= dict.fromkeys(self._owners(call), place)
        for slot in (*recording.leaves, *targets, *(self._owner[slot] for slot in kept)):
            self._last_use[slot] = float("inf")
        self._free: dict[tuple[Any, ...], list[Array]] = {}

    def array(self, argument: Any) -> Any:
        """An argument's array, or the constant that it is."""
        return self._arrays[argument.slot] if isinstance(argument, Traced) else argument

    def bind(self, place: int, call: Call) -> Program:
        """What writes a call's result into its buffer."""
        args = [self.array(argument) for argument in call.args]
        slot = call.result.slot
        program: Program = []
        if call.is_view:
            self._arrays[slot] = out = call.function(*args, **call.kwargs)
            # A buffer may have another memory order than what was recorded: then this is no view.
            if not np.may_share_memory(out, args[0]):
                program = bind_call(call.function, args, call.kwargs, out)
        else:
            self._arrays[slot] = out = self._buffer(place, call)
            program = bind_call(call.function, args, call.kwargs, out)
        for owner in self._owners(call):
            if self._last_use[owner] == place:
                self._release(owner)
        return program

    def _owners(self, call: Call) -> set[int]:
        return {self._owner[slot] for slot in (*call.operands, call.result.slot)}

    def _buffer(self, place: int, call: Call) -> Array:
        value = call.result.value
        if call.result.slot in self._targets:
            return self._targets[call.result.slot]
        if is_elementwise(call.function):
            # Its last reader may write over an operand, element by element.
            for slot in call.operands:
                owner, array = self._owner[slot], self._arrays[slot]
                is_last = slot == owner and self._last_use[owner] == place
                if is_last and (array.shape, array.dtype) == (value.shape, value.dtype):
                    self._last_use[owner] = -1.0
                    return array
        free = self._free.get((value.shape, value.dtype))
        return free.pop() if free else np.empty(value.shape, value.dtype)

    def _release(self, owner: int) -> None:
        array = self._arrays[owner]
        self._free.setdefault((array.shape, array.dtype), []).append(array)
