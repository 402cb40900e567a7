"""Every ramp at every depth: even, its hue kept, clear to eyes that lack a kind of cones."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from textual.color import Color

from tests.tui.drawing.vision import VISIONS, cielab, difference, differences
from toygrad.tui.drawing.depth import Depth
from toygrad.tui.drawing.heatmap import heat_character
from toygrad.tui.drawing.members import at_depth, depth_of
from toygrad.tui.drawing.oklab import contrast_ratio
from toygrad.tui.drawing.palette import (
    LEVELS,
    MARK_CONTRAST,
    NEGATIVE,
    NEUTRAL_LEVEL,
    POSITIVE,
    TEXT_CONTRAST,
    character_color,
    class_colors,
    diverging,
    on,
    plate,
    qualitative,
    quiet,
    readable,
    signed_text,
)
from toygrad.tui.theme import themes

# How different two colours must be at least, in CIEDE2000: 2 is just seen side by side.
NEIGHBOURS, ENDS = 4.0, 40.0
# Of 64 levels so many are one step that must be seen.
STEP = 8
# How far a hue may turn on its way from neutral, in degrees of CIELAB.
TURN = 30.0
# Of what has less colour than this, nobody can say the hue.
LEAST_CHROMA = 10.0
# Classes in true colour and in the cube; ten are more than colours can tell apart for sure.
LEAST_BETWEEN_CLASSES = 9.0

SURFACES = [
    pytest.param(at_depth(Color.parse(theme.surface or ""), depth), id=f"{depth.name}-{name}")
    for depth in (Depth.TRUE, Depth.CUBE)
    for name, theme in themes(depth).items()
    if name.startswith("toygrad")
]
SIXTEEN = [
    pytest.param(at_depth(Color.parse(theme.surface or ""), Depth.SIXTEEN), id=name)
    for name, theme in themes(Depth.SIXTEEN).items()
]
STRENGTHS = [1.0, 0.62]


def steps(neutral: Color, strength: float) -> tuple[list[Color], int]:
    """The steps of a ramp, from below zero to above, and where neutral is."""
    table = diverging(neutral, strength=strength)
    if depth_of(neutral) is Depth.TRUE:
        return [*table[::STEP], table[-1]], NEUTRAL_LEVEL // STEP
    found = [table[0], *(after for before, after in pairwise(table) if before != after)]
    return found, found.index(neutral)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("surface", SURFACES)
class TestRamp:
    def test_it_grows_lighter_or_darker_all_the_way(self, surface: Color, strength: float) -> None:
        table = diverging(surface, strength=strength)
        lightness = cielab(table)[:, 0]
        away = -1.0 if lightness[NEUTRAL_LEVEL] > 50.0 else 1.0
        below, above = lightness[NEUTRAL_LEVEL::-1] * away, lightness[NEUTRAL_LEVEL:] * away
        # Rounded to 256 steps a channel.
        assert np.diff(below).min() > -0.2 and np.diff(above).min() > -0.2

    def test_it_keeps_its_hue(self, surface: Color, strength: float) -> None:
        for half, end in zip(np.split(np.arange(LEVELS), 2), (NEGATIVE, POSITIVE), strict=True):
            lab = cielab([diverging(surface, strength=strength)[level] for level in half])
            (wanted,) = cielab([Color.parse(end)])
            vivid = lab[np.hypot(lab[:, 1], lab[:, 2]) > LEAST_CHROMA]
            hue, middle = (np.degrees(np.arctan2(x[..., 2], x[..., 1])) for x in (vivid, wanted))
            assert np.abs((hue - middle + 180.0) % 360.0 - 180.0).max() < TURN

    @pytest.mark.parametrize("vision", VISIONS)
    def test_every_step_is_seen(self, surface: Color, strength: float, vision: str) -> None:
        colors, neutral = steps(surface, strength)
        assert neutral >= 2 and len(colors) - 1 - neutral >= 2
        assert min(differences(colors, vision)) > NEIGHBOURS
        assert difference(colors[0], colors[-1], vision) > ENDS

    def test_it_begins_at_the_surface(self, surface: Color, strength: float) -> None:
        assert diverging(surface, strength=strength)[NEUTRAL_LEVEL].rgb == surface.rgb


@pytest.mark.parametrize("surface", SURFACES)
def test_a_box_of_zero_is_seen(surface: Color) -> None:
    ink = surface.get_contrast_text(1.0)
    assert difference(plate(surface, ink), surface) > NEIGHBOURS


@pytest.mark.parametrize("surface", SURFACES)
def test_text_is_readable(surface: Color) -> None:
    for color in (*signed_text(surface), quiet(surface), readable(Color.parse("gray"), surface)):
        assert contrast_ratio(color, surface) >= TEXT_CONTRAST


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("surface", SURFACES)
def test_marks_are_seen_on_every_colour_of_a_map(surface: Color, strength: float) -> None:
    for behind in {*diverging(surface, strength=strength)}:
        for color in class_colors(2):
            assert contrast_ratio(readable(color, behind, MARK_CONTRAST), behind) >= MARK_CONTRAST


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("n_classes", [2, 3, 5, 7, 10])
@pytest.mark.parametrize("depth", [Depth.TRUE, Depth.CUBE], ids=lambda depth: depth.name)
def test_classes_are_told_apart(depth: Depth, n_classes: int, vision: str) -> None:
    colors = [on(at_depth(Color(0, 0, 0), depth), color) for color in class_colors(n_classes)]
    pairs = combinations(colors, 2)
    assert min(difference(*pair, vision) for pair in pairs) > LEAST_BETWEEN_CLASSES


@pytest.mark.parametrize("surface", SIXTEEN)
def test_sixteen_colours_and_characters_show_four_sizes_on_each_side(surface: Color) -> None:
    table = diverging(surface)
    cells = [(heat_character(n), table[n].ansi, character_color(table, n)) for n in range(LEVELS)]
    seen = [cells[0], *(after for before, after in pairwise(cells) if before != after)]
    assert [cell[0] for cell in seen] in (list("=-. +*#"), list("=-.  +*#"))
    # The colour behind is that of the densest character, and of no other.
    assert {cell[0] for cell in cells if cell[1] != surface.ansi} == {"=", "#"}
    below, above = (set(cells[n][1:]) for n in (0, LEVELS - 1))
    assert not below & above


@pytest.mark.parametrize("surface", SIXTEEN)
def test_of_sixteen_colours_marks_are_never_of_the_colour_behind(surface: Color) -> None:
    for behind in {*diverging(surface)}:
        for color in (*qualitative(10), *signed_text(surface), Color.parse("gray")):
            assert readable(color, behind).ansi != behind.ansi


def test_of_sixteen_colours_the_signs_have_their_own() -> None:
    surfaces = (at_depth(Color.parse(html), Depth.SIXTEEN) for html in ("#000000", "#ffffff"))
    signs = [tuple(color.ansi for color in signed_text(surface)) for surface in surfaces]
    # Bright yellow and bright blue on black; red and blue on white.
    assert signs == [(11, 12), (1, 4)]


@pytest.mark.parametrize("n_classes", [2, 3, 7, 10])
def test_of_sixteen_colours_classes_have_their_own(n_classes: int) -> None:
    black = at_depth(Color(0, 0, 0), Depth.SIXTEEN)
    numbers = {on(black, color).ansi for color in class_colors(n_classes)}
    assert len(numbers) >= min(n_classes, 8)


def test_without_colours_all_is_the_terminals_own() -> None:
    background = at_depth(Color(0, 0, 0), Depth.NONE)
    assert set(diverging(background)) == {background}
    assert {readable(color, background) for color in class_colors(7)} == {background}


@pytest.mark.parametrize("depth", [Depth.CUBE, Depth.SIXTEEN], ids=lambda depth: depth.name)
def test_every_colour_has_a_number(depth: Depth) -> None:
    for theme in themes(depth).values():
        surface = at_depth(Color.parse(theme.surface or ""), depth)
        colors = [
            *(color for strength in STRENGTHS for color in diverging(surface, strength=strength)),
            *(on(surface, color) for n in (2, 7, 10) for color in class_colors(n)),
            *(readable(color, surface) for color in qualitative(10)),
            *signed_text(surface),
            quiet(surface),
            plate(surface, Color.parse(theme.foreground or "")),
        ]
        assert {depth_of(color) for color in colors} == {depth}
        assert all(at_depth(Color(*color.rgb), depth) == color for color in colors)
