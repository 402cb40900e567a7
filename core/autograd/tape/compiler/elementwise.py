"""Code for loops over elements: what each NumPy function is, and the nest of loops around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from . import math_functions as m
from .program import Elementwise, Loop, Operand, Ref, Shape
from .writer import TYPES, Index, Term, Writer

Pointer: TypeAlias = Callable[[Ref], str]
"""The name of the address where an array begins."""

Parts: TypeAlias = Sequence[tuple[Index, int]]
"""Of an element, along each axis its place and the stride there."""

# Loops of so few passes are written out.
FEW_PASSES = 2


def _in_double(function: Callable[..., Term]) -> Callable[..., Term]:
    def call(*operands: Term) -> Term:
        wide = [x.to("double") if isinstance(x, Term) else x for x in operands]
        return function(*wide).to(operands[0].scalar)

    return call


def _compare(relation: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: a.is_(relation, b)


def _logical(operation: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: a.logical(operation, b)


def _not(a: Term) -> Term:
    return a.logical("xor", 1)


def _is_finite(x: Term) -> Term:
    return (x - x).is_("oeq", 0.0)


FUNCTIONS: Mapping[str, Callable[..., Term]] = {
    "positive": lambda a: a,
    "negative": lambda a: -a,
    "absolute": abs,
    "fabs": abs,
    "sign": m.sign,
    "square": lambda a: a * a,
    "sqrt": Term.sqrt,
    "reciprocal": lambda a: 1.0 / a,
    "exp": _in_double(m.exp),
    "expm1": _in_double(m.expm1),
    "log": _in_double(m.log),
    "log1p": _in_double(m.log1p),
    "sin": _in_double(m.sin),
    "cos": _in_double(m.cos),
    "tanh": _in_double(m.tanh),
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": _in_double(m.power),
    "logaddexp": _in_double(m.logaddexp),
    "maximum": m.maximum,
    "minimum": m.minimum,
    "fmax": m.fmax,
    "fmin": m.fmin,
    "copysign": Term.with_sign_of,
    "greater": _compare("ogt"),
    "greater_equal": _compare("oge"),
    "less": _compare("olt"),
    "less_equal": _compare("ole"),
    "equal": _compare("oeq"),
    "not_equal": _compare("une"),
    "isnan": lambda a: a.is_("uno", a),
    "isfinite": _is_finite,
    "isinf": lambda a: abs(a).is_("oeq", np.inf),
    "logical_and": _logical("and"),
    "logical_or": _logical("or"),
    "logical_xor": _logical("xor"),
    "logical_not": _not,
    "bitwise_and": _logical("and"),
    "bitwise_or": _logical("or"),
    "bitwise_xor": _logical("xor"),
    "invert": _not,
    "where": Term.choose,
}
"""NumPy's elementwise functions, by their names there."""

LOGICAL = frozenset(
    {f"{kind}_{name}" for kind in ("logical", "bitwise") for name in ("and", "or", "xor")}
    | {"logical_not", "invert"}
)
"""Those of truth values."""


def working_type(statement: Elementwise) -> str:
    """The type that a statement computes in: its result's, or of truth its operands'."""
    result = statement.out.buffer.dtype
    dtypes = [result] if result.kind == "f" else [ref.buffer.dtype for ref in statement.reads]
    floats = {TYPES[dtype.name] for dtype in dtypes if dtype.kind == "f"}
    return "float" if floats == {"float"} else "double"


def write_loop(writer: Writer, loop: Loop, pointer: Pointer) -> None:
    """Writes the code of a loop, in vectors along the last axis of those that can't be joined."""
    shape = loop.body[0].out.shape
    refs = list(dict.fromkeys([*loop.reads, *loop.stored]))
    lengths, joined = joined_axes(shape, [ref.strides for ref in refs])
    strides = dict(zip(refs, joined, strict=True))
    if (source := _transposing(loop, strides)) is not None:
        _write_transposing(writer, source, loop.stored[0], lengths, strides, pointer)
        return

    def element(places: Sequence[Index], lanes: int, used: int) -> None:
        known: dict[Ref, Term] = {}

        def value(x: Operand, type_: str) -> Term:
            if not isinstance(x, Ref):
                return writer.constant(x, type_, lanes)
            if x not in known:
                parts = list(zip(places, strides[x], strict=True))
                known[x] = load(writer, x, pointer, parts, lanes, used)
            return known[x]

        for statement in loop.body:
            known[statement.out] = _result(statement, value)
        for ref in loop.stored:
            term = known[ref].to(TYPES[ref.buffer.dtype.name])
            parts = list(zip(places, strides[ref], strict=True))
            store(writer, term, ref, pointer, parts, used)

    nest(writer, lengths, working_type(loop.body[0]), element)


def _result(statement: Elementwise, value: Callable[[Operand, str], Term]) -> Term:
    """The result of one statement at one place, given what its operands are there."""
    type_, operands = working_type(statement), statement.operands
    if statement.function in LOGICAL:
        return FUNCTIONS[statement.function](*(value(x, type_).to("i1") for x in operands))
    if statement.function == "where":
        condition, *choices = operands
        chosen = [value(x, type_).to(type_) for x in choices]
        return value(condition, type_).to("i1").choose(*chosen)
    if statement.function == "power" and isinstance(operands[1], float):
        # Known, so that it can be a product.
        return FUNCTIONS["power"](value(operands[0], type_).to(type_), operands[1])
    return FUNCTIONS[statement.function](*(value(x, type_).to(type_) for x in operands))


def _transposing(loop: Loop, strides: Mapping[Ref, Shape]) -> Ref | None:
    """What a loop only copies, row by row into columns; None if it does anything else."""
    first = loop.body[0]
    if len(loop.body) > 1 or first.function != "positive" or not loop.reads:
        return None
    (source,) = loop.reads
    if len(strides[source]) < 2 or source.buffer.dtype != first.out.buffer.dtype:
        return None
    turned = strides[source][-2] == 1 != strides[source][-1] and strides[first.out][-1] == 1
    return source if turned and source.buffer.dtype.kind == "f" else None


def _write_transposing(
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


# --- What other loops use too -------------------------------------------------------------------


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
