"""A neuron's formula: exact where it is short, shortened where it is long, never jumping."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.network.neuron_facts import (
    MAX_LINES,
    formula,
    formula_lines,
    products_shown,
    wrapped,
)

numbers = st.floats(-9.99, 9.99)


def test_the_formula_of_the_case_by_hand() -> None:
    text = formula("h1[0]", "tanh", [(0.1, 1.0), (-0.2, 2.0)], 0, 0.1, math.tanh(-0.2))
    assert text == "h1[0] = tanh(0.10*1.00 - 0.20*2.00 + 0.10) = -0.197"


@pytest.mark.parametrize(
    ("terms", "left_out", "bias", "text"),
    [
        ([(-0.5, -1.0)], 0, -0.25, "o = tanh(-0.50*-1.00 - 0.25) = 0.000"),
        ([(1.0, 0.0)], 62, 0.0, "o = tanh(1.00*0.00 + 62 smaller + 0.00) = 0.000"),
        ([(-0.001, 1.0), (-0.001, 1.0)], 0, -0.001, "o = tanh(0.00*1.00 + 0.00*1.00 + 0.00)"),
        ([(12345.6, 1e9)], 0, math.nan, "o = tanh(1.23e+04*1e+09 + nan)"),
        ([(math.inf, 1.0), (-math.inf, 1.0)], 0, 0.0, "o = tanh(inf*1.00 - inf*1.00 + 0.00)"),
    ],
)
def test_signs_stand_between_the_terms(
    terms: list[tuple[float, float]], left_out: int, bias: float, text: str
) -> None:
    assert formula("o", "tanh", terms, left_out, bias, 0.0).startswith(text)


def test_a_linear_neuron_only_adds_up() -> None:
    assert formula("o", "linear", [(2.0, 3.0)], 0, 1.0, 7.0) == "o = 2.00*3.00 + 1.00 = 7.000"


@given(
    terms=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=70),
    bias=numbers,
    width=st.integers(24, 150),
)
def test_it_takes_the_lines_it_is_given_whatever_the_numbers_are(
    terms: list[tuple[float, float]], bias: float, width: int
) -> None:
    around = len("h1[0]tanh")
    shown = products_shown(len(terms), around, width)
    assert 1 <= shown <= len(terms) or shown == 2
    lines = formula_lines(shown + (shown < len(terms)), around, width)
    assert 1 <= lines <= MAX_LINES
    left_out = len(terms) - shown
    texts = (formula("h1[0]", "tanh", terms[:shown], left_out, bias, 0.5, n) for n in (2, 1, 0))
    found = wrapped(texts, width, lines, ascii=False)
    assert len(found) == lines and all(len(line) <= width for line in found)
    assert "= 0.500" in " ".join(found) or width < 40


def test_many_terms_are_counted() -> None:
    shown = products_shown(64, 9, 54)
    assert 5 <= shown <= 12
    assert products_shown(4, 9, 54) == 4
    assert products_shown(1000, 9, 10) == 2


def test_what_does_not_fit_ends_with_dots() -> None:
    long = " ".join(["word"] * 30)
    assert wrapped([long], 20, 1, ascii=False)[0].endswith("…")
    assert wrapped([long], 20, 1, ascii=True)[0].endswith("..")
    assert wrapped([long, "short"], 20, 2, ascii=False) == ["short", ""]
