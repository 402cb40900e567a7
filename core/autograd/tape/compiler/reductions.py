"""Code for sums and maxima over axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from . import math_functions as m
from .llvm_types import TYPES
from .loops import Pointer, each, joined_axes, lanes_for, load, nest, store
from .program import Reduction, Shape
from .term import Term
from .writer import Index, Writer

# Partial results of a long reduction, so that a step does not wait for the one before.
N_PARTIAL = 4

Places: TypeAlias = tuple[Index, ...]


def write_reduction(writer: Writer, reduction: Reduction, pointer: Pointer) -> None:
    """Writes the code of a reduction."""
    _ReductionCode(writer, reduction, pointer).write()


def _add(a: Term, b: Term) -> Term:
    return a + b


_RULES: dict[str, tuple[Callable[[Term, Term], Term], float]] = {
    "sum": (_add, 0.0),
    "max": (m.maximum, -math.inf),
}
"""How two results become one, and the number that changes none."""


class _ReductionCode:
    """The code of one reduction.

    Where neighbours are reduced, vectors of them are, and the lanes of the last one at the end;
    where they are kept, each vector is a part of the result.
    """

    def __init__(self, writer: Writer, reduction: Reduction, pointer: Pointer) -> None:
        a, out, axes = reduction.operand, reduction.out, reduction.axes
        kept = [axis for axis in range(len(a.shape)) if axis not in axes]
        self._writer, self._pointer = writer, pointer
        self._a, self._out = a, out
        self._combine, self._neutral = _RULES[reduction.function]
        self._type = TYPES[a.buffer.dtype.name]
        self._kept, (self._a_kept, self._out_kept) = joined_axes(
            tuple(a.shape[axis] for axis in kept),
            [tuple(ref.strides[axis] for axis in kept) for ref in (a, out)],
        )
        self._reduced, (self._a_reduced,) = joined_axes(
            tuple(a.shape[axis] for axis in axes), [tuple(a.strides[axis] for axis in axes)]
        )

    def write(self) -> None:
        """Writes all of it."""
        if self._a_kept[-1] == self._out_kept[-1] == 1 and self._kept[-1] > 1:
            nest(self._writer, self._kept, self._type, self._columns)
        else:
            each(self._writer, self._kept, self._row)

    def _columns(self, places: Sequence[Index], lanes: int, used: int) -> None:
        """A vector of the result."""
        parts = list(zip(places, self._a_kept, strict=True))

        def item(reduced: Places) -> Term:
            row = list(zip(reduced, self._a_reduced, strict=True))
            return load(self._writer, self._a, self._pointer, [*row, *parts], lanes, used)

        self._store(self._all(self._reduced, self._start(lanes), item), places, used)

    def _row(self, places: Places) -> None:
        """A number of the result."""
        *outer, length = self._reduced
        is_contiguous = self._a_reduced[-1] == 1
        widest = min(self._writer.target.lanes(self._type), lanes_for(max(length, 1)))
        lanes = widest if is_contiguous else 1
        n_vectors, rest = divmod(length, lanes)
        total = self._all(
            (*outer, n_vectors), self._start(lanes), lambda at: self._vector(places, at, lanes)
        )
        if rest:
            total = self._all(
                (*outer, 1),
                total,
                lambda at: self._vector(places, (*at[:-1], n_vectors), lanes, rest),
            )
        while total.lanes > 1:
            half = total.lanes // 2
            halves = (range(half), range(half, total.lanes))
            total = self._combine(*(total.shuffled(total, lanes) for lanes in halves))
        self._store(total, places)

    def _vector(self, places: Places, at: Places, lanes: int, used: int = 0) -> Term:
        """Some neighbours that are reduced, with neutral numbers after those that are not used."""
        *outer, number = at
        reduced = zip((*outer, self._writer.index((number, lanes))), self._a_reduced, strict=True)
        parts = [*zip(places, self._a_kept, strict=True), *reduced]
        loaded = load(self._writer, self._a, self._pointer, parts, lanes, used or lanes)
        if not used or self._neutral == 0.0:
            return loaded
        return loaded.shuffled(
            loaded.like(self._neutral), [*range(used), *[lanes] * (lanes - used)]
        )

    def _start(self, lanes: int) -> Term:
        return self._writer.constant(self._neutral, self._type, lanes)

    def _store(self, total: Term, places: Sequence[Index], used: int = 1) -> None:
        number = total.to(TYPES[self._out.buffer.dtype.name])
        parts = list(zip(places, self._out_kept, strict=True))
        store(self._writer, number, self._out, self._pointer, parts, used)

    def _all(self, lengths: Shape, total: Term, item: Callable[[Places], Term]) -> Term:
        """The items of a nest of loops, combined with a total."""

        def level(axis: int, places: Places, total: Term) -> Term:
            if axis == len(lengths) - 1:
                return self._line(lengths[-1], total, lambda i: item((*places, i)))
            (result,) = self._writer.loop(
                lengths[axis],
                1,
                lambda i, so_far: [level(axis + 1, (*places, i), *so_far)],
                [total],
            )
            return result

        return level(0, (), total)

    def _line(self, length: int, total: Term, item: Callable[[Index], Term]) -> Term:
        """The items of one loop, combined with a total, in several partial results."""
        n_partial = min(N_PARTIAL, max(length // 2, 1))

        def body(i: Index, partial: Sequence[Term]) -> list[Term]:
            return [
                self._combine(part, item(self._writer.index((i, 1), (number, 1))))
                for number, part in enumerate(partial)
            ]

        partial = [total, *[self._start(total.lanes)] * (n_partial - 1)]
        is_short = length <= 2 * n_partial
        partial = list(self._writer.loop(length, n_partial, body, partial, unroll=is_short))
        for left in range(length - length % n_partial, length):
            partial[0] = self._combine(partial[0], item(left))
        while len(partial) > 1:
            partial = [self._combine(partial[0], partial[1]), *partial[2:]]
        return partial[0]
