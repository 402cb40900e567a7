"""Terms: numbers that the code computes, written like arithmetic.

`a * b + 1.0` on terms writes a multiplication and an addition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .llvm_types import SUFFIXES, repeated, vector_type

if TYPE_CHECKING:
    from .writer import Writer


@dataclass(frozen=True, slots=True)
class Term:
    """A number that the code computes, or a vector of them.

    Attributes:
        writer: Writes what is computed from it.
        name: Its name in the code, or itself, if it is a constant.
        scalar: The type of one number: double, float, i64, i1 for truth.
        lanes: The length of the vector; 1 is a plain number.
    """

    writer: Writer
    name: str
    scalar: str
    lanes: int

    @property
    def type(self) -> str:
        """The type of the whole."""
        return vector_type(self.scalar, self.lanes)

    # --- Arithmetic -------------------------------------------------------------------------------

    def __add__(self, other: Term | float) -> Term:
        return self._binary("fadd", self.like(other))

    def __sub__(self, other: Term | float) -> Term:
        return self._binary("fsub", self.like(other))

    def __mul__(self, other: Term | float) -> Term:
        return self._binary("fmul", self.like(other))

    def __truediv__(self, other: Term | float) -> Term:
        return self._binary("fdiv", self.like(other))

    def __rsub__(self, other: float) -> Term:
        return self.like(other) - self

    def __rtruediv__(self, other: float) -> Term:
        return self.like(other) / self

    def __neg__(self) -> Term:
        return self._same(f"fneg {self.type} {self.name}")

    def __abs__(self) -> Term:
        return self.intrinsic("fabs")

    def sqrt(self) -> Term:
        """The square root, rounded correctly."""
        return self.intrinsic("sqrt")

    def times_plus(self, factor: Term | float, summand: Term | float) -> Term:
        """Self * factor + summand, rounded once where the processor can."""
        return self.intrinsic("fmuladd", self.like(factor), self.like(summand))

    def with_sign_of(self, other: Term) -> Term:
        """The absolute value, with another's sign."""
        return self.intrinsic("copysign", other)

    def intrinsic(self, name: str, *others: Term) -> Term:
        """One of LLVM's own functions."""
        shape = f"v{self.lanes}" if self.lanes > 1 else ""
        result = self.writer.call(
            f"llvm.{name}.{shape}{SUFFIXES[self.scalar]}",
            self.type,
            *((x.type, x.name) for x in (self, *others)),
        )
        return Term(self.writer, result, self.scalar, self.lanes)

    # --- Comparisons and choice -------------------------------------------------------------------

    def is_(self, relation: str, other: Term | float) -> Term:
        """A comparison; LLVM's relations: ogt, oeq, une, with u instead of o true for nan too."""
        name = self.writer.op(f"fcmp {relation} {self.type} {self.name}, {self.like(other).name}")
        return Term(self.writer, name, "i1", self.lanes)

    def choose(self, a: Term, b: Term | float) -> Term:
        """Where this truth value holds one thing, else another."""
        return a._same(
            f"select {self.type} {self.name}, {a.type} {a.name}, {a.type} {a.like(b).name}"
        )

    def bounded(self, low: float, high: float) -> Term:
        """Not below one number, not above another; nan stays nan."""
        raised = self.is_("olt", low).choose(self.like(low), self)
        return raised.is_("ogt", high).choose(raised.like(high), raised)

    def logical(self, operation: str, other: Term | int) -> Term:
        """An operation of whole numbers or truth values: and, or, xor, add, shl, lshr, ashr."""
        if isinstance(other, int):
            other = self.like(other)
        return self._same(f"{operation} {self.type} {self.name}, {other.name}")

    def holds_somewhere(self) -> str:
        """The name of an i1: whether this truth value holds in any lane."""
        if self.lanes == 1:
            return self.name
        bits = self.writer.op(f"bitcast {self.type} {self.name} to i{self.lanes}")
        return self.writer.op(f"icmp ne i{self.lanes} {bits}, 0")

    # --- Types ------------------------------------------------------------------------------------

    def like(self, x: Term | float) -> Term:
        """A number as a constant of this type."""
        return x if isinstance(x, Term) else self.writer.constant(x, self.scalar, self.lanes)

    def bits(self) -> Term:
        """The bits of a double, as a whole number."""
        return self._cast("bitcast", "i64")

    def number_of_bits(self) -> Term:
        """The double that has these bits."""
        return self._cast("bitcast", "double")

    def to(self, scalar: str) -> Term:
        """The same number in another type; truth values are 1 and 0."""
        if scalar == self.scalar:
            return self
        if self.scalar == "i8":
            return self._truth().to(scalar)
        if self.scalar == "i1":
            if scalar == "i8":
                return self._cast("zext", scalar)
            one = self.writer.constant(1.0, scalar, self.lanes)
            return self.choose(one, 0.0)
        if scalar in ("i1", "i8"):
            return self.is_("une", 0.0).to(scalar)
        if self.scalar == "i64":
            return self._cast("sitofp", scalar)
        return self._cast("fpext" if scalar == "double" else "fptrunc", scalar)

    def splat(self, lanes: int) -> Term:
        """A vector that repeats a number."""
        if lanes == 1:
            return self
        if not self.name.startswith("%"):
            return Term(self.writer, repeated(self.name, self.scalar, lanes), self.scalar, lanes)
        type_ = vector_type(self.scalar, lanes)
        first = self.writer.op(f"insertelement {type_} poison, {self.scalar} {self.name}, i32 0")
        return Term(
            self.writer,
            self.writer.op(
                f"shufflevector {type_} {first}, {type_} poison, <{lanes} x i32> zeroinitializer"
            ),
            self.scalar,
            lanes,
        )

    def lane(self, number: int) -> Term:
        """One number of a vector."""
        if self.lanes == 1:
            return self
        name = self.writer.op(f"extractelement {self.type} {self.name}, i32 {number}")
        return Term(self.writer, name, self.scalar, 1)

    def shuffled(self, other: Term, lanes: Sequence[int]) -> Term:
        """The numbers of two vectors in another order; those of the second come after the first."""
        if len(lanes) == 1:
            (lane,) = lanes
            return self.lane(lane) if lane < self.lanes else other.lane(lane - self.lanes)
        mask = ", ".join(f"i32 {lane}" for lane in lanes)
        name = self.writer.op(
            f"shufflevector {self.type} {self.name}, {other.type} {other.name}, "
            f"<{len(lanes)} x i32> <{mask}>"
        )
        return Term(self.writer, name, self.scalar, len(lanes))

    def _truth(self) -> Term:
        zero = self.writer.constant(0, "i8", self.lanes)
        name = self.writer.op(f"icmp ne {self.type} {self.name}, {zero.name}")
        return Term(self.writer, name, "i1", self.lanes)

    def _cast(self, cast: str, scalar: str) -> Term:
        type_ = vector_type(scalar, self.lanes)
        name = self.writer.op(f"{cast} {self.type} {self.name} to {type_}")
        return Term(self.writer, name, scalar, self.lanes)

    def _binary(self, operation: str, other: Term) -> Term:
        return self._same(f"{operation} {self.type} {self.name}, {other.name}")

    def _same(self, instruction: str) -> Term:
        return Term(self.writer, self.writer.op(instruction), self.scalar, self.lanes)
