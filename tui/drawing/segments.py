"""Text that fits its cells, and text in segments."""

from rich.segment import Segment
from rich.style import Style


def padded_segments(text: str, style: Style) -> list[Segment]:
    """A text whose leading blanks are a segment of their own.

    Programs that draw an exported SVG tend to move a text that begins with blanks.

    Args:
        text: What is shown; may be blank or empty.
        style: How it is drawn, blanks included.

    Returns:
        At most two segments, none of them empty.
    """
    word = text.lstrip(" ")
    blanks = len(text) - len(word)
    parts = (Segment(text[:blanks], style), Segment(word, style))
    return [segment for segment in parts if segment.text]


def shorten(text: str, width: int, *, ascii: bool = False) -> str:
    """A text that fits, without its middle if need be: the ends of a name say the most."""
    if len(text) <= width:
        return text
    dots = ("~" if ascii else "…")[:width]
    tail = (width - 1) // 2
    head = width - 1 - tail
    return text[:head] + dots + text[len(text) - tail :]


def shortened(text: str, width: int, *, ascii: bool) -> str:
    """A text in at most `width` characters, with dots where something is missing."""
    dots = ".." if ascii else "…"
    if len(text) <= width:
        return text
    return text[: max(width - len(dots), 0)] + dots[: max(width, 0)]
