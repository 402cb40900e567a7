"""The plot: nothing that is not finite stops it, and its signs hide no curve."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from rich.style import Style
from textual.app import App, ComposeResult

from toygrad.tui.widgets.plot import (
    DASHED,
    DOTTED,
    SOLID,
    SPARSE,
    Plot,
    Scale,
    Stroke,
)

SIZE = (40, 12)
EPOCHS = np.arange(0.0, 11.0)
PICTURE = [
    "     +---------------------------------+",
    "    1+                               **|",
    "     |                            ***  |",
    "  0.8+                     *******     |",
    "  0.6+                  ***            |",
    "     |               ***               |",
    "  0.4+            ***                  |",
    "  0.2+     *******                     |",
    "     |  ***                            |",
    "    0+**                               |",
    "     ++-----+------+-----+------+-----++",
    "epoch 0     2      4     6      8    10",
]


class Host(App[None]):
    """A plot that fills the screen."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *, ascii: bool) -> None:
        super().__init__()
        self.ascii = ascii

    def compose(self) -> ComposeResult:
        yield Plot()

    @property
    def plot(self) -> Plot:
        return self.query_one(Plot)

    def lines(self) -> list[str]:
        """What is on the screen."""
        self.screen._on_timer_update()
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def shown(*, ascii: bool = True, size: tuple[int, int] = SIZE) -> AsyncIterator[Host]:
    host = Host(ascii=ascii)
    async with host.run_test(size=size):
        yield host


async def test_a_line_stands_in_a_frame_between_round_numbers() -> None:
    async with shown() as host:
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, EPOCHS / 10, "red")
        host.plot.end()
        assert host.lines() == PICTURE


VALUES = (0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 1e-300)


@pytest.mark.parametrize("scale", ["linear", "logarithmic", "share"])
async def test_no_numbers_break_it(scale: Scale) -> None:
    rng = np.random.default_rng(0)
    async with shown(ascii=False) as host:
        for n in (0, 1, 2, 7, 300):
            for _ in range(6):
                x = np.sort(rng.random(n)) * 10.0 ** rng.integers(0, 6)
                low, high = rng.choice(VALUES, n), rng.choice(VALUES, n)
                host.plot.begin(scale=scale, epochs=(0.0, 10.0) if rng.random() < 0.5 else None)
                host.plot.band(x, np.minimum(low, high), np.maximum(low, high), "red")
                host.plot.line(x, high, "blue", DASHED)
                for value in VALUES:
                    host.plot.symbol(3.0, value, "o", "red")
                host.plot.upright(1e9, "far away", "red")
                host.plot.upright(2.0, "here", "red")
                host.plot.cursor = 5.0
                host.plot.end()
                assert len(host.lines()) == SIZE[1]


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (8, 4), (12, 5), (200, 60)])
async def test_it_fits_any_size(size: tuple[int, int]) -> None:
    async with shown(size=size) as host:
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, EPOCHS, "red")
        host.plot.end()
        assert max(map(len, host.lines())) <= size[0]


async def test_a_dashed_line_has_gaps_and_a_solid_one_has_none() -> None:
    async with shown(ascii=False) as host:
        canvases = []
        for stroke in (SOLID, DASHED):
            host.plot.begin(epochs=(0.0, 10.0))
            host.plot.line(EPOCHS, np.full(11, 0.5), "red", stroke)
            host.plot.end()
            row = next(line for line in host.lines() if any("⠀" < c <= "⣿" for c in line))
            canvases.append(row[row.index("┤" if "┤" in row else "│") + 1 : -1])
        assert " " not in canvases[0]
        assert " " in canvases[1]
        assert len(canvases[1].split()) > 4


async def test_an_upright_line_and_its_text_hide_no_curve() -> None:
    async with shown() as host:
        plots = []
        for text in ("", "learning rate 0.1"):
            host.plot.begin(epochs=(0.0, 10.0))
            host.plot.line(EPOCHS, EPOCHS, "red")
            if text:
                host.plot.upright(2.0, text, "gray")
            host.plot.end()
            plots.append(host.lines())
        before, after = plots
        assert "learning rate 0.1" in "\n".join(after)
        assert "\n".join(after).count(":") == 8
        for old, new in zip(before, after, strict=True):
            for column, glyph in enumerate(old):
                assert glyph == " " or new[column] == glyph


