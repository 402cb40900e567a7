"""Numbers: literal pictures, and never another width than asked for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.tui.drawing.numbers import compact, loss_text, percent, ratio_text, signed

any_float = st.floats(allow_nan=True, allow_infinity=True)
any_width = st.integers(1, 24)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, " +0.1234"),
        (-12.3456, "-12.3456"),
        (-1234.5678, "-1234.57"),
        (-0.00019, "-1.9e-04"),
        (1.5e9, "+1.5e+09"),
        (-1.5e-300, "-2e-300"),
        (0.0, "  0.0000"),
        (-0.0, "  0.0000"),
        (math.nan, "     nan"),
        (math.inf, "    +inf"),
        (-math.inf, "    -inf"),
    ],
)
def test_signed_numbers(value: float, text: str) -> None:
    assert signed(value) == text.rjust(8)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "     0"),
        (1234, " 1,234"),
        (9999.4, " 9,999"),
        (9999.6, " 10.0k"),
        (41_200, " 41.2k"),
        (999_940, "999.9k"),
        (999_960, " 1.00M"),
        (123_456_789, "123.5M"),
        (5e15, " 5e+15"),
        (math.nan, "   nan"),
    ],
)
def test_counts(number: float, text: str) -> None:
    assert compact(number) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.402408, "   0.4024"),
        (0.0054, " 0.005400"),
        (12.3456, "    12.35"),
        (1234.56, "     1235"),
        (0.00001234, "1.234e-05"),
        (123456.0, "1.235e+05"),
        (0.0, "    0.000"),
        (math.inf, "      inf"),
        (math.nan, "      nan"),
    ],
)
def test_losses(value: float, text: str) -> None:
    assert loss_text(value) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.992, " 99.2%"),
        (1.0, "100.0%"),
        (0.9999, " 99.9%"),
        (0.0, "  0.0%"),
        (math.nan, "   nan"),
    ],
)
def test_percentages(fraction: float, text: str) -> None:
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-6, "1e-06"), (0.04, "4e-02"), (1000.0, "1e+03"), (0.0, "    0"), (math.inf, "  inf")],
)
def test_ratios(value: float, text: str) -> None:
    assert ratio_text(value) == text


def test_what_has_no_room_is_said_so() -> None:
    assert signed(-0.5, 1) == "#"


@given(any_float, any_width)
def test_a_number_fills_exactly_its_width(value: float, width: int) -> None:
    for show in (signed, compact, loss_text, percent, ratio_text):
        assert len(show(value, width)) == width


@given(any_float)
def test_every_float_has_room_in_seven_characters(value: float) -> None:
    assert "#" not in signed(value, 7)


@given(st.floats(allow_nan=False))
def test_the_sign_shown_is_the_sign(value: float) -> None:
    assert signed(value).strip()[0] == ("+" if value > 0 else "-" if value < 0 else "0")
