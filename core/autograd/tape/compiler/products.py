"""Code for products of matrices.

A tile of the result stays in registers while the inner axis is gone through: for each k, a few
vectors of a row of b are multiplied by single numbers of a column of a (Goto & van de Geijn 2008,
Anatomy of high-performance matrix multiplication). A result of one column is made of sums of
products of vectors instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from .llvm_types import TYPES
from .loops import Pointer, each, lanes_for, load, store
from .program import Product, Ref
from .term import Term
from .writer import Index, Writer

# Of the vectors of a tile; so many rows come with them as the registers have room for.
MOST_VECTORS = 4
# Rows that are so few make one tile, as wide as there is room: then b is read once.
MOST_VECTORS_OF_ONE_TILE = 8
# Inner loops of so few multiplications of vectors are written out.
MOST_WRITTEN_OUT = 96


def write_product(writer: Writer, product: Product, pointer: Pointer) -> None:
    """Writes the code of a product that was planned."""
    stack = product.a.shape[:-2]
    code = _Tiles if product.out.shape[-1] > 1 else _Dots
    each(writer, stack, lambda places: code(writer, product, pointer, places).write())


class _Matrix:
    """A matrix of a stack of them, as the code reads and writes it."""

    def __init__(
        self, writer: Writer, ref: Ref, pointer: Pointer, places: Sequence[Index], type_: str
    ) -> None:
        self._writer, self._ref, self._pointer, self._type = writer, ref, pointer, type_
        self._before = list(zip(places, ref.strides[: len(places)], strict=True))
        self._by_row, self._by_column = ref.strides[-2:]

    def along_row(self, i: Index, j: Index, lanes: int = 1, used: int = 1) -> Term:
        """A vector of row i that begins in column j."""
        parts = [*self._before, (i, self._by_row), (j, self._by_column)]
        return load(self._writer, self._ref, self._pointer, parts, lanes, used).to(self._type)

    def down_column(self, i: Index, lanes: int, used: int) -> Term:
        """A vector of the first column that begins in row i."""
        parts = [*self._before, (i, self._by_row)]
        return load(self._writer, self._ref, self._pointer, parts, lanes, used).to(self._type)

    def put_along_row(self, term: Term, i: Index, j: Index, used: int) -> None:
        """Writes into row i from column j on."""
        parts = [*self._before, (i, self._by_row), (j, self._by_column)]
        store(self._writer, term, self._ref, self._pointer, parts, used)

    def put_down_column(self, term: Term, i: Index, used: int) -> None:
        """Writes into the first column from row i on."""
        parts = [*self._before, (i, self._by_row)]
        store(self._writer, term, self._ref, self._pointer, parts, used)


class _Panels:
    """A matrix that lies in memory panel of columns after panel."""

    def __init__(self, writer: Writer, ref: Ref, pointer: Pointer, type_: str) -> None:
        self._writer, self._ref, self._pointer, self._type = writer, ref, pointer, type_
        _, self._height, self.width = ref.shape

    def in_panel(self, i: Index, first: Index, j: int, lanes: int, used: int) -> Term:
        """A vector of row i, j columns after the first one of a panel."""
        parts = [(first, self._height), (i, self.width), (j, 1)]
        return load(self._writer, self._ref, self._pointer, parts, lanes, used).to(self._type)


class _Code:
    """What both forms have."""

    def __init__(
        self, writer: Writer, product: Product, pointer: Pointer, places: Sequence[Index]
    ) -> None:
        self._writer = writer
        self._type = TYPES[product.out.buffer.dtype.name]
        self._lanes = writer.target.lanes(self._type)
        (self._m, self._k), self._n = product.a.shape[-2:], product.out.shape[-1]

        def matrix(ref: Ref) -> _Matrix:
            return _Matrix(writer, ref, pointer, places, self._type)

        self._a, self._b, self._out = matrix(product.a), matrix(product.b), matrix(product.out)
        self._start = None if product.start is None else matrix(product.start)
        is_in_panels = len(product.b.shape) > len(product.out.shape)
        self._panels = _Panels(writer, product.b, pointer, self._type) if is_in_panels else None

    def write(self) -> None:
        """Writes the code of one product."""
        raise NotImplementedError


class _Tiles(_Code):
    """A result of several columns."""

    def write(self) -> None:
        """Writes tile after tile: all of one panel of b, then those of the next."""
        full, rest = divmod(self._n, self._lanes)
        # Of each vector along a row, its lanes and how many of them are used.
        vectors = [(self._lanes, self._lanes)] * full
        vectors += [(lanes_for(rest), rest)] * bool(rest)
        per_panel = self._vectors_of_a_panel(len(vectors))
        n_whole, width = full // per_panel, per_panel * self._lanes
        panel = vectors[:per_panel]
        self._writer.for_each(n_whole * width, width, lambda j: self._panel(panel, j))
        if left := vectors[n_whole * per_panel :]:
            self._panel(left, n_whole * width)

    def _vectors_of_a_panel(self, n_vectors: int) -> int:
        if self._panels is not None:
            return self._panels.width // self._lanes
        most = MOST_VECTORS
        if self._m * 2 <= self._room:
            most = min(self._room // self._m, MOST_VECTORS_OF_ONE_TILE)
        n_panels = -(-n_vectors // most)
        return -(-n_vectors // n_panels)

    @property
    def _room(self) -> int:
        """Registers for a tile; the others hold what it is multiplied by."""
        return self._writer.target.n_registers * 3 // 4

    def _panel(self, vectors: Sequence[tuple[int, int]], j: Index) -> None:
        """All rows of some columns, in tiles of nearly equal height."""
        n_tiles = -(-self._m // max(self._room // len(vectors), 1))
        low, n_high = divmod(self._m, n_tiles)
        high, middle = low + 1, n_high * (low + 1)
        self._writer.for_each(middle, high, lambda i: self._tile(i, high, j, vectors))
        self._writer.for_each(self._m, low, lambda i: self._tile(i, low, j, vectors), start=middle)

    def _tile(self, i: Index, height: int, j: Index, vectors: Sequence[tuple[int, int]]) -> None:
        rows = [self._writer.index((i, 1), (row, 1)) for row in range(height)]
        offsets = [number * self._lanes for number in range(len(vectors))]
        columns = [self._writer.index((j, 1), (offset, 1)) for offset in offsets]
        places = [
            (row, column, *vector)
            for row in rows
            for column, vector in zip(columns, vectors, strict=True)
        ]

        def add_products(k: Index, totals: Sequence[Term]) -> list[Term]:
            b = [
                self._of_b(k, j, offset, *vector)
                for offset, vector in zip(offsets, vectors, strict=True)
            ]
            a = [self._a.along_row(row, k) for row in rows]
            pairs = ((x, y) for x in a for y in b)
            return [
                x.splat(y.lanes).times_plus(y, total)
                for (x, y), total in zip(pairs, totals, strict=True)
            ]

        starts = [self._first(*place) for place in places]
        is_short = self._k * len(starts) <= MOST_WRITTEN_OUT
        totals = self._writer.loop(self._k, 1, add_products, starts, unroll=is_short)
        for total, (row, column, _, used) in zip(totals, places, strict=True):
            self._out.put_along_row(total, row, column, used)

    def _first(self, i: Index, j: Index, lanes: int, used: int) -> Term:
        if self._start is None:
            return self._writer.constant(0.0, self._type, lanes)
        return self._start.along_row(i, j, lanes, used)

    def _of_b(self, k: Index, j: Index, offset: int, lanes: int, used: int) -> Term:
        if self._panels is not None:
            return self._panels.in_panel(k, j, offset, lanes, used)
        return self._b.along_row(k, self._writer.index((j, 1), (offset, 1)), lanes, used)


class _Dots(_Code):
    """A result of one column."""

    def write(self) -> None:
        """Writes some rows at a time, whose sums become one vector."""
        group = min(self._lanes, lanes_for(self._m))
        self._writer.for_each(self._m, group, lambda i: self._rows(i, group))
        if rest := self._m % group:
            self._rows(self._m - rest, rest)

    def _rows(self, i: Index, n_rows: int) -> None:
        rows = [self._writer.index((i, 1), (row, 1)) for row in range(n_rows)]
        lanes = min(self._lanes, lanes_for(self._k))

        def add_products(k: Index, totals: Sequence[Term], used: int = lanes) -> list[Term]:
            b = self._b.down_column(k, lanes, used)
            return [
                self._a.along_row(row, k, lanes, used).times_plus(b, total)
                for row, total in zip(rows, totals, strict=True)
            ]

        totals: Sequence[Term] = [self._writer.constant(0.0, self._type, lanes)] * n_rows
        is_short = self._k // lanes * n_rows <= MOST_WRITTEN_OUT
        totals = self._writer.loop(self._k, lanes, add_products, totals, unroll=is_short)
        if rest := self._k % lanes:
            totals = add_products(self._k - rest, totals, rest)
        width = lanes_for(n_rows)
        sums = _sums([*totals, *[totals[-1]] * (width - n_rows)])
        if self._start is not None:
            sums = sums + self._start.down_column(i, width, n_rows)
        self._out.put_down_column(sums, i, n_rows)


def _sums(vectors: list[Term]) -> Term:
    """A vector of the sum of each vector's numbers; there are a power of two of them."""
    numbers_of_each = vectors[0].lanes
    while numbers_of_each > 1:
        # Neighbours are added up, in two vectors at a time; of a last one alone, in its halves.
        pairs = list(zip(vectors[::2], vectors[1::2] or vectors, strict=True))
        n = vectors[0].lanes * (2 if len(vectors) > 1 else 1)
        vectors = [x.shuffled(y, range(0, n, 2)) + x.shuffled(y, range(1, n, 2)) for x, y in pairs]
        numbers_of_each //= 2
    if vectors[0].lanes == 1:
        return vectors[0] if len(vectors) == 1 else vectors[0].writer.vector(vectors)
    while len(vectors) > 1:
        pairs = list(zip(vectors[::2], vectors[1::2], strict=True))
        vectors = [x.shuffled(y, range(2 * x.lanes)) for x, y in pairs]
    return vectors[0]
