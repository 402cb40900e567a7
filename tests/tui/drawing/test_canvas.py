"""The canvas: texts are cut at its edges, strips have runs of one style."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from toygrad.tui.drawing.canvas import Canvas, cut_end, cut_middle, to_width

STYLES = {0: Style(), 1: Style(bold=True)}


def test_a_line_is_one_segment_for_each_style() -> None:
    canvas = Canvas(2, 6)
    canvas.text(1, 2, "ab", 1)
    strip = canvas.strip(1, 0, 6, STYLES)
    assert [(segment.text, segment.style) for segment in strip] == [
        ("  ", STYLES[0]),
        ("ab", STYLES[1]),
        ("  ", STYLES[0]),
    ]
    assert canvas.strip(0, 0, 6, STYLES).text == " " * 6


def test_texts_end_at_the_edges() -> None:
    canvas = Canvas(1, 4)
    canvas.text(0, -1, "abc", 1)
    canvas.text(0, 3, "xyz", 1)
    canvas.text(1, 0, "below", 1)
    canvas.text(-1, 0, "above", 1)
    canvas.text(0, 9, "right", 1)
    assert canvas.strip(0, 0, 4, STYLES).text == "bc x"


def test_a_wide_character_covers_the_cell_after_it() -> None:
    canvas = Canvas(1, 6)
    canvas.text(0, 0, "犬é|", 1)
    canvas.text(0, 5, "|", 0)
    strip = canvas.strip(0, 0, 6, STYLES)
    assert strip.text == "犬é| |" and strip.cell_length == 6


@given(st.text("aé犬猫 ", max_size=9), st.integers(0, 9), st.booleans())
def test_a_text_is_cut_and_filled_up_to_cells(text: str, width: int, ascii: bool) -> None:
    cut = cut_end(text, width, ascii=ascii)
    assert cell_len(cut) <= width
    assert cut == text or cut.endswith((".." if ascii else "…")[:width])
    assert cell_len(to_width(cut, width)) == width


def test_a_strip_is_as_wide_as_asked() -> None:
    canvas = Canvas(1, 4)
    canvas.text(0, 0, "abcd", 0)
    assert canvas.strip(0, 1, 2, STYLES).text == "bc"
    assert canvas.strip(0, 2, 5, STYLES).text == "cd   "
    assert canvas.strip(0, 9, 3, STYLES).text == "   "


def test_a_name_is_cut_to_cells_and_keeps_both_its_ends() -> None:
    assert cut_middle("a-long-name", 7) == "a-l…ame"
    assert cut_middle("a-long-name", 7, ascii=True) == "a-l~ame"
    # Two cells each.
    assert cut_middle("日本語の名前", 12) == "日本語の名前"
    assert cut_middle("日本語の名前", 9) == "日本…名前"
    assert cut_middle("日本語の名前", 8) == "日本…前"
    assert cut_middle("abc", 0) == ""
