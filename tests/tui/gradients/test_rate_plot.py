"""The plot of losses over learning rates: marks, ends, and what goes off the top."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from toygrad.tui.gradients.rate_plot import RateCurve, RateCurves, RateInk, RateMark, rate_plot

STYLES: dict[int, Style] = {ink: Style(color=f"color({ink.value})") for ink in RateInk}
RATES = np.geomspace(1e-4, 10.0, 26)
MARKS = (RateMark(1.0, "best rate 1", RateInk.BEST), RateMark(0.03, "now 0.03", RateInk.MARK))


def text_of(losses: np.ndarray, *, width: int = 50, height: int = 12, ascii: bool = False) -> str:
    strips = rate_plot(RateCurve(RATES, losses, 0.5, MARKS), width, height, STYLES, ascii=ascii)
    return "\n".join(strip.text for strip in strips)


VALLEY = 0.5 - 0.3 * RATES * np.exp(1.0 - RATES)


def test_marks_are_named_above_their_rates() -> None:
    lines = text_of(VALLEY).splitlines()
    assert "best rate 1" in lines[0] and "now 0.03" in lines[1]
    now, best = (place for place, character in enumerate(lines[5]) if character == "┊")
    assert lines[0].index("best rate 1") < best < lines[0].index("best rate 1") + 11
    assert lines[1].index("now 0.03") < now < lines[1].index("now 0.03") + 8
    assert "0.0001" in lines[-1] and "10" in lines[-1]


def test_the_ends_of_the_axis_and_the_loss_now_are_written() -> None:
    text = text_of(VALLEY)
    assert "0.5000" in text and "0.2" in text


def test_what_is_infinite_goes_off_the_top() -> None:
    losses = np.where(RATES > 1.0, np.inf, VALLEY)
    lines = text_of(losses).splitlines()
    assert any(0x2800 < ord(character) < 0x2900 for character in lines[2])
    assert "inf" not in text_of(losses) and "nan" not in text_of(losses)


def test_in_ascii_all_is_ascii() -> None:
    text = text_of(VALLEY, ascii=True)
    assert text.isascii() and "now 0.03" in text


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=26, max_size=26),
    st.floats(allow_nan=True),
    st.integers(5, 80),
    st.integers(1, 20),
)
def test_whatever_the_losses_it_fills_its_room(
    losses: list[float], here: float, width: int, height: int
) -> None:
    curve = RateCurve(RATES, np.clip(losses, -1e200, None), here, MARKS)
    if math.isinf(here):
        return
    strips = rate_plot(curve, width, height, STYLES)
    assert len(strips) in (0, height)
    assert all(strip.cell_length == width for strip in strips)


@pytest.mark.parametrize("size", [(10, 12), (50, 5)])
def test_where_there_is_no_room_there_is_no_plot(size: tuple[int, int]) -> None:
    assert text_of(VALLEY, width=size[0], height=size[1]) == ""


EXTREMES = st.sampled_from([0.0, 5e-324, 1e-300, 1.0, 1e300, 1.7976931348623157e308, math.inf])


@given(
    losses=st.lists(EXTREMES, min_size=26, max_size=26),
    here=EXTREMES | st.just(math.nan),
    rate=EXTREMES,
    size=st.tuples(st.integers(0, 60), st.integers(0, 20)),
)
def test_any_loss_and_any_rate_can_be_drawn(
    losses: list[float], here: float, rate: float, size: tuple[int, int]
) -> None:
    marks = [RateMark(rate, f"now {rate:g}", RateInk.MARK)]
    rates = np.unique(np.append(RATES, rate)) if 0.0 < rate < math.inf else RATES
    curve = RateCurve(rates, np.resize(losses, len(rates)), here, marks)
    strips = rate_plot(curve, *size, STYLES)
    assert all(strip.cell_length == size[0] for strip in strips)


def test_a_curve_stands_above_each_rate_and_the_best_one_has_its_own_colour() -> None:
    rates = (0.01, 0.1, 1.0)
    steps = np.linspace(0.0, 1.0, 6)
    losses = [1.0 - 0.2 * steps, 1.0 - 0.9 * steps, 1.0 + 9.0 * steps]
    marks = [
        RateMark(0.01, "now 0.01", RateInk.MARK),
        RateMark(0.1, "try 0.1", RateInk.BEST),
    ]
    curves = RateCurves(rates, [(steps, loss) for loss in losses], 1.0, marks)
    strips = rate_plot(curves, 69, 14, STYLES)
    lines = [strip.text for strip in strips]
    assert lines[-1].split() == ["0.01", "0.1", "1"]
    assert lines[0].index("now") < lines[1].index("try")
    parts = [part for strip in strips[2:-2] for part in strip]
    styles = {part.style for part in parts if any("\u2800" < c < "\u2900" for c in part.text)}
    assert styles == {STYLES[ink] for ink in (RateInk.CURVE, RateInk.MARK, RateInk.BEST)}


@given(
    lengths=st.lists(st.integers(1, 5), min_size=2, max_size=9),
    losses=st.lists(EXTREMES | st.just(math.nan), min_size=5, max_size=5),
    here=EXTREMES | st.just(math.nan),
    size=st.tuples(st.integers(0, 60), st.integers(0, 20)),
)
def test_any_curves_can_be_drawn(
    lengths: list[int], losses: list[float], here: float, size: tuple[int, int]
) -> None:
    rates = [10.0**power for power in range(len(lengths))]
    curves = [(np.arange(n) / 5.0, np.array(losses[:n])) for n in lengths]
    marks = [RateMark(rates[-1], "now", RateInk.MARK)]
    strips = rate_plot(RateCurves(rates, curves, here, marks), *size, STYLES)
    assert all(strip.cell_length == size[0] for strip in strips)
