"""Whatever is typed, nothing is raised but the sentence, and nothing runs but the grammar."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import Value
from toygrad.core.expression import FUNCTIONS, ExpressionError, parse_formula, run_program

WORDS = [
    *"abcxyze", *"+-*/^().,=#;:'\"[]{}<>!@%&|~\\ \t\n", "x1", "x2", "x01", "**", "//", "+=", "**=",
    ":=", "²", "³", "·", "π", "é", "λ", "\x00", "\u2028", "\ufeff", "1", "2.5", "1e9", "9" * 40,
    "0x1f", "1_000", "1j", "Value(", "tanh(", "exp(", "log(", ".relu()", "sin", "__class__",
    "__import__('os')", ".__class__", "().__class__.__bases__[0].__subclasses__()", "f'{a}'",
    "lambda:", " for a in ", " if ", " else ", "None", "True", "import os", "eval('1')", "exec",
    "open('/')", "print(a)", "(((", ")))", "a = ", "b = a", "\nL = ", "squared", "yield ",
    "await ", "del ", "\n",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.text(max_size=80),
)
SECONDS_AT_MOST = 5.0

_events: list[str] = []
_listening = [False]


def _listen(event: str, args: tuple[object, ...]) -> None:
    if _listening[0]:
        _events.append(event)


sys.addaudithook(_listen)


@contextmanager
def audited() -> Iterator[list[str]]:
    """What Python's audit sees meanwhile: imports, files, code that runs, special attributes."""
    _events.clear()
    _listening[0] = True
    try:
        yield _events
    finally:
        _listening[0] = False


def check_program(text: str) -> None:
    started = time.perf_counter()
    with audited() as events:
        program = run_program(text)
    # Python's parser is asked for a tree, which is announced as a compilation; nothing is run.
    assert set(events) <= {"compile"}
    assert time.perf_counter() - started < SECONDS_AT_MOST
    n_lines = len(text.splitlines())
    for statement in program.statements:
        assert (statement.value is None) != (statement.error is None)
        assert 1 <= statement.line <= max(1, n_lines)
        if statement.value is not None:
            assert type(statement.value) is Value
            assert np.isfinite(float(statement.value))
        if statement.error is not None:
            assert statement.error.line == statement.line
            assert statement.error.column >= 1
            assert statement.error.sentence
            assert "\n" not in str(statement.error)


@settings(max_examples=400)
@given(texts)
def test_a_program_of_anything_gives_values_or_sentences(text: str) -> None:
    check_program(text)


@settings(max_examples=200)
@given(st.lists(texts, max_size=6))
def test_lines_of_anything_are_judged_one_by_one(expressions: list[str]) -> None:
    check_program("a = 0.5\n" + "\n".join(f"b = {text}" for text in expressions))


@settings(max_examples=400)
@given(texts)
def test_a_formula_of_anything_computes_or_is_refused(text: str) -> None:
    with audited() as events:
        try:
            formula = parse_formula(text, ("x1", "x2"))
        except ExpressionError as error:
            assert error.sentence
            assert error.column >= 1
            return
    assert set(events) <= {"compile"}
    columns = [np.array([-1.0, 0.0, 2.0])] * len(formula.names)
    assert formula(*columns).shape == (3,)


@pytest.mark.parametrize("name", sorted({*dir(Value), *dir(float)} - set(FUNCTIONS)))
def test_nothing_of_a_value_can_be_reached_but_the_functions(name: str) -> None:
    for text in (f"t = a.{name}", f"t = a.{name}()", f"t = (a + 1).{name}()", f"t = {name}(a)"):
        program = run_program(f"a = 2\n{text}")
        assert len(program.errors) == 1
        assert set(program.values) == {"a"}


@pytest.mark.parametrize(
    "name", ["eval", "exec", "open", "print", "max", "getattr", "type", "vars"]
)
def test_python_s_own_functions_are_not_there(name: str) -> None:
    (error,) = run_program(f"a = 2\nt = {name}(a)").errors
    assert f"unknown function {name}" in error.sentence


@pytest.mark.parametrize(
    "text",
    [
        "t = " + "9**" * 100 + "9",
        "t = " + "(" * 49 + "1" + ")**9" * 49,
        "a = 3\n" + "a = a**a\n" * 500,
        "a = 3\n" + "a = a*a\n" * 900,
        "t = " + "-" * 450 + "1\n",
        "t = 1" + "0" * 480,
        "t = " + "tanh(" * 45 + "1" + ")" * 45,
        "\n" * 100_000,
        "x" * 1_000_000,
        "(" * 1_000_000,
        "a=(\n" * 5_000,
    ],
)
def test_what_is_meant_to_hang_it_ends_at_once(text: str) -> None:
    check_program(text)
