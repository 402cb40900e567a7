"""Code for elements and rows that are taken from places, or added to them."""

from __future__ import annotations

from collections.abc import Sequence

from .llvm_types import TYPES
from .loops import Pointer, in_vectors, load, nest, store
from .program import Move, Ref
from .writer import Index, Writer


def write_move(writer: Writer, move: Move, pointer: Pointer) -> None:
    """Writes the code of a move."""
    if move.adds:
        _write_adding(writer, move, pointer)
    else:
        _write_taking(writer, move, pointer)


def _write_taking(writer: Writer, move: Move, pointer: Pointer) -> None:
    source, out = move.source, move.out
    type_ = TYPES[out.buffer.dtype.name]

    def row(i: Index) -> None:
        place = _place(writer, move.places, pointer, i)
        if len(source.shape) == 1:
            term = load(writer, source, pointer, [(place, source.strides[0])]).to(type_)
            store(writer, term, out, pointer, [(i, out.strides[0])])
            return

        def part(j: Index, lanes: int, used: int) -> None:
            taken = [(place, source.strides[0]), (j, source.strides[1])]
            term = load(writer, source, pointer, taken, lanes, used).to(type_)
            given = [(i, out.strides[0]), (j, out.strides[1])]
            store(writer, term, out, pointer, given, used)

        in_vectors(writer, out.shape[1], type_, part)

    writer.for_each(out.shape[0], 1, row)


def _write_adding(writer: Writer, move: Move, pointer: Pointer) -> None:
    source, out = move.source, move.out
    type_ = TYPES[out.buffer.dtype.name]

    def clear(places: Sequence[Index], lanes: int, used: int) -> None:
        zero = writer.constant(0.0, type_, lanes)
        store(writer, zero, out, pointer, [(places[0], out.strides[0])], used)

    nest(writer, out.shape, type_, clear)

    def add(i: Index) -> None:
        place = [(_place(writer, move.places, pointer, i), out.strides[0])]
        term = load(writer, source, pointer, [(i, source.strides[0])]).to(type_)
        store(writer, load(writer, out, pointer, place) + term, out, pointer, place)

    writer.for_each(source.size, 1, add)


def _place(writer: Writer, places: Ref, pointer: Pointer, i: Index) -> Index:
    return load(writer, places, pointer, [(i, 1)]).name
