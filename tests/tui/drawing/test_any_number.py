"""Whatever number there is becomes text, cells and levels: none is too large, too small or none."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from toygrad.core.diagnosis.histogram import BINS, histogram_of
from toygrad.tui.drawing import axes, numbers
from toygrad.tui.drawing.axes import Axis, linear_axis, log_axis
from toygrad.tui.drawing.bars import signed_bar, sparkline
from toygrad.tui.drawing.braille import Area, Frame, traced
from toygrad.tui.drawing.palette import LEVELS, NEUTRAL_LEVEL, level_of

LEAST, GREATEST = 5e-324, 1.7976931348623157e308
EXTREMES = (0.0, -0.0, LEAST, -LEAST, 1e308, -1e308, GREATEST, math.inf, -math.inf, math.nan)
ANY = st.sampled_from(EXTREMES) | st.floats()
FINITE = st.sampled_from([n for n in EXTREMES if math.isfinite(n)]) | st.floats(
    allow_nan=False, allow_infinity=False
)
WIDTHS = st.integers(0, 12)
TEXTS = (
    *(numbers.signed, numbers.magnitude, numbers.compact, numbers.loss_text, numbers.percent),
    numbers.ratio_text,
)


@pytest.mark.parametrize("write", TEXTS)
@given(number=ANY, width=WIDTHS)
def test_any_number_is_as_wide_as_it_has_to_be(
    write: Callable[[float, int], str], number: float, width: int
) -> None:
    text = write(number, width)
    assert len(text) == width
    assert not width or text.strip()


@pytest.mark.parametrize("write", TEXTS)
@given(number=ANY)
def test_any_number_fits_where_there_is_room(
    write: Callable[[float, int], str], number: float
) -> None:
    assert "#" not in write(number, 9)


@given(value=ANY, limit=ANY, width=WIDTHS, ascii=st.booleans())
def test_a_bar_of_any_number_fills_its_cells(
    value: float, limit: float, width: int, ascii: bool
) -> None:
    segments = signed_bar(value, limit, width, bar=Style(), line=Style(), ascii=ascii)
    assert Segment.get_line_length(segments) == width


@given(values=st.lists(ANY, max_size=9), width=WIDTHS, ascii=st.booleans())
def test_a_sparkline_of_any_numbers_fills_its_cells(
    values: list[float], width: int, ascii: bool
) -> None:
    assert len(sparkline(values, width, ascii=ascii)) == width


@given(values=st.lists(ANY, max_size=9), limit=ANY)
@example(values=[math.inf, 1.0, -math.inf], limit=math.inf)
def test_the_level_of_any_number_is_on_its_side_of_the_middle(
    values: list[float], limit: float
) -> None:
    levels = level_of(np.array(values), limit)
    assert (levels < LEVELS).all()
    for value, level in zip(values, levels.tolist(), strict=True):
        if math.isnan(value) or value == 0:
            assert level == NEUTRAL_LEVEL
        else:
            assert level >= NEUTRAL_LEVEL if value > 0 else level <= NEUTRAL_LEVEL


@given(values=st.lists(ANY, max_size=9))
@example(values=[16.0, -LEAST])
def test_each_finite_number_is_in_a_bin_on_its_side_of_zero(values: list[float]) -> None:
    counted = histogram_of(np.array(values))
    finite = [value for value in values if math.isfinite(value)]
    below = float(counted.shares[: BINS // 2].sum()) * len(finite)
    assert below == pytest.approx(sum(value < 0 for value in finite))
    assert counted.shares.sum() == pytest.approx(float(bool(finite)))


def is_sound(axis: Axis) -> bool:
    return (
        math.isfinite(axis.low)
        and math.isfinite(axis.high - axis.low)
        and axis.low < axis.high
        and len(axis.ticks) == len(axis.labels) <= axes.MAX_TICKS + 1
        and axis.ticks == sorted(axis.ticks)
    )


@given(ends=st.tuples(FINITE, FINITE))
def test_there_is_an_axis_between_any_two_numbers(ends: tuple[float, float]) -> None:
    low, high = sorted(ends)
    axis = linear_axis(low, high)
    assert is_sound(axis)
    low, high = (min(max(end, -axes.LARGEST), axes.LARGEST) for end in (low, high))
    assert axis.low <= low <= high <= axis.high


@given(ends=st.tuples(FINITE, FINITE))
def test_there_is_a_logarithmic_axis_for_any_two_numbers(ends: tuple[float, float]) -> None:
    low, high = sorted(math.log10(abs(end) or 1.0) for end in ends)
    assert is_sound(log_axis(low, high))


@given(low=ANY, high=ANY, columns=st.integers(-3, 200))
def test_there_are_epochs_on_an_axis_of_any_length(low: float, high: float, columns: int) -> None:
    if low <= high:
        axis = axes.epoch_axis(max(low, 0.0), max(high, 0.0), columns)
        assert axis.low < axis.high


@given(values=st.lists(ANY, min_size=1, max_size=9), size=st.tuples(*[st.integers(2, 40)] * 2))
def test_a_curve_through_any_numbers_stays_in_its_area_and_shows_each(
    values: list[float], size: tuple[int, int]
) -> None:
    y = np.clip(values, -axes.LARGEST, axes.LARGEST)
    finite = y[np.isfinite(y)]
    axis = linear_axis(float(finite.min(initial=0.0)), float(finite.max(initial=0.0)))
    frame = Frame(0.0, float(len(y)), axis.low, axis.high)
    columns, rows = traced(np.arange(len(y), dtype=np.float64), y, y, frame, *size)
    assert ((columns >= 0) & (columns < size[0]) & (rows >= 0) & (rows < size[1])).all()
    assert bool(len(columns)) == bool(finite.size)


@given(number=ANY, ends=st.tuples(FINITE, FINITE))
def test_any_number_has_a_cell_or_lies_beyond_the_picture(
    number: float, ends: tuple[float, float]
) -> None:
    axis = linear_axis(min(ends), max(ends))
    area = Area(Frame(axis.low, axis.high, axis.low, axis.high), 0, 0, 9, 9)
    column, row = area.column(number), area.row(number)
    if axis.low <= number <= axis.high:
        assert 0 <= column < 9
        assert 0 <= row < 9
    elif not math.isnan(number):
        assert column <= 0 if number < axis.low else column >= 8
