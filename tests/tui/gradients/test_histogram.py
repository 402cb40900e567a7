"""Histograms as columns, and their history as a heat map."""

from __future__ import annotations

import numpy as np
import pytest
from rich.style import Style
from textual.color import Color

from toygrad.tui.drawing.palette import diverging
from toygrad.tui.gradients.histogram import (
    axis_text,
    histogram_rows,
    history_strips,
    resampled,
)

TABLE = diverging(Color(0, 0, 0))


def text_of(shares: list[float], width: int, height: int, *, ascii: bool = False) -> list[str]:
    rows = histogram_rows(np.array(shares), width, height, Style(), ascii=ascii)
    return ["".join(segment.text for segment in row) for row in rows]


def test_the_fullest_bin_has_the_full_height_and_a_nearly_empty_one_is_seen() -> None:
    assert text_of([0.0, 0.5, 0.25, 0.001], 4, 2) == [" █  ", " ██▁"]
    assert text_of([0.0, 0.0], 2, 1) == ["  "]
    assert all(line.isascii() for line in text_of([0.1, 0.9], 4, 3, ascii=True))


def test_bins_are_repeated_or_put_together_to_fill_the_width() -> None:
    assert resampled(np.array([1.0, 2.0]), 4).tolist() == [1.0, 1.0, 2.0, 2.0]
    assert resampled(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist() == [3.0, 7.0]
    assert resampled(np.arange(32.0), 7).sum() == np.arange(32.0).sum()


@pytest.mark.parametrize("width", [16, 25, 26, 60])
def test_an_axis_has_zero_in_the_middle(width: int) -> None:
    text = axis_text(0.5, width)
    assert len(text) == width
    assert text.startswith("-0.5") and text.endswith("+0.5")
    assert abs(text.index(" 0 ") + 1 - width / 2) <= 1


def test_the_positive_end_of_the_history_is_on_top() -> None:
    picture = np.zeros((4, 2))
    picture[3, 0], picture[0, 1] = 1.0, 1.0
    strips = history_strips(picture, 4, 2, TABLE, ascii=True)
    assert [strip.text[0] != " " for strip in strips] == [True, False]
    assert [strip.text[3] != " " for strip in strips] == [False, True]
    assert history_strips(np.zeros((4, 0)), 4, 2, TABLE) == []
