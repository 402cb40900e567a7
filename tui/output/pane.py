"""The output pane: what the network makes of every point of the plane, the line, or the classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.theme import Theme

from ...core import Snapshot
from ...datasets import Dataset
from ..drawing.heatmap import Mark
from ..messages import (
    Complaint,
    PartSelected,
    PictureWanted,
    PointAdded,
    PointRemoved,
    PointSelected,
)
from ..pane import Pane
from ..selection import Point, Unit
from ..widgets.ascii import is_ascii
from ..widgets.background import background_color
from .brush import Brush
from .facts import STRENGTH, Modes, legend_facts, score, title
from .heat_map import RIGHT_BUTTON, HeatMap
from .keys import BINDINGS, HELP_TEXT
from .legend import OutputLegend
from .look import Look
from .painter import Painter
from .pointer import Fractions, Pointed, row_of
from .reading import read_place, read_row
from .table import OutputTable
from .view import View, views_of

# The legend stands beside a square picture where it has this many cells.
LEGEND_WIDTH = 29
LEGEND_HEIGHT = 2
MIN_MAP_WIDTH = 20
_MIDDLE = (0.5, 0.5)


class OutputPane(Pane, can_focus=True):
    """The decision boundary, the fitted curve, what is left of it, and how good it is."""

    TITLE = "Output"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._painter = Painter()
        self._modes = Modes(View.MAP, with_tests=True, discretized=False, brush=None)
        self._pointed: Pointed | None = None
        # Where the pointer and the cursor are, from the left and from the top of the picture.
        self._hovered: Fractions | None = None
        self._cursor: Fractions | None = None
        # Of what kind the data are, and which unit was selected last.
        self._kind: tuple[object, ...] = ()
        self._shown_unit: Unit | None = None
        self._is_beside = False
        # The selected point's row, and of which point and data it is.
        self._row: int | None = None
        self._row_of: tuple[Point | None, Dataset | None] = (None, None)
        # Rows that are marked with brackets.
        self._lit: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def compose(self) -> ComposeResult:
        with Vertical(id="output-body"):
            yield OutputTable(id="output-table")
            yield HeatMap(id="output-map", strength=STRENGTH)
        yield OutputLegend(id="output-legend")

    def focus_first(self) -> None:
        """Takes the focus itself: there is nothing in it to turn."""
        self.focus()

    # --- Room ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(OutputTable).display = False
        self.app.theme_changed_signal.subscribe(self, self._show_in_colors)

    def on_resize(self) -> None:
        if self.snapshot is not None:
            self._arrange(self.snapshot)
        # The map itself gets its size after this.
        self.call_after_refresh(self.post_message, PictureWanted())

    @property
    def grid_size(self) -> tuple[int, int]:
        """How many points across and down the picture can show."""
        if self._modes.view not in (View.MAP, View.CURVE):
            return 2, 2
        columns, rows = self._map.grid_size
        if self._modes.view is View.CURVE:
            # Braille has two dots a cell.
            columns, rows = 2 * columns, 2
        return max(columns, 2), max(rows, 2)

    @property
    def _map(self) -> HeatMap:
        return self.query_one("#output-map", HeatMap)

    def _arrange(self, snapshot: Snapshot) -> None:
        """Puts the legend beside a square picture if there is room, and shows what the view has."""
        is_square = len(snapshot.view) == 2 and self._modes.view is not View.REPORT
        is_fit = snapshot.dataset.task == "regression"
        is_report = self._modes.view is View.REPORT
        width, height = self.content_size
        gutter = self._map.axes.gutter if self._map.axes else 0
        self._is_beside = is_square and width >= 2 * (height - 1) + gutter + LEGEND_WIDTH
        rows = height - 1 - (0 if self._is_beside else LEGEND_HEIGHT)
        self.set_class(self._is_beside, "-beside")
        self.set_class(is_report and is_fit, "-fit")
        self.query_one(OutputTable).display = is_report
        self._map.display = is_fit or not is_report
        # A cell is twice as high as wide: so both axes of a plane have one scale.
        widest = max(MIN_MAP_WIDTH, 2 * rows + gutter) if is_square else None
        self._map.styles.max_width = widest

    # --- What is shown -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the view that fits the data."""
        self._fit_modes(snapshot)
        if self._modes.view is View.REPORT:
            table = self.query_one(OutputTable)
            table.show(snapshot, self.content_size.width, with_tests=self._modes.with_tests)
        if self._map.display:
            self._show_picture(snapshot)
        self._show_legend(snapshot)
        self._show_border(snapshot)

    def show_selection(self, snapshot: Snapshot) -> None:
        """Shows the neuron's map, and rings the point."""
        first, unit = views_of(snapshot)[0], self.selection.unit
        is_other, self._shown_unit = unit != self._shown_unit, unit
        if is_other and unit is not None and first in (View.MAP, View.CURVE):
            self._turn(view=first, brush=None)
        else:
            self.show_snapshot(snapshot)

    def _fit_modes(self, snapshot: Snapshot) -> None:
        """Goes to the first view of other data, and lets go of what they have not."""
        dataset = snapshot.dataset
        views, kind = views_of(snapshot), (dataset.columns, dataset.classes, dataset.task)
        if kind != self._kind:
            self._kind = kind
            self._cursor = self._hovered = None
            self._modes = replace(self._modes, view=views[0], brush=None)
            self._arrange(snapshot)
            self.call_after_refresh(self.post_message, PictureWanted())
        if self._modes.brush is not None:
            self._modes = replace(self._modes, brush=self._modes.brush.fitting(dataset))

    def _unit(self, snapshot: Snapshot) -> Unit | None:
        """The unit whose picture is there and asked for."""
        unit = self.selection.unit
        is_there = snapshot.unit_grid is not None and unit == snapshot.unit
        return unit if is_there and self._modes.view in (View.MAP, View.CURVE) else None

    def _show_picture(self, snapshot: Snapshot) -> None:
        heat_map, modes, unit = self._map, self._modes, self._unit(snapshot)
        extent = self._painter.extent(snapshot, modes.view, unit, with_tests=modes.with_tests)
        if extent.axes != heat_map.axes:
            heat_map.axes = extent.axes
            self._arrange(snapshot)
        columns, pixel_rows = heat_map.grid_size
        look = Look(
            columns,
            pixel_rows // 2,
            background_color(self),
            is_ascii(self),
            modes.with_tests,
            modes.discretized,
            unit,
        )
        picture = self._painter.picture(snapshot, modes.view, look)
        self._pointed = Pointed(snapshot, modes.view, picture, look)
        marks = [*picture.marks, *self._own_marks(self._pointed)]
        if picture.class_colors:
            heat_map.show_classes(picture.pixels, picture.class_colors, marks)
        else:
            heat_map.show(picture.pixels, marks)

    def _own_marks(self, pointed: Pointed) -> list[Mark]:
        """What is lit, the ring around the selected point, and the cursor."""
        marks = pointed.lit(self._lit) if len(self._lit) else []
        point = self.selection.point
        if point is not None:
            marks += pointed.ring(point, self._selected_row(pointed.snapshot, point))
        if self._cursor is not None:
            marks.append(pointed.cursor(self._cursor))
        return marks

    def _selected_row(self, snapshot: Snapshot, point: Point) -> int | None:
        key = (point, snapshot.dataset)
        if key != self._row_of:
            self._row_of = key
            self._row = row_of(snapshot.dataset, point)
        return self._row

    def _show_legend(self, snapshot: Snapshot) -> None:
        picture = self._pointed.picture if self._pointed and self._map.display else None
        facts = legend_facts(snapshot, self._modes, picture, self._unit(snapshot))
        self.query_one(OutputLegend).show(facts, beside=self._is_beside)

    def _show_border(self, snapshot: Snapshot) -> None:
        unit = self._unit(snapshot)
        reading = self._reading(snapshot, unit) or score(snapshot)
        self.write_on_border(title(snapshot, self._modes, unit), reading)

    def _reading(self, snapshot: Snapshot, unit: Unit | None) -> str:
        """What is known of the point under the mouse, at the cursor, or selected."""
        place, point = self._hovered or self._cursor, self.selection.point
        if place is not None and self._pointed is not None and self._map.display:
            return self._pointed.read(place, unit)
        if point is None:
            return ""
        row = self._selected_row(snapshot, point)
        if row is not None:
            return read_row(snapshot, row, unit)
        return read_place(snapshot, point, unit)

    def _show_in_colors(self, _: Theme) -> None:
        """Draws in the colours of another theme, once they are in force."""
        self.call_after_refresh(self._show_again)

    def light(self, rows: NDArray[np.int64]) -> None:
        """Marks some rows of the data with brackets, or with none takes these away."""
        self._lit = rows
        self._show_again()

    def _show_again(self) -> None:
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)

    def _turn(self, **modes: Any) -> None:
        """Shows it in other modes; another view is another picture, which is asked for."""
        before = self._modes
        self._modes = replace(before, **modes)
        if self.snapshot is None:
            return
        if self._modes.view is not before.view:
            self._hovered = None
            self._arrange(self.snapshot)
            # The map gets its size after this.
            self.call_after_refresh(self.post_message, PictureWanted())
        self._show_again()

    # --- The mouse -----------------------------------------------------------------------------

    def on_heat_map_hovered(self, event: HeatMap.Hovered) -> None:
        event.stop()
        self._hovered = (event.x_fraction, event.y_fraction)
        self._show_reading()

    def on_heat_map_left(self, event: HeatMap.Left) -> None:
        event.stop()
        self._hovered = None
        self._show_reading()

    def _show_reading(self) -> None:
        if self.snapshot is not None:
            self._show_border(self.snapshot)

    def on_heat_map_clicked(self, event: HeatMap.Clicked) -> None:
        event.stop()
        at = (event.x_fraction, event.y_fraction)
        if self._cursor is not None:
            self._cursor = at
        if self._modes.brush is None:
            self._select(at)
        elif not self._delete(at):
            self._add(at, with_other=event.button == RIGHT_BUTTON)
        self._show_again()

    def on_output_legend_turned(self, event: OutputLegend.Turned) -> None:
        event.stop()
        self.focus()
        self.call_later(self.run_action, event.action)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self._has_value:
            event.stop()
            self.action_turn_brush(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if self._has_value:
            event.stop()
            self.action_turn_brush(-1)

    @property
    def _has_value(self) -> bool:
        """Whether numbers are drawn, of a size that is chosen."""
        snapshot = self.snapshot
        if snapshot is None or self._modes.brush is None:
            return False
        return snapshot.dataset.task == "regression" and len(snapshot.view) == 2

    # --- Points --------------------------------------------------------------------------------

    def _select(self, at: Fractions) -> None:
        pointed = self._pointed
        if pointed is None:
            return
        row = pointed.row(at, reach=1)
        if row is not None:
            point: Point | None = tuple(pointed.snapshot.dataset.points[row].tolist())
        else:
            point = pointed.point(at)
        if point is not None:
            self.post_message(PointSelected(point))

    def _add(self, at: Fractions, *, with_other: bool) -> None:
        pointed, brush = self._pointed, self._modes.brush
        if pointed is None or brush is None:
            return
        dataset = pointed.snapshot.dataset
        if with_other:
            brush = brush.other(dataset)
        x, y = pointed.picture.extent.place_at(*at)
        if pointed.view is View.MAP:
            self.post_message(PointAdded((x, y), brush.target(dataset)))
        elif dataset.task == "regression":
            self.post_message(PointAdded((x,), y))
        else:
            self.post_message(PointAdded((x,), brush.target(dataset)))

    def _delete(self, at: Fractions) -> bool:
        """Takes the point there away; false if there is none."""
        row = self._pointed.row(at) if self._pointed is not None else None
        if row is None or self._pointed is None:
            return False
        self.post_message(PointRemoved(int(self._pointed.snapshot.dataset.ids[row])))
        return True

    # --- Keys ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear":
            selection = self.selection
            return bool(
                self._modes.brush or self._cursor or selection.point or selection.unit is not None
            )
        return super().check_action(action, parameters)

    def action_move(self, across: int, down: int) -> None:
        if not self._map.display:
            self.query_one(OutputTable).scroll_relative(y=down, animate=False)
            return
        if self._pointed is None:
            return
        look = self._pointed.look
        if self._cursor is None:
            self._cursor = _MIDDLE
        else:
            column, line = self._pointed.cell(self._cursor)
            column = min(max(column + across, 0), look.columns - 1)
            line = min(max(line + down, 0), look.rows - 1)
            self._cursor = ((column + 0.5) / look.columns, (line + 0.5) / look.rows)
        self._show_again()

    def action_open(self) -> None:
        if self._cursor is None:
            self.action_move(0, 0)
        elif self._modes.brush is None:
            self._select(self._cursor)
        else:
            self._add(self._cursor, with_other=False)

    def action_clear(self) -> None:
        if self._modes.brush is not None:
            self._turn(brush=None)
        elif self._cursor is not None:
            self._cursor = None
            self._show_again()
        elif self.selection.point is not None:
            self.post_message(PointSelected(None))
        else:
            self.post_message(PartSelected(None))

    def action_next_view(self) -> None:
        if self.snapshot is not None:
            views = views_of(self.snapshot)
            place = views.index(self._modes.view) + 1
            self._turn(view=views[place % len(views)], brush=None)

    def action_show_tests(self) -> None:
        self._turn(with_tests=not self._modes.with_tests)

    def action_discretize(self) -> None:
        self._turn(discretized=not self._modes.discretized)

    def action_draw(self) -> None:
        if self.snapshot is None:
            return
        first, dataset = views_of(self.snapshot)[0], self.snapshot.dataset
        if self._modes.brush is not None:
            self._turn(brush=None)
        elif first not in (View.MAP, View.CURVE):
            self.post_message(
                Complaint(
                    "Points can be drawn where there are one or two columns; "
                    f"{dataset.name} has {len(dataset.columns)}."
                )
            )
        else:
            if self.selection.unit is not None:
                self.post_message(PartSelected(None))
            self._turn(view=first, brush=Brush())

    def action_next_brush(self) -> None:
        if self._modes.brush is not None and self.snapshot is not None:
            self._turn(brush=self._modes.brush.next(self.snapshot.dataset))

    def action_turn_brush(self, turns: int) -> None:
        if self._modes.brush is not None and self._has_value:
            self._turn(brush=self._modes.brush.turned(turns))

    def action_delete(self) -> None:
        if self._modes.brush is not None and self._cursor is not None:
            self._delete(self._cursor)
