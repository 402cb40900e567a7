"""Text in segments."""

import pytest
from rich.style import Style

from toygrad.tui.drawing.canvas import padded_segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [("  ab c", ["  ", "ab c"]), ("ab ", ["ab "]), ("   ", ["   "]), ("", [])],
)
def test_leading_blanks_are_a_segment_of_their_own(text: str, parts: list[str]) -> None:
    assert [segment.text for segment in padded_segments(text, Style())] == parts
