"""A partial update sends the terminal what Textual's own would, and renders less for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widgets import Static

from toygrad.tui.textual_patches.dirty_region_compositor import (
    DirtyRegionCompositor,
    DirtyRegionScreen,
)

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.usefixtures("all_paints")


def regions(rng: np.random.Generator) -> set[Region]:
    """A few rectangles anywhere on the screen."""
    chosen = set()
    for _ in range(rng.integers(1, 5)):
        x, y = int(rng.integers(0, 140)), int(rng.integers(0, 42))
        width, height = rng.integers(1, 60), rng.integers(1, 20)
        chosen.add(Region(x, y, int(width), int(height)).intersection(Region(0, 0, 150, 46)))
    return chosen


def sent(user: User, compositor: Compositor, kind: type[Compositor], dirty: set[Region]) -> str:
    """What goes to the terminal for these regions."""
    compositor._dirty_regions = set(dirty)
    update = kind.render_partial_update(compositor)
    assert update is not None
    return update.render_segments(user.app.console)


async def test_any_regions_are_drawn_as_by_textual_itself(start: Start) -> None:
    rng = np.random.default_rng(0)
    async with start((150, 46)) as user:
        await user.advance(30)
        compositor = user.app.playground._compositor
        for _ in range(25):
            dirty = regions(rng)
            frugal = sent(user, compositor, DirtyRegionCompositor, dirty)
            assert frugal == sent(user, compositor, Compositor, dirty)


async def test_only_what_touches_a_change_is_rendered(start: Start) -> None:
    async with start((150, 46)) as user:
        compositor = user.app.playground._compositor
        assert isinstance(compositor, DirtyRegionCompositor)
        everything = len(compositor.visible_widgets)
        compositor._updating = frozenset({Region(100, 5, 3, 3)})
        assert 0 < len(compositor.visible_widgets) < everything / 5
        compositor._updating = frozenset()


async def test_one_part_is_drawn_after_the_other_and_what_waits_for_a_frame_for_all(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start((150, 46)) as user:
        screen, drawn = user.app.playground, []

        def note() -> None:
            drawn.append({str(screen.part_of(widget)) for widget in screen._dirty_widgets})
            screen._dirty_widgets.clear()

        for pane in screen.panes:
            pane.refresh()
        monkeypatch.setattr(screen, "_compositor_refresh", note)
        user.app.call_after_refresh(lambda: drawn.append({"all"}))
        await user.settle()
        areas = {str(pane): pane.size.area for pane in screen.panes}
        assert drawn.pop() == {"all"}
        assert [areas[part] for (part,) in drawn] == sorted(areas.values())


async def test_an_unchanged_value_sends_nothing(start: Start) -> None:
    async with start((80, 24)) as user:
        compositor = user.app.playground._compositor
        compositor._dirty_regions = set()
        assert compositor.render_partial_update() is None
        assert len(compositor.visible_widgets) > 10


class Told(Static):
    """Notes what it is told of being seen."""

    def __init__(self) -> None:
        super().__init__("here")
        self.is_seen = False

    def on_show(self) -> None:
        self.is_seen = True

    def on_hide(self) -> None:
        self.is_seen = False


class Scrolled(DirtyRegionScreen[None]):
    """Something that comes and goes, beside something that scrolls."""

    def compose(self) -> ComposeResult:
        yield Told()
        with VerticalScroll():
            yield Static("\n".join("line" for _ in range(99)))


async def test_what_comes_and_goes_is_told_so_also_after_scrolling() -> None:
    async with App[None]().run_test(size=(40, 10)) as pilot:
        screen = Scrolled()
        await pilot.app.push_screen(screen)
        told, scroll = screen.query_one(Told), screen.query_one(VerticalScroll)
        for is_there in (False, True, False, True):
            # Scrolling forgets the layout; whoever asks where a widget is gets a new one.
            scroll.scroll_relative(y=1, animate=False)
            await pilot.pause()
            assert told.is_seen is not is_there
            told.display = is_there
            _ = screen._compositor.full_map
            await pilot.pause()
            assert told.is_seen is is_there
