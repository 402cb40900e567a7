"""Code: a program as one module of LLVM's assembly, with the function that runs its steps.

Each statement becomes a function of the addresses of its arrays; statements alike share one. A
step calls them in order, and `run` takes many steps:

    i64 run(i64 steps, ptr addresses, ptr scratch, ptr control, ptr stop)

It returns how many steps were finished. Addresses has those of the arrays outside, control the
whole numbers that `Control` names; stop points at a whole number that ends the run if it is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .elementwise import write_loop
from .memory import Memory, lay_out
from .moves import write_move
from .products import plan, write_product
from .program import Buffer, Loop, Move, Product, Reduction, Ref, Statement
from .reductions import write_reduction
from .writer import TYPES, Target, Writer


class Control(IntEnum):
    """The places in the array of control numbers."""

    BATCH = 0
    """The place in its epoch of the first step."""
    N_BATCHES = 1
    """So many steps make an epoch."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step does.

    Attributes:
        before: Statements; they compute `loss`.
        loss: If it is not finite, the step ends here, and the run with it. None: no such check.
        after: Statements that follow then.
        rows: So many rows of the order it uses up.
    """

    before: Sequence[Statement]
    loss: Ref | None = None
    after: Sequence[Statement] = ()
    rows: int = 0


class CodeGenerator:
    """Writes modules for one processor."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._functions: dict[str, str] = {}
        self._declarations: set[str] = set()
        self._texts: list[str] = []
        self.scratch_bytes = 0

    def add_run(self, name: str, memory: Memory, step: Step, last: Step | None = None) -> None:
        """Adds a function that takes many steps.

        Args:
            name: What it is called.
            memory: Where the arrays outside are.
            step: What each step does.
            last: What the last step of an epoch does instead.
        """
        for suffix, each in (("step", step), ("last", last)):
            if each is not None:
                self._add_step(f"{name}.{suffix}", memory, each)
        self._texts.append(_run_text(name, step, last))

    def module(self) -> str:
        """The assembly of everything added."""
        return "\n".join([*sorted(self._declarations), *self._functions_text(), *self._texts])

    def _functions_text(self) -> list[str]:
        return [
            f"define internal void @{name}{text}" for text, name in self._functions.items()
        ]

    def _add_step(self, name: str, memory: Memory, step: Step) -> None:
        before, after = (
            [
                planned
                for statement in part
                for planned in (
                    plan(statement, self._target) if isinstance(statement, Product) else [statement]
                )
            ]
            for part in (step.before, step.after)
        )
        places, size = lay_out([*before, *after])
        self.scratch_bytes = max(self.scratch_bytes, size)
        writer = Writer(self._target)
        addresses = _Addresses(writer, memory, places)
        for statement in before:
            self._call(writer, statement, addresses)
        if step.loss is not None:
            _leave_if_not_finite(writer, step.loss, addresses)
        for statement in after:
            self._call(writer, statement, addresses)
        self._declarations |= writer.declarations
        self._texts.append(
            f"define internal i1 @{name}(ptr %addresses, ptr %scratch, i64 %step, i64 %row) "
            f"{{\nentry:\n{addresses.text()}\n{writer.text()}\n  ret i1 true\n}}"
        )

    def _call(self, writer: Writer, statement: Statement, addresses: _Addresses) -> None:
        inner = Writer(self._target)
        names: dict[Ref, str] = {}

        def pointer(ref: Ref) -> str:
            return names.setdefault(ref, f"%a{len(names)}")

        _write(inner, statement, pointer)
        parameters = ", ".join(f"ptr {name}" for name in names.values())
        text = f"({parameters}) {{\nentry:\n{inner.text()}\n  ret void\n}}"
        self._declarations |= inner.declarations
        function = self._functions.setdefault(text, f"statement{len(self._functions)}")
        arguments = ", ".join(f"ptr {addresses.of(ref)}" for ref in names)
        writer.do(f"call void @{function}({arguments})")


def _write(writer: Writer, statement: Statement, pointer) -> None:
    match statement:
        case Loop():
            write_loop(writer, statement, pointer)
        case Product():
            write_product(writer, statement, pointer)
        case Reduction():
            write_reduction(writer, statement, pointer)
        case Move():
            write_move(writer, statement, pointer)


