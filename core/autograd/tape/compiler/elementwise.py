"""Code for loops over elements: what each NumPy function is, and the nest of loops around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import math_functions as m
from .program import Elementwise, Loop, Operand, Ref, Shape
from .writer import TYPES, Index, Term, Writer

Pointer = Callable[[Ref], str]
"""The name of the address where an array begins."""

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
    return lambda a, b: a.to("i1").logical(operation, b.to("i1"))


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
    "logical_not": lambda a: a.to("i1").logical("xor", 1),
    "bitwise_and": _logical("and"),
    "bitwise_or": _logical("or"),
    "bitwise_xor": _logical("xor"),
    "invert": lambda a: a.to("i1").logical("xor", 1),
    "where": lambda condition, a, b: condition.to("i1").choose(a, b),
}
"""NumPy's elementwise functions by their names there."""


def working_type(statement: Elementwise) -> str:
    """The type that a statement computes in: that of its result, of its operands for truth."""
    dtypes = {ref.buffer.dtype for ref in (*statement.reads, statement.out)}
    if statement.out.buffer.dtype.kind == "f":
        dtypes = {statement.out.buffer.dtype}
    return "float" if np.dtype(np.float32) in dtypes and np.dtype(np.float64) not in dtypes else "double"


def write_loop(writer: Writer, loop: Loop, pointer: Pointer) -> None:
    """Writes the code of a loop, in vectors along the last axis of what axes can be joined to."""
    shape = loop.body[0].out.shape
    refs = list(dict.fromkeys([*loop.reads, *loop.stored]))
    lengths, strides = joined_axes(shape, [ref.strides for ref in refs])
    by_ref = dict(zip(refs, strides, strict=True))
    type_ = working_type(loop.body[0])
    if (source := _transposing(loop, by_ref)) is not None:
        _write_transposing(writer, source, loop.stored[0], lengths, by_ref, pointer)
        return

    def element(places: Sequence[Index], lanes: int, used: int) -> None:
        values: dict[Ref, Term] = {}

        def value(x: Operand, working: str) -> Term:
            if not isinstance(x, Ref):
                return writer.constant(x, working, lanes)
            if x not in values:
                parts = list(zip(places, by_ref[x], strict=True))
                values[x] = load(writer, x, pointer, parts, lanes, used)
            term = values[x]
            return term if term.scalar == "i1" else term.to(working)

        for statement in loop.body:
            values[statement.out] = compute(statement, value)
        for ref in loop.stored:
            term = values[ref].to(TYPES[ref.buffer.dtype.name])
            store(writer, term, ref, pointer, list(zip(places, by_ref[ref], strict=True)), used)

    nest(writer, lengths, type_, element)


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
    """The columns of a square of numbers, given its rows: the first half is shuffled into the
    second like cards, as often as it takes to come round.
    """
    n = len(vectors)
    cards = [lane for pair in zip(range(n), range(n, 2 * n), strict=True) for lane in pair]
    for _ in range(n.bit_length() - 1):
        pairs = zip(vectors[: n // 2], vectors[n // 2 :], strict=True)
        vectors = [x.shuffled(y, part) for x, y in pairs for part in (cards[:n], cards[n:])]
    return vectors


def compute(statement: Elementwise, value: Callable[[Operand, str], Term]) -> Term:
    """The result of one statement at one place."""
    type_ = working_type(statement)
    if statement.function == "power" and isinstance(statement.operands[1], float):
        base = value(statement.operands[0], type_)
        return FUNCTIONS["power"](_number(base, type_), statement.operands[1])
    operands = [value(x, type_) for x in statement.operands]
    if statement.function not in ("where", "positive"):
        operands = [_number(x, type_) for x in operands]
    elif statement.out.buffer.dtype.kind == "f":
        operands = [x if place == 0 < len(operands) - 1 else _number(x, type_) for place, x in enumerate(operands)]
    return FUNCTIONS[statement.function](*operands)


def _number(x: Term, type_: str) -> Term:
    return x.to(type_)


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


def each(
    writer: Writer, lengths: Shape, body: Callable[[tuple[Index, ...]], Any]
) -> None:
    """Loops over all axes."""

    def level(axis: int, places: tuple[Index, ...]) -> None:
        if axis == len(lengths):
            body(places)
        else:
            writer.loop(lengths[axis], 1, lambda i, _: level(axis + 1, (*places, i)) or ())

    level(0, ())


def in_vectors(
    writer: Writer, length: int, type_: str, body: Callable[[Index, int, int], Any]
) -> None:
    """Writes body(place, lanes, used) for a row of elements: whole vectors, then what is left."""
    full = writer.target.lanes(type_)
    unroll = length // full <= FEW_PASSES
    writer.loop(length, full, lambda i, _: body(i, full, full) or (), unroll=unroll)
    if rest := length % full:
        body(length - rest, lanes_for(rest), rest)


def lanes_for(n: int) -> int:
    """The shortest vector for some numbers."""
    return 1 << (n - 1).bit_length()


def load(
    writer: Writer,
    ref: Ref,
    pointer: Pointer,
    parts: Sequence[tuple[Index, int]],
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
    parts: Sequence[tuple[Index, int]],
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
