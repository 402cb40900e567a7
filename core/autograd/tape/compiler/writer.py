"""Writing LLVM's assembly: instructions, loops, loads and stores.

Reference: https://llvm.org/docs/LangRef.html.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from .llvm_types import SUFFIXES, Target, literal, mask, repeated, size_of, vector_type
from .term import Term

Index: TypeAlias = int | str
"""A place counted in elements: known now, or the name of what computes it."""


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
                self, self.op(f"load {vector}, ptr {address}, align {size_of(type_)}"), type_, lanes
            )
        name = self.call(
            f"llvm.masked.load.v{lanes}{SUFFIXES.get(type_, type_)}.p0",
            vector,
            ("ptr", address),
            ("i32", str(size_of(type_))),
            (f"<{lanes} x i1>", mask(lanes, used)),
            (vector, "zeroinitializer"),
        )
        return Term(self, name, type_, lanes)

    def store(self, term: Term, pointer: str, place: Index, used: int = 1) -> None:
        """Writes one element, or the first ones of a vector."""
        address = self.address(pointer, term.scalar, place)
        align = size_of(term.scalar)
        if term.lanes == used or term.lanes == 1:
            self.do(f"store {term.type} {term.name}, ptr {address}, align {align}")
            return
        self.call(
            f"llvm.masked.store.v{term.lanes}{SUFFIXES.get(term.scalar, term.scalar)}.p0",
            "void",
            (term.type, term.name),
            ("ptr", address),
            ("i32", str(align)),
            (f"<{term.lanes} x i1>", mask(term.lanes, used)),
        )

    def constant(self, number: float, scalar: str, lanes: int = 1) -> Term:
        """A number, or a vector that repeats it."""
        return Term(self, repeated(literal(number, scalar), scalar, lanes), scalar, lanes)

    def vector(self, terms: Sequence[Term]) -> Term:
        """A vector of single numbers."""
        type_, name = vector_type(terms[0].scalar, len(terms)), "poison"
        for lane, term in enumerate(terms):
            name = self.op(f"insertelement {type_} {name}, {term.scalar} {term.name}, i32 {lane}")
        return Term(self, name, terms[0].scalar, len(terms))
