"""Bars on scales, and the lines on layers made of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from toygrad.core.diagnosis.layers import LayerHealth
from toygrad.core.training.units import LayerActivity
from toygrad.tui.gradients.layers import (
    BarScale,
    LayerInk,
    LayerPicture,
    layer_lines,
    scale_bar,
    scale_title,
)
from toygrad.tui.widgets.row_styles import RowStyles

LOG = BarScale(1e-4, 1.0, is_logarithmic=True)
STYLES = RowStyles(*(Style(color=f"color({number})") for number in range(7)))
INK = LayerInk(STYLES, Style())
ASCII = LayerInk(STYLES, Style(), ascii=True)


def text_of(
    value: float, width: int = 8, ink: LayerInk = INK, ticks: tuple[float, ...] = ()
) -> str:
    return "".join(segment.text for segment in scale_bar(value, LOG, width, ink, ticks))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-5, "        "),
        (0.0, "        "),
        (1e-3, "██      "),
        (10**-2.5, "███     "),
        (10**-2.25, "███▌    "),
        (1.0, "████████"),
        (50.0, "████████"),
        (math.inf, "████████"),
        (math.nan, "████████"),
    ],
)
def test_equal_factors_are_equal_lengths(value: float, text: str) -> None:
    assert text_of(value) == text


def test_ticks_show_where_no_bar_covers_them() -> None:
    assert text_of(1e-3, ticks=(1e-2, 0.1)) == "██  ┊ ┊ "
    assert text_of(0.05, ticks=(1e-2, 0.1)) == "█████▍┊ "
    assert text_of(1e-3, ink=ASCII, ticks=(1e-2,)) == "==  :   "
    assert text_of(1e-3, ticks=(1e-9, 5.0)) == "██      "


@given(st.floats(allow_nan=True), st.integers(0, 40), st.booleans())
def test_a_bar_fills_its_width(value: float, width: int, ascii: bool) -> None:
    ink = ASCII if ascii else INK
    assert len(text_of(value, width, ink, (1e-2,))) == width


def test_the_ends_of_a_scale_are_written_where_there_is_room() -> None:
    assert scale_title(LOG, 12) == "1e-04  1e+00"
    assert scale_title(LOG, 9) == " " * 9


def make_picture(n: int) -> LayerPicture:
    layers = tuple(
        LayerHealth(f"layer {k}", 10.0**-k, 1e-3, LayerActivity(0.5, 0.25, 0.1, 0.2))
        for k in range(1, n + 1)
    )
    words = ("vanishing", *("ok",) * (n - 1))
    return LayerPicture(layers, words, tuple(np.full(n, 10.0**-k) for k in range(5)))


@pytest.mark.parametrize("width", [54, 72, 140])
@pytest.mark.parametrize("ascii", [False, True])
def test_layers_fit_their_width_and_show_all(width: int, ascii: bool) -> None:
    rows = layer_lines(make_picture(3), width, ASCII if ascii else INK)
    lines = ["".join(segment.text for segment in row) for row in rows]
    assert all(len(line) <= width for line in lines[: 3 + 3 + 3])
    text = "\n".join(lines)
    for word in (
        "layer 1",
        "vanishing",
        "ok",
        "mean",
        "spread",
        "dead",
        "saturated",
        "20.0%",
        "0.1000",
        "update/w",
    ):
        assert word in text
    assert text.isascii() is ascii


def test_a_falling_gradient_has_a_falling_trend() -> None:
    rows = layer_lines(make_picture(2), 90, INK)
    trend = "".join(s.text for s in rows[1] if s.style == STYLES.line and "█" in s.text).strip()
    assert trend == "█▆▅▃▁"
