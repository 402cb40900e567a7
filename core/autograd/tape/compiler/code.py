"""Code: a program as one module of LLVM's assembly, with the function that runs its steps.

Each statement becomes a function of the addresses of its arrays; statements alike share one. A
step calls them in order, and `run` takes steps:

    i64 run(i64 steps, ptr addresses, ptr scratch, ptr control, ptr stop)

It returns how many steps were finished. Addresses has those of the arrays outside, in the order of
`Memory.buffers`; control has the whole numbers that `Control` names; stop points at a whole number
that ends the run before the next step if it is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .elementwise import write_loop
from .llvm_types import TYPES, Target
from .loops import Pointer
from .memory import Memory, lay_out
from .moves import write_move
from .product_plan import planned
from .products import write_product
from .program import BY_ROW, Buffer, Loop, Move, Product, Reduction, Ref, Statement
from .reductions import write_reduction
from .writer import Writer


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
    """Writes a module for one processor.

    Attributes:
        scratch_bytes: How large the scratch memory of its functions is.
    """

    def __init__(self, target: Target) -> None:
        self.scratch_bytes = 0
        self._target = target
        self._names: dict[str, str] = {}
        self._texts: list[str] = []
        self._declarations: set[str] = set()

    def add_run(self, name: str, memory: Memory, step: Step, last: Step | None = None) -> None:
        """Adds a function that takes steps.

        Args:
            name: What it is called.
            memory: Where the arrays outside are.
            step: What each step does.
            last: What the last step of an epoch does instead.
        """
        self._add_step(f"{name}.step", memory, step)
        if last is not None:
            self._add_step(f"{name}.last", memory, last)
        self._texts.append(_run(name, step, last))

    def assembly(self) -> str:
        """The module."""
        statements = (f"define internal void @{name}{text}" for text, name in self._names.items())
        return "\n".join([*sorted(self._declarations), *statements, *self._texts])

    def _add_step(self, name: str, memory: Memory, step: Step) -> None:
        before, after = planned(step.before, self._target), planned(step.after, self._target)
        places, size = lay_out([*before, *after])
        self.scratch_bytes = max(self.scratch_bytes, size)
        writer = Writer(self._target)
        addresses = _Addresses(writer, memory, places)
        for statement in before:
            self._call(writer, statement, addresses)
        if step.loss is not None:
            _leave_unless_finite(writer, step.loss, addresses)
        for statement in after:
            self._call(writer, statement, addresses)
        self._declarations |= writer.declarations
        self._texts.append(
            f"define internal i1 @{name}(ptr %addresses, ptr %scratch, i64 %step, i64 %row) {{\n"
            f"entry:\n{addresses.text()}\n{writer.text()}\n  ret i1 true\n}}"
        )

    def _call(self, writer: Writer, statement: Statement, addresses: _Addresses) -> None:
        """Calls the function of a statement, and writes it unless there is one alike."""
        inside = Writer(self._target)
        names: dict[Ref, str] = {}
        _write(inside, statement, lambda ref: names.setdefault(ref, f"%a{len(names)}"))
        self._declarations |= inside.declarations
        parameters = ", ".join(f"ptr {name}" for name in names.values())
        text = f"({parameters}) {{\nentry:\n{inside.text()}\n  ret void\n}}"
        function = self._names.setdefault(text, f"statement{len(self._names)}")
        arguments = ", ".join(f"ptr {addresses.of(ref)}" for ref in names)
        writer.do(f"call void @{function}({arguments})")


def _write(writer: Writer, statement: Statement, pointer: Pointer) -> None:
    match statement:
        case Loop():
            write_loop(writer, statement, pointer)
        case Product():
            write_product(writer, statement, pointer)
        case Reduction():
            write_reduction(writer, statement, pointer)
        case Move():
            write_move(writer, statement, pointer)
        case _:
            raise TypeError(f"{statement} has to be in a loop")


class _Addresses:
    """The addresses of a step's arrays; where each buffer begins is computed once."""

    def __init__(self, writer: Writer, memory: Memory, places: Mapping[Buffer, int]) -> None:
        self._writer = writer
        self._places = places
        self._numbers = {buffer: number for number, buffer in enumerate(memory.buffers)}
        self._names: dict[Buffer, str] = {}
        self._lines: list[str] = []

    def text(self) -> str:
        """The instructions that compute the beginnings, for the beginning of the step."""
        return "\n".join(self._lines)

    def of(self, ref: Ref) -> str:
        """The name of where an array begins."""
        buffer = ref.buffer
        if buffer not in self._names:
            self._names[buffer] = self._begin(buffer, f"%buffer{len(self._names)}")
        return self._writer.address(self._names[buffer], TYPES[buffer.dtype.name], ref.offset)

    def _begin(self, buffer: Buffer, name: str) -> str:
        if buffer.array is None:
            place = self._places[buffer]
            self._lines.append(f"  {name} = getelementptr inbounds i8, ptr %scratch, i64 {place}")
            return name
        number = self._numbers[buffer]
        self._lines += [
            f"  {name}.at = getelementptr inbounds ptr, ptr %addresses, i64 {number}",
            f"  {name} = load ptr, ptr {name}.at",
        ]
        if not buffer.advance:
            return name
        by_row = buffer.advance == BY_ROW
        passed, each = ("%row", 1) if by_row else ("%step", buffer.advance)
        self._lines += [
            f"  {name}.passed = mul i64 {passed}, {each}",
            f"  {name}.now = getelementptr inbounds {TYPES[buffer.dtype.name]}, ptr {name}, "
            f"i64 {name}.passed",
        ]
        return f"{name}.now"


