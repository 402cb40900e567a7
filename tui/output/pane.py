"""The output pane: what the network computes over the plane, the line, or the classes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from ...core import Snapshot
from ...datasets import IntArray
from ..drawing.fitting import fitting_line
from ..drawing.heatmap import Mark
from ..keys import bindings
from ..messages import (
    Complaint,
    PartSelected,
    PictureWanted,
    PointAdded,
    PointRemoved,
    PointSelected,
)
from ..pane import BORDER_MARGIN, Pane
from ..selection import Unit
from ..widgets.basics import background_color, hidden_controls, is_ascii
from . import hidden_space, plane
from .baselines import Comparison
from .heat_map import RIGHT_BUTTON, Fractions, HeatMap
from .lane_maps import LEAST_COLUMNS, LEAST_ROWS, LaneMaps, n_tiles, tiling
from .legend import STRENGTH, OutputLegend, legend_facts
from .look import Brush, Look, View, hidden_layer, last_hidden, views_of
from .modes import modes_of, title
from .paint import extent_of, paint
from .picture import Picture
from .reading import name_of, read_place, read_row, row_of, score
from .report import OutputTable

# The legend is beside a square picture if it gets this many cells.
LEGEND_WIDTH = 29
LEGEND_HEIGHT = 1
_MIDDLE = (0.5, 0.5)
# How far a key moves a table that is wider than the pane.
SCROLL_CELLS = 4


class OutputPane(Pane, can_focus=True):
    """The decision boundary, the fitted curve, its residuals, and how good it is."""

    TITLE = "Output"
    HELP_TEXT = (
        "What the network computes. For two inputs: a map of the whole plane with the samples on "
        "it. For one input: a curve through them. For more: a table of true and predicted classes. "
        "v{output.view} switches to the other views: residuals, a projection, a report with "
        "precision, recall, F1 or R^2, set beside a straight line and one answer for all, "
        "and the hidden space: the samples where the last hidden "
        "layer puts them, in the plane of its two neurons or first two principal components, the "
        "grid of the inputs bent along, and the line where the output is 0; n{output.layer} goes "
        "through the layers. Of many columns, two make a plane, the others as the selected sample "
        "has them; a{output.across} and u{output.upward} choose the two. Training samples are "
        "bold, test samples dim; a misclassified sample is an inverted capital. Point with the "
        "mouse, or move the cursor with the arrows or hjkl, to read the output there; a click or "
        "enter selects a sample in "
        "all panes, escape deselects it. A neuron selected in the Network pane fills this one with "
        "its own map. t{output.tests} shows or hides test samples, i{output.discretize} paints "
        "the map in two colours. d{output.draw} draws: a click or enter adds a sample, the right "
        "button or ctrl+click one of the other class, a click on a sample deletes it, as does "
        "x{output.delete} at the cursor; c{output.class} changes the class or the value, as do "
        "+{output.higher} and -{output.lower} and the wheel. Training continues meanwhile."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        left,h | output.left | move(-1, 0) | Cursor left | Move the cursor left; scroll a report
        right,l | output.right | move(1, 0) | Cursor right | Move the cursor right; scroll a report
        up,k | output.up | move(0, -1) | Cursor up | Move the cursor up; scroll a report
        down,j | output.down | move(0, 1) | Cursor down | Move the cursor down; scroll a report
        enter | output.open | open | Select / draw |
        | Select the sample at the cursor; when drawing, add one
        escape | output.clear | clear | Deselect |
        | Stop drawing; then hide the cursor, deselect the sample and the neuron
        v | output.view | next_view | *View |
        | The next view: map or curve, residuals, report, projection, two columns, hidden space
        n | output.layer | next_layer | Hidden space |
        | Show where the hidden layers put the samples, one layer after the other
        a | output.across | choose_column(0) | Column across |
        | Of many columns: choose the one that runs across the plane of two columns
        u | output.upward | choose_column(1) | Column up |
        | Of many columns: choose the one that runs up the plane of two columns
        t | output.tests | show_tests | *Test samples |
        | Show or hide test samples; in a report, count training samples instead
        i | output.discretize | discretize | *Discretize | Show the map in two colours, or in shades
        d | output.draw | draw | *Draw | Draw samples of your own, or stop drawing
        c | output.class | next_brush | Class |
        | When drawing: add samples of the next class, or with the next value
        + | output.higher | turn_brush(1) | Higher | When drawing numbers: a higher value
        - | output.lower | turn_brush(-1) | Lower | When drawing numbers: a lower value
        x,delete | output.delete | delete | Delete |
        | When drawing: delete the sample at the cursor
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._look = Look()
        self._picture: Picture | None = None
        self._hovered: Fractions | None = None
        self._cursor: Fractions | None = None
        # The kind of the data, and the unit that was selected last.
        self._kind: tuple[object, ...] = ()
        self._shown_unit: Unit | None = None
        self._is_beside = False
        self._n_lanes = 0
        # Made when it is first shown.
        self._table: OutputTable | None = None
        self._comparison = Comparison(self, self._show_again)
        self._highlighted: IntArray = np.zeros(0, dtype=np.int64)

    def compose(self) -> ComposeResult:
        with Vertical(id="output-body"):
            yield HeatMap(id="output-map", strength=STRENGTH)
            yield LaneMaps(id="output-lanes", strength=STRENGTH)
        yield OutputLegend(id="output-legend")

    def focus_first(self) -> None:
        """Takes the focus itself: nothing in it can be changed by keys of its own."""
        self.focus()

    # --- Room ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        # Once the colours of the other theme are in force.
        self.app.theme_changed_signal.subscribe(
            self, lambda _: self.call_after_refresh(self._show_again)
        )

    @property
    def view(self) -> str:
        """The name of the view."""
        return self._look.view.value

    @property
    def shows_tests(self) -> bool:
        """Whether test samples are shown."""
        return self._look.with_tests

    @property
    def is_discretized(self) -> bool:
        """Whether the map has two colours."""
        return self._look.discretized

    def look_at(self, *, with_tests: bool, discretized: bool) -> None:
        """Shows or hides test samples, and the map in two colours or in shades."""
        self._change(with_tests=with_tests, discretized=discretized)

    def on_unmount(self) -> None:
        self._comparison.stop()

    def on_resize(self) -> None:
        if self.snapshot is not None:
            self._arrange(self.snapshot)
            self._show_again()

    def on_heat_map_resized(self, event: HeatMap.Resized) -> None:
        event.stop()
        self._show_again()
        self.post_message(PictureWanted())

    @property
    def grid_size(self) -> tuple[int, int]:
        """How many points across and down the picture can show."""
        if self._look.view is View.LANES:
            return self._lanes.grid_size
        if self._look.view not in (View.MAP, View.CURVE):
            return 2, 2
        columns, rows = self._map.grid_size
        if self._look.view is View.CURVE:
            # Braille has two dots a cell.
            columns, rows = 2 * columns, 2
        return max(columns, 2), max(rows, 2)

    def on_lane_maps_resized(self, event: LaneMaps.Resized) -> None:
        event.stop()
        self.post_message(PictureWanted())

    @property
    def _lanes(self) -> LaneMaps:
        return self.query_one("#output-lanes", LaneMaps)

    @property
    def _map(self) -> HeatMap:
        return self.query_one("#output-map", HeatMap)

    def _want_picture(self) -> None:
        # The map gets its own size after this.
        self.call_after_refresh(self.post_message, PictureWanted())

    def _arrange(self, snapshot: Snapshot) -> None:
        """Puts the legend beside a square picture if it fits, and shows what the view has."""
        is_report = self._look.view is View.REPORT
        is_square = len(snapshot.view) == 2 and self._look.view in (View.MAP, View.RESIDUALS)
        is_fit = snapshot.dataset.task == "regression"
        width, height = self.content_size
        gutter = self._map.axes.gutter if self._map.axes else 0
        # A cell is twice as high as wide: this gives both axes of a plane the same scale.
        self._is_beside = is_square and width >= 2 * (height - 1) + gutter + LEGEND_WIDTH
        lines = height - (0 if self._is_beside else LEGEND_HEIGHT)
        side = max(0, min(lines - 1, (width - gutter) // 2))
        self.set_class(self._is_beside, "-beside")
        self.set_class(is_report and is_fit, "-fit")
        if is_report and self._table is None:
            self._table = OutputTable(id="output-table")
            self.query_one("#output-body").mount(self._table, before=0)
        if self._table is not None:
            self._table.display = is_report
        self._lanes.display = self._look.view is View.LANES
        self._map.display = (is_fit or not is_report) and not self._lanes.display
        self._map.styles.max_width = 2 * side + gutter if is_square else None
        self._map.styles.max_height = side + 1 if is_square else None

    # --- What is shown -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the view that fits the data."""
        self._fit_look(snapshot)
        if self._look.view is View.REPORT and self._table is not None:
            # Its scroll bar takes a column.
            width = self.content_size.width - 1
            sentences = self._comparison.sentences(snapshot)
            self._table.show(snapshot, width, sentences, with_tests=self._look.with_tests)
        if self._map.display:
            self._show_picture(snapshot)
        if self._lanes.display:
            self._lanes.show(snapshot.lanes, self._look)
        picture = self._picture if self._map.display else None
        facts = legend_facts(snapshot, self._look, picture)
        self.query_one(OutputLegend).show(facts, beside=self._is_beside)
        self._show_border(snapshot)

    def show_selection(self, snapshot: Snapshot) -> None:
        """Shows the neuron's map, and rings the point."""
        first, unit = views_of(snapshot)[0], self.selection.unit
        is_other, self._shown_unit = unit != self._shown_unit, unit
        if is_other and unit is not None and first in (View.MAP, View.CURVE):
            self._change(view=first, brush=None)
        else:
            self.show_snapshot(snapshot)

    def _fit_look(self, snapshot: Snapshot) -> None:
        """Goes to the first view of other data, and drops what they do not have."""
        dataset = snapshot.dataset
        kind = (dataset.columns, dataset.classes, dataset.task)
        if kind != self._kind or self._look.view not in views_of(snapshot):
            axes = self._look.axes if kind == self._kind else ()
            self._kind = kind
            self._cursor = self._hovered = None
            self._look = replace(self._look, view=views_of(snapshot)[0], brush=None, axes=axes)
            self._arrange(snapshot)
            self._want_picture()
        n_lanes, self._n_lanes = self._n_lanes, len(snapshot.lanes)
        if self._n_lanes > n_lanes and not n_lanes and self._has_room_for(snapshot):
            self._look = replace(self._look, view=View.LANES, brush=None)
            self._arrange(snapshot)
            self._want_picture()
        if self._look.brush is not None:
            self._look = replace(self._look, brush=self._look.brush.fitting(dataset))
        unit = self.selection.unit
        is_there = snapshot.unit_grid is not None and unit == snapshot.unit
        is_shown = is_there and self._look.view in (View.MAP, View.CURVE)
        is_shown |= self._look.view is View.PLANE
        unit, held = unit if is_shown else None, self.selection.point
        self._look = replace(self._look, unit=unit, held=held)

    def _has_room_for(self, snapshot: Snapshot) -> bool:
        """Whether the lanes of a race can be seen side by side."""
        if View.LANES not in views_of(snapshot) or self._look.view not in (View.MAP, View.CURVE):
            return False
        tiles = tiling(n_tiles(len(snapshot.lanes)), *self.content_size)
        return tiles.columns >= LEAST_COLUMNS and tiles.rows >= LEAST_ROWS

    def _show_picture(self, snapshot: Snapshot) -> None:
        heat_map, extent = self._map, extent_of(snapshot, self._look)
        if extent != heat_map.axes:
            heat_map.axes = extent
            self._arrange(snapshot)
        columns, pixel_rows = heat_map.grid_size
        self._look = replace(
            self._look,
            columns=columns,
            rows=pixel_rows // 2,
            background=background_color(self),
            ascii=is_ascii(self),
        )
        self._picture = picture = paint(snapshot, self._look, extent, self._picture)
        marks = [*picture.marks, *self._own_marks(picture)]
        if picture.class_colors:
            heat_map.show_classes(picture.levels, picture.class_colors, marks)
        else:
            heat_map.show(picture.levels, marks)

    def _own_marks(self, picture: Picture) -> list[Mark]:
        """What is highlighted, the ring around the selected point, and the cursor."""
        marks = picture.brackets(self._highlighted) if len(self._highlighted) else []
        if self.selection.point is not None:
            marks += picture.ring(self.selection.point)
        if self._cursor is not None:
            marks.append(picture.cursor(self._cursor))
        return marks

    def _show_border(self, snapshot: Snapshot) -> None:
        room = self.size.width - BORDER_MARGIN
        picture = self._picture if self._map.display else None
        has_scale = picture is not None and picture.limit is not None
        modes = modes_of(snapshot, self._look, has_scale=has_scale)
        hidden = hidden_controls(self)
        modes = [mode for mode in modes if not any(name in mode.key for name in hidden)]
        reading = fitting_line(self._reading(snapshot), room)
        if not reading:
            said = _said(snapshot, self._look)
            reading = max((s for s in said if len(s) <= room), key=len, default="")
        self.write_on_border(title(name_of(snapshot, self._look), modes, room), reading)

    def _reading(self, snapshot: Snapshot) -> list[str]:
        """What is known of the sample under the mouse, at the cursor, or selected."""
        at, point = self._hovered or self._cursor, self.selection.point
        if at is not None and self._picture is not None and self._map.display:
            return self._picture.read(at)
        if point is None:
            return []
        row = row_of(snapshot.dataset, point)
        if row is None:
            return read_place(snapshot, point, self._look.unit)
        return read_row(snapshot, row, self._look.unit)

    def highlight(self, rows: IntArray) -> None:
        """Puts brackets around some samples, given their rows; without rows, around none."""
        self._highlighted = rows
        self._show_again()

    def _show_again(self) -> None:
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)

    def restore(self) -> None:
        self._show_again()

    def _change(self, **look: Any) -> None:
        """Changes the look; another view needs another picture."""
        before = self._look
        self._look = replace(before, **look)
        if self.snapshot is None:
            return
        if self._look.view is not before.view:
            self._hovered = None
            self._arrange(self.snapshot)
            self._want_picture()
        self._show_again()

    # --- The mouse -----------------------------------------------------------------------------

    def on_heat_map_hovered(self, event: HeatMap.Hovered) -> None:
        event.stop()
        self._hover(event.at)

    def on_heat_map_left(self, event: HeatMap.Left) -> None:
        event.stop()
        self._hover(None)

    def _hover(self, at: Fractions | None) -> None:
        self._hovered = at
        if self.snapshot is not None:
            self._show_border(self.snapshot)

    def on_heat_map_clicked(self, event: HeatMap.Clicked) -> None:
        event.stop()
        if self._cursor is not None:
            self._cursor = event.at
        if self._look.brush is None:
            self._select(event.at)
        elif not self._delete(event.at):
            self._add(event.at, with_other=event.button == RIGHT_BUTTON)
        self._show_again()

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
        """Whether the brush draws numbers on a plane, so that its value matters."""
        snapshot = self.snapshot
        if snapshot is None or self._look.brush is None:
            return False
        return snapshot.dataset.task == "regression" and len(snapshot.view) == 2

    # --- Samples -------------------------------------------------------------------------------

    def _select(self, at: Fractions) -> None:
        point = self._picture.point_near(at) if self._picture is not None else None
        if point is not None:
            self.post_message(PointSelected(point))

    def _add(self, at: Fractions, *, with_other: bool) -> None:
        picture, brush = self._picture, self._look.brush
        if picture is not None and brush is not None:
            brush = brush.other(picture.snapshot.dataset) if with_other else brush
            self.post_message(PointAdded(*picture.sample_at(at, brush)))

    def _delete(self, at: Fractions) -> bool:
        """Deletes the sample there; false if there is none."""
        row = self._picture.row(at) if self._picture is not None else None
        if row is None or self._picture is None:
            return False
        self.post_message(PointRemoved(int(self._picture.snapshot.dataset.ids[row])))
        return True

    # --- Keys ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear":
            selection = self.selection
            return bool(
                self._look.brush or self._cursor or selection.point or selection.unit is not None
            )
        return super().check_action(action, parameters)

    def action_move(self, across: int, down: int) -> None:
        if not self._map.display:
            table = self.query_one(OutputTable)
            table.scroll_relative(x=SCROLL_CELLS * across, y=down, animate=False)
        elif self._picture is not None:
            if self._cursor is None:
                self._cursor = _MIDDLE
            else:
                self._cursor = self._picture.moved(self._cursor, across, down)
            self._show_again()

    def action_open(self) -> None:
        if self._cursor is None:
            self.action_move(0, 0)
        elif self._look.brush is None:
            self._select(self._cursor)
        else:
            self._add(self._cursor, with_other=False)

    def action_clear(self) -> None:
        if self._look.brush is not None:
            self._change(brush=None)
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
            place = views.index(self._look.view) + 1
            self._change(view=views[place % len(views)], brush=None)

    def action_next_layer(self) -> None:
        if self.snapshot is None:
            return
        last = last_hidden(self.snapshot)
        if not last:
            self.post_message(Complaint("This network has no hidden layer: add one in Network."))
        elif self._look.view is not View.HIDDEN:
            self._change(view=View.HIDDEN, brush=None)
        else:
            layer = (hidden_layer(self.snapshot, self._look) + 1) % (last + 1)
            self._change(layer=None if layer == last else layer)

    def action_choose_column(self, axis: int) -> None:
        if self.snapshot is None:
            return
        dataset = self.snapshot.dataset
        if View.PLANE not in views_of(self.snapshot):
            words = "You can choose columns only of data with three or more; "
            self.post_message(Complaint(f"{words}{dataset.name} has {len(dataset.columns)}."))
            return

        def choose(column: int) -> None:
            axes = plane.with_axis(dataset, self._look, axis, column)
            self._change(view=View.PLANE, axes=axes, brush=None)

        columns = [(name, partial(choose, place)) for place, name in enumerate(dataset.columns)]
        where = "up" if axis else "across"
        self.app.search_commands(columns, f"Column {where}: type a part of its name")

    def action_show_tests(self) -> None:
        self._change(with_tests=not self._look.with_tests)

    def action_discretize(self) -> None:
        self._change(discretized=not self._look.discretized)

    def action_draw(self) -> None:
        if self.snapshot is None:
            return
        first, dataset = views_of(self.snapshot)[0], self.snapshot.dataset
        if self._look.brush is not None:
            self._change(brush=None)
        elif first not in (View.MAP, View.CURVE):
            name, columns = dataset.name, len(dataset.columns)
            sentence = "You can draw samples only on data with one or two columns; "
            self.post_message(Complaint(f"{sentence}{name} has {columns}."))
        else:
            if self.selection.unit is not None:
                self.post_message(PartSelected(None))
            self._change(view=first, brush=Brush())

    def action_next_brush(self) -> None:
        if self._look.brush is not None and self.snapshot is not None:
            self._change(brush=self._look.brush.next(self.snapshot.dataset))

    def action_turn_brush(self, turns: int) -> None:
        if self._look.brush is not None and self._has_value:
            self._change(brush=self._look.brush.turned(turns))

    def action_delete(self) -> None:
        if self._look.brush is not None and self._cursor is not None:
            self._delete(self._cursor)


def _said(snapshot: Snapshot, look: Look) -> list[str]:
    """What the border says of a view, briefly and in full."""
    match look.view:
        case View.HIDDEN:
            return hidden_space.sentences(snapshot, look)
        case View.PLANE:
            return plane.sentences(snapshot, look)
        case _:
            return score(snapshot)
