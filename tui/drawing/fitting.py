"""What there is room for on a line: items are left out whole, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fitting(widths: Sequence[int], room: int, *, gap: int, ranks: Iterable[int] = ()) -> list[int]:
    """The places of the items that fit, in the order in which they are given.

    Args:
        widths: Cells of each.
        room: Cells there are.
        gap: Cells between two items.
        ranks: Places of items, the most important one first; by default the first item is that.
    """
    shown, used = [], -gap
    for place in ranks or range(len(widths)):
        if used + gap + widths[place] <= room:
            used += gap + widths[place]
            shown.append(place)
    return sorted(shown)


def fitting_line(items: Sequence[str], room: int) -> str:
    """Items in one line; the last ones stay if there is no room for all."""
    gap = "  "
    ranks = range(len(items) - 1, -1, -1)
    places = fitting([*map(len, items)], room, gap=len(gap), ranks=ranks)
    return gap.join(items[place] for place in places)
