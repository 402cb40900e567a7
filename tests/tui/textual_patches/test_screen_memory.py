"""What is sent makes a terminal show what the whole screen would, cell by cell."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from tests.tui.textual_patches.terminal_model import TerminalModel
from toygrad.tui.textual_patches.screen_memory import ScreenMemory
from toygrad.tui.textual_patches.terminal_update import TerminalUpdate, paint

# A cell each, two cells each, and two characters in one.
GLYPHS = ("a", "b", " ", " ", "▀", "⣿", "漢", "👍", "e\u0301")
COLORS = (None, "#f59322", "#0877bd", "#1e1e1e", "red", "color(200)", "default")
ATTRIBUTES = ("bold", "italic", "underline", "strike", "reverse")
LEFT = 7
CONSOLE = Console(color_system="truecolor", force_terminal=True)


class Frames:
    """Random frames as Textual has them.

    Args:
        seed: Equal ones give equal frames.
        size: Columns and lines.
    """

    def __init__(self, seed: int, size: tuple[int, int]) -> None:
        self._random = random.Random(seed)
        self._lines: list[list[Strip]] = []
        self.resize(size)

    def resize(self, size: tuple[int, int]) -> None:
        """Has frames of another size from now on."""
        self._width, self._height = size
        self._lines = [self._line() for _ in range(size[1])]

    def full(self) -> LayoutUpdate:
        """The whole screen, of which some may be new."""
        self._lines = [self._random.choice((line, self._line())) for line in self._lines]
        return LayoutUpdate(list(self._lines), Size(self._width, self._height).region)

    def scrolled(self) -> LayoutUpdate:
        """The whole screen, by a line further down."""
        self._lines = [*self._lines[1:], self._line()]
        return LayoutUpdate(list(self._lines), Size(self._width, self._height).region)

    def partial(self) -> ChopsUpdate:
        """Some parts of some lines."""
        choose, spans = self._random.choice, []
        chops: list[dict[int, Strip | None]] = [{0: None, LEFT: None} for _ in self._lines]
        for y in sorted({self._random.randrange(self._height) for _ in range(3)}):
            start, end = choose(((0, self._width), (0, LEFT), (LEFT, self._width)))
            spans.append((y, start, end))
            for x, new in zip(chops[y], self._line(), strict=True):
                if start <= x < end:
                    chops[y][x] = self._lines[y][x > 0] = new
        return ChopsUpdate(chops, spans, [[LEFT, self._width]] * self._height)

    def _line(self) -> list[Strip]:
        return [self._strip(LEFT), self._strip(self._width - LEFT)]

    def _strip(self, width: int) -> Strip:
        segments = [self._segment() for _ in range(self._random.randrange(5))]
        return Strip(segments).adjust_cell_length(width).crop(0, width)

    def _segment(self) -> Segment:
        choose = self._random.choice
        text = "".join(self._random.choices(GLYPHS, k=self._random.randrange(9)))
        on = " ".join(self._random.sample(ATTRIBUTES, k=choose((0, 0, 1, 2))))
        style = Style.parse(on) + Style(color=choose(COLORS), bgcolor=choose(COLORS))
        return Segment(text, choose((None, style, style)))


class Both:
    """A terminal that gets whole frames, and one that gets what changes.

    Args:
        size: Columns and lines of both.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._full, self._frugal = TerminalModel(*size), TerminalModel(*size)
        self._memory = ScreenMemory(Size(*size), ColorSystem.TRUECOLOR)
        self.sent = self.would_be_sent = 0

    def leave(self, size: tuple[int, int]) -> None:
        """Others write to both; the next frame is one of the whole screen."""
        for terminal in (self._full, self._frugal):
            terminal.resize(*size)
        if tuple(self._memory.size) == size:
            self._memory.forget()
        else:
            self._memory = ScreenMemory(Size(*size), ColorSystem.TRUECOLOR)

    def show(self, update: CompositorUpdate, *, is_dropped: bool = False) -> None:
        """Shows a frame on both; a dropped one is sent with the next."""
        written = update.render_segments(CONSOLE)
        self.would_be_sent += len(written)
        self._full.read(written)
        paint(self._memory, update)
        if is_dropped:
            return
        changes = TerminalUpdate(self._memory).render_segments(CONSOLE)
        self.sent += len(changes)
        self._frugal.read(changes)
        assert self._frugal.cells == self._full.cells
        assert TerminalUpdate(self._memory).render_segments(CONSOLE) == ""


SIZES = st.tuples(st.integers(LEFT + 1, 24), st.integers(3, 6))
STEPS = st.sampled_from(("full", "scrolled", "partial", "dropped", "left")) | SIZES


@given(st.integers(0, 2**32), SIZES, st.lists(STEPS, max_size=8))
def test_any_frames_look_as_if_written_in_full(
    seed: int, size: tuple[int, int], steps: list[str | tuple[int, int]]
) -> None:
    both, frames = Both(size), Frames(seed, size)
    for step in [size, *steps, "full"]:
        if step == "dropped":
            both.show(frames.partial(), is_dropped=True)
            continue
        if isinstance(step, tuple):
            size = step
            frames.resize(size)
        if step == "left" or isinstance(step, tuple):
            both.leave(size)
            step = "full"
        both.show(getattr(frames, step)())


def test_all_is_sent_again_when_the_terminal_may_show_anything() -> None:
    frames, memory = Frames(1, (24, 5)), ScreenMemory(Size(24, 5), ColorSystem.TRUECOLOR)
    paint(memory, frames.full())
    everything = memory.changes()
    assert everything and not memory.changes()
    memory.forget()
    assert memory.changes() == everything
