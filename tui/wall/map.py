"""WallMap: a grid of runs as a heat map, or as a picture of each one's boundary, with a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from ...core.sweep.live import LiveSweep
from ..drawing.canvas import cut_end
from ..drawing.heatmap import Mark
from ..drawing.members import at_depth, from_rich
from ..keys import bindings
from ..widgets.basics import background_color, depth, is_ascii, shows_characters
from ..widgets.drawn import DrawnWidget
from . import painting
from .cells import Cells, fitted, spread
from .grid import Grid
from .measures import Coloring

TITLE_LINES, BOTTOM_LINES = 1, 3
"""The name of the axis down above; the labels, the name of the axis across, the legend below."""
MOST_PICTURES: Final = 36
LONGEST_REST_SECONDS: Final = 0.06
"""How long the runs wait at most for what the screen draws."""
SWATCH: Final = 12
LEAST_HALVES_FOR_MARKS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is drawn.

    Attributes:
        live: The runs.
        grid: Where each stands.
        coloring: What each cell comes to.
        measure: What that is called.
        best: The row and the column of the best cell.
        limit: The output that has the full colour in a picture.
        n_classes: Of the data.
        with_pictures: Whether each cell is a picture of its boundary.
    """

    live: LiveSweep
    grid: Grid
    coloring: Coloring
    measure: str
    best: tuple[int, int] | None
    limit: float
    n_classes: int
    with_pictures: bool


