"""The compiler's own small language: buffers, references into them, and five kinds of statements.

A program is a list of statements. Each writes one result, element by element, from what earlier
statements wrote; all strides and offsets are known and count elements.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from ..recording import Array

Shape: TypeAlias = tuple[int, ...]


class CannotCompile(Exception):
    """A computation, or this machine, that the compiler has no code for; the tape still has."""


BY_ROW = -1
"""The advance of a buffer that begins at the step's place in the order of rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Buffer:
    """A piece of memory.

    Attributes:
        dtype: Of its elements.
        size: How many there are.
        array: The array it is, outside of the program; None for scratch memory.
        advance: So many elements further on it begins at each step of a run; or `BY_ROW`.
    """

    dtype: np.dtype[Any]
    size: int
    array: Array | None = None
    advance: int = 0


@dataclass(frozen=True, slots=True)
class Ref:
    """An array inside a buffer: where it begins, its shape, and its strides in elements.

    The stride of an axis of length 1 is always 0, so that equal arrays compare equal.
    """

    buffer: Buffer
    offset: int
    shape: Shape
    strides: Shape

    def __post_init__(self) -> None:
        steps = zip(self.shape, self.strides, strict=True)
        strides = tuple(0 if length == 1 else stride for length, stride in steps)
        object.__setattr__(self, "strides", strides)

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def is_contiguous(self) -> bool:
        """Whether its elements lie one after the other in C order."""
        return all(
            length == 1 or stride == expected
            for length, stride, expected in zip(
                self.shape, self.strides, contiguous_strides(self.shape), strict=True
            )
        )

    def broadcast_to(self, shape: Shape) -> Ref:
        """The same elements in a larger shape, by NumPy's rules."""
        missing = len(shape) - len(self.shape)
        strides = (
            0 if own == 1 else stride for own, stride in zip(self.shape, self.strides, strict=True)
        )
        return replace(self, shape=shape, strides=(0,) * missing + tuple(strides))

    def transposed(self) -> Ref:
        """With its last two axes exchanged."""
        *outer, m, n = self.shape
        *outer_strides, by_m, by_n = self.strides
        return replace(self, shape=(*outer, n, m), strides=(*outer_strides, by_n, by_m))

    def columns(self, start: int, stop: int) -> Ref:
        """A part of its last axis."""
        return replace(
            self,
            offset=self.offset + start * self.strides[-1],
            shape=(*self.shape[:-1], stop - start),
        )


def contiguous_strides(shape: Shape) -> Shape:
    """The strides of an array in C order."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def contiguous(buffer: Buffer, shape: Shape, offset: int = 0) -> Ref:
    """An array in C order in a buffer."""
    return Ref(buffer, offset, shape, contiguous_strides(shape))


def scratch(dtype: np.dtype[Any], shape: Shape) -> Ref:
    """An array in new scratch memory."""
    return contiguous(Buffer(dtype, math.prod(shape)), shape)


Operand: TypeAlias = Ref | float


@dataclass(frozen=True, slots=True, eq=False)
class Elementwise:
    """out = function(*operands), element by element; the operands have the shape of `out`."""

    function: str
    operands: Sequence[Operand]
    out: Ref

    @property
    def reads(self) -> list[Ref]:
        """What it reads."""
        return [x for x in self.operands if isinstance(x, Ref)]

    @property
    def writes(self) -> list[Ref]:
        """What it writes."""
        return [self.out]


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Elementwise statements of one shape, made together for each element.

    Attributes:
        body: The statements; a later one may read, at its element, what an earlier one writes.
        stored: Those of the results that others need, and that are therefore written to memory.
    """

    body: Sequence[Elementwise]
    stored: Sequence[Ref]

    @property
    def reads(self) -> list[Ref]:
        """What it reads from memory."""
        made = {statement.out for statement in self.body}
        return [x for statement in self.body for x in statement.reads if x not in made]

    @property
    def writes(self) -> list[Ref]:
        """What it writes to memory."""
        return list(self.stored)


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """out = start + a @ b, of matrices (m, k) and (k, n) or stacks of them.

    Attributes:
        a: The left one; any strides.
        b: The right one. Its rows are contiguous, or its columns are and n is 1.
        out: The result.
        start: A row (n,) that is added to every row of the result; None adds nothing.
    """

    a: Ref
    b: Ref
    out: Ref
    start: Ref | None = None

    @property
    def reads(self) -> list[Ref]:
        """What it reads."""
        return [self.a, self.b] if self.start is None else [self.a, self.b, self.start]

    @property
    def writes(self) -> list[Ref]:
        """What it writes."""
        return [self.out]


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """The sum or the maximum over some axes; `out` has them with length 1."""

    function: str
    operand: Ref
    axes: Shape
    out: Ref

    @property
    def reads(self) -> list[Ref]:
        """What it reads."""
        return [self.operand]

    @property
    def writes(self) -> list[Ref]:
        """What it writes."""
        return [self.out]


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Elements that are not where strides could say: `places` has their numbers.

    Attributes:
        source: What is read.
        places: Whole numbers, shape (n,) for n elements, or for n rows of a matrix.
        out: What is written.
        adds: False takes: out[i] = source[places[i]], both seen as rows of the source's shape.
            True gives: out[places[i]] += source[i], after `out` was set to zero.
    """

    source: Ref
    places: Ref
    out: Ref
    adds: bool

    @property
    def reads(self) -> list[Ref]:
        """What it reads."""
        return [self.source, self.places]

    @property
    def writes(self) -> list[Ref]:
        """What it writes."""
        return [self.out]


Statement: TypeAlias = Elementwise | Loop | Product | Reduction | Move
