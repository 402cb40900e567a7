"""An overlay hides nothing that it is not told to."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from toygrad.tui.drawing.overlay import Overlay

BOLD = Style(bold=True)


def test_it_writes_only_on_blanks_if_told_so() -> None:
    overlay = Overlay(Text("a  b\n    "))
    for column in range(4):
        overlay.put_on_blanks(0, column, "|", BOLD)
    assert overlay.text().plain == "a||b\n    "
    assert not overlay.is_blank(0, 1)
    assert overlay.is_blank(1, 0, 4)
    assert not overlay.is_blank(1, 0, 5)
    assert not overlay.is_blank(2, 0)


def test_what_lies_beyond_the_picture_is_left_out() -> None:
    overlay = Overlay(Text("    \n    "))
    overlay.put(0, -1, "xyz", BOLD)
    overlay.put(1, 3, "xyz", BOLD)
    overlay.put(5, 0, "xyz", BOLD)
    assert overlay.text().plain == "yz  \n   x"


def test_colours_of_the_picture_stay_and_new_ones_go_where_the_text_is() -> None:
    overlay = Overlay(Text.assemble(("ab", "red"), "  \n    "))
    overlay.put(1, 1, "hi", BOLD)
    spans = [(span.start, span.end, str(span.style)) for span in overlay.text().spans]
    assert spans == [(0, 2, "red"), (6, 8, "bold")]
