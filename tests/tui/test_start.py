"""The application starts with few widgets, each styled once, and few layouts and paints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

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
