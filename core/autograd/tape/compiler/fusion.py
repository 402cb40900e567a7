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
        if len(others) != 1 or not isinstance(others[0], Ref) or addition.out.shape != product.out.shape:
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
    """Statements in their order; elementwise ones in the last group that they may join."""

    def __init__(self) -> None:
        self._items: list[list[Elementwise] | Statement] = []
        self._latest: dict[object, int] = {}
        self._written: dict[Buffer, int] = {}
        self._read: dict[Buffer, int] = {}

    def add(self, statement: Statement) -> None:
        number = len(self._items)
        if isinstance(statement, Elementwise):
            kind = (statement.out.shape, working_type(statement))
            number = self._latest.get(kind, -1)
            if self._may_join(statement, number):
                group = self._items[number]
                assert isinstance(group, list)
                group.append(statement)
            else:
                number = self._latest[kind] = len(self._items)
                self._items.append([statement])
        else:
            self._items.append(statement)
        for ref in statement.reads:
            self._read[ref.buffer] = max(self._read.get(ref.buffer, -1), number)
        for ref in statement.writes:
            self._written[ref.buffer] = max(self._written.get(ref.buffer, -1), number)

    def _may_join(self, statement: Elementwise, number: int) -> bool:
        """Whether nothing that must come before a statement comes after a group."""
        if number < 0:
            return False
        group = self._items[number]
        assert isinstance(group, list)
        made = {other.out for other in group}
        read = {ref for other in group for ref in other.reads}
        for ref in statement.reads:
            written = self._written.get(ref.buffer, -1)
            # Inside the group only the same element is there.
            if written > number or (written == number and ref not in made):
                return False
        out = statement.out
        last = max(self._written.get(out.buffer, -1), self._read.get(out.buffer, -1))
        if last > number:
            return False
        return last < number or all(
            ref == out for ref in read if ref.buffer is out.buffer
        ) and out.buffer not in {ref.buffer for ref in made}

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


def _is_needed(out: Ref, readers: dict[Buffer, set[int]], number: int) -> bool:
    return out.buffer.array is not None or bool(readers.get(out.buffer, set()) - {number})
