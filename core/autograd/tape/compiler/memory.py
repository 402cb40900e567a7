"""Memory: which buffer an array outside is, and where in one block all scratch buffers lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from ..recording import Array
from .program import Buffer, Ref, Statement

# Of every buffer, in bytes: a line of the cache, and the widest register.
ALIGNMENT = 64


class Memory:
    """The arrays outside of a program. Views of one array share its buffer.

    Attributes:
        buffers: Each with its array, in the order in which they were met.
    """

    def __init__(self) -> None:
        self.buffers: list[Buffer] = []
        self._by_owner: dict[int, Buffer] = {}
        self._replaced: list[Array] = []

    def add(self, array: Array, *, advance: int = 0) -> Buffer:
        """Makes an array a buffer, for instance one that moves on at each step of a loop."""
        owner = _owner(array)
        if id(owner) not in self._by_owner:
            low, high = byte_bounds(owner)
            size = (high - low) // owner.itemsize if owner.size else 0
            self._by_owner[id(owner)] = Buffer(owner.dtype, size, owner, advance)
            self.buffers.append(self._by_owner[id(owner)])
        return self._by_owner[id(owner)]

    def replace(self, array: Array, buffer: Buffer) -> None:
        """Lets another buffer stand for an array, which is never read or written then."""
        self._replaced.append(array)
        self._by_owner[id(_owner(array))] = buffer

    def buffers_of(self, arrays: Iterable[tuple[Array, Array]]) -> dict[Buffer, Array]:
        """Of pairs (outside array, array in its place): those whose buffer the program has."""
        known = ((self._by_owner.get(id(_owner(old))), new) for old, new in arrays)
        return {buffer: new for buffer, new in known if buffer is not None}

    def ref(self, array: Array) -> Ref:
        """An array, or a view of one, as a reference into its buffer."""
        buffer, owner = self.add(array), _owner(array)
        offset = (address(array) - byte_bounds(owner)[0]) // array.itemsize if array.size else 0
        return Ref(
            buffer, offset, array.shape, tuple(stride // array.itemsize for stride in array.strides)
        )


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray) and array.base.dtype == array.dtype:
        array = array.base
    return array


def address(array: Array) -> int:
    """Where the first element of an array is."""
    place: int = array.__array_interface__["data"][0]
    return place


def first_address(array: Array) -> int:
    """Where the elements of an array begin, also if its strides are negative."""
    low: int = byte_bounds(array)[0]
    return low


def lay_out(statements: Sequence[Statement]) -> tuple[dict[Buffer, int], int]:
    """Gives every scratch buffer a place in one block; a place serves again after its last use.

    Returns:
        The places in bytes, and the size of the block.
    """
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    for number, statement in enumerate(statements):
        for ref in (*statement.reads, *statement.writes):
            if ref.buffer.array is None:
                first.setdefault(ref.buffer, number)
                last[ref.buffer] = number
    places: dict[Buffer, int] = {}
    total = 0
    for buffer in first:
        # Those before it in this order began earlier: they are in its way until their last use.
        in_the_way = sorted(
            (places[other], places[other] + _bytes(other))
            for other in places
            if last[other] >= first[buffer]
        )
        place = 0
        for start, end in in_the_way:
            if start - place >= _bytes(buffer):
                break
            place = max(place, end)
        places[buffer] = place
        total = max(total, place + _bytes(buffer))
    return places, total


def _bytes(buffer: Buffer) -> int:
    size: int = buffer.size * buffer.dtype.itemsize
    return -(-size // ALIGNMENT) * ALIGNMENT


def aligned(n_bytes: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A block of memory that begins at a multiple of `ALIGNMENT`."""
    block = np.zeros(n_bytes + ALIGNMENT, dtype=np.uint8)
    start = -address(block) % ALIGNMENT
    return block[start : start + n_bytes]
