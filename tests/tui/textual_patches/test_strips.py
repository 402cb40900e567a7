"""Strips with lazy caches are those of Textual."""

from __future__ import annotations

import inspect
import re

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from toygrad.tui.textual_patches.strips import CACHES, lighten_strips


def test_they_have_textual_s_caches_once_they_are_needed() -> None:
    source = inspect.getsource(Strip)
    lighten_strips()
    strip = Strip([Segment("abcdef", Style(bold=True))], 6)
    for name, size in CACHES.items():
        assert getattr(strip, name)._maxsize == size
        assert getattr(strip, name) is getattr(strip, name)
        # Textual's own __init__ makes them as large.
        made = re.search(rf"self\.{name}: FIFOCache.*?= FIFOCache\((\d+)\)", source, re.DOTALL)
        assert made and int(made[1]) == size
    assert {slot for slot in Strip.__slots__ if slot.endswith("_cache")} == {
        *CACHES,
        "_render_cache",
    }
    with pytest.raises(AttributeError):
        _ = strip.nothing  # type: ignore[attr-defined]


def test_what_they_are_cut_into_is_remembered() -> None:
    lighten_strips()
    strip = Strip([Segment("abcdef", Style(bold=True)), Segment("gh")])
    left, right = strip.divide([3, 8])
    assert (left.text, right.text, strip.cell_length) == ("abc", "defgh", 8)
    assert strip.divide([3, 8])[0] is left
    assert strip.crop(2, 4).text == "cd"
    assert strip.crop(2, 4) is strip.crop(2, 4)
    assert strip.adjust_cell_length(10).text == "abcdefgh  "
    written = strip.render(Console(color_system="truecolor"))
    assert written == strip.render(Console(color_system="truecolor")) == "\x1b[1mabcdef\x1b[0mgh"
