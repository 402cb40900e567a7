"""Loops over the elements of arrays, in vectors, and how these are read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .llvm_types import TYPES
from .program import Ref, Shape
from .term import Term
from .writer import Index, Writer

Pointer: TypeAlias = Callable[[Ref], str]
"""The name of the address where an array begins."""

Parts: TypeAlias = Sequence[tuple[Index, int]]
"""Of an element, along each axis its place and the stride there."""

# Loops of so few passes are written out.
FEW_PASSES = 2


def joined_axes(shape: Shape, strides: Sequence[Shape]) -> tuple[Shape, list[Shape]]:
    """A shape of fewer axes for arrays whose neighbouring axes lie like one.

    Returns:
        The shape, with at least one axis, and the strides of each array in it.
    """
    lengths: list[int] = []
    steps: list[tuple[int, ...]] = []
    for length, *by_array in zip(shape, *strides, strict=True):
        if length == 1:
            continue
        joins = lengths and all(
            outer == inner * length for outer, inner in zip(steps[-1], by_array, strict=True)
        )
        if joins:
            lengths[-1] *= length
            steps[-1] = tuple(by_array)
        else:
            lengths.append(length)
            steps.append(tuple(by_array))
    if not lengths:
        return (1,), [(0,)] * len(strides)
    return tuple(lengths), [tuple(step[i] for step in steps) for i in range(len(strides))]


def nest(
    writer: Writer,
    lengths: Shape,
    type_: str,
    element: Callable[[Sequence[Index], int, int], Any],
) -> None:
    """Loops over all axes; along the last in vectors."""
    *outer, last = lengths
    each(
        writer,
        tuple(outer),
        lambda places: in_vectors(
            writer, last, type_, lambda i, lanes, used: element((*places, i), lanes, used)
        ),
    )


def each(writer: Writer, lengths: Shape, body: Callable[[tuple[Index, ...]], Any]) -> None:
    """Loops over all axes."""

    def level(axis: int, places: tuple[Index, ...]) -> None:
        if axis == len(lengths):
            body(places)
        else:
            writer.for_each(lengths[axis], 1, lambda i: level(axis + 1, (*places, i)))

    level(0, ())


def in_vectors(
    writer: Writer, length: int, type_: str, body: Callable[[Index, int, int], Any]
) -> None:
    """Writes body(place, lanes, used) for a row of elements: whole vectors, then what is left."""
    full = writer.target.lanes(type_)
    unroll = length // full <= FEW_PASSES
    writer.for_each(length, full, lambda i: body(i, full, full), unroll=unroll)
    if rest := length % full:
        body(length - rest, lanes_for(rest), rest)


def lanes_for(n: int) -> int:
    """The shortest vector for some numbers."""
    return 1 << (n - 1).bit_length()


def load(
    writer: Writer,
    ref: Ref,
    pointer: Pointer,
    parts: Parts,
    lanes: int = 1,
    used: int = 1,
) -> Term:
    """Reads elements along the last of some axes, each given by its place and its stride."""
    type_, stride = TYPES[ref.buffer.dtype.name], parts[-1][1]
    place = writer.index(*parts)
    if lanes == 1 or stride == 1:
        return writer.load(pointer(ref), type_, place, lanes, used)
    if stride == 0:
        return writer.load(pointer(ref), type_, place).splat(lanes)
    numbers = [
        writer.load(pointer(ref), type_, writer.index((place, 1), (lane * stride, 1)))
        for lane in range(used)
    ]
    padding = [writer.constant(0.0, type_)] * (lanes - used)
    return writer.vector([*numbers, *padding])


def store(
    writer: Writer,
    term: Term,
    ref: Ref,
    pointer: Pointer,
    parts: Parts,
    used: int = 1,
) -> None:
    """Writes elements along the last of some axes."""
    stride, place = parts[-1][1], writer.index(*parts)
    if term.lanes == 1 or stride == 1:
        writer.store(term, pointer(ref), place, used)
        return
    for lane in range(used):
        at = writer.index((place, 1), (lane * stride, 1))
        writer.store(term.lane(lane), pointer(ref), at)
