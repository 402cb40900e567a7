"""`toygrad.records.dataclass` makes the same classes as that of the standard library, sooner."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from toygrad.core.training.config import TrainingConfig
from toygrad.records import dataclass
from toygrad.tui.selection import Link

FORMS: list[dict[str, bool]] = [
    {"frozen": frozen, "slots": slots, "eq": eq}
    for frozen in (False, True)
    for slots in (False, True)
    for eq in (False, True)
]


def both(form: dict[str, bool]) -> tuple[Any, Any]:
    """A class from here and the same from the standard library."""
    return _make(dataclass, form), _make(dataclasses.dataclass, form)


def _make(decorate: Callable[..., Any], form: dict[str, bool]) -> Any:
    @decorate(**form)
    class Base:
        """What the other one inherits from."""

        kind: ClassVar[str] = "base"
        first: int
        second: list[int] = dataclasses.field(default_factory=list, repr=False)

    @decorate(**form)
    class Record(Base):
        """With a field of each sort."""

        third: str = "third"
        hidden: float = dataclasses.field(default=1.0, compare=False)
        last: int = dataclasses.field(default=0, kw_only=True)
        own: int = dataclasses.field(default=7, init=False)

        def __post_init__(self) -> None:
            assert (self.first, self.own) != (-1, 7)

    return Record


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_fields_defaults_and_what_a_record_says_of_itself_are_the_same(
    form: dict[str, bool],
) -> None:
    ours, usual = both(form)
    for make in (ours, usual):
        with pytest.raises(TypeError):
            make()
        with pytest.raises(TypeError):
            make(1, [], "c", 2.0, 3)
        with pytest.raises(AssertionError):
            make(-1)
        assert make(1).second is not make(1).second
    arguments: list[tuple[Any, ...]] = [(1,), (1, [2]), (1, [2], "c", 3.0)]
    for given in arguments:
        mine, theirs = ours(*given, last=4), usual(*given, last=4)
        assert repr(mine) == repr(theirs)
        assert dataclasses.asdict(mine) == dataclasses.asdict(theirs)
        changed = dataclasses.replace(mine, third="other")
        assert dataclasses.asdict(changed) == dataclasses.asdict(
            dataclasses.replace(theirs, third="other")
        )
    assert ours.__match_args__ == usual.__match_args__
    one, other = inspect.signature(ours), inspect.signature(usual)
    for mine, theirs in zip(one.parameters.values(), other.parameters.values(), strict=True):
        assert (mine.name, mine.kind) == (theirs.name, theirs.kind)
        assert (mine.default is mine.empty) == (theirs.default is theirs.empty)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_records_are_equal_hashed_and_frozen_alike(form: dict[str, bool]) -> None:
    ours, usual = both(form)
    assert _facts(ours) == _facts(usual)


def _facts(make: Any) -> list[object]:
    """What a class says of records that are the same, nearly the same, and others."""
    record, same, near, other = make(1, ()), make(1, ()), make(1, (), hidden=2.0), make(2, ())
    equal = [record == each for each in (record, same, near, other, 1)]
    return [
        *equal,
        _refuses(hash, record) or hash(record) == hash(same),
        _refuses(setattr, record, "first", 5),
        _refuses(delattr, record, "third"),
        _refuses(setattr, record, "new", 5),
    ]


def _refuses(act: Callable[..., object], *arguments: object) -> bool:
    try:
        act(*arguments)
    except (TypeError, AttributeError):
        return True
    return False


def test_records_can_be_copied_and_pickled() -> None:
    for record in (Link(0, 1, 2), TrainingConfig(learning_rate=0.5)):
        assert copy.deepcopy(record) == copy.copy(record) == record
        assert pickle.loads(pickle.dumps(record)) == record


def test_a_class_compiles_one_method_alone() -> None:
    program = """
import builtins, dataclasses, toygrad.records
made, compile = [], builtins.exec
builtins.exec = lambda *given: (made.append(given[0]), compile(*given))[1]
@toygrad.records.dataclass(frozen=True, slots=True)
class Record:
    "Two fields."
    one: int
    two: int = 2
print(len(made))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "1", done.stderr
