"""WallScreen: the map, what is known of the cell under the cursor, and its curve."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ...core.sweep.live import LiveSweep
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..textual_patches.dirty_region_compositor import DirtyRegionScreen
from ..widgets.basics import background_color, show_text
from ..widgets.plot import Plot
from .facts import cell_facts, draw_curve, runs_text, values_text
from .grid import Grid
from .map import LONGEST_REST_SECONDS, MOST_PICTURES, Scene, WallMap
from .measures import (
    ACCURACY,
    EPOCHS,
    FIRST_GOAL,
    GOALS,
    LOSS,
    MEASURES,
    Measure,
    best_cell,
    median_losses,
)

if TYPE_CHECKING:
    from .wall import Wall

FRAMES_PER_SECOND: Final = 15.0
SECONDS_BETWEEN_CURVES: Final = 0.5
LEAST_LINES_FOR_CURVE: Final = 21
TOO_SMALL: Final = "The wall needs a terminal of at least 60 columns and 16 rows."
EMPTY: Final = "No wall yet: press n{wall.new}."
NO_PICTURES: Final = (
    f"Pictures need data with two inputs, at most {MOST_PICTURES} cells, and room for them."
)


class WallScreen(DirtyRegionScreen[None]):
    """Many runs in a grid.

    Args:
        wall: What the user asks is done by it.
    """

    AUTO_FOCUS = "#wall-map"
    TITLE = "Wall"

    DEFAULT_CSS = """
    WallScreen #wall-status { height: 1; background: $panel; padding: 0 1; text-wrap: nowrap; }
    WallScreen #wall-body { height: 1fr; background: $surface; padding: 0 1; }
    WallScreen #wall-side { width: 100%; height: 8; }
    WallScreen #wall-facts { height: 2; background: $surface; }
    WallScreen.-two-columns #wall-body, WallScreen.-wide #wall-body { layout: horizontal; }
    WallScreen.-two-columns #wall-side { width: 38; height: 100%; margin-left: 2; }
    WallScreen.-wide #wall-side { width: 50; height: 100%; margin-left: 2; }
    WallScreen.-two-columns #wall-facts, WallScreen.-wide #wall-facts { height: 7; }
    WallScreen.-two-columns #wall-curve, WallScreen.-wide #wall-curve { max-height: 20; }
    WallScreen.-low #wall-side { height: 2; }
    WallScreen.-low #wall-curve { display: none; }
    WallScreen.-alone #wall-side { display: none; }
    WallScreen.-too-narrow #wall-body, WallScreen.-too-short #wall-body { display: none; }
    WallScreen.-too-narrow #wall-status, WallScreen.-too-short #wall-status { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        space | wall.pause | pause | *Pause | Pause all runs, or let them go on
        enter | wall.open | open | *Open |
        | Open the run under the cursor in the playground; undo brings back the one that is there
        n | wall.new | new | *New | Begin another wall: what varies, seeds, epochs, presets
        c | wall.color | color | *Colour |
        | Colour by the next measure: loss, accuracy, epochs to a loss, diverged, convergence
        [,( | wall.lower-goal | goal(-1) | Lower loss | Of "epochs to a loss": a lower loss
        ],) | wall.higher-goal | goal(1) | Higher loss | Of "epochs to a loss": a higher loss
        b | wall.best | best | *Best | Go to the best cell
        y | wall.why | why | *Why | Race the best run against the one in the playground
        +,i | wall.zoom-in | zoom(1) | *Zoom |
        | As many cells over half the range around the cursor
        -,o | wall.zoom-out | zoom(-1) | Zoom out | Back to the range before
        v | wall.view | pictures | Pictures | Show the boundary of each run, or the heat map
        z | wall.alone | alone | Map alone | Show the map alone, or with facts and curve
        escape,W | wall.leave | leave | *Leave | Back to the playground; the wall pauses
        ?,f1 | wall.help | app.help | *Help | All keys of the wall
        q | wall.quit | app.quit | *Quit | Quit toygrad
        """
    )

    def __init__(self, wall: Wall) -> None:
        super().__init__()
        self._wall = wall
        self._grid: Grid | None = None
        self._measure: Measure = LOSS
        self._goal = FIRST_GOAL
        self._has_pictures = False
        self._best: tuple[int, int] | None = None
        self._shown_version: tuple[object, ...] = ()
        self._curve_key: tuple[object, ...] = (None,)
        self._curve_drawn = 0.0

    def compose(self) -> ComposeResult:
        yield Static(id="wall-status", markup=False)
        with Vertical(id="wall-body"):
            yield WallMap(id="wall-map")
            with Vertical(id="wall-side"):
                yield Static(id="wall-facts", markup=False)
                yield Plot(id="wall-curve")
        yield Static(TOO_SMALL, id="too-small")
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(1.0 / FRAMES_PER_SECOND, self._keep_up)
        self.refresh_wall()

    # --- Showing it ----------------------------------------------------------------------------

    @property
    def live(self) -> LiveSweep | None:
        """The runs that are shown."""
        return self._wall.live

    def show_wall(self, measure: Measure | None = None) -> None:
        """Shows the wall of now, which may be another one.

        Args:
            measure: What to colour by; by default as before.
        """
        live = self.live
        self._measure = measure or self._measure
        if live is None:
            return
        before = self._grid
        if before is None or before.sweep is not live.sweep:
            grid = self._grid = Grid(live.sweep)
            if self._measure not in self._measures:
                self._measure = LOSS
            wall_map = self.query_one(WallMap)
            place = grid.middle if before is None else grid.nearest(before, wall_map.cursor)
            self.refresh_wall()
            wall_map.go_to(*place)
        self.refresh_wall()

    def _keep_up(self) -> None:
        live = self.live
        if self.is_current and live is not None and self._version(live) != self._shown_version:
            self.refresh_wall()

    @staticmethod
    def _version(live: LiveSweep) -> tuple[object, ...]:
        return live, live.visits, live.state

    def refresh_wall(self) -> None:
        """Draws what is known by now."""
        live, grid = self.live, self._grid
        if live is None or grid is None:
            show_text(self.query_one("#wall-status", Static), Content(with_keys(EMPTY)))
            return
        self._rest(live)
        self._shown_version = self._version(live)
        coloring = self._measure.color(live, grid, self._goal)
        self._best = best_cell(coloring, self._measure, median_losses(live, grid))
        limit, n_classes = self._wall.picture_colors
        scene = Scene(
            live, grid, coloring, self._measure_name, self._best, limit, n_classes,
            self._has_pictures,
        )  # fmt: skip
        self.query_one(WallMap).show(scene)
        self._show_status(live, grid)
        self._show_facts(live, grid)
        self._show_curve()
        labels = {"pause": "Go on"} if live.state == "paused" else {}
        labels |= {"pause": ""} if live.state == "done" else {}
        self.query_one(Footer).label(labels)

    def _rest(self, live: LiveSweep) -> None:
        """Lets the runs wait until what was changed is drawn."""
        live.rest(LONGEST_REST_SECONDS)
        self.call_after_refresh(live.end_rest)

    @property
    def _measures(self) -> list[Measure]:
        """Those that fit: only classes have an accuracy."""
        is_regression = self._wall.is_regression
        return [one for one in MEASURES if one is not ACCURACY or not is_regression]

    @property
    def _measure_name(self) -> str:
        loss = self._wall.loss_name
        if self._measure is LOSS:
            return loss
        return f"epochs to {loss} {self._goal:g}" if self._measure is EPOCHS else self._measure.name

    def _show_status(self, live: LiveSweep, grid: Grid) -> None:
        parts = [f"Wall  {self._wall.about}", runs_text(live)]
        if self._wall.depth:
            parts.append(f"zoom {self._wall.depth}")
        if self._best is not None:
            number = int(grid.numbers[(*self._best, 0)])
            parts.append(f"best: {values_text(grid, number)}")
        width = self.app.size.width - 2
        while len("   ".join(parts)) > width and len(parts) > 1:
            parts.pop()
        show_text(self.query_one("#wall-status", Static), Content("   ".join(parts)), layout=False)

    def _show_facts(self, live: LiveSweep, grid: Grid) -> None:
        numbers = self._numbers
        values = values_text(grid, numbers[0])
        values += "   best" * (self._best == self.query_one(WallMap).cursor)
        said = cell_facts(live, numbers, self._wall.loss_name)
        if not self._has_side:
            # One line: what has no room is left out whole.
            while len("   ".join(said)) > self.app.size.width - 2 and len(said) > 1:
                said.pop()
            said = ["   ".join(said)]
        text = "\n".join([values, *said])
        show_text(self.query_one("#wall-facts", Static), Content(text), layout=False)

    def _show_curve(self) -> None:
        """Draws the curve of the cell under the cursor: not in every frame, it takes its time."""
        live = self.live
        if live is None or self._grid is None:
            return
        now, key = time.monotonic(), (self._numbers, self._shown_version)
        is_other = key[0] != self._curve_key[0]
        is_due = now - self._curve_drawn > SECONDS_BETWEEN_CURVES or live.state != "running"
        if key != self._curve_key and (is_other or is_due):
            self._curve_key, self._curve_drawn = key, now
            plot = self.query_one(Plot)
            draw_curve(plot, live, self._numbers, background_color(plot))

    @property
    def _has_side(self) -> bool:
        return self.has_class("-two-columns") or self.has_class("-wide")

    @property
    def _numbers(self) -> tuple[int, ...]:
        """The runs of the cell under the cursor."""
        assert self._grid is not None
        return tuple(self._grid.numbers[self.query_one(WallMap).cursor].tolist())

    @on(WallMap.Moved)
    def _show_moved(self) -> None:
        live, grid = self.live, self._grid
        if live is not None and grid is not None:
            self._rest(live)
            self._show_facts(live, grid)
            # First what the key is pressed for.
            self.call_after_refresh(self._show_curve)

    @on(events.ScreenResume)
    def _come_back(self) -> None:
        self._wall.come_back()
        self.refresh_wall()

    def on_resize(self) -> None:
        self.set_class(self.app.size.height < LEAST_LINES_FOR_CURVE, "-low")
        if self.is_mounted:
            self.call_after_refresh(self.refresh_wall)

    # --- Keys ----------------------------------------------------------------------------------

    def action_pause(self) -> None:
        self._wall.switch()
        self.refresh_wall()

    def action_new(self) -> None:
        self._wall.ask()

    def action_leave(self) -> None:
        self._wall.leave()

    def action_color(self) -> None:
        measures = self._measures
        self._measure = measures[(measures.index(self._measure) + 1) % len(measures)]
        self.refresh_wall()

    def action_goal(self, by: int) -> None:
        self._measure = EPOCHS
        place = GOALS.index(self._goal) + by
        self._goal = GOALS[min(max(place, 0), len(GOALS) - 1)]
        self.refresh_wall()

    def action_best(self) -> None:
        if self._best is None:
            self.notify("No run has a loss yet.")
        else:
            self.query_one(WallMap).go_to(*self._best)

    def action_pictures(self) -> None:
        live, grid = self.live, self._grid
        if live is None or grid is None:
            return
        is_few = grid.n_rows * grid.n_columns <= MOST_PICTURES
        if not self._has_pictures and not (is_few and self._wall.is_plane):
            self.notify(NO_PICTURES)
            return
        self._has_pictures = not self._has_pictures
        self.refresh_wall()
        self.call_after_refresh(self._check_pictures)

    def _check_pictures(self) -> None:
        if self._has_pictures and not self.query_one(WallMap).shows_pictures:
            self._has_pictures = False
            self.notify(NO_PICTURES)
            self.refresh_wall()

    def action_alone(self) -> None:
        self.toggle_class("-alone")
        self.call_after_refresh(self.refresh_wall)

    def action_zoom(self, by: int) -> None:
        if by < 0:
            self._wall.zoom_out()
        elif self._grid is not None:
            self._wall.zoom_in(self._numbers[0])

    def action_open(self) -> None:
        if self._grid is not None:
            self._wall.open_run(self._numbers)

    def action_why(self) -> None:
        if self._best is None or self._grid is None:
            self.notify("No run has a loss yet.")
        else:
            self._wall.race_best(tuple(self._grid.numbers[self._best].tolist()))
