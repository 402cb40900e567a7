"""Where settings are: as many columns as have room, and the parts of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from rich.cells import cell_len
from textual.geometry import Region

from .settings import Choice, Number, Section, Setting

LEAST_TRACK: Final = 5
"""A track with fewer cells is too coarse to be useful, and is left out."""
LEAST_LABEL: Final = 7
"""So much of a label stays beside a long name."""
LEAST_COLUMN: Final = 22
"""A column has no track there, but a name and a value."""
GAP: Final = 2
"""Cells between two columns."""
ARROW: Final = 2
"""Cells at the end of a name out of few."""


class Parts(NamedTuple):
    """Where the parts of a row are, in cells from its left end."""

    label: int
    value: int
    value_end: int
    track: int


class Widths(NamedTuple):
    """Cells that the longest label and the longest number take."""

    label: int
    value: int


def widths_of(settings: Sequence[Setting]) -> Widths:
    """What the rows of some settings have in common, so that their parts are in line."""
    labels = [len(s.label) for s in settings if isinstance(s, Number | Choice)]
    numbers = [s for s in settings if isinstance(s, Number)]
    values = (len(s.format(stop)) for s in numbers for stop in s.stops)
    return Widths(max(labels, default=0), max(values, default=0))


def parts_of(setting: Setting, value: Any, width: int, widths: Widths, name: str) -> Parts:
    """The parts of a row of so many cells; `name` is that of the value out of few."""
    if isinstance(setting, Number):
        text = setting.format(value)
        room = max(min(widths.value, width), len(text))
        label = min(widths.label, max(width - room - 1, 0))
        start = label + (label > 0)
        end = start + room
        is_wide = len(setting.stops) > 1 and width - end - 1 >= LEAST_TRACK
        return Parts(label, start, end, width - end - 1 if is_wide else 0)
    if isinstance(setting, Choice) and setting.label:
        spare = width - cell_len(name) - ARROW - 1
        label = min(widths.label, max(spare, min(LEAST_LABEL, width // 2)))
        label = min(label, len(setting.label)) if spare < widths.label else label
        return Parts(label, label + (label > 0), width, 0)
    return Parts(0, 0, width, 0)


class Shape(NamedTuple):
    """What the columns of a list may be.

    Attributes:
        least_column: Cells of the narrowest column with tracks.
        most_columns: So many at the most.
        is_across: Whether the settings go across the columns, instead of down.
    """

    least_column: int
    most_columns: int
    is_across: bool


class SettingsLayout(NamedTuple):
    """Settings in columns.

    Attributes:
        shown: Those that are in sight.
        columns: How many columns there are.
        cell: Cells of each.
        is_across: As in `Shape`.
    """

    shown: tuple[Setting, ...]
    columns: int
    cell: int
    is_across: bool

    @property
    def rows(self) -> int:
        """Lines that it takes."""
        return _rows(len(self.shown), self.columns)

    def row(self, y: int) -> tuple[Setting, ...]:
        """The settings of a line, from left to right."""
        if self.is_across:
            return self.shown[y * self.columns : (y + 1) * self.columns]
        return self.shown[y :: self.rows] if y < self.rows else ()

    def region_of(self, name: str) -> Region:
        """Where a setting that is in sight stands."""
        place = [setting.name for setting in self.shown].index(name)
        if self.is_across:
            row, column = divmod(place, self.columns)
        else:
            column, row = divmod(place, self.rows)
        return Region(column * (self.cell + GAP), row, self.cell, 1)

    def setting_at(self, x: int, y: int) -> tuple[Setting | None, int]:
        """The setting at a place, and how many cells from its left end."""
        column, cell = divmod(x, self.cell + GAP)
        row = self.row(y)
        return (row[column] if column < len(row) else None), cell


def lay_out(
    settings: Sequence[Setting], opened: Mapping[str, bool], width: int, room: int, shape: Shape
) -> SettingsLayout:
    """Puts settings in as many columns as have room for their tracks, or for all to be seen.

    Args:
        settings: All that may be seen, from top to bottom.
        opened: The sections that the user opened or closed, by name; others open if they fit.
        width: Cells there are.
        room: Lines there are.
        shape: What the columns may be.
    """
    sections = [setting for setting in settings if isinstance(setting, Section)]
    closed = frozenset[str]().union(*(section.members for section in sections))
    lines = len(settings) - len(closed)
    # What is rarely opened may be scrolled to: the tracks of all others are worth more.
    n_rare = sum(section.stays_closed for section in sections)
    columns = _columns_for(lines - n_rare, width, room, shape)
    for section in sections:
        fits = not section.stays_closed and _rows(lines + len(section.members), columns) <= room
        if opened.get(section.name, fits):
            closed -= section.members
            lines += len(section.members)
    shown = tuple(setting for setting in settings if setting.name not in closed)
    cell = max(1, (width - GAP * (columns - 1)) // columns)
    return SettingsLayout(shown, columns, cell, shape.is_across)


def _columns_for(lines: int, width: int, room: int, shape: Shape) -> int:
    wide, narrow = (
        max(1, min(shape.most_columns, (width + GAP) // (cells + GAP)))
        for cells in (shape.least_column, min(shape.least_column, LEAST_COLUMN))
    )
    fitting = (n for n in range(wide, narrow + 1) if _rows(lines, n) <= room)
    return next(fitting, wide)


def _rows(count: int, columns: int) -> int:
    return -(-count // columns)
