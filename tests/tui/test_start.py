"""The application starts with few widgets, each styled once, and few layouts and paints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

from toygrad.tui.pane import Pane

if TYPE_CHECKING:
    from tests.tui.conftest import Start

# What was counted, and a few to spare.
MOST = {"widgets": 88, "styled": 320, "styled again": 9, "layouts": 9, "paints": 5}

pytestmark = pytest.mark.usefixtures("all_paints")


async def test_a_start_mounts_styles_lays_out_and_paints_little(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()

    def count(owner: type, method: str, name: str) -> None:
        original = getattr(owner, method)

        def counted(self: Any, *args: Any, **options: Any) -> Any:
            counts[name] += 1
            return original(self, *args, **options)

        monkeypatch.setattr(owner, method, counted)

    count(Stylesheet, "apply", "styled")
    count(App, "update_styles", "styled again")
    count(Screen, "_refresh_layout", "layouts")
    count(Compositor, "render_full_update", "paints")
    async with start((150, 46)) as user:
        counts["widgets"] = len(list(user.app.screen.walk_children()))
    assert {name: n for name, n in counts.items() if n > MOST[name]} == {}


async def test_the_first_frame_is_drawn_once_with_what_the_panes_show(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    update = Compositor.render_update

    def updated(self: Compositor, *args: Any, **options: Any) -> Any:
        if self.root is not None:
            drawn.extend(pane.snapshot is not None for pane in self.root.query(Pane))
        return update(self, *args, **options)

    monkeypatch.setattr(Compositor, "render_update", updated)
    async with start((150, 46)):
        assert drawn and all(drawn)
