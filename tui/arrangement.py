"""Where the panes of the playground stand, given the room there is and which pane was used last."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Final

from textual.geometry import Region

TABS: Final = "tabs"
MORE: Final = "more-status"
TABS_WIDTH: Final = 50
OTHERS: Final = {"N": "network", "T": "training", "D": "data", "G": "gradients"}
WATCHED: Final = ("output", "loss")
"""What is seen together with any other pane, unless the terminal is tiny."""
LEAST_WIDTH: Final = {"N": 44, "D": 34, "T": 34, "G": 44}
LEAST_HEIGHT: Final = {"N": 14, "D": 12, "T": 12, "G": 9}
LEAST_MAP_WIDTH: Final = 25
LEAST_LOSS_WIDTH: Final = 30
LEAST_LOSS_HEIGHT: Final = 5
LEAST_WATCHED_WIDTH: Final = 34
WEIGHTS: Final = {"N": 3, "D": 3, "T": 2, "G": 2}
"""Who gets more of the room that is left."""
CHOICES: Final = (
    *("N/DT/G", "NG/DT", "N/D/T/G", "N/DT", "DT/G", "N/G/D", "N/G/T"),
    *("N/T", "N/D", "N/G", "D/T", "NT", "ND", "NG", "DT", "N", "D", "T", "G"),
)
"""What can share the room beside output and loss: rows from top to bottom."""
MAP_COLUMNS: Final = 7
"""Cells of the output pane's width beside its map: border, padding and axis."""
MAP_ROWS: Final = 4
"""Lines of its height above and below: border, axis and legend."""
N_PANES: Final = len(OTHERS) + len(WATCHED)

Places = dict[str, Region]
Lines = Callable[[int], int]
"""How many lines a pane fills at a width; 0 if it takes what it gets."""


def arrange(
    width: int,
    height: int,
    recent: Sequence[str],
    training: Lines = lambda _: 0,
    *,
    hidden: Set[str] = frozenset(),
) -> Places:
    """The region of each pane that has one; of the tabs and what is beside them if some have none.

    Args:
        width: Cells across.
        height: Lines.
        recent: All panes; the first one is always there, and early ones before late ones.
        training: How many lines the Training pane fills.
        hidden: Panes that have no place, one or more is left.
    """

    def panes(board: Region) -> Places:
        if hidden:
            return _left_over(board, [pane for pane in recent if pane not in hidden])
        return _panes(board, recent, training)

    places = panes(Region(0, 0, width, height))
    if len(places) == N_PANES - len(hidden):
        return places
    line, rest = Region(0, 0, width, height).split_horizontal(min(1, height))
    return panes(rest) | _beside(line, TABS, min(TABS_WIDTH, width), MORE)


def _left_over(board: Region, recent: Sequence[str]) -> Places:
    """Where some panes are hidden: those that are watched on the right, others on the left."""
    watched = [pane for pane in WATCHED if pane in recent]
    others = [pane for pane in recent if pane not in WATCHED]

    def beside(region: Region) -> Places:
        return {watched[0]: region} if len(watched) == 1 else _watched(region)

    if not watched:
        return _others(board, recent)
    if not others:
        return beside(board)
    if board.width < 76:
        return {others[0]: board} if recent[0] in others else beside(board)
    work, rest = board.split_vertical(round(0.5 * board.width))
    return beside(rest) | _others(work, recent)


def _panes(board: Region, recent: Sequence[str], training: Lines) -> Places:
    if board.width >= 150 and 26 <= board.height <= 0.4 * board.width:
        return _three_columns(board, training(_left_width(board.width)))
    if board.width < 100 and board.height >= 32:
        return _bands(board, recent)
    if board.width >= 76:
        return _two_columns(board, recent)
    return _one_pane(board, recent)


def _left_width(width: int) -> int:
    return _within(round(0.22 * width), 34, 60)


def _three_columns(board: Region, wanted: int) -> Places:
    """Data and training; network and loss; a large output and the gradients."""
    (width, height), left = board.size, _left_width(board.width)
    gradients = _within(round(0.22 * height), LEAST_HEIGHT["G"], 16)
    right = _within(_width_of_map(height - gradients), 68, width - left - 46)
    loss = _within(round(0.4 * height), 11, 30)
    settings, rest = board.split_vertical(left)
    training = min(wanted or round(0.5 * height), round(0.6 * height))
    places = _above(settings, "data", height - training, "training")
    pair = _width_of_map(height) + LEAST_LOSS_WIDTH + 14
    if rest.width - pair >= 46:
        middle, last = rest.split_vertical(rest.width - pair)
        return places | _watched(last) | _above(middle, "network", round(0.6 * height), "gradients")
    middle, last = rest.split_vertical(rest.width - right)
    return {
        **places,
        **_above(middle, "network", height - loss, "loss"),
        **_above(last, "output", min(height - gradients, _height_of_map(right)), "gradients"),
    }


