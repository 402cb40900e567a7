"""Fusion: fewer passes over memory, without a change of what is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .elementwise import working_type
from .program import Buffer, Elementwise, Loop, Product, Ref, Statement


def fuse(statements: Sequence[Statement]) -> list[Statement]:
    """Elementwise statements of one shape become loops; a product starts from what is added to it.

    Args:
        statements: In order; each scratch buffer is written by one of them.
    """
    return _joined_loops(_started_products(statements))


# --- Products -----------------------------------------------------------------------------------


def _started_products(statements: Sequence[Statement]) -> list[Statement]:
    """Products that begin with the row that the next statement would add."""
    readers: dict[Buffer, list[int]] = {}
    writers: dict[Buffer, list[int]] = {}
    for number, statement in enumerate(statements):
        for ref in statement.reads:
            readers.setdefault(ref.buffer, []).append(number)
        for ref in statement.writes:
            writers.setdefault(ref.buffer, []).append(number)
    result: list[Statement | None] = list(statements)
    for number, product in enumerate(statements):
        if not isinstance(product, Product) or product.out.buffer.array is not None:
            continue
        readers_of_it = readers.get(product.out.buffer, [])
        addition = statements[readers_of_it[0]] if len(readers_of_it) == 1 else None
        if not isinstance(addition, Elementwise) or addition.function != "add":
            continue
        others = [x for x in addition.operands if x != product.out]
        if (
            len(others) != 1
            or not isinstance(others[0], Ref)
            or addition.out.shape != product.out.shape
        ):
            continue
        start = others[0]
        is_ready = all(place < number for place in writers.get(start.buffer, []))
        is_in_place = addition.out.buffer.array is not None
        if is_ready and not is_in_place and start.buffer.dtype == product.out.buffer.dtype:
            result[number] = replace(product, out=addition.out, start=start)
            result[readers_of_it[0]] = None
    return [statement for statement in result if statement is not None]


# --- Loops --------------------------------------------------------------------------------------


def _joined_loops(statements: Sequence[Statement]) -> list[Statement]:
    groups = _Groups()
    for statement in statements:
        groups.add(statement)
    return groups.statements()


class _Groups:
    """Statements in their order; elementwise ones in the last group that they may join.

    An elementwise statement waits until its result is read: it joins the group of its reader, so
    that what it reads and what it makes need not go through memory.
    """

    def __init__(self) -> None:
        self._items: list[list[Elementwise] | Statement] = []
        self._waiting: dict[Buffer, Elementwise] = {}
        self._latest: dict[object, int] = {}
        self._written: dict[Buffer, int] = {}
        self._read: dict[Buffer, int] = {}

    def add(self, statement: Statement) -> None:
        """Takes the next statement."""
        if isinstance(statement, Elementwise) and statement.out.buffer.array is None:
            self._waiting[statement.out.buffer] = statement
            return
        # What reads a buffer does not wait until that is written over.
        written = {ref.buffer for ref in statement.writes}
        for waiting in list(self._waiting.values()):
            if written & {ref.buffer for ref in waiting.reads}:
                self._end_waiting(waiting)
        if isinstance(statement, Elementwise):
            self._place_with_producers(statement)
            return
        for ref in statement.reads:
            if ref.buffer in self._waiting:
                self._end_waiting(self._waiting[ref.buffer])
        self._note(statement, len(self._items))
        self._items.append(statement)

    def _end_waiting(self, statement: Elementwise) -> None:
        if self._waiting.pop(statement.out.buffer, None) is not None:
            self._place_with_producers(statement)

    def _place_with_producers(self, statement: Elementwise) -> None:
        """Puts a statement and the waiting ones that it reads from into one loop."""
        while True:
            members = self._members(statement)
            made = {member.out for member in members}
            read = [ref for member in members for ref in member.reads]
            # What is made otherwise, or read at another element, has to be there before.
            outside = [x for x in read if x.buffer in self._waiting and x not in made]
            if not outside:
                break
            self._end_waiting(self._waiting[outside[0].buffer])
        for member in members[:-1]:
            del self._waiting[member.out.buffer]
        self._place(members)

    def _members(self, statement: Elementwise) -> list[Elementwise]:
        """A statement after the waiting ones that may be in its loop because it needs them."""
        chosen = {statement}
        unseen = [statement]
        while unseen:
            for ref in unseen.pop().reads:
                producer = self._waiting.get(ref.buffer)
                if producer is None or producer in chosen or producer.out != ref:
                    continue
                if _kind(producer) == _kind(statement):
                    chosen.add(producer)
                    unseen.append(producer)
        return [*(x for x in self._waiting.values() if x in chosen), statement]

    def _place(self, members: list[Elementwise]) -> None:
        kind = _kind(members[0])
        number = self._latest.get(kind, -1)
        group = self._items[number] if number >= 0 else None
        if not isinstance(group, list) or not self._may_join(members, number, group):
            number = self._latest[kind] = len(self._items)
            self._items.append(group := [])
        for statement in members:
            group.append(statement)
            self._note(statement, number)

    def _note(self, statement: Statement, number: int) -> None:
        for ref in statement.reads:
            self._read[ref.buffer] = max(self._read.get(ref.buffer, -1), number)
        for ref in statement.writes:
            self._written[ref.buffer] = max(self._written.get(ref.buffer, -1), number)

    def _may_join(self, members: list[Elementwise], number: int, group: list[Elementwise]) -> bool:
        """Whether nothing that must come before the members comes after a group."""
        made = {other.out for other in (*group, *members)}
        read = {ref for other in group for ref in other.reads}
        for ref in (ref for statement in members for ref in statement.reads):
            written = self._written.get(ref.buffer, -1)
            # Inside the group only the same element is there.
            if written > number or (written == number and ref not in made):
                return False
        for out in (statement.out for statement in members):
            last = max(self._written.get(out.buffer, -1), self._read.get(out.buffer, -1))
            if last > number or any(
                ref.buffer is out.buffer for other in group for ref in [other.out]
            ):
                return False
            if any(ref != out for ref in read if ref.buffer is out.buffer):
                return False
        return True

    def statements(self) -> list[Statement]:
        """All of them, the groups as loops that store what others need."""
        readers: dict[Buffer, set[int]] = {}
        for number, item in enumerate(self._items):
            for statement in item if isinstance(item, list) else [item]:
                for ref in statement.reads:
                    readers.setdefault(ref.buffer, set()).add(number)
        return [
            Loop(item, [x.out for x in item if _is_needed(x.out, readers, number)])
            if isinstance(item, list)
            else item
            for number, item in enumerate(self._items)
        ]


def _kind(statement: Elementwise) -> tuple[object, ...]:
    """Statements of one kind may share a loop."""
    return statement.out.shape, working_type(statement)


def _is_needed(out: Ref, readers: dict[Buffer, set[int]], number: int) -> bool:
    return out.buffer.array is not None or bool(readers.get(out.buffer, set()) - {number})
