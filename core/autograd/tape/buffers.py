"""Buffers: an array for each result; one serves again once nobody needs what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, TypeAlias

import numpy as np

from .kernels import BoundCall, bind_call, bind_copy, overwritable
from .recording import Array, Call, Recording, Traced

Program: TypeAlias = list[BoundCall]


def bind(recording: Recording, outputs: Sequence[tuple[Any, Array]]) -> Program:
    """Gives every needed result a buffer, and every call its arguments.

    Args:
        recording: The calls.
        outputs: Results, or constants, and the arrays they are written into. These may be leaves
            of the recording: then they are written once nothing reads them any more.

    Returns:
        The calls of a replay.
    """
    results = [result.slot for result, _ in outputs if isinstance(result, Traced)]
    calls = recording.calls_for(results)
    lives = _Lives(recording, calls, results)
    targets: dict[int, Array] = {}
    copies: list[tuple[Any, Array]] = []
    leaves = {id(array) for array in recording.leaves.values()}
    # Leaves first: where a result has two targets, the other one serves as a buffer until the end.
    for result, target in sorted(outputs, key=lambda output: id(output[1]) not in leaves):
        call = recording.calls.get(result.slot) if isinstance(result, Traced) else None
        # What another output is too, or what would overwrite a leaf too early, is copied at the
        # end.
        if call is not None and call.result.slot not in targets and lives.may_hold(target, call):
            targets[call.result.slot] = target
        else:
            copies.append((result, target))
    _write_early(calls, lives, targets)
    buffers = _Buffers(lives, targets, [target for _, target in copies])
    program = [bound for call in calls for bound in buffers.bind(call)]
    return program + _copied([(buffers.array(result), target) for result, target in copies])


def _copied(copies: Sequence[tuple[Any, Array]]) -> Program:
    """Copies all sources as they are before the first copy."""
    first: Program = []
    then: Program = []
    for source, target in copies:
        if any(np.may_share_memory(source, other) for _, other in copies if other is not target):
            kept = np.empty_like(source)
            first.append(bind_copy(source, kept))
            source = kept
        if source is not target:
            then.append(bind_copy(source, target))
    return first + then


class _Lives:
    """Until when a replay needs what each slot holds. A call's time is the slot of its result."""

    def __init__(self, recording: Recording, calls: Sequence[Call], results: Sequence[int]) -> None:
        self.recording = recording
        # The slot that owns the memory a slot is a view of.
        self.owner = {slot: slot for slot in recording.leaves}
        self.last_use: dict[int, float] = dict.fromkeys(recording.leaves, -1.0)
        for call in calls:
            slot = call.result.slot
            self.owner[slot] = self.owner[call.operands[0]] if call.is_view else slot
            self.last_use |= dict.fromkeys(self.owners(call), slot)
        self.last_use |= {self.owner[slot]: inf for slot in results}

    def owners(self, call: Call) -> set[int]:
        """The owners of all that a call reads and writes."""
        return {self.owner[slot] for slot in (*call.operands, call.result.slot)}

    def is_leaf(self, slot: int) -> bool:
        """Whether its memory exists outside."""
        return self.owner[slot] in self.recording.leaves

    def ends_with(self, slot: int, call: Call) -> bool:
        """Whether a call is the last that needs a slot's own memory."""
        return self.owner[slot] == slot and self.last_use[slot] == call.result.slot

    def may_hold(self, target: Array, call: Call) -> bool:
        """Whether a call may write its result into an array that exists outside."""
        value, time = call.result.value, call.result.slot
        if call.is_view or (target.shape, target.dtype) != (value.shape, value.dtype):
            return False
        for slot, array in self.recording.leaves.items():
            is_over = array is target and slot in overwritable(call)
            if self.last_use[slot] >= time + is_over and np.may_share_memory(array, target):
                return False
        return True


def _write_early(calls: Sequence[Call], lives: _Lives, targets: dict[int, Array]) -> None:
    """Adds to the targets what its only reader may overwrite on the way to a target."""
    for call in reversed(calls):
        target = targets.get(call.result.slot)
        if target is None:
            continue
        for slot in overwritable(call):
            made_by = lives.recording.calls.get(slot)
            is_free = made_by is not None and slot not in targets and lives.ends_with(slot, call)
            if made_by is not None and is_free and lives.may_hold(target, made_by):
                targets[slot] = target
                break


class _Buffers:
    """The array of every slot, handed out call by call."""

    def __init__(
        self, lives: _Lives, targets: dict[int, Array], written_last: Sequence[Array]
    ) -> None:
        self._lives = lives
        self._targets = targets
        leaves = lives.recording.leaves
        self._arrays = dict(leaves)
        self._free: dict[tuple[Any, ...], list[Array]] = {}
        outside = [*leaves.values(), *targets.values()]
        for array in written_last:
            is_own = not any(np.may_share_memory(array, other) for other in outside)
            if is_own and array.flags.c_contiguous:
                self._release(array)

    def array(self, argument: Any) -> Any:
        """An argument's array, or the constant that it is."""
        return self._arrays[argument.slot] if isinstance(argument, Traced) else argument

    def bind(self, call: Call) -> Program:
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
            self._arrays[slot] = out = self._buffer(call)
            program = bind_call(call.function, args, call.kwargs, out)
        for owner in self._lives.owners(call):
            is_own = owner not in self._targets and not self._lives.is_leaf(owner)
            if is_own and self._lives.ends_with(owner, call) and self._arrays[owner] is not out:
                self._release(self._arrays[owner])
        return program

    def _buffer(self, call: Call) -> Array:
        value, slot = call.result.value, call.result.slot
        if slot in self._targets:
            return self._targets[slot]
        if self._lives.last_use[slot] == inf:  # what is copied at the end keeps its own array
            return np.empty(value.shape, value.dtype)
        for operand in overwritable(call):
            array = self._arrays[operand]
            is_own = operand not in self._targets and not self._lives.is_leaf(operand)
            is_last = self._lives.ends_with(operand, call)
            if is_own and is_last and (array.shape, array.dtype) == (value.shape, value.dtype):
                return array
        free = self._free.get((value.shape, value.dtype))
        return free.pop() if free else np.empty(value.shape, value.dtype)

    def _release(self, array: Array) -> None:
        self._free.setdefault((array.shape, array.dtype), []).append(array)
