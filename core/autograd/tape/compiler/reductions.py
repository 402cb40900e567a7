"""Code for sums and maxima over axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from . import math_functions as m
from .elementwise import Pointer, each, joined_axes, lanes_for, load, nest, store
from .program import Ref, Reduction, Shape
from .writer import TYPES, Index, Term, Writer

# Partial results of a long sum, so that one addition does not wait for the one before.
N_PARTS = 4


def write_reduction(writer: Writer, reduction: Reduction, pointer: Pointer) -> None:
    """Writes the code of a reduction.

    Where the elements of a row are added up, vectors are, and the numbers of the last one at the
    end; where rows are, each vector is a part of the result.
    """
    a, out = reduction.operand, reduction.out
    kept = [i for i in range(len(a.shape)) if i not in reduction.axes]
    outer, (a_outer, out_outer) = joined_axes(
        tuple(a.shape[i] for i in kept),
        [tuple(ref.strides[i] for i in kept) for ref in (a, out)],
    )
    inner, (a_inner,) = joined_axes(
        tuple(a.shape[i] for i in reduction.axes), [tuple(a.strides[i] for i in reduction.axes)]
    )
    combine, start = _RULES[reduction.function]
    type_ = TYPES[a.buffer.dtype.name]
    along_rows = a_outer[-1] == 1 and out_outer[-1] == 1 and outer[-1] > 1

    def total(places: Sequence[Index], lanes: int, used: int) -> None:
        parts = list(zip(places, a_outer, strict=True))
        if along_rows:
            result = _column_total(writer, a, pointer, inner, a_inner, parts, lanes, used, combine, start)
        else:
            result = _row_total(writer, a, pointer, inner, a_inner, parts, combine, start)
        target = TYPES[out.buffer.dtype.name]
        store(writer, result.to(target), out, pointer, list(zip(places, out_outer, strict=True)), used)

    if along_rows:
        nest(writer, outer, type_, total)
    else:
        each(writer, outer, lambda places: total(places, 1, 1))


def _column_total(
    writer: Writer, a: Ref, pointer: Pointer, inner: Shape, strides: Shape,
    parts: Sequence[tuple[Index, int]], lanes: int, used: int,
    combine: Callable[[Term, Term], Term], start: float,
) -> Term:
    """A vector of the result: the rows combined, in several parts where they are many."""
    type_ = TYPES[a.buffer.dtype.name]

    def row(places: Sequence[Index]) -> Term:
        place = list(zip(places, strides, strict=True))
        return load(writer, a, pointer, [*place, *parts], lanes, used)

    return _combined(writer, inner, writer.constant(start, type_, lanes), row, combine)


def _row_total(
    writer: Writer, a: Ref, pointer: Pointer, inner: Shape, strides: Shape,
    parts: Sequence[tuple[Index, int]], combine: Callable[[Term, Term], Term], start: float,
) -> Term:
    """A number of the result: vectors of a row combined, and then their lanes."""
    type_ = TYPES[a.buffer.dtype.name]
    *outer, length = inner
    lanes = min(writer.target.lanes(type_), lanes_for(length)) if strides[-1] == 1 and length else 1
    rest = length % lanes

    def vector(places: Sequence[Index]) -> Term:
        *before, last = places
        place = list(zip([*before, writer.index((last, lanes))], strides, strict=True))
        return load(writer, a, pointer, [*parts, *place], lanes, lanes)

    total = writer.constant(start, type_, lanes)
    total = _combined(writer, (*outer, length // lanes), total, vector, combine)
    if rest:
        def tail(places: Sequence[Index]) -> Term:
            place = list(zip([*places[:-1], length - rest], strides, strict=True))
            loaded = load(writer, a, pointer, [*parts, *place], lanes, rest)
            if start == 0.0:
                return loaded
            # The lanes that are not there are neutral.
            numbers = list(range(rest)) + [lanes] * (lanes - rest)
            return loaded.shuffled(loaded.like(start), numbers)

        total = _combined(writer, (*outer, 1), total, tail, combine)
    while total.lanes > 1:
        half = total.lanes // 2
        total = combine(
            total.shuffled(total, range(half)), total.shuffled(total, range(half, 2 * half))
        )
    return total


def _combined(
    writer: Writer,
    lengths: Shape,
    total: Term,
    item: Callable[[Sequence[Index]], Term],
    combine: Callable[[Term, Term], Term],
) -> Term:
    """All items of a nest of loops, combined; along the last axis in parts."""

    def level(axis: int, places: tuple[Index, ...], total: Term) -> Term:
        length = lengths[axis]
        if axis < len(lengths) - 1:
            (result,) = writer.loop(
                length, 1, lambda i, carried: (level(axis + 1, (*places, i), carried[0]),), (total,)
            )
            return result
        n_parts = min(N_PARTS, max(length // 2, 1))
        parts = [total, *[_neutral(total, combine)] * (n_parts - 1)]

        def body(i: Index, carried: Sequence[Term]) -> list[Term]:
            return [
                combine(part, item((*places, writer.index((i, 1), (number, 1)))))
                for number, part in enumerate(carried)
            ]

        parts = list(writer.loop(length, n_parts, body, parts, unroll=length <= 2 * n_parts))
        for left in range(length - length % n_parts, length):
            parts[0] = combine(parts[0], item((*places, left)))
        while len(parts) > 1:
            parts = [combine(x, y) for x, y in zip(parts[::2], parts[1::2])] + parts[len(parts) - len(parts) % 2:]
        return parts[0]

    return level(0, (), total)


def _neutral(total: Term, combine: Callable[[Term, Term], Term]) -> Term:
    return total.like(next(start for rule, start in _RULES.values() if rule is combine))


def _add(a: Term, b: Term) -> Term:
    return a + b


_RULES: dict[str, tuple[Callable[[Term, Term], Term], float]] = {
    "sum": (_add, 0.0),
    "max": (m.maximum, -math.inf),
}
"""How two results become one, and what changes none."""
