"""Programs: a graph of the engine's from text; a wrong line says so and stops no other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.core import Value
from toygrad.core.autograd import topological_order
from toygrad.core.expression import FUNCTIONS, MAX_LINES, MAX_OPERATIONS, Program, run_program

README = """
a = -4.0                 # micrograd's README
b = Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
"""


def errors_of(text: str) -> dict[int, str]:
    return {error.line: error.sentence for error in run_program(text).errors}


def numbers_of(program: Program) -> dict[str, float]:
    return {name: float(value) for name, value in program.values.items()}


def output_of(program: Program) -> Value:
    assert program.errors == ()
    assert program.output is not None
    return program.output


# --- What a program computes ---------------------------------------------------------------------


def test_the_example_of_micrograd_s_readme() -> None:
    program = run_program(README)
    output = output_of(program)
    output.backward()
    assert f"{float(output):.4f}" == "24.7041"
    assert {name: f"{leaf.grad:.4f}" for name, leaf in program.leaves.items()} == {
        "a": "138.8338",
        "b": "645.5773",
    }


def test_methods_functions_and_textbook_spellings_are_the_same() -> None:
    texts = ["(a*b + 2*a**2).tanh()", "tanh(a*b + 2*a^2)", "tanh(a·b + 2a²)", "(a*b+2(a^2)).tanh()"]
    outputs = [output_of(run_program(f"a = 0.5\nb = -2\nL = {text}")) for text in texts]
    assert {float(output) for output in outputs} == {math.tanh(0.5 * -2.0 + 2.0 * 0.25)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_makes_the_engine_s_node(name: str) -> None:
    for text in (f"{name}(a)", f"a.{name}()", f"{name} a"):
        output = output_of(run_program(f"a = 0.7\nL = {text}"))
        assert output.op is FUNCTIONS[name]
        assert float(output) == float(getattr(Value(0.7), name)())


def test_the_graph_is_the_engine_s_own() -> None:
    output = output_of(run_program("a = 2\nb = 3\nc = a*b + a**2 - 1"))
    order = topological_order(output)
    named = [node.op.name if node.op else node.label for node in order]
    assert named == ["a", "b", "*", "**n", "+", "", "-"]
    assert [node.constant for node in order if node.op is None] == [False, False, True]
    assert order[3].parameters == (2.0,)


def test_values_carry_the_names_they_were_given() -> None:
    program = run_program("a = 2\nb = a\nc = a + b\nc += 1")
    assert [s.value.label for s in program.statements if s.value] == ["a", "a", "c", "c"]
    assert program.values["b"] is program.values["a"]


def test_a_line_that_reads_no_name_is_a_leaf_and_its_number_one() -> None:
    program = run_program("a = -4\nb = 2*pi\nc = Value(exp(0))\nd = a*2\n")
    assert [s.name for s in program.statements if s.is_leaf] == ["a", "b", "c"]
    assert {name: float(leaf) for name, leaf in program.leaves.items()} == {
        "a": -4.0,
        "b": 2.0 * math.pi,
        "c": 1.0,
    }
    assert all(leaf.op is None and not leaf.constant for leaf in program.leaves.values())


def test_a_name_given_again_is_a_new_node_and_the_older_stays_where_it_was_used() -> None:
    program = run_program("a = 1\nb = a*10\na = 2\nc = a*b")
    assert float(output_of(program)) == 20.0
    assert {name: float(leaf) for name, leaf in program.leaves.items()} == {
        "a (line 1)": 1.0,
        "a": 2.0,
    }
    assert program.values["a"] is program.leaves["a"]


def test_own_names_go_before_constants() -> None:
    program = run_program("a = -4\nb = 2\ne = (a*b)^2\nL = e + pi")
    assert float(output_of(program)) == 64.0 + math.pi


def test_constants_are_numbers() -> None:
    assert float(output_of(run_program("x = 1\nL = e^x + pi"))) == pytest.approx(math.e + math.pi)


def test_comments_blank_lines_and_indents_are_left_out_and_lines_keep_their_numbers() -> None:
    program = run_program("# é\n\n  a = 1  # one\n\tb = a*2\n   \nL = tanh(b)\r\n")
    assert [(s.line, s.source) for s in program.statements] == [
        (3, "a = 1"),
        (4, "b = a*2"),
        (6, "L = tanh(b)"),
    ]


def test_no_program_has_no_output() -> None:
    for text in ("", "\n\n", "# nothing"):
        program = run_program(text)
        assert (program.statements, program.output, program.errors) == ((), None, ())


def test_the_output_is_the_last_line_that_could_be_computed() -> None:
    program = run_program("a = 2\nb = a*3\nc = b +")
    assert program.output is program.values["b"]


def test_python_runs_the_same_program_on_the_engine() -> None:
    text = README + "h = sqrt(abs(g)) + (-a)^2 - 2^(-b)\nk = -(-h)*(1 - (2 - tanh h))/sin(1)\n"
    program = run_program(text)
    names: dict[str, Any] = {"Value": Value}
    exec("\n".join(statement.python for statement in program.statements), names)
    assert numbers_of(program) == {name: float(names[name]) for name in program.values}


# --- Lines that are wrong ------------------------------------------------------------------------

WRONG = {
    "1/0": "division by zero: divide by another number",
    "a/(a - 2)": "division by zero",
    "log(-a)": "log of a negative number, -2: use a number above 0",
    "log(a - 2)": "log of zero",
    "sqrt(-a)": "sqrt of a negative number, -2",
    "(-a)^0.5": "a negative number, -2, to the power 0.5",
    "0^(-a)": "zero to the power -2 is a division by zero",
    "exp(1000*a)": "above 1.8e308",
    "1e300*a*1e300": "above 1.8e308",
    "9**9**9": "above 1.8e308",
    "a**9**9**9": "above 1.8e308",
    "10**5000": "above 1.8e308",
    "1" + "0" * 400: "100000000000... is too large: use a number below 1.8e308",
    "1j": "unknown name j",
    "aa": "unknown name aa: use a",
    "qqq": "unknown name qqq: assign it on a line above, like qqq = 1",
    "foo(a)": "unknown function foo",
    "tahn(a)": "unknown function tahn: use tanh",
    "eval(a)": "unknown function eval",
    "__import__(a)": "unknown function __import__",
    "tanh": "tanh is a function",
    "a.tanh": "tanh is a function",
    "tanh(a, a)": "tanh takes one number, not 2",
    "tanh()": "tanh takes one number, not 0",
    "a.tanh(2)": "leave the brackets of .tanh() empty",
    "tanh(x=a)": "'=' is not allowed here",
    "tanh(*a)": "missing before *",
    "().__class__": "missing before )",
    "a.__class__": "only a function like tanh() can follow a dot",
    "a.data": "only a function like tanh() can follow a dot",
    "a.tanh().data": "only a function like tanh() can follow a dot",
    "a.backward()": "only a function like tanh() can follow a dot",
    "f'{a}'": "is not allowed here",
    '"text"': "is not allowed here",
    "lambda: a": "is not allowed here",
    "(a for a in a)": "missing before for",
    "[a]": "'[' is not allowed here",
    "{a}": "'{' is not allowed here",
    "a < 2": "'<' is not allowed here",
    "a == 2": "'=' is not allowed here",
    "a if a else a": "missing before if",
    "a and a": "missing before and",
    "not a": "not is a reserved word",
    "True": "True is a reserved word",
    "None": "None is a reserved word",
    "(b := a)": "':' is not allowed here",
    "a // 2": "missing before /",
    "a % 2": "'%' is not allowed here",
    "a @ a": "'@' is not allowed here",
    "a, a": "remove the comma",
    "a b": "an operator like + or * is missing before b",
    "λ + 1": "'λ' is not allowed here",
    "a\x00": "'\\x00' is not allowed here",
    "(" * 10_000: "a line has at most 500 characters",
    "(" * 300: "brackets are nested more than 50 deep",
    "": "a number or a name is missing",
}


@pytest.mark.parametrize("expression", WRONG)
def test_a_wrong_line_has_one_sentence_and_the_others_stay(expression: str) -> None:
    program = run_program(f"a = 2\nt = {expression}\nb = a*3")
    (error,) = program.errors
    assert error.line == 2
    assert 1 <= error.column <= 501
    assert WRONG[expression] in error.sentence
    assert "\n" not in str(error)
    assert numbers_of(program) == {"a": 2.0, "b": 6.0}


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        ("  a*2", 3, "the result has no name: write it like y = a*b, or remove this line"),
        ("g.backward()", 1, "the result has no name"),
        ("a == 3", 3, "== compares: use one ="),
        ("a, b = 1, 2", 1, "write one name to the left of ="),
        ("a: float = 2", 1, "write one name to the left of ="),
        ("λ = 2", 1, "write one name to the left of ="),
        ("2 = a", 1, "write one name to the left of ="),
        ("a.b = 2", 1, "write one name to the left of ="),
        ("sin = 2", 1, "sin is reserved: use another name"),
        ("lambda = 2", 1, "lambda is reserved"),
        ("Value = 2", 1, "Value is reserved"),
        ("a = b = 2", 7, "'=' is not allowed here"),
        ("a = 1; b = 2", 6, "';' is not allowed here"),
        ("a = 2 * (3 + )", 14, "a number or a name is missing before )"),
        ("a = 1/(2 - 2)", 8, "division by zero"),
        ("a = 1 + log(1 - 3)", 9, "log of a negative number"),
    ],
)
def test_the_place_is_pointed_at(line: str, column: int, sentence: str) -> None:
    (error,) = run_program(f"\n{line}\n").errors
    assert (error.line, error.column) == (2, column)
    assert sentence in error.sentence


def test_what_needs_a_wrong_line_names_the_first_cause() -> None:
    text = "a = 2\nb = log(-a)\nc = b + 1\nd = c*2\nf = a*2\nb = 3\nL = b*f"
    assert errors_of(text) == {
        2: "log of a negative number, -2: use a number above 0",
        3: "b is undefined because line 2 has an error",
        4: "c is undefined because line 2 has an error",
    }
    assert numbers_of(run_program(text)) == {"a": 2.0, "f": 4.0, "b": 3.0, "L": 12.0}


def test_a_name_whose_newer_line_is_wrong_is_not_the_older_one() -> None:
    program = run_program("a = 2\na = 1/0\nb = a + 1")
    assert program.errors[1].sentence == "a is undefined because line 2 has an error"
    assert program.values == {}


def test_names_that_come_too_late_or_never() -> None:
    assert errors_of("a = a + 1") == {1: "a depends on itself: give it a number on a line above"}
    assert errors_of("c += 1") == {1: "c depends on itself: give it a number on a line above"}
    assert errors_of("a = b\nb = 2") == {1: "b is assigned only on line 2: move that line up"}
    assert errors_of("d = e + 1\ne = 2") == {1: "e is assigned only on line 2: move that line up"}


def test_a_cycle_names_both_lines() -> None:
    assert errors_of("a = b\nc = a\nb = c") == {
        1: "a and b depend on each other (lines 1 and 3): give one of them a number first",
        2: "a is undefined because line 1 has an error",
        3: "c is undefined because line 1 has an error",
    }


# --- Too much of it ------------------------------------------------------------------------------


def test_ten_thousand_lines_are_one_sentence_and_the_first_are_there() -> None:
    program = run_program("a = 1\n" * 10_000)
    (error,) = program.errors
    assert (error.line, error.column) == (MAX_LINES + 1, 1)
    assert error.sentence == "a program has at most 1,000 lines, not 10,000: shorten it"
    assert len(program.statements) == MAX_LINES + 1


def test_a_graph_is_bounded() -> None:
    program = run_program("a = 1\n" + "a += a*2 - a*2 + 0\n" * 900)
    (error,) = program.errors
    assert error.sentence == "a program has at most 3,000 numbers, names and signs: shorten it"
    assert program.output is not None
    assert len(topological_order(program.output)) <= MAX_OPERATIONS


def test_the_characters_are_bounded() -> None:
    (error,) = (e for e in run_program(("a =" + " " * 490 + "1/0\n") * 900).errors if e.line == 41)
    assert error.sentence == "a program has at most 20,000 characters: shorten it"


@pytest.mark.parametrize("expression", ["-" * 490 + "a", "+".join("a" * 245), "2*" * 240 + "a"])
def test_a_line_as_long_as_allowed_is_computed(expression: str) -> None:
    output_of(run_program(f"a = 1\nL = {expression}"))


# --- Any program ---------------------------------------------------------------------------------


Compute = Callable[[dict[str, float]], float]
Term = tuple[str, Compute]
"""A text and an evaluator of it that shares nothing with the engine."""

ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}
SMOOTH: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
    "sigmoid": lambda x: 1.0 / (1.0 + math.exp(-x)),
}
LEAVES = ("a", "b", "c")


def _name(name: str) -> Term:
    return name, lambda names: names[name]


def _number(number: float) -> Term:
    return repr(number), lambda names: number


def _binary(left: Term, sign: str, right: Term) -> Term:
    apply = ARITHMETIC[sign]
    return f"({left[0]} {sign} {right[0]})", lambda n: apply(left[1](n), right[1](n))


def _method(inner: Term, name: str) -> Term:
    return f"({inner[0]}).{name}()", lambda n: SMOOTH[name](inner[1](n))


def _function(inner: Term, name: str) -> Term:
    return f"{name}({inner[0]})", lambda n: SMOOTH[name](inner[1](n))


def _negative(inner: Term) -> Term:
    return f"(-{inner[0]})", lambda n: -inner[1](n)


def _square(inner: Term) -> Term:
    return f"({inner[0]})**2", lambda n: inner[1](n) ** 2.0


def _grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    names = st.sampled_from(sorted(SMOOTH))
    return st.one_of(
        st.builds(_binary, inner, st.sampled_from(sorted(ARITHMETIC)), inner),
        st.builds(_method, inner, names),
        st.builds(_function, inner, names),
        st.builds(_negative, inner),
        st.builds(_square, inner),
    )


small = st.integers(0, 2000).map(lambda x: x / 1000.0)
terms = st.recursive(
    st.one_of(st.sampled_from(LEAVES).map(_name), small.map(_number)), _grow, max_leaves=6
)
starts = st.tuples(*[st.integers(-1500, 1500).map(lambda x: x / 1000.0) for _ in LEAVES])


def _program(start: tuple[float, ...], lines: list[Term]) -> str:
    leaves = [f"{name} = {x!r}" for name, x in zip(LEAVES, start, strict=True)]
    return "\n".join([*leaves, *(f"t{k} = {text}" for k, (text, _) in enumerate(lines))])


@given(starts, terms, terms)
def test_the_number_is_that_of_plain_arithmetic(
    start: tuple[float, ...], first: Term, second: Term
) -> None:
    program = run_program(_program(start, [first, second]) + "\nL = t0*t1 - t0")
    names = dict(zip(LEAVES, start, strict=True))
    t0, t1 = first[1](names), second[1](names)
    assert float(output_of(program)) == pytest.approx(t0 * t1 - t0, rel=1e-12, abs=1e-300)


@given(starts, terms)
def test_the_gradients_are_those_of_central_differences(
    start: tuple[float, ...], term: Term
) -> None:
    bounded = _function(term, "tanh")
    program = run_program(_program(start, [bounded]))
    output = output_of(program)
    output.backward()
    step = 1e-5
    for name in LEAVES:
        ends = []
        for by in (step, -step):
            names = dict(zip(LEAVES, start, strict=True))
            names[name] += by
            ends.append(bounded[1](names))
        numeric = (ends[0] - ends[1]) / (2.0 * step)
        assert program.values[name].grad == pytest.approx(numeric, rel=1e-3, abs=1e-4)
