"""A scroll bar of whole cells."""

from typing import ClassVar

from textual.scrollbar import ScrollBarRender


class WholeCellScrollBar(ScrollBarRender):
    """Draws a scroll bar with colours alone, without the blocks that make its ends smooth."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)
