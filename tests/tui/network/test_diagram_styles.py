"""Colours of the diagram: by sign, brighter when stronger, distinct from the background."""

import numpy as np
import pytest
from rich.style import Style
from textual.color import Color

from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.drawing.palette import LEVELS, NEUTRAL_LEVEL
from toygrad.tui.network.diagram_styles import (
    BACKGROUND,
    CHARACTER,
    CHOSEN_BIAS,
    FRAME,
    LINK,
    STRONG,
    DiagramStyles,
    Ink,
    pair_keys,
    signed_level,
)

BACKGROUNDS = [("#161a21", "#dfe3ea"), ("#f9fafb", "#1d232b")]


def made(background: str = "#161a21", text: str = "#dfe3ea") -> DiagramStyles:
    plain = Style(color=text, bgcolor=background)
    return DiagramStyles(plain, Color.parse(background), Color.parse(text))


def front(style: Style) -> Color:
    assert style.color is not None
    return Color.from_rich_color(style.color)


def pair(styles: DiagramStyles, upper: int, lower: int) -> Style:
    return styles[int(pair_keys(np.array(upper), np.array(lower)))]


def test_levels_are_on_the_side_of_their_sign() -> None:
    strengths = np.array([0.0, 1.0, 0.0, 1.0])
    negative = np.array([True, True, False, False])
    assert signed_level(strengths, negative).tolist() == [31, 0, 32, LEVELS - 1]


@pytest.mark.parametrize(("background", "text"), BACKGROUNDS)
def test_stronger_links_stand_out_more(background: str, text: str) -> None:
    styles = made(background, text)
    for side in (False, True):
        levels = signed_level(np.array([0.14, 0.4, 0.7, 1.0]), np.full(4, side))
        colors = [front(styles[key]) for key in (levels + LINK).tolist()]
        ratios = [contrast_ratio(color, Color.parse(background)) for color in colors]
        assert ratios == sorted(ratios) and ratios[0] > 1.05 and ratios[-1] >= 4.5


@pytest.mark.parametrize(("background", "text"), BACKGROUNDS)
def test_a_unit_whose_output_is_zero_stands_out_from_the_background(
    background: str, text: str
) -> None:
    style = pair(made(background, text), NEUTRAL_LEVEL, NEUTRAL_LEVEL)
    assert style.bgcolor is not None
    plate = Color.from_rich_color(style.bgcolor)
    assert contrast_ratio(plate, Color.parse(background)) > 1.15


def test_half_cells_keep_the_background_below_them() -> None:
    styles = made()
    for style in (
        pair(styles, BACKGROUND, 0),
        pair(styles, 0, BACKGROUND),
        pair(styles, BACKGROUND, FRAME),
    ):
        assert style.bgcolor == styles[Ink.PLAIN].bgcolor
    assert front(pair(styles, FRAME, BACKGROUND)) == Color.parse("#dfe3ea")
    assert front(pair(styles, BACKGROUND, 0)) == front(pair(styles, 0, BACKGROUND))


def test_the_selected_bias_is_reversed() -> None:
    styles = made()
    assert styles[3 + CHOSEN_BIAS].reverse
    assert not styles[3 + STRONG].reverse
    assert front(styles[3 + CHOSEN_BIAS]) == front(styles[3 + STRONG])


@pytest.mark.parametrize("level", range(LEVELS))
def test_characters_can_be_read_on_their_level(level: int) -> None:
    style = made()[level + CHARACTER]
    assert style.bgcolor is not None
    assert contrast_ratio(front(style), Color.from_rich_color(style.bgcolor)) >= 3.0


def test_inks_are_laid_over_the_plain_style() -> None:
    plain = Style(color="#ffffff", bgcolor="#000000")
    note = {Ink.NOTE: Style(bold=True)}
    styles = DiagramStyles(plain, Color.parse("#000000"), Color.parse("#ffffff"), note)
    assert styles[Ink.NOTE] == plain + Style(bold=True)
    assert styles[Ink.QUIET] == plain
    with pytest.raises(KeyError):
        styles[50]
