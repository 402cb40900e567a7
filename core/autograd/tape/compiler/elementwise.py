"""Code for elementwise statements: those of a loop are computed together for each vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .functions import FUNCTIONS, LOGICAL
from .llvm_types import TYPES
from .loops import Pointer, joined_axes, load, nest, store
from .program import Elementwise, Loop, Operand, Ref
from .term import Term
from .transpose import transposing, write_transposing
from .writer import Index, Writer


def working_type(statement: Elementwise) -> str:
    """The type that a statement computes in: its result's, or of truth its operands'."""
    result = statement.out.buffer.dtype
    dtypes = [result] if result.kind == "f" else [ref.buffer.dtype for ref in statement.reads]
    floats = {TYPES[dtype.name] for dtype in dtypes if dtype.kind == "f"}
    return "float" if floats == {"float"} else "double"


def write_loop(writer: Writer, loop: Loop, pointer: Pointer) -> None:
    """Writes the code of a loop; axes are joined where they can be, the last goes in vectors."""
    shape = loop.body[0].out.shape
    refs = list(dict.fromkeys([*loop.reads, *loop.stored]))
    lengths, joined = joined_axes(shape, [ref.strides for ref in refs])
    strides = dict(zip(refs, joined, strict=True))
    if (source := transposing(loop, strides)) is not None:
        write_transposing(writer, source, loop.stored[0], lengths, strides, pointer)
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
