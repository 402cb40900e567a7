"""Writing LLVM's assembly: instructions, loops, and terms that read like arithmetic.

A `Term` is a number that the code will compute, or a vector of them; `a * b + 1.0` on terms writes
a multiplication and an addition. Reference: https://llvm.org/docs/LangRef.html.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Index: TypeAlias = int | str
"""A place counted in elements: known now, or the name of what computes it."""

TYPES = {"float64": "double", "float32": "float", "bool": "i8", "int64": "i64"}
"""What NumPy's types are called here, in memory."""

_SUFFIXES = {"double": "f64", "float": "f32"}


@dataclass(frozen=True, slots=True)
class Target:
    """What the compiler has to know of the processor.

    Attributes:
        vector_bytes: The width of its vector registers.
        n_registers: How many of them it has.
    """

    vector_bytes: int
    n_registers: int

    def lanes(self, type_: str) -> int:
        """How many numbers fit into a vector register."""
        return self.vector_bytes // (4 if type_ == "float" else 8)


class Writer:
    """Writes one function.

    Attributes:
        target: The processor it is for.
        declarations: What it calls, as lines of the module.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.declarations: set[str] = set()
        self._lines: list[str] = []
        self._count = 0
        self._label = "entry"

    def text(self) -> str:
        """The instructions so far."""
        return "\n".join(self._lines)

    # --- Instructions -----------------------------------------------------------------------------

    def op(self, instruction: str) -> str:
        """Writes an instruction with a result, and returns its name."""
        self._count += 1
        name = f"%v{self._count}"
        self._lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Writes an instruction without a result."""
        self._lines.append(f"  {instruction}")

    def label(self, name: str) -> None:
        """Begins a block."""
        self._lines.append(f"{name}:")
        self._label = name

    def new_label(self, name: str) -> str:
        """A name for a block."""
        self._count += 1
        return f"{name}{self._count}"

    def call(self, function: str, result: str, *args: tuple[str, str]) -> str:
        """Calls a function with (type, name) arguments, and declares it."""
        self.declarations.add(f"declare {result} @{function}({', '.join(t for t, _ in args)})")
        call = f"call {result} @{function}({', '.join(f'{t} {name}' for t, name in args)})"
        if result != "void":
            return self.op(call)
        self.do(call)
        return ""

    def loop(
        self,
        stop: int,
        step: int,
        body: Callable[[Index, Sequence[Term]], Sequence[Term]],
        carried: Sequence[Term] = (),
        *,
        start: int = 0,
        unroll: bool = False,
    ) -> Sequence[Term]:
        """Writes body(i, carried) for i = start, start + step, ... as long as i + step <= stop.

        Args:
            stop: The end.
            step: From one i to the next.
            body: Returns what it hands to the next pass.
            carried: What the first pass gets.
            start: The first i.
            unroll: Writes the body out for each i.

        Returns:
            What the last pass returned.
        """
        n_passes = max((stop - start) // step, 0)
        if unroll or n_passes <= 1:
            for number in range(n_passes):
                carried = body(start + number * step, carried)
            return carried
        head, end, before = self.new_label("loop"), self.new_label("end"), self._label
        self.do(f"br label %{head}")
        self.label(head)
        # The phis come first, but what they join is known last.
        place = len(self._lines)
        self._count += 1
        i, phis = f"%i{self._count}", []
        for term in carried:
            self._count += 1
            phis.append(Term(self, f"%p{self._count}", term.scalar, term.lanes))
        results = body(i, phis)
        following = self.op(f"add nuw nsw i64 {i}, {step}")
        more = self.op(f"icmp ult i64 {following}, {start + n_passes * step}")
        self.do(f"br i1 {more}, label %{head}, label %{end}")
        lines = [f"  {i} = phi i64 [ {start}, %{before} ], [ {following}, %{self._label} ]"]
        for phi, first, next_ in zip(phis, carried, results, strict=True):
            lines.append(
                f"  {phi.name} = phi {phi.type} "
                f"[ {first.name}, %{before} ], [ {next_.name}, %{self._label} ]"
            )
        self._lines[place:place] = lines
        self.label(end)
        return results

    def for_each(
        self,
        stop: int,
        step: int,
        body: Callable[[Index], object],
        *,
        start: int = 0,
        unroll: bool = False,
    ) -> None:
        """As `loop`, with nothing handed on."""

        def pass_(i: Index, _: Sequence[Term]) -> Sequence[Term]:
            body(i)
            return ()

        self.loop(stop, step, pass_, start=start, unroll=unroll)

    def fallback(self, needed: str, usual: Term, otherwise: Callable[[], Term]) -> Term:
        """A term, or another one where a condition (the name of an i1) holds."""
        before, rare, end = self._label, self.new_label("rare"), self.new_label("end")
        self.do(f"br i1 {needed}, label %{rare}, label %{end}")
        self.label(rare)
        other = otherwise()
        after = self._label
        self.do(f"br label %{end}")
        self.label(end)
        joined = f"phi {usual.type} [ {usual.name}, %{before} ], [ {other.name}, %{after} ]"
        return Term(self, self.op(joined), usual.scalar, usual.lanes)

    # --- Memory -----------------------------------------------------------------------------------

    def index(self, *parts: tuple[Index, int]) -> Index:
        """The sum of places times strides."""
        known, name = 0, ""
        for place, stride in parts:
            if isinstance(place, int):
                known += place * stride
            elif stride:
                scaled = place if stride == 1 else self.op(f"mul nsw i64 {place}, {stride}")
                name = self.op(f"add nsw i64 {name}, {scaled}") if name else scaled
        if name and known:
            return self.op(f"add nsw i64 {name}, {known}")
        return name or known

    def address(self, pointer: str, type_: str, place: Index) -> str:
        """Where an element is."""
        if place == 0:
            return pointer
        return self.op(f"getelementptr inbounds {type_}, ptr {pointer}, i64 {place}")

    def load(self, pointer: str, type_: str, place: Index, lanes: int = 1, used: int = 1) -> Term:
        """Reads one element, or several in a row.

        Args:
            pointer: The array's beginning.
            type_: Of an element, in memory.
            place: The first element.
            lanes: The length of the vector.
            used: So many elements are read; the others of the vector are 0.
        """
        address, vector = self.address(pointer, type_, place), vector_type(type_, lanes)
        if lanes == used or lanes == 1:
            return Term(
                self, self.op(f"load {vector}, ptr {address}, align {_size(type_)}"), type_, lanes
            )
        name = self.call(
            f"llvm.masked.load.v{lanes}{_SUFFIXES.get(type_, type_)}.p0",
            vector,
            ("ptr", address),
            ("i32", str(_size(type_))),
            (f"<{lanes} x i1>", _mask(lanes, used)),
            (vector, "zeroinitializer"),
        )
        return Term(self, name, type_, lanes)

    def store(self, term: Term, pointer: str, place: Index, used: int = 1) -> None:
        """Writes one element, or the first ones of a vector."""
        address = self.address(pointer, term.scalar, place)
        align = _size(term.scalar)
        if term.lanes == used or term.lanes == 1:
            self.do(f"store {term.type} {term.name}, ptr {address}, align {align}")
            return
        self.call(
            f"llvm.masked.store.v{term.lanes}{_SUFFIXES.get(term.scalar, term.scalar)}.p0",
            "void",
            (term.type, term.name),
            ("ptr", address),
            ("i32", str(align)),
            (f"<{term.lanes} x i1>", _mask(term.lanes, used)),
        )

    def constant(self, number: float, scalar: str, lanes: int = 1) -> Term:
        """A number, or a vector that repeats it."""
        return Term(self, _repeated(_literal(number, scalar), scalar, lanes), scalar, lanes)

    def vector(self, terms: Sequence[Term]) -> Term:
        """A vector of single numbers."""
        type_, name = vector_type(terms[0].scalar, len(terms)), "poison"
        for lane, term in enumerate(terms):
            name = self.op(f"insertelement {type_} {name}, {term.scalar} {term.name}, i32 {lane}")
        return Term(self, name, terms[0].scalar, len(terms))


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
            f"llvm.{name}.{shape}{_SUFFIXES[self.scalar]}",
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
            return Term(self.writer, _repeated(self.name, self.scalar, lanes), self.scalar, lanes)
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


def vector_type(scalar: str, lanes: int) -> str:
    """The type of a vector, or of a plain number."""
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


def _size(type_: str) -> int:
    return {"double": 8, "float": 4, "i64": 8, "i8": 1}[type_]


def _mask(lanes: int, used: int) -> str:
    return f"<{', '.join(f'i1 {int(lane < used)}' for lane in range(lanes))}>"


def _literal(number: float, scalar: str) -> str:
    if scalar not in _SUFFIXES:
        return str(int(number))
    exact = float(np.float32(number)) if scalar == "float" else float(number)
    return f"0x{struct.unpack('<Q', struct.pack('<d', exact))[0]:016X}"


def _repeated(literal: str, scalar: str, lanes: int) -> str:
    if lanes == 1:
        return literal
    return f"<{', '.join([f'{scalar} {literal}'] * lanes)}>"
