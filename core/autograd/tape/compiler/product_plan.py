"""In which form each product of matrices is made, and the copies that this needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .llvm_types import TYPES, Target
from .program import Elementwise, Loop, Product, Ref, Statement, scratch

# A right matrix larger than this is copied into panels of so many vectors, so that what a tile of
# the result needs lies together.
LARGE_BYTES = 32 * 1024
PANEL_VECTORS = 3
# No more rows of a panel are gone through at a time: it stays in the first cache.
MOST_INNER = 256
# Rows of the left matrix that repay the copy, and where b is copied anyway.
MANY_ROWS = 17
MANY_ROWS_IF_TURNED = 4
# A left matrix of so few rows is turned rather than a large right one.
FEW_ROWS = 24


def planned(statements: Sequence[Statement], target: Target) -> list[Statement]:
    """The statements, with each product in forms that `write_product` has code for."""
    return [
        part
        for statement in statements
        for part in (_plan(statement, target) if isinstance(statement, Product) else [statement])
    ]


def _plan(product: Product, target: Target) -> list[Statement]:
    a, b, out = product.a, product.b, product.out
    (m, k), n = a.shape[-2:], b.shape[-1]
    if not out.size:
        return []
    if not k:
        return [_copy(0.0 if product.start is None else product.start, out)]
    is_down_a = n == 1 < k and a.strides[-1] != 1 == a.strides[-2]
    is_down_b = m == 1 < n and b.strides[-1] != 1
    if is_down_a or is_down_b:
        return _plan(_transposed(product), target)
    if n == 1:
        a, copies = _in_rows(a)
        b, more = _in_rows(b.transposed())
        return [*copies, *more, replace(product, a=a, b=b.transposed())]
    if _is_small_by_large_turned(product):
        return _plan_transposed(product, target)
    width = PANEL_VECTORS * target.lanes(TYPES[out.buffer.dtype.name])
    is_large = k * n * out.buffer.dtype.itemsize > LARGE_BYTES
    many = MANY_ROWS if b.strides[-1] == 1 else MANY_ROWS_IF_TURNED
    if len(b.shape) == 2 and is_large and m >= many and n >= width:
        return [x for part in _inner_parts(product) for x in _in_panels(part, width)]
    b, copies = _in_rows(b)
    return [*copies, replace(product, b=b)]


def _is_small_by_large_turned(product: Product) -> bool:
    """Whether a copy of a, turned, costs less than one of b."""
    a, b = product.a, product.b
    is_turned = len(b.shape) == 2 and b.strides[-1] != 1 == b.strides[-2]
    is_large = b.size * b.buffer.dtype.itemsize > LARGE_BYTES
    is_small = a.shape[-2] <= FEW_ROWS and 2 * a.shape[-2] <= b.shape[-1]
    return product.start is None and is_turned and is_large and is_small


def _plan_transposed(product: Product, target: Target) -> list[Statement]:
    """The product as that of b's columns, which lie in rows, and a; then turned again."""
    b, a = product.b.transposed(), product.a.transposed()
    out = scratch(product.out.buffer.dtype, (b.shape[0], a.shape[1]))
    turned = _plan(Product(b, a, out, None), target)
    return [*turned, _copy(out.transposed(), product.out)]


def _copy(operand: Ref | float, out: Ref) -> Loop:
    return Loop([Elementwise("positive", (operand,), out)], [out])


def _in_rows(x: Ref) -> tuple[Ref, list[Statement]]:
    """A matrix with contiguous rows, and the copy that this may take."""
    if x.strides[-1] == 1 or x.shape[-1] == 1:
        return x, []
    rows = scratch(x.buffer.dtype, x.shape)
    return rows, [_copy(x, rows)]


def _transposed(product: Product) -> Product:
    start = None if product.start is None else product.start.transposed()
    a, b, out = (x.transposed() for x in (product.a, product.b, product.out))
    return Product(b, a, out, start)


def _inner_parts(product: Product) -> list[Product]:
    """The product by parts of the inner axis; each starts from the result of the one before."""
    k = product.b.shape[0]
    n_parts = -(-k // MOST_INNER)
    ends = [k * part // n_parts for part in range(n_parts + 1)]
    return [
        Product(
            product.a.columns(low, high),
            product.b.transposed().columns(low, high).transposed(),
            product.out,
            product.out if low else product.start,
        )
        for low, high in pairwise(ends)
    ]


def _in_panels(product: Product, width: int) -> list[Statement]:
    """The product by panels of columns, and that of the columns left."""
    b = product.b
    k, n = b.shape
    n_panels, rest = divmod(n, width)
    by_k, by_n = b.strides
    panels = scratch(b.buffer.dtype, (n_panels, k, width))
    source = replace(b, shape=panels.shape, strides=(width * by_n, by_k, by_n))
    statements: list[Statement] = [_copy(source, panels), _of_columns(product, panels, 0, n - rest)]
    if rest:
        last, copies = _in_rows(b.columns(n - rest, n))
        statements += [*copies, _of_columns(product, last, n - rest, n)]
    return statements


def _of_columns(product: Product, b: Ref, low: int, high: int) -> Product:
    """A part of the columns, which b holds."""
    start = None if product.start is None else product.start.columns(low, high)
    return Product(product.a, b, product.out.columns(low, high), start)