async def test_a_sign_has_its_own_colour_and_all_else_keeps_its_colour() -> None:
    async with shown() as host:
        looks = []
        for glyph in ("", "@"):
            host.plot.begin(epochs=(0.0, 10.0))
            host.plot.line(EPOCHS, EPOCHS, "red")
            host.plot.symbol(5.0, 5.0, glyph, "blue")
            host.plot.end()
            host.lines()
            strips = [host.plot.render_line(y) for y in range(SIZE[1])]
            looks.append([(c, s.style) for strip in strips for s in strip for c in s.text])
        changed = [new for old, new in zip(*looks, strict=True) if old != new]
        assert [(glyph, style and style.color) for glyph, style in changed] == [
            ("@", Style.parse("#0000ff").color)
        ]


async def test_no_text_begins_with_blanks_which_an_exported_picture_would_move() -> None:
    async with shown(ascii=False) as host:
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, EPOCHS, "red")
        host.plot.upright(5.0, "learning rate 0.1", "gray")
        host.plot.end()
        host.lines()
        for segment in (s for y in range(SIZE[1]) for s in host.plot.render_line(y)):
            assert segment.text.isspace() or not segment.text.startswith(" ")


async def test_signs_beyond_the_axes_are_left_out() -> None:
    async with shown() as host:
        for x, y in ((-5.0, 5.0), (15.0, 5.0), (5.0, -5.0), (5.0, 15.0)):
            host.plot.begin(epochs=(0.0, 10.0))
            host.plot.line(EPOCHS, EPOCHS / 10, "red")
            host.plot.symbol(x, y, "@", "blue")
            host.plot.upright(x if x != 5.0 else 99.0, "far", "gray")
            host.plot.end()
            assert host.lines() == PICTURE


async def test_a_text_that_has_no_room_is_its_last_words_or_left_out() -> None:
    async with shown(size=(26, 12)) as host:
        for text, seen in (("regularization rate 0.001", "rate 0.001"), ("lr 0.1", "lr 0.1")):
            host.plot.begin(epochs=(0.0, 10.0))
            host.plot.line(EPOCHS, np.full(11, 0.5), "red")
            host.plot.upright(5.0, text, "gray")
            host.plot.end()
            assert (seen in "\n".join(host.lines())) is (seen == "lr 0.1")
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, np.full(11, 0.5), "red")
        host.plot.upright(2.0, "regularization rate 0.001", "gray")
        host.plot.end()
        assert ": rate 0.001 " in "\n".join(host.lines())


async def test_the_cursor_stands_in_the_column_of_its_x() -> None:
    async with shown() as host:
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, EPOCHS, "red")
        host.plot.end()
        host.lines()
        for column in (0, 7, host.plot.columns - 1):
            x = host.plot.x_at(6 + column)
            assert x is not None
            host.plot.cursor = x
            assert host.lines()[2][6 + column] in "|*"
            assert sum(line[6 + column : 7 + column] == "|" for line in host.lines()) >= 7
        assert host.plot.x_at(2) is None
        assert host.plot.x_at(39) is None


async def test_a_moving_cursor_does_not_draw_the_curves_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with shown() as host:
        host.plot.begin(epochs=(0.0, 10.0))
        host.plot.line(EPOCHS, EPOCHS, "red")
        host.plot.end()
        host.lines()
        monkeypatch.setattr(host.plot, "_build", lambda: pytest.fail("drawn again"))
        host.plot.cursor = 3.0
        assert "|" in host.lines()[5][6:-1]


@pytest.mark.parametrize("stroke", [SOLID, DASHED, DOTTED, SPARSE])
async def test_a_point_alone_is_drawn_wherever_it_is(stroke: Stroke) -> None:
    async with shown(ascii=False) as host:
        for x in range(31):
            host.plot.begin(epochs=(0.0, 30.0))
            host.plot.line(np.array([float(x)]), np.array([1.0]), "red", stroke)
            host.plot.end()
            assert any("⠀" < cell <= "⣿" for cell in "".join(host.lines())), x


async def test_zero_is_at_the_lower_end_of_a_logarithmic_axis() -> None:
    async with shown() as host:
        for values in ((0.0, 0.0, 0.0), (1.0, 0.1, 0.0)):
            host.plot.begin(scale="logarithmic", epochs=(0.0, 2.0))
            host.plot.line(np.arange(3.0), np.array(values), "red")
            host.plot.symbol(2.0, 0.0, "@", "red")
            host.plot.end()
            lowest = host.lines()[9]
            assert lowest.split("+")[0].strip() == "0"
            assert "@" in lowest
            assert "*" in lowest