def _two_columns(board: Region, recent: Sequence[str]) -> Places:
    """What is watched on the right, and as many others as fit on the left."""
    width, height = board.size
    pair = _width_of_map(height) + max(LEAST_LOSS_WIDTH + 10, round(0.3 * width))
    if height < 26 and width - pair >= LEAST_WIDTH["N"]:
        work, watched = board.split_vertical(width - pair)
        return _watched(watched) | _others(work, recent)
    loss = _within(round(0.35 * height) - 2, LEAST_LOSS_HEIGHT, 18)
    if height >= sum(LEAST_HEIGHT.values()):
        room = width - LEAST_WIDTH["N"]
    else:
        room = width - LEAST_WIDTH["D"] - LEAST_WIDTH["T"]
        room = room if room > 44 else round(0.45 * width)
    right = max(LEAST_WATCHED_WIDTH, min(_width_of_map(height - loss), room))
    work, watched = board.split_vertical(width - right)
    output = min(height - loss, _height_of_map(right))
    others = _others(work, recent)
    if len(others) == 1 and recent[0] in WATCHED:
        return _watched(board)
    return _above(watched, "output", output, "loss") | others


def _bands(board: Region, recent: Sequence[str]) -> Places:
    """What is watched at the top, and as many others as fit below."""
    most = _height_of_map(board.width - LEAST_LOSS_WIDTH)
    watched, work = board.split_horizontal(_within(round(0.27 * board.height) + 7, 14, most))
    return _watched(watched) | _others(work, recent)


def _one_pane(board: Region, recent: Sequence[str]) -> Places:
    """Output and loss, training and output, or one pane alone."""
    pane, training = recent[0], board.width - _width_of_map(board.height)
    if pane in WATCHED:
        return _watched(board)
    if pane != "training" or training < LEAST_WIDTH["T"]:
        return {pane: board}
    return _beside(board, "training", training, "output")


def _watched(region: Region) -> Places:
    """Output and loss beside each other, or one above the other if that map is larger."""
    width, height = region.size
    beside = min(height - MAP_ROWS, (width - LEAST_LOSS_WIDTH - MAP_COLUMNS) // 2)
    lines = min(height - LEAST_LOSS_HEIGHT - 2, round(0.66 * height), _height_of_map(width))
    if lines - MAP_ROWS >= beside - 1:
        return _above(region, "output", lines, "loss")
    cells = _within(_width_of_map(height), LEAST_MAP_WIDTH, width - LEAST_LOSS_WIDTH)
    return _beside(region, "output", cells, "loss")


def _others(region: Region, recent: Sequence[str]) -> Places:
    """As many of the other panes as fit, the one that was used last in any case."""
    used = [pane for pane in recent if pane not in WATCHED]

    def worth(choice: str) -> tuple[int, list[bool]]:
        shown = [pane in _named(choice) for pane in used]
        return sum(shown), shown

    usable = [c for c in CHOICES if {used[0]} <= _named(c) <= set(used) and _fits(c, region)]
    if not usable:
        return {used[0]: region}
    rows = max(usable, key=worth).split("/")
    places, lines = {}, [max(LEAST_HEIGHT[pane] for pane in row) for row in rows]
    for row, height in zip(rows, _share(region.height, lines, rows), strict=True):
        line, region = region.split_horizontal(height)
        cells = [LEAST_WIDTH[pane] for pane in row]
        for pane, width in zip(row, _share(line.width, cells, row), strict=True):
            places[OTHERS[pane]], line = line.split_vertical(width)
    return places


def _named(choice: str) -> set[str]:
    return {OTHERS[pane] for pane in choice if pane in OTHERS}


def _fits(choice: str, region: Region) -> bool:
    rows = choice.split("/")
    height = sum(max(LEAST_HEIGHT[pane] for pane in row) for row in rows)
    width = max(sum(LEAST_WIDTH[pane] for pane in row) for row in rows)
    return width <= region.width and height <= region.height


def _share(total: int, least: Sequence[int], panes: Sequence[str]) -> list[int]:
    """Parts of a length: the least that each needs, and a share of the rest by its weight."""
    weights = [max(WEIGHTS[pane] for pane in row) for row in panes]
    rest, left = total - sum(least), sum(weights)
    parts = []
    for needed, weight in zip(least, weights, strict=True):
        more = round(rest * weight / left)
        rest, left = rest - more, left - weight
        parts.append(needed + more)
    return parts


def _above(region: Region, upper: str, lines: int, lower: str) -> Places:
    first, second = region.split_horizontal(lines)
    return {upper: first, lower: second}


def _beside(region: Region, left: str, cells: int, right: str) -> Places:
    first, second = region.split_vertical(cells)
    return {left: first, right: second}


def _width_of_map(height: int) -> int:
    """Of an output pane so high with a square map in it: a cell is twice as high as wide."""
    return 2 * (height - MAP_ROWS) + MAP_COLUMNS


def _height_of_map(width: int) -> int:
    return (width - MAP_COLUMNS) // 2 + MAP_ROWS


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
