"""Formulas: a textbook's spellings are read, shown in one way, and computed row by row."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core.expression import FUNCTIONS, MAX_FORMULA_LENGTH, ExpressionError, parse_formula

NAMES = ("x1", "x2", "x12")
SPELLINGS = {
    "x1": ["x1", " x1 ", "X1", "x01", "x001", "(x1)", "+x1"],
    "x1^2": ["x1^2", "x1**2", "x1²", "x1 ^ 2", "x1 squared", "x1^2.0", "x01²"],
    "x1^3": ["x1³", "X1^3"],
    "x1*x2": ["x1*x2", "x1x2", "x1 x2", "x1·x2", "x1⋅x2", "x1\N{MULTIPLICATION SIGN}x2", "X1X2"],
    "x1/x2": ["x1/x2", "x1÷x2"],
    "x1-x2": ["x1-x2", "x1 \N{MINUS SIGN} x2", "x1\N{NO-BREAK SPACE}-\tx2"],
    "sin x1": ["sin x1", "sinx1", "sin(x1)", "Sin( x1 )", "x1.sin()", "sin((x1))"],
    "exp x12": ["expx12", "exp(X12)"],
    "x1*sin(x2)": ["x1*sin(x2)", "x1 sin x2", "x1 * sinx2", "x1sinx2", "x1·sin x2"],
    "sin(x1)*x2": ["sin x1 x2", "sin x1*x2", "sin(x1)(x2)"],
    "exp(-x1^2)": ["exp(-x1^2)", "exp( - x1² )", "exp(-(x1^2))"],
    "2*x1": ["2x1", "2 x1", "2*x1", "2.0x1"],
    "2*(x1+1)": ["2(x1+1)", "2 * (x1 + 1.0)"],
    "(x1+1)*(x2-1)": ["(x1+1)(x2-1)"],
    "2*sin(x1)": ["2sin x1", "2 sin(x1)"],
    "pi*x1": ["pi x1", "π x1", "PI*x1"],
    "e^x1": ["e^x1", "e**x1"],
    "2^x1^2": ["2^x1^2", "2^(x1^2)", "2^x1²"],
    "(2^x1)^2": ["(2^x1)²"],
    "(-x1)^2": ["(-x1)^2"],
    "-x1^2": ["-x1^2", "-(x1^2)"],
    "x1^-2": ["x1^-2", "x1^(-2)"],
    "x1-(x2-1)": ["x1-(x2-1)"],
    "x1-x2-1": ["x1-x2-1", "(x1-x2)-1"],
    "x1/(x2*2)": ["x1/(x2*2)"],
    "x1*(-x2)": ["x1*-x2", "x1*(-x2)"],
    "1e-05*x1": ["1e-5x1", "0.00001*x1"],
}
NO_FORMULAS = {
    "": (1, "a number or a name is missing"),
    "x1 +": (5, "a number or a name is missing after +"),
    "x1 + * x2": (6, "a number or a name is missing before *"),
    "x1 2": (4, "an operator like + or * is missing before 2"),
    "(x1": (1, "this ( is not closed: add a )"),
    "x1)": (3, "this ) has no ( before it: remove it"),
    "x1*()": (5, "a number or a name is missing before )"),
    "x3": (1, "unknown name x3: use x1 to x12"),
    "x1*y": (4, "unknown name y: use x1 to x12"),
    "x1*sinn(x2)": (4, "unknown function sinn: use sin"),
    "x1(x2)": (1, "unknown function x1: use sin, cos,"),
    "sin": (1, "sin is a function: put its input in brackets, like sin(x)"),
    "x1 + cos": (6, "cos is a function"),
    "sin x1^2": (1, "write sin(x1)^2 or sin(x1^2)"),
    "sin(x1, x2)": (1, "sin takes one number, not 2"),
    "sin()": (1, "sin takes one number, not 0"),
    "x1.sin(x2)": (1, "leave the brackets of .sin() empty"),
    "x1, x2": (1, "this is not a single number: remove the comma"),
    "x1.real": (4, "only a function like tanh() can follow a dot"),
    "x1.__class__": (4, "only a function like tanh() can follow a dot"),
    "x1; import os": (3, "';' is not allowed here"),
    "x1 < 2": (4, "'<' is not allowed here"),
    "'x1'": (1, '"\'" is not allowed here'),
    "x1 + é": (6, "'é' is not allowed here"),
    "x1\x00": (3, "'\\x00' is not allowed here"),
    "x1 if x2 else 1": (4, "if is a reserved word"),
    "lambda": (1, "lambda is a reserved word"),
    "3": (1, "no column is used"),
    "sin(pi)": (1, "no column is used"),
    "x1 + 1/0": (8, "division by zero"),
    "x1*exp(1000)": (4, "above 1.8e308"),
    "x1 + 9**9**9": (6, "above 1.8e308"),
    "x1*1e999": (4, "1e999 is too large"),
    "x1*" + "9" * 150 + "e300": (4, "999999999999... is too large"),
    "(" * 60 + "x1" + ")" * 60: (51, "brackets are nested more than 50 deep"),
}


@pytest.mark.parametrize(
    ("text", "typed"),
    [(text, typed) for text, spellings in SPELLINGS.items() for typed in spellings],
)
def test_every_spelling_is_shown_in_one_way(text: str, typed: str) -> None:
    assert parse_formula(typed, NAMES).text == text


@pytest.mark.parametrize("text", SPELLINGS)
def test_what_is_shown_is_read_as_itself(text: str) -> None:
    assert parse_formula(text, NAMES).text == text


@pytest.mark.parametrize("text", NO_FORMULAS)
def test_what_is_no_formula_is_pointed_at_with_a_sentence(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text, NAMES)
    column, sentence = NO_FORMULAS[text]
    assert sentence in caught.value.sentence
    assert (caught.value.line, caught.value.column) == (1, column)
    assert str(caught.value) == f"line 1, column {column}: {caught.value.sentence}"


def test_the_length_of_a_formula_is_bounded() -> None:
    most = "+".join(["x1"] * ((MAX_FORMULA_LENGTH + 1) // 3))
    assert len(most) == MAX_FORMULA_LENGTH
    assert parse_formula(most, NAMES).names == ("x1",)
    with pytest.raises(ExpressionError, match="at most 200 characters, not 201"):
        parse_formula(most + " ", NAMES)


def test_names_are_those_that_are_read_each_once() -> None:
    assert parse_formula("x2*x1 + x2 + e", NAMES).names == ("x2", "x1")


def test_a_name_goes_before_a_constant() -> None:
    formula = parse_formula("e*pi", ("e",))
    assert formula.names == ("e",)
    assert formula.at(2.0) == 2.0 * math.pi


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_that_of_the_engine(name: str) -> None:
    formula = parse_formula(f"{name}(x1)", NAMES)
    x = np.array([0.25, 1.0, 2.5])
    np.testing.assert_array_equal(formula(x), FUNCTIONS[name].forward(x))


def test_a_formula_is_computed_for_every_row() -> None:
    x1, x2 = np.array([0.5, -1.0, 2.0]), np.array([3.0, 0.25, -2.0])
    expected = x1 * np.sin(x2) - np.exp(-(x1**2)) / (2.0 + x2**3) + np.pi
    computed = parse_formula("x1 sin x2 - exp(-x1²)/(2 + x2^3) + pi", NAMES)(x1, x2)
    np.testing.assert_allclose(computed, expected, rtol=1e-15)


def test_a_plain_column_is_a_copy() -> None:
    x = np.array([1.0, 2.0])
    computed = parse_formula("x1", NAMES)(x)
    computed[0] = 7.0
    assert x[0] == 1.0


def test_rows_without_a_result_are_not_finite_and_nothing_warns() -> None:
    x = np.array([-1.0, 0.0, 1.0, 1000.0])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(
            np.isfinite(parse_formula("log x1", NAMES)(x)), [False, False, True, True]
        )
        np.testing.assert_array_equal(
            np.isfinite(parse_formula("exp x1", NAMES)(x)), [True, True, True, False]
        )
        assert not np.isfinite(parse_formula("1/(x1-x1)", NAMES)(x)).any()


@pytest.mark.parametrize(
    ("text", "number", "sentence"),
    [
        ("log x1", -2.0, "log of a negative number, -2: use a number above 0"),
        ("log x1", 0.0, "log of zero"),
        ("sqrt x1", -2.0, "sqrt of a negative number, -2: use 0 or more"),
        ("1/x1", 0.0, "division by zero"),
        ("x1^-1", 0.0, "zero to the power -1 is a division by zero"),
        ("x1^0.5", -2.0, "a negative number, -2, to the power 0.5: use a whole-number power"),
        ("exp x1", 1000.0, "above 1.8e308"),
        ("x1*1e300", 1e10, "above 1.8e308"),
    ],
)
def test_one_row_says_why_it_has_no_result(text: str, number: float, sentence: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text, NAMES).at(number)
    assert sentence in caught.value.sentence


# --- Any formula ---------------------------------------------------------------------------------


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/^"), inner),
        st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds("(-{})".format, inner),
    )


formulas = st.recursive(st.sampled_from(["x1", "x2", "2", "0.5", "pi"]), _grow, max_leaves=8)


@given(formulas)
def test_the_shown_text_computes_the_same_bit_by_bit(text: str) -> None:
    try:
        formula = parse_formula(text, NAMES)
    except ExpressionError:
        return
    if len(formula.text) > MAX_FORMULA_LENGTH:
        return
    again = parse_formula(formula.text, NAMES)
    assert (again.text, again.names) == (formula.text, formula.names)
    columns = [np.array([0.5, -1.5, 2.0])] * len(formula.names)
    np.testing.assert_array_equal(again(*columns), formula(*columns))


LONGER_WRITTEN_OUT = {
    "products": "x1" * 100,
    "powers": "+".join(["x1²"] * 50),
    "numbers": "+".join(["1e15x1"] * 28),
    "signs": "-" * 60 + "x1",
}


@pytest.mark.parametrize("text", LONGER_WRITTEN_OUT.values(), ids=LONGER_WRITTEN_OUT)
def test_a_formula_whose_own_name_would_be_refused_is_refused_at_once(text: str) -> None:
    assert len(text) <= MAX_FORMULA_LENGTH
    with pytest.raises(ExpressionError) as error:
        parse_formula(text, NAMES)
    assert "make it shorter" in error.value.sentence


pieces = st.sampled_from(["x1", "x2", "2", "1e15", "sin ", "(", ")", "-", "+", "²", "^", ".exp()"])


@settings(max_examples=300)
@given(st.lists(pieces, max_size=12), st.integers(1, 60))
def test_the_name_of_every_formula_is_a_formula_of_that_name(parts: list[str], times: int) -> None:
    text = ("".join(parts) * times)[:MAX_FORMULA_LENGTH]
    try:
        formula = parse_formula(text, NAMES)
    except ExpressionError:
        return
    assert parse_formula(formula.text, NAMES).text == formula.text
