"""The footer shows whole entries, the focused widget's first, and always the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from toygrad.tui.config import AppConfig
from toygrad.tui.footer import Entry, Footer
from toygrad.tui.playground import PANE_IDS

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

WIDTHS = (60, 80, 120, 150)
WAYS_OUT = ("Help", "Quit", "Palette")
# How to get to each text field, with keys alone.
FIELDS = ("slash", "2 w", "4 n", "3 enter", "2 end down enter", "2 end enter")


def entries(user: User) -> list[str]:
    """What the footer shows, entry by entry."""
    footer = user.app.screen.query_one(Footer)
    line = user.text("Footer")
    offered = [*footer._entries[0], *footer._entries[1]]
    shown = [entry.text for entry in offered if f" {entry.text} " in f" {line} "]
    # Nothing else is there: no entry is cut.
    assert line.split() == " ".join(shown).split()
    return shown


async def test_it_shows_whole_entries_and_the_ways_out_at_every_width_and_focus(
    start: Start, golden: Callable[[str, str], None]
) -> None:
    async with start((WIDTHS[0], 24)) as user:
        lines = []
        for width in WIDTHS:
            await user.resize(width, 24)
            for number, pane in enumerate(PANE_IDS, start=1):
                await user.press(str(number))
                shown = entries(user)
                for word in ("Lessons", *WAYS_OUT):
                    assert any(text.endswith(word) for text in shown), (width, pane, shown)
                lines.append(f"{width:>3} {pane:<9} |{user.text('Footer')}")
        golden("footer", "\n".join(lines))


async def test_a_text_field_says_how_to_leave_it(start: Start) -> None:
    async with start((80, 24)) as user:
        for keys in FIELDS:
            before = user.app.screen.focused
            await user.press(*keys.split())
            assert isinstance(user.app.focused, Input), keys
            shown = entries(user)
            assert any(text.startswith("esc ") for text in shown), (keys, shown)
            for word in WAYS_OUT:
                assert any(text.endswith(word) for text in shown), (keys, shown)
            await user.press("escape")
            assert not isinstance(user.app.focused, Input), keys
            assert user.app.focused is not None or before is None
            assert any(text == "? Help" for text in entries(user))


async def test_every_screen_and_dialog_has_one(start: Start) -> None:
    async with start((80, 24)) as user:
        for opened, leave in (
            ("question_mark", "escape"),
            ("L", "escape"),
            ("ctrl+o", "escape"),
            ("ctrl+s", "escape"),
            ("m", "m"),
        ):
            await user.press(opened)
            assert user.app.screen is not user.app.playground
            shown = entries(user)
            assert any(re.match(r"(esc|m) ", text) for text in shown), (opened, shown)
            await user.press(leave)
            assert user.app.screen is user.app.playground


async def test_it_is_drawn_again_only_if_it_has_something_else_to_show(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start((80, 24)) as user:
        await user.press("1")
        drawn: list[tuple[tuple[Entry, ...], ...]] = []
        footer = user.app.screen.query_one(Footer)
        monkeypatch.setattr(footer, "refresh", lambda: drawn.append(footer._entries))
        await user.advance(3)
        await user.press("1", "s", "right_square_bracket")
        assert drawn == []
        await user.press("6", "5")
        assert len(drawn) == 2


async def test_a_click_does_what_the_key_does_and_a_tooltip_says_what(start: Start) -> None:
    async with start((80, 24), AppConfig(ascii=True)) as user:
        footer = user.app.screen.query_one(Footer)
        for text, row in (("s Step", 0), ("Epoch", 0)):
            place = user.place(footer, text)
            await user.pilot.hover(footer, offset=(place.x, row))
            assert str(footer.tooltip).startswith("Train ")
            await user.pilot.click(footer, offset=(place.x, row))
            await user.settle()
        assert user.app.session.step == 25
        await user.press("5")
        assert user.text("Footer").isascii()
        assert "v View" in user.text("Footer")
