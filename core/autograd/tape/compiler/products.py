"""Products of matrices: in which form each is made, and its code.

A tile of the result stays in registers while the inner axis is gone through: for each k, a few
vectors of a row of b are multiplied by single numbers of a column of a (Goto & van de Geijn 2008,
Anatomy of high-performance matrix multiplication).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from .elementwise import Pointer, each, lanes_for, load, store
from .program import Elementwise, Loop, Product, Ref, Statement, scratch
from .writer import TYPES, Index, Target, Term, Writer

# Of the vectors of a tile; as many rows as the registers have room for come with them.
MOST_VECTORS = 4
# A right matrix larger than this is copied into panels as wide as a tile, so that what a tile
# needs lies together and stays in the first cache.
LARGE_BYTES = 32 * 1024
PANEL_VECTORS = 3
# And no more rows of it are gone through at a time.
MOST_INNER = 256
# Fewer rows than this do not repay a copy of the right matrix.
FEW_ROWS = 4
# Inner loops of so few multiplications of vectors are written out.
MOST_WRITTEN_OUT = 96

Parts: TypeAlias = list[tuple[Index, int]]


def plan(product: Product, target: Target) -> list[Statement]:
    """The product in forms that `write_product` has code for, with the copies they need."""
    a, b, out = product.a, product.b, product.out
    (m, k), n = a.shape[-2:], b.shape[-1]
    if not out.size:
        return []
    if not k:
        return [Loop([Elementwise("positive", (product.start or 0.0,), out)], [out])]
    by_column = n == 1 and a.strides[-1] != 1 and a.strides[-2] == 1 and k > 1
    by_row = m == 1 and b.strides[-1] != 1 and n > 1
    if by_column or by_row:
        return plan(_transposed(product), target)
    if n == 1:
        a, copies = _copied(a) if k > 1 and a.strides[-1] != 1 else (a, [])
        b, more = _copied(b) if k > 1 and b.strides[-2] != 1 else (b, [])
        return [*copies, *more, replace(product, a=a, b=b)]
    width = PANEL_VECTORS * target.lanes(TYPES[out.buffer.dtype.name])
    is_large = k * n * out.buffer.dtype.itemsize > LARGE_BYTES
    if len(b.shape) == 2 and is_large and m > FEW_ROWS and n >= width:
        return [x for part in _inner_parts(product) for x in _in_panels(part, width)]
    if b.strides[-1] != 1:
        b, copies = _copied(b)
        return [*copies, replace(product, b=b)]
    return [product]


def _transposed(product: Product) -> Product:
    start = product.start
    return Product(
        product.b.transposed(),
        product.a.transposed(),
        product.out.transposed(),
        None if start is None else start.transposed(),
    )


def _copied(x: Ref) -> tuple[Ref, list[Statement]]:
    """A copy in C order."""
    copy = scratch(x.buffer.dtype, x.shape)
    return copy, [Loop([Elementwise("positive", (x,), copy)], [copy])]


def _inner_parts(product: Product) -> list[Product]:
    """The product by parts of the inner axis; each starts from the result of the one before."""
    k = product.b.shape[0]
    n_parts = -(-k // MOST_INNER)
    ends = [k * part // n_parts for part in range(n_parts + 1)]
    right = product.b.transposed()
    return [
        Product(
            product.a.columns(low, high),
            right.columns(low, high).transposed(),
            product.out,
            product.out if low else product.start,
        )
        for low, high in pairwise(ends)
    ]


def _in_panels(product: Product, width: int) -> list[Statement]:
    """The product by panels of columns, copied one after the other; the columns left by themselves."""
    b = product.b
    k, n = b.shape
    n_panels, rest = divmod(n, width)
    panels = scratch(b.buffer.dtype, (n_panels, k, width))
    by_k, by_n = b.strides
    source = Ref(b.buffer, b.offset, panels.shape, (width * by_n, by_k, by_n))
    statements: list[Statement] = [
        Loop([Elementwise("positive", (source,), panels)], [panels]),
        _columns(replace(product, b=panels), 0, n - rest, b=panels),
    ]
    if rest:
        last, copies = _copied(b.columns(n - rest, n))
        statements += [*copies, _columns(product, n - rest, n, b=last)]
    return statements


def _columns(product: Product, start: int, stop: int, *, b: Ref) -> Product:
    """A part of the result's columns, made from another right matrix."""
    first = product.start
    return Product(
        product.a,
        b,
        product.out.columns(start, stop),
        None if first is None else first.columns(start, stop),
    )


# --- Code ---------------------------------------------------------------------------------------