class _Addresses:
    """The addresses of the arrays of a step; each buffer's is made once, at its beginning."""

    def __init__(self, writer: Writer, memory: Memory, places: Mapping[Buffer, int]) -> None:
        self._writer = writer
        self._places = places
        self._numbers = {buffer: number for number, buffer in enumerate(memory.buffers)}
        self._lines: dict[Buffer, list[str]] = {}

    def text(self) -> str:
        """The instructions that make them."""
        return "\n".join(line for lines in self._lines.values() for line in lines)

    def of(self, ref: Ref) -> str:
        """The name of where an array begins."""
        if ref.buffer not in self._lines:
            self._lines[ref.buffer] = self._begin(ref.buffer)
        name = self._name(ref.buffer)
        return self._writer.address(name, TYPES[ref.buffer.dtype.name], ref.offset)

    def _name(self, buffer: Buffer) -> str:
        return f"%buffer{list(self._lines).index(buffer)}"

    def _begin(self, buffer: Buffer) -> list[str]:
        name = f"%buffer{len(self._lines)}"
        type_ = TYPES[buffer.dtype.name]
        if buffer.array is None:
            place = self._places[buffer]
            return [f"  {name} = getelementptr inbounds i8, ptr %scratch, i64 {place}"]
        number = self._numbers[buffer]
        if not buffer.advance:
            return [
                f"  {name}.at = getelementptr inbounds ptr, ptr %addresses, i64 {number}",
                f"  {name} = load ptr, ptr {name}.at",
            ]
        passed = "%row" if buffer.advance == BY_ROW else "%step"
        factor = 1 if buffer.advance == BY_ROW else buffer.advance
        return [
            f"  {name}.at = getelementptr inbounds ptr, ptr %addresses, i64 {number}",
            f"  {name}.start = load ptr, ptr {name}.at",
            f"  {name}.by = mul i64 {passed}, {factor}",
            f"  {name} = getelementptr inbounds {type_}, ptr {name}.start, i64 {name}.by",
        ]


BY_ROW = -1
"""The advance of a buffer that begins at the step's place in the order of rows."""


def _leave_if_not_finite(writer: Writer, loss: Ref, addresses: _Addresses) -> None:
    number = writer.load(addresses.of(loss), TYPES[loss.buffer.dtype.name], 0)
    is_finite = (number - number).is_("oeq", 0.0)
    good, bad = writer.new_label("finite"), writer.new_label("broken")
    writer.do(f"br i1 {is_finite.name}, label %{good}, label %{bad}")
    writer.label(bad)
    writer.do("ret i1 false")
    writer.label(good)


def _run_text(name: str, step: Step, last: Step | None) -> str:
    call = "(ptr %addresses, ptr %scratch, i64 %taken, i64 %row)"
    is_last = "icmp eq i64 %next, %batches" if last else "icmp eq i64 0, 1"
    last_name, last_rows = (f"{name}.last", last.rows) if last else (f"{name}.step", step.rows)
    return f"""
define i64 @{name}(i64 %steps, ptr %addresses, ptr %scratch, ptr %control, ptr %stop.flag) {{
entry:
  %batch.at = getelementptr inbounds i64, ptr %control, i64 {Control.BATCH}
  %batches.at = getelementptr inbounds i64, ptr %control, i64 {Control.N_BATCHES}
  %batches = load i64, ptr %batches.at
  %first.batch = load i64, ptr %batch.at
  br label %head
head:
  %taken = phi i64 [ 0, %entry ], [ %taken.next, %done ]
  %batch = phi i64 [ %first.batch, %entry ], [ %batch.next, %done ]
  %row = phi i64 [ 0, %entry ], [ %row.next, %done ]
  %stop = load atomic volatile i64, ptr %stop.flag monotonic, align 8
  %goes.on = icmp eq i64 %stop, 0
  %is.left = icmp ult i64 %taken, %steps
  %go = and i1 %goes.on, %is.left
  br i1 %go, label %begin, label %end
begin:
  %next = add i64 %batch, 1
  %is.last = {is_last}
  br i1 %is.last, label %last, label %usual
usual:
  %usual.good = call i1 @{name}.step{call}
  br label %judge
last:
  %last.good = call i1 @{last_name}{call}
  br label %judge
judge:
  %good = phi i1 [ %usual.good, %usual ], [ %last.good, %last ]
  br i1 %good, label %done, label %end
done:
  %used = select i1 %is.last, i64 {last_rows}, i64 {step.rows}
  %taken.next = add i64 %taken, 1
  %row.next = add i64 %row, %used
  %is.over = icmp eq i64 %next, %batches
  %batch.next = select i1 %is.over, i64 0, i64 %next
  br label %head
end:
  ret i64 %taken
}}"""
