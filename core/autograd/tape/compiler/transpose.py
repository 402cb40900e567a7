"""Code for copies that turn rows into columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .llvm_types import TYPES
from .loops import Pointer, each, in_vectors, lanes_for, load, store
from .program import Loop, Ref, Shape
from .term import Term
from .writer import Index, Writer


def transposing(loop: Loop, strides: Mapping[Ref, Shape]) -> Ref | None:
    """What a loop only copies, row by row into columns; None if it does anything else."""
    first = loop.body[0]
    if len(loop.body) > 1 or first.function != "positive" or not loop.reads:
        return None
    (source,) = loop.reads
    if len(strides[source]) < 2 or source.buffer.dtype != first.out.buffer.dtype:
        return None
    turned = strides[source][-2] == 1 != strides[source][-1] and strides[first.out][-1] == 1
    return source if turned and source.buffer.dtype.kind == "f" else None


def write_transposing(
    writer: Writer,
    source: Ref,
    out: Ref,
    lengths: Shape,
    strides: Mapping[Ref, Shape],
    pointer: Pointer,
) -> None:
    """Copies square tiles: their rows are read as vectors and written as columns."""
    *outer, height, width = lengths
    type_ = TYPES[out.buffer.dtype.name]

    def tile(places: Sequence[Index], i: Index, n_i: int, j: Index, n_j: int) -> None:
        lanes = lanes_for(max(n_i, n_j))
        *before, by_i, by_j = strides[source]
        start = list(zip(places, before, strict=True))
        columns = [
            load(writer, source, pointer, [*start, (j, by_j), (c * by_j, 1), (i, 1)], lanes, n_i)
            for c in range(n_j)
        ]
        padding = [writer.constant(0.0, type_, lanes)] * (lanes - n_j)
        *before, by_i, _ = strides[out]
        start = list(zip(places, before, strict=True))
        for r, row in enumerate(_transposed([*columns, *padding])[:n_i]):
            store(writer, row, out, pointer, [*start, (i, by_i), (r * by_i, 1), (j, 1)], n_j)

    def plane(places: Sequence[Index], *_: int) -> None:
        in_vectors(
            writer,
            height,
            type_,
            lambda i, _, n_i: in_vectors(
                writer, width, type_, lambda j, _, n_j: tile(places, i, n_i, j, n_j)
            ),
        )

    each(writer, tuple(outer), plane)


def _transposed(vectors: list[Term]) -> list[Term]:
    """The columns of a square of numbers, given its rows.

    Both halves of the rows are shuffled into each other like cards, once for each power of two.
    """
    n = len(vectors)
    cards = [lane for pair in zip(range(n), range(n, 2 * n), strict=True) for lane in pair]
    for _ in range(n.bit_length() - 1):
        pairs = zip(vectors[: n // 2], vectors[n // 2 :], strict=True)
        vectors = [x.shuffled(y, part) for x, y in pairs for part in (cards[:n], cards[n:])]
    return vectors