def _leave_unless_finite(writer: Writer, loss: Ref, addresses: _Addresses) -> None:
    number = writer.load(addresses.of(loss), TYPES[loss.buffer.dtype.name], 0)
    is_finite = (number - number).is_("oeq", 0.0)
    good, bad = writer.new_label("finite"), writer.new_label("broken")
    writer.do(f"br i1 {is_finite.name}, label %{good}, label %{bad}")
    writer.label(bad)
    writer.do("ret i1 false")
    writer.label(good)


def _run(name: str, step: Step, last: Step | None) -> str:
    suffix, last_rows = ("step", step.rows) if last is None else ("last", last.rows)
    arguments = "(ptr %addresses, ptr %scratch, i64 %taken, i64 %row)"
    return f"""
define i64 @{name}(i64 %steps, ptr %addresses, ptr %scratch, ptr %control, ptr %stop) {{
entry:
  %batch.at = getelementptr inbounds i64, ptr %control, i64 {Control.BATCH:d}
  %first.batch = load i64, ptr %batch.at
  %batches.at = getelementptr inbounds i64, ptr %control, i64 {Control.N_BATCHES:d}
  %batches = load i64, ptr %batches.at
  br label %head
head:
  %taken = phi i64 [ 0, %entry ], [ %taken.next, %done ]
  %batch = phi i64 [ %first.batch, %entry ], [ %batch.next, %done ]
  %row = phi i64 [ 0, %entry ], [ %row.next, %done ]
  %stop.now = load atomic volatile i64, ptr %stop monotonic, align 8
  %may = icmp eq i64 %stop.now, 0
  %must = icmp ult i64 %taken, %steps
  %go = and i1 %may, %must
  br i1 %go, label %begin, label %end
begin:
  %following = add i64 %batch, 1
  %is.last = icmp eq i64 %following, %batches
  br i1 %is.last, label %last, label %usual
usual:
  %usual.good = call i1 @{name}.step{arguments}
  br label %judge
last:
  %last.good = call i1 @{name}.{suffix}{arguments}
  br label %judge
judge:
  %good = phi i1 [ %usual.good, %usual ], [ %last.good, %last ]
  br i1 %good, label %done, label %end
done:
  %used = select i1 %is.last, i64 {last_rows}, i64 {step.rows}
  %taken.next = add i64 %taken, 1
  %row.next = add i64 %row, %used
  %batch.next = select i1 %is.last, i64 0, i64 %following
  br label %head
end:
  ret i64 %taken
}}"""
