"""The colours: even steps, readable text, a place for every value."""

import numpy as np
import pytest
from textual.app import App
from textual.color import Color, rgb_to_lab

from toygrad.tui.drawing.palette import (
    LEVELS,
    NEGATIVE,
    NEUTRAL_LEVEL,
    POSITIVE,
    diverging,
    level_of,
    qualitative,
    readable,
    signed_text,
)

DARK = Color.parse("#1e1e1e")
LIGHT = Color.parse("#d8d8d8")


def wcag_ratio(first: Color, second: Color) -> float:
    """WCAG 2.1, written out for one pair."""

    def luminance(color: Color) -> float:
        channels = []
        for value in (color.r / 255, color.g / 255, color.b / 255):
            channels.append(value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4)
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("neutral", [DARK, LIGHT])
def test_the_table_runs_from_orange_through_the_surface_to_blue(neutral: Color) -> None:
    table = diverging(neutral)
    assert len(table) == LEVELS
    assert table[0] == Color.parse(NEGATIVE)
    assert table[NEUTRAL_LEVEL] == neutral
    assert table[-1] == Color.parse(POSITIVE)


def test_a_weaker_table_leaves_room_above_its_ends() -> None:
    weak = diverging(DARK, strength=0.6)
    assert weak[NEUTRAL_LEVEL] == DARK
    assert weak[0].brightness < Color.parse(NEGATIVE).brightness


@pytest.mark.parametrize("neutral", [DARK, LIGHT])
def test_steps_of_each_half_look_equally_large(neutral: Color) -> None:
    lab = np.array([color_to_cielab(color) for color in diverging(neutral)])
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    for half in (steps[:NEUTRAL_LEVEL], steps[NEUTRAL_LEVEL:]):
        assert half.max() < 2.5 * half.min()


def color_to_cielab(color: Color) -> tuple[float, float, float]:
    lab = rgb_to_lab(color)
    return lab.L, lab.a, lab.b


@pytest.mark.parametrize(("levels", "strength"), [(2, 1.0), (64, 0.0), (64, 1.5)])
def test_an_impossible_table_is_refused(levels: int, strength: float) -> None:
    with pytest.raises(ValueError, match=r"levels|strength"):
        diverging(DARK, levels, strength)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_signed_text_has_a_contrast_of_four_and_a_half_in_both_themes(theme: str) -> None:
    colors = App[None]().available_themes[theme].to_color_system().generate()
    for name in ("surface", "background", "panel"):
        background = Color.parse(colors[name])
        for color in signed_text(background):
            assert wcag_ratio(color, background) >= 4.5


def test_text_is_brighter_on_dark_and_darker_on_light() -> None:
    blue = Color.parse(POSITIVE)
    assert readable(blue, DARK, 7.0).brightness > blue.brightness
    assert readable(blue, LIGHT, 7.0).brightness < blue.brightness


def test_a_readable_colour_is_left_alone() -> None:
    assert readable(Color.parse(NEGATIVE), DARK) == Color.parse(NEGATIVE)


def test_an_unreachable_contrast_gives_the_greatest_there_is() -> None:
    assert readable(Color.parse(POSITIVE), Color.parse("#777777"), 21.0).rgb == (0, 0, 0)


def test_levels_reach_from_end_to_end_with_zero_and_nan_neutral() -> None:
    values = np.array([-2.0, -1.0, -0.5, 0.0, np.nan, 0.5, 1.0, np.inf, -np.inf])
    assert level_of(values, 1.0).tolist() == [0, 0, 16, 32, 32, 48, 63, 63, 0]
    assert level_of(values, 1.0).dtype == np.uint8


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan])
def test_without_a_limit_all_is_neutral(limit: float) -> None:
    assert (level_of(np.ones((2, 3)), limit) == NEUTRAL_LEVEL).all()


@pytest.mark.parametrize("n", [0, 1, 2, 7, 8, 10])
def test_classes_have_colours_of_their_own_up_to_ten(n: int) -> None:
    assert len(set(qualitative(n))) == n


def test_beyond_ten_classes_colours_repeat() -> None:
    assert qualitative(12)[10] == qualitative(12)[0]


def test_a_negative_number_of_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        qualitative(-1)