class WallMap(DrawnWidget, can_focus=True):
    """The cells with the values of both axes, a legend, and a cursor."""

    TITLE: ClassVar[str] = "Map of the wall"
    HELP_TEXT: ClassVar[str] = (
        "Each cell is a run, or one for each seed: its place says which values it has, its colour "
        "how well it does, from blue for the best to orange for the worst. The arrows move the "
        "cursor; its values stand out beside the map."
    )

    DEFAULT_CSS = """
    WallMap { width: 1fr; height: 1fr; background: $surface; color: $foreground; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h  | wall-map.left  | move(0, -1) | Left  | The cell to the left
        right,l | wall-map.right | move(0, 1)  | Right | The cell to the right
        up,k    | wall-map.up    | move(-1, 0) | Up    | The cell above
        down,j  | wall-map.down  | move(1, 0)  | Down  | The cell below
        home    | wall-map.first | move(0, -9999) | First column | The first cell of the row
        end     | wall-map.last  | move(0, 9999)  | Last column | The last cell of the row
        """
    )

    class Moved(Message):
        """The cursor is on another cell."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._scene: Scene | None = None
        self.cursor = (0, 0)
        self._pictures: dict[int, painting.Levels] = {}
        self._corner = (0, 0)
        self._plain = Style()
        self._cells: Cells | None = None

    # --- What is shown -------------------------------------------------------------------------

    def show(self, scene: Scene) -> None:
        """Draws a moment of some runs; of others than before, with the cursor in the corner."""
        before = self._scene
        if before is None or before.live is not scene.live:
            self._pictures = {}
            self.cursor = (0, 0)
        self._scene = scene
        self.redraw()

    def go_to(self, row: int, column: int) -> None:
        """Moves the cursor to a cell; beyond an edge, to the one there."""
        if self._scene is None:
            return
        grid = self._scene.grid
        cursor = (
            min(max(row, 0), grid.n_rows - 1),
            min(max(column, 0), grid.n_columns - 1),
        )
        if cursor != self.cursor:
            self._scene.live.rest(LONGEST_REST_SECONDS)
            self.cursor = cursor
            self.redraw()
            self.post_message(self.Moved())

    def action_move(self, rows: int, columns: int) -> None:
        self.go_to(self.cursor[0] + rows, self.cursor[1] + columns)

    def on_click(self, event: events.Click) -> None:
        offset, cells = event.get_content_offset(self), self._cells
        if offset is None or cells is None:
            return
        place = cells.at(offset.x - self._corner[0], offset.y - self._corner[1])
        if place is not None:
            self.go_to(*place)

    @property
    def shows_pictures(self) -> bool:
        """Whether the cells are pictures: that they are asked for, and have room."""
        scene, cells = self._scene, self._cells
        is_asked_for = scene is not None and scene.with_pictures
        return is_asked_for and cells is not None and painting.picture_size(cells) is not None

    # --- Drawing -------------------------------------------------------------------------------

    def draw(self) -> list[Strip]:
        # To look it up takes longer than to draw a line.
        self._plain = self.rich_style
        scene, (width, height) = self._scene, self.content_size
        lines = height - TITLE_LINES - BOTTOM_LINES
        if scene is None or lines < 1 or width < 1:
            return []
        grid = scene.grid
        names = [grid.row_name(row) for row in range(grid.n_rows)]
        gutter = min(max(map(cell_len, names)) + 1, max(width // 2, 1)) if grid.down else 0
        cells = fitted(
            grid.n_rows, grid.n_columns, width - gutter, lines, self.cursor,
            whole_lines=shows_characters(self) or scene.with_pictures,
        )  # fmt: skip
        self._cells, self._corner = cells, (gutter, TITLE_LINES)
        beside = self._row_names(cells, names, gutter)
        rows = self._map(scene, cells)
        drawn = [
            Strip.join([name, row]).adjust_cell_length(width, self._plain)
            for name, row in zip(beside, rows, strict=True)
        ]
        above = self._line(self._title(scene, width), bold=True)
        return [
            above,
            *drawn,
            *self._column_names(scene, cells, gutter, width),
            self._legend(scene, width),
        ]

    def _line(self, text: str, *, bold: bool = False) -> Strip:
        style = self._plain + Style(bold=True) if bold else self._plain
        # Blanks by themselves: programs that draw an SVG move a text that begins with them.
        words = text.lstrip()
        parts = [Segment(" " * (len(text) - len(words)), self._plain), Segment(words, style)]
        return Strip(parts).adjust_cell_length(self.content_size.width, self._plain)

    def _title(self, scene: Scene, width: int) -> str:
        down, seeds = scene.grid.down, scene.grid.sweep.n_seeds
        seen = self._cells
        words = [] if down is None else [f"{down.name} {self._arrow(scene.grid)}"]
        words.append(f"{scene.measure}, median of {seeds} seeds" if seeds > 1 else scene.measure)
        is_part = (
            seen is not None and seen.n_columns * seen.n_rows < scene.grid.numbers[..., 0].size
        )
        words += ["part of it"] * is_part
        return cut_end("   ".join(words), width, ascii=is_ascii(self))

    def _arrow(self, grid: Grid) -> str:
        arrows = "^v" if is_ascii(self) else "↑↓"
        return arrows[not grid.grows_upwards]

    def _row_names(self, cells: Cells, names: list[str], gutter: int) -> list[Strip]:
        """What stands left of each line: the names that have room, and that of the cursor's row."""
        texts: list[tuple[str, bool]] = [("", False)] * cells.height
        # Where a row has no line for itself, every fourth has a name: every second line.
        every = 1 if cells.halves >= LEAST_HALVES_FOR_MARKS else 4
        for place in range(cells.n_rows):
            row = cells.first_row + place
            line = self._middle_line(cells, place)
            is_here = row == self.cursor[0]
            is_shown = (cells.first_row + cells.n_rows - 1 - place) % every == 0
            if is_here or (is_shown and not texts[line][1]):
                texts[line] = names[row], is_here
        return [self._row_name(text, gutter, is_here=is_here) for text, is_here in texts]

    def _row_name(self, text: str, gutter: int, *, is_here: bool) -> Strip:
        if not gutter:
            return Strip([])
        text = cut_end(text, gutter - 1, ascii=is_ascii(self))
        pad = " " * (gutter - 1 - cell_len(text))
        style = self._plain + Style(bold=True, reverse=True) if is_here else self._plain
        return Strip([Segment(pad, self._plain), Segment(text, style), Segment(" ", self._plain)])

    def _column_names(self, scene: Scene, cells: Cells, gutter: int, width: int) -> list[Strip]:
        """The names of the columns that have room, and the name of their axis."""
        seen = range(cells.first_column, cells.first_column + cells.n_columns)
        room = max(width - gutter, 1)
        names = [
            cut_end(scene.grid.column_name(column), room, ascii=is_ascii(self)) for column in seen
        ]
        chosen = self.cursor[1] - cells.first_column
        # Names at the right edge may use the room beyond the map.
        longest = max(map(cell_len, names))
        parts, at = [Segment(" " * gutter, self._plain)], 0
        for place, start in spread(names, cells.columns, min(room, cells.width + longest), chosen):
            style = self._plain
            if place == chosen:
                style = self._plain + Style(bold=True, reverse=True)
            parts += [
                Segment(" " * (start - at), self._plain),
                Segment(names[place], style),
            ]
            at = start + cell_len(names[place])
        labels = Strip(parts).adjust_cell_length(width, self._plain)
        arrow = "->" if is_ascii(self) else "→"
        name = f"{scene.grid.across.name} {arrow}"
        indent = gutter + max((cells.width - cell_len(name)) // 2, 0)
        return [labels, self._line(" " * indent + name, bold=True)]

    def _legend(self, scene: Scene, width: int) -> Strip:
        """What the colours mean: as many of its parts as have room."""
        coloring, inks, plain = scene.coloring, self._inks(scene), self._plain
        ascii = is_ascii(self)
        if self.shows_pictures:
            words = "pictures: what each run says of every point, as in Output"
            return self._line(cut_end(words, width, ascii=ascii))
        characters = shows_characters(self)
        shares = np.linspace(0.0, 1.0, SWATCH)[None, :]
        levels = painting.levels_of(shares, shares)
        (ramp,) = painting.strips_of(levels.repeat(2, axis=0), inks, (), characters=characters)
        gap = Segment(" ", plain)
        parts = [
            [Segment(coloring.best, plain), gap, *ramp, gap, Segment(coloring.worst, plain)],
        ]
        swatch = self._swatch(inks, painting.WITHOUT, painting.WITHOUT_GLYPH, characters)
        if coloring.without:
            parts.append([swatch, gap, Segment(coloring.without, plain)])
        if scene.best is not None:
            glyph = painting.BEST_GLYPHS[ascii]
            mark = Segment(glyph, plain + Style(bold=True))
            if self._cells is not None and self._cells.halves < LEAST_HALVES_FOR_MARKS:
                mark = self._swatch(inks, painting.BEST, glyph, characters)
            parts.append([mark, gap, Segment("best", plain)])
        if np.isnan(coloring.values).any():
            parts.append([Segment(f"{painting.MISSING_GLYPHS[ascii]} not yet".strip(), plain)])
        line: list[Segment] = []
        for part in parts:
            before = [Segment("   ", plain)] if line else []
            if Segment.get_line_length([*line, *before, *part]) <= width:
                line += [*before, *part]
        return Strip(line).adjust_cell_length(width, plain)

    def _swatch(self, inks: painting.Inks, code: int, glyph: str, characters: bool) -> Segment:
        if characters:
            return Segment(glyph, self._plain + Style(bold=True))
        color = inks.table[code].rich_color
        return Segment("  ", self._plain + Style(bgcolor=color))

    def _inks(self, scene: Scene) -> painting.Inks:
        color = self._plain.color
        text = from_rich(color) if color is not None else background_color(self)
        return painting.Inks(background_color(self), at_depth(text, depth(self)), scene.n_classes)

    # --- The cells -----------------------------------------------------------------------------

    def _map(self, scene: Scene, cells: Cells) -> list[Strip]:
        inks, characters = self._inks(scene), shows_characters(self)
        levels = painting.levels_of(scene.coloring.shares, scene.coloring.values)
        drawn = painting.pixels(levels, cells)
        size = painting.picture_size(cells)
        if scene.with_pictures and size is not None:
            self._draw_pictures(scene, cells, drawn, *size)
            marks = [*self._bars(cells), *self._sign_below(scene, cells)]
            if characters:
                return painting.picture_strips(drawn, inks, marks)
            return painting.strips_of(drawn, inks, marks, characters=False)
        marks = []
        if cells.halves < LEAST_HALVES_FOR_MARKS:
            self._fill(drawn, cells, scene.best, painting.BEST)
            self._fill(drawn, cells, self.cursor, painting.CURSOR)
        else:
            marks = [*self._glyphs(levels, cells), *self._sign(scene, cells)]
            marks += self._frame(cells, self.cursor)
        return painting.strips_of(drawn, inks, marks, characters=characters)

    def _bars(self, cells: Cells) -> list[Mark]:
        """What stands on both sides of the picture with the cursor."""
        seen = self._seen(cells, self.cursor)
        if seen is None:
            return []
        style = Style(color=self._plain.color, bold=True)
        left, lines = seen[1] * cells.columns, cells.lines_of(seen[0])[:-1]
        opening, closing = "[]" if is_ascii(self) else "▐▌"
        return [
            mark
            for line in lines
            for mark in (
                Mark(line, left, opening, style),
                Mark(line, left + cells.columns - 1, closing, style),
            )
        ]

    def _sign_below(self, scene: Scene, cells: Cells) -> list[Mark]:
        """The sign of the best cell, below its picture."""
        seen = self._seen(cells, scene.best)
        if seen is None:
            return []
        middle = seen[1] * cells.columns + (cells.columns - 1) // 2
        glyph, style = painting.BEST_GLYPHS[is_ascii(self)], Style(color=self._plain.color)
        return [Mark(cells.lines_of(seen[0])[-1], middle, glyph, style + Style(bold=True))]

    def _draw_pictures(
        self, scene: Scene, cells: Cells, drawn: painting.Levels, columns: int, lines: int
    ) -> None:
        for row in range(cells.n_rows):
            for column in range(cells.n_columns):
                place = cells.first_row + row, cells.first_column + column
                number = int(scene.grid.numbers[(*place, 0)])
                grid = scene.live.picture(number, columns, 2 * lines)
                if grid is not None and grid.ndim == 3:
                    self._pictures[number] = painting.picture_levels(
                        grid, scene.limit, lines, columns
                    )
                picture = self._pictures.get(number)
                if picture is not None and picture.shape == (2 * lines, columns):
                    painting.put_picture(drawn, cells, row, column, picture)

    def _fill(
        self, drawn: painting.Levels, cells: Cells, place: tuple[int, int] | None, code: int
    ) -> None:
        """Paints a cell that is too small for a sign."""
        seen = self._seen(cells, place)
        if seen is not None:
            row, column = seen
            across = slice(column * cells.columns, (column + 1) * cells.columns)
            drawn[row * cells.halves : (row + 1) * cells.halves, across] = code

    @staticmethod
    def _seen(cells: Cells, place: tuple[int, int] | None) -> tuple[int, int] | None:
        """Where a cell is among those that are seen."""
        if place is None:
            return None
        row, column = place[0] - cells.first_row, place[1] - cells.first_column
        is_seen = 0 <= row < cells.n_rows and 0 <= column < cells.n_columns
        return (row, column) if is_seen else None

    def _glyphs(self, levels: painting.Levels, cells: Cells) -> list[Mark]:
        """A sign in the middle of each cell that has no number."""
        marks, ascii = [], is_ascii(self)
        style = Style(color=self._plain.color)
        for code, glyph in (
            (painting.WITHOUT, painting.WITHOUT_GLYPH),
            (painting.MISSING, painting.MISSING_GLYPHS[ascii]),
        ):
            for place in np.argwhere(levels == code).tolist():
                seen = self._seen(cells, (place[0], place[1]))
                if seen is not None:
                    marks.append(self._middle(cells, seen, glyph, style))
        return marks

    def _sign(self, scene: Scene, cells: Cells) -> list[Mark]:
        """The sign of the best cell."""
        seen = self._seen(cells, scene.best)
        if seen is None:
            return []
        glyph = painting.BEST_GLYPHS[is_ascii(self)]
        return [self._middle(cells, seen, glyph, Style(color=self._plain.color, bold=True))]

    @staticmethod
    def _middle_line(cells: Cells, row: int) -> int:
        lines = cells.lines_of(row)
        return lines[(len(lines) - 1) // 2] if lines else row * cells.halves // 2

    def _middle(self, cells: Cells, seen: tuple[int, int], glyph: str, style: Style) -> Mark:
        row = self._middle_line(cells, seen[0])
        return Mark(row, seen[1] * cells.columns + (cells.columns - 1) // 2, glyph, style)

    def _frame(self, cells: Cells, place: tuple[int, int]) -> list[Mark]:
        """What shows where the cursor is: corners, or brackets where a cell is one line."""
        seen = self._seen(cells, place)
        if seen is None:
            return []
        style = Style(color=self._plain.color, bold=True)
        lines, left = cells.lines_of(seen[0]), seen[1] * cells.columns
        top, bottom, right = lines[0], lines[-1], left + cells.columns - 1
        if cells.columns == 1:
            return [Mark(top, left, "+", style)]
        if top == bottom:
            return [Mark(top, left, "[", style), Mark(top, right, "]", style)]
        corners = painting.CORNERS[is_ascii(self)]
        places = ((top, left), (top, right), (bottom, left), (bottom, right))
        return [Mark(*at, glyph, style) for at, glyph in zip(places, corners, strict=True)]