def write_product(writer: Writer, product: Product, pointer: Pointer) -> None:
    """Writes the code of a product that `plan` made."""
    b, stack = product.b, product.a.shape[:-2]

    def one(places: Sequence[Index]) -> None:
        def before(ref: Ref) -> Parts:
            return list(zip(places, ref.strides[: len(places)], strict=True))

        code = _ProductCode(writer, product, pointer, before)
        if b.shape[-1] == 1:
            code.dots()
        else:
            code.tiles()

    each(writer, stack, one)


class _ProductCode:
    """The code of one product of matrices."""

    def __init__(self, writer: Writer, product: Product, pointer: Pointer, before) -> None:
        self._writer = writer
        self._a, self._b = product.a, product.b
        self._out, self._start = product.out, product.start
        self._pointer = pointer
        self._before = before
        self._m, self._k = product.a.shape[-2:]
        self._n = product.out.shape[-1]
        self._type = TYPES[product.out.buffer.dtype.name]
        self._lanes = writer.target.lanes(self._type)

    def _load(self, ref: Ref, i: Index, j: Index, lanes: int = 1, used: int = 1) -> Term:
        by_i, by_j = ref.strides[-2:]
        parts = [*self._before(ref), (i, by_i), (j, by_j)]
        return load(self._writer, ref, self._pointer, parts, lanes, used).to(self._type)

    def _store(self, term: Term, i: Index, j: Index, used: int = 1) -> None:
        by_i, by_j = self._out.strides[-2:]
        parts = [*self._before(self._out), (i, by_i), (j, by_j)]
        store(self._writer, term, self._out, self._pointer, parts, used)

    def _first(self, i: Index, j: Index, lanes: int, used: int) -> Term:
        if self._start is None:
            return self._writer.constant(0.0, self._type, lanes)
        return self._load(self._start, i, j, lanes, used)

    # --- One column: a sum of products for each row

    def dots(self) -> None:
        """Several rows at once, whose sums become one vector."""
        lanes = min(self._lanes, lanes_for(self._k))
        group = min(self._lanes, lanes_for(self._m))
        writer = self._writer
        writer.loop(self._m, group, lambda i, _: self._dots_of(i, group, lanes) or ())
        if rest := self._m % group:
            self._dots_of(self._m - rest, rest, lanes)

    def _dots_of(self, i: Index, n_rows: int, lanes: int) -> None:
        writer = self._writer
        rows = [writer.index((i, 1), (row, 1)) for row in range(n_rows)]
        rest = self._k % lanes

        def add(k: Index, totals: Sequence[Term], used: int) -> list[Term]:
            b = self._down_b(k, lanes, used)
            return [
                self._load(self._a, row, k, lanes, used).times_plus(b, total)
                for row, total in zip(rows, totals, strict=True)
            ]

        totals: Sequence[Term] = [writer.constant(0.0, self._type, lanes)] * n_rows
        unroll = self._k // lanes * n_rows <= MOST_WRITTEN_OUT
        totals = writer.loop(
            self._k, lanes, lambda k, carried: add(k, carried, lanes), totals, unroll=unroll
        )
        if rest:
            totals = add(self._k - rest, totals, rest)
        width = lanes_for(n_rows)
        sums = _sums(list(totals), width)
        if self._start is not None:
            sums = sums + self._down(self._start, i, width, n_rows)
        self._store_down(sums, i, n_rows)

    def _down_b(self, k: Index, lanes: int, used: int) -> Term:
        return self._down(self._b, k, lanes, used)

    def _down(self, ref: Ref, i: Index, lanes: int, used: int) -> Term:
        """Numbers of the only column."""
        parts = [*self._before(ref), (i, ref.strides[-2])]
        return load(self._writer, ref, self._pointer, parts, lanes, used).to(self._type)

    def _store_down(self, term: Term, i: Index, used: int) -> None:
        parts = [*self._before(self._out), (i, self._out.strides[-2])]
        store(self._writer, term, self._out, self._pointer, parts, used)

    # --- Several columns: tiles of the result

    def tiles(self) -> None:
        """Tile after tile; all of one panel of b, then those of the next."""
        vectors = self._vectors()
        if len(self._b.shape) > len(self._out.shape):
            width = self._b.shape[-1]
            self._writer.loop(
                self._n, width, lambda j, _: self._panel(vectors[: width // self._lanes], j) or ()
            )
            return
        n_panels = -(-len(vectors) // self._most_vectors())
        per_panel = -(-len(vectors) // n_panels)
        whole = [v for v in vectors if v == (self._lanes, self._lanes)]
        width = per_panel * self._lanes
        n_whole = len(whole) // per_panel
        self._writer.loop(
            n_whole * width, width, lambda j, _: self._panel(whole[:per_panel], j) or ()
        )
        left = vectors[n_whole * per_panel :]
        if left:
            self._panel(left, n_whole * width)

    def _vectors(self) -> list[tuple[int, int]]:
        """The vectors of a row of the result: their lanes, and how many are used."""
        full, rest = divmod(self._n, self._lanes)
        tail = [(lanes_for(rest), rest)] if rest else []
        return [(self._lanes, self._lanes)] * full + tail

    def _most_vectors(self) -> int:
        # With few rows more vectors are on the way at once.
        return max(MOST_VECTORS, min(self._room() // self._m, 8))

    def _room(self) -> int:
        return self._writer.target.n_registers * 3 // 4

    def _panel(self, vectors: Sequence[tuple[int, int]], j: Index) -> None:
        """All rows of some columns, in tiles of nearly equal height."""
        most = max(self._room() // len(vectors), 1)
        n_tiles = -(-self._m // most)
        height, n_higher = divmod(self._m, n_tiles)
        middle = n_higher * (height + 1)
        for start, stop, rows in ((0, middle, height + 1), (middle, self._m, height)):
            self._writer.loop(
                stop,
                rows,
                lambda i, _, rows=rows: self._tile(i, rows, j, vectors) or (),
                start=start,
            ) if stop > start else None

    def _tile(self, i: Index, n_rows: int, j: Index, vectors: Sequence[tuple[int, int]]) -> None:
        writer = self._writer
        rows = [writer.index((i, 1), (row, 1)) for row in range(n_rows)]
        columns = [writer.index((j, 1), (v * self._lanes, 1)) for v in range(len(vectors))]
        totals = [
            self._first(row, column, *vector)
            for row in rows
            for column, vector in zip(columns, vectors, strict=True)
        ]

        def step(k: Index, totals: Sequence[Term]) -> list[Term]:
            right = [
                self._right(k, j, v, *vector) for v, vector in enumerate(vectors)
            ]
            results = []
            for number, row in enumerate(rows):
                left = self._load(self._a, row, k)
                for v, b in enumerate(right):
                    total = totals[number * len(vectors) + v]
                    results.append(left.splat(b.lanes).times_plus(b, total))
            return results

        unroll = self._k * len(totals) <= MOST_WRITTEN_OUT
        totals = list(writer.loop(self._k, 1, step, totals, unroll=unroll))
        for number, row in enumerate(rows):
            for v, (column, (_, used)) in enumerate(zip(columns, vectors, strict=True)):
                self._store(totals[number * len(vectors) + v], row, column, used)

    def _right(self, k: Index, j: Index, v: int, lanes: int, used: int) -> Term:
        """A vector of row k of b."""
        writer, b = self._writer, self._b
        if len(b.shape) > len(self._out.shape):
            # Panel after panel: as many numbers lie before column j as before it in k rows.
            parts: Parts = [(j, self._k), (k, b.shape[-1]), (v * self._lanes, 1)]
        else:
            parts = [
                *self._before(b),
                (k, b.strides[-2]),
                (writer.index((j, 1), (v * self._lanes, 1)), b.strides[-1]),
            ]
        return load(writer, b, self._pointer, [*parts[:-1], (parts[-1][0], 1)], lanes, used).to(
            self._type
        )


def _sums(vectors: list[Term], width: int) -> Term:
    """A vector of the sum of each vector's numbers; at the end the last one's, up to a width."""
    vectors = [*vectors, *[vectors[-1]] * (width - len(vectors))]
    numbers_of_each = vectors[0].lanes
    while numbers_of_each > 1:
        # Neighbours are added up: of two vectors, or of the two halves of the only one.
        pairs = list(zip(vectors[::2], vectors[1::2], strict=True)) if len(vectors) > 1 else []
        if pairs:
            lanes = 2 * vectors[0].lanes
            vectors = [
                x.shuffled(y, range(0, lanes, 2)) + x.shuffled(y, range(1, lanes, 2))
                for x, y in pairs
            ]
        else:
            (x,) = vectors
            vectors = [
                x.shuffled(x, range(0, x.lanes, 2)) + x.shuffled(x, range(1, x.lanes, 2))
            ]
        numbers_of_each //= 2
    if vectors[0].lanes == 1:
        return vectors[0] if width == 1 else vectors[0].writer.vector(vectors)
    while len(vectors) > 1:
        vectors = [
            x.shuffled(y, range(2 * x.lanes))
            for x, y in zip(vectors[::2], vectors[1::2], strict=True)
        ]
    return vectors[0]
