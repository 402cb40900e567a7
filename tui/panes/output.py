"""The output pane: what the network makes of every point of the plane, the line, or the classes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from ...core import Snapshot
from ...core.training import confusion_matrix, predicted_classes
from ...datasets import Dataset
from ..messages import PictureWanted
from ..render.heatmap import Mark
from ..render.palette import NEGATIVE, POSITIVE, level_of, qualitative, readable
from ..widgets.ground import ground_color
from ..widgets.heat_map import Axes, HeatMap
from ..widgets.plot import Plot
from ..widgets.text import show_text
from .pane import Pane

# Points drawn at the most: past this they hide the picture they are to explain.
MAX_MARKS = 400
BOUNDARY_STRENGTH = 0.62
MIN_MAP_WIDTH = 20
# Cells that the names of all classes get above the table of true and predicted ones.
ROOM_FOR_NAMES = 36
CLASS_GLYPHS = ("o", "x", "+", "*", "v", "^", "#", "%", "@", "&")


class OutputPane(Pane, can_focus=True):
    """The decision boundary, the fitted curve, or the confusion matrix."""

    TITLE = "Output"
    HELP_TEXT = (
        "What the network computes: for two inputs the whole plane, with the points on it; for one "
        "input a curve through them; for more a table of true and predicted classes. Training "
        "points are bold. Point with the mouse to read a value."
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # The points that were drawn last, and what was made of them.
        self._marked: tuple[object, object, object] = (None, None, None)
        self._marked_size = (0, 0)
        self._marks: list[Mark] = []
        self._tabled: Dataset | None = None

    def compose(self) -> ComposeResult:
        """One view for each kind of data."""
        with ContentSwitcher(initial="output-map"):
            yield HeatMap(id="output-map", strength=BOUNDARY_STRENGTH)
            yield Plot(id="output-curve")
            with VerticalScroll(id="output-table", can_focus=False):
                yield Static(id="output-confusion")
        yield Static(id="output-legend")

    def on_resize(self) -> None:
        """Keeps a plane's axes at one scale: a cell is twice as high as wide."""
        heat_map = self.query_one("#output-map", HeatMap)
        height = self.query_one(ContentSwitcher).size.height
        gutter = heat_map.axes.gutter if heat_map.axes else 0
        heat_map.styles.max_width = max(MIN_MAP_WIDTH, 2 * height + gutter)
        # The map itself gets its size after this.
        self.call_after_refresh(self.post_message, PictureWanted())

    def focus_first(self) -> None:
        """Takes the focus itself: there is nothing in it to turn."""
        self.focus()

    @property
    def grid_size(self) -> tuple[int, int]:
        """How many points across and down the picture can show."""
        heat_map = self.query_one("#output-map", HeatMap)
        if heat_map.display:
            columns, rows = heat_map.grid_size
        else:
            # A plot's braille has two dots a cell.
            columns, rows = 2 * self.query_one(ContentSwitcher).size.width, 2
        return max(columns, 2), max(rows, 2)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows the view that fits the data."""
        switcher = self.query_one(ContentSwitcher)
        if len(snapshot.view) == 2:
            switcher.current = "output-map"
            self._show_plane(snapshot)
        elif len(snapshot.view) == 1:
            switcher.current = "output-curve"
            self._show_curve(snapshot)
        else:
            switcher.current = "output-table"
            self._show_table(snapshot)

    # --- A plane -------------------------------------------------------------------------------

    def _show_plane(self, snapshot: Snapshot) -> None:
        if snapshot.grid is None:
            return
        heat_map = self.query_one("#output-map", HeatMap)
        (x_low, x_high), (y_low, y_high) = snapshot.view
        heat_map.axes = Axes(
            snapshot.dataset.columns[0],
            (f"{x_low:g}", f"{x_high:g}"),
            snapshot.dataset.columns[1],
            (f"{y_low:g}", f"{y_high:g}"),
        )
        marks = self._marks_on(snapshot, heat_map)
        if snapshot.dataset.n_classes > 2:
            classes = predicted_classes(snapshot.grid).astype(np.uint8)
            heat_map.show_classes(classes, qualitative(snapshot.dataset.n_classes), marks)
        else:
            heat_map.show(level_of(snapshot.grid[..., 0], _limit(snapshot)), marks)
        self._show_legend(snapshot)

    def _marks_on(self, snapshot: Snapshot, heat_map: HeatMap) -> list[Mark]:
        points = (snapshot.dataset, snapshot.train_rows, snapshot.test_rows)
        is_same = all(new is old for new, old in zip(points, self._marked, strict=True))
        if not is_same or heat_map.grid_size != self._marked_size:
            self._marked, self._marked_size = points, heat_map.grid_size
            self._marks = list(self._make_marks(snapshot, heat_map))
        return self._marks

    def _make_marks(self, snapshot: Snapshot, heat_map: HeatMap) -> Iterator[Mark]:
        columns, pixel_rows = heat_map.grid_size
        if columns < 1 or pixel_rows < 2:
            return
        (x_low, x_high), (y_low, y_high) = snapshot.view
        for rows, bold in ((snapshot.test_rows, False), (snapshot.train_rows, True)):
            shown = rows[: MAX_MARKS // 2]
            points = snapshot.dataset.points[shown]
            x = ((points[:, 0] - x_low) / (x_high - x_low) * columns).astype(int)
            y = ((y_high - points[:, 1]) / (y_high - y_low) * (pixel_rows // 2)).astype(int)
            for column, line, glyph, color in zip(
                x.tolist(), y.tolist(), *self._glyphs(snapshot, shown), strict=True
            ):
                yield Mark(line, column, glyph, Style(color=color, bold=bold, dim=not bold))

    def _glyphs(self, snapshot: Snapshot, rows: NDArray[np.int64]) -> tuple[list[str], list[str]]:
        dataset = snapshot.dataset
        if dataset.task == "regression":
            high = (dataset.targets[rows] > dataset.target_shift).tolist()
            return ["x" if h else "o" for h in high], [_class_colors(2)[int(h)] for h in high]
        labels = dataset.labels[rows].tolist()
        colors = _class_colors(dataset.n_classes)
        return [CLASS_GLYPHS[k % len(CLASS_GLYPHS)] for k in labels], [colors[k] for k in labels]

    def _show_legend(self, snapshot: Snapshot) -> None:
        dataset = snapshot.dataset
        ground = ground_color(self)
        if dataset.task == "regression":
            names: tuple[str, ...] = ("below the mean", "above it")
        else:
            names = dataset.classes
        legend = Content("")
        for k, (name, color) in enumerate(zip(names, _class_colors(len(names)), strict=True)):
            shown = readable(Color.parse(color), ground).hex
            legend += Content.from_markup(
                f"[{shown}]$glyph $name[/]  ", glyph=CLASS_GLYPHS[k % len(CLASS_GLYPHS)], name=name
            )
        legend += Content.from_markup("[b]bold[/] [$text-muted]trains, the others test[/]")
        self._write_legend(legend)

    def on_heat_map_hovered(self, event: HeatMap.Hovered) -> None:
        """Tells the value below the pointer."""
        event.stop()
        snapshot = self.snapshot
        if snapshot is None or snapshot.grid is None or len(snapshot.view) != 2:
            return
        rows, columns = snapshot.grid.shape[:2]
        value = snapshot.grid[
            min(int(event.y_fraction * rows), rows - 1),
            min(int(event.x_fraction * columns), columns - 1),
        ]
        (x_low, x_high), (y_low, y_high) = snapshot.view
        x = x_low + event.x_fraction * (x_high - x_low)
        y = y_high - event.y_fraction * (y_high - y_low)
        if snapshot.dataset.n_classes > 2:
            what = snapshot.dataset.classes[int(np.argmax(value))]
        else:
            what = f"{float(value[0]):+.3f}"
        self.border_subtitle = f"({x:.2f}, {y:.2f}): {what}"

    def on_heat_map_left(self, event: HeatMap.Left) -> None:
        """Forgets the value."""
        event.stop()
        self.border_subtitle = ""

    # --- A line --------------------------------------------------------------------------------

    def _show_curve(self, snapshot: Snapshot) -> None:
        if snapshot.grid is None:
            return
        plot = self.query_one("#output-curve", Plot)
        (low, high) = snapshot.view[0]
        cells = len(snapshot.grid)
        x = low + (np.arange(cells) + 0.5) * (high - low) / cells
        dataset = snapshot.dataset
        colors = _class_colors(2)
        plot.begin()
        for rows, name, color in (
            (snapshot.test_rows, "test", "gray"),
            (snapshot.train_rows, "train", colors[0]),
        ):
            some = rows[: MAX_MARKS // 2]
            plot.scatter(dataset.points[some, 0], dataset.targets[some], name, color)
        for k in range(snapshot.grid.shape[1]):
            name = "network" if snapshot.grid.shape[1] == 1 else dataset.classes[k]
            plot.line(x, snapshot.grid[:, k], name, colors[1])
        plot.end(x_label=dataset.columns[0])
        self._write_legend("")

    # --- Classes -------------------------------------------------------------------------------

    def _show_table(self, snapshot: Snapshot) -> None:
        if snapshot.dataset.task == "regression":
            self._write_table(_fit_table(snapshot), snapshot)
            self._write_legend("")
            return
        rows = snapshot.test_rows if len(snapshot.test_rows) else snapshot.train_rows
        counts = confusion_matrix(
            snapshot.dataset.labels[rows],
            predicted_classes(snapshot.outputs[rows]),
            snapshot.dataset.n_classes,
        )
        table = _confusion_table(counts, snapshot.dataset.classes, ground_color(self))
        self._write_table(table, snapshot)
        part = "test" if len(snapshot.test_rows) else "training"
        self._write_legend(
            Content.from_markup(
                "[$text-muted]rows true, columns predicted ($part samples)[/]",
                part=part,
            )
        )

    def _write_table(self, table: Table, snapshot: Snapshot) -> None:
        # Its size is the data's, so that other counts need no other layout.
        is_other_data = snapshot.dataset is not self._tabled
        self._tabled = snapshot.dataset
        self.query_one("#output-confusion", Static).update(table, layout=is_other_data)

    def _write_legend(self, legend: str | Content) -> None:
        show_text(self.query_one("#output-legend", Static), legend)


def _limit(snapshot: Snapshot) -> float:
    """The output that gets the full colour."""
    if snapshot.dataset.task == "regression":
        return float(np.abs(snapshot.dataset.targets).max(initial=1e-12))
    # A tanh or a margin saturates at 1; a logit of 4 is a probability of 98 %.
    return 4.0 if snapshot.loss == "binary_cross_entropy" else 1.0


def _class_colors(n: int) -> tuple[str, ...]:
    return (NEGATIVE, POSITIVE) if n == 2 else tuple(color.hex for color in qualitative(n))


def _confusion_table(counts: NDArray[np.int64], classes: tuple[str, ...], ground: Color) -> Table:
    longest = max(map(len, classes))
    width = max(
        3,
        min(longest, ROOM_FOR_NAMES // len(classes)),
        *(len(str(n)) for n in counts.ravel().tolist()),
    )
    table = Table(box=None, padding=0, show_header=True, header_style="bold")
    table.add_column("true", justify="right")
    for name in classes:
        table.add_column(f"{_short(name, width)} ", justify="right", min_width=width)
    table.add_column("recall", justify="right", min_width=7)
    right, wrong = Color.parse(POSITIVE), Color.parse(NEGATIVE)
    for k, row in enumerate(counts):
        total = max(int(row.sum()), 1)
        cells = [
            _count_cell(int(n), int(n) / total, right if j == k else wrong, ground, width)
            for j, n in enumerate(row)
        ]
        table.add_row(f"{classes[k]} ", *cells, f"{row[k] / total:.1%}")
    return table


def _count_cell(n: int, share: float, color: Color, ground: Color, width: int) -> Text:
    background = ground.blend(color, min(1.0, share * 0.9) if n else 0.0)
    foreground = background.get_contrast_text(1.0)
    text = f"{n or '.':>{width}} "
    return Text(text, Style(color=foreground.rich_color, bgcolor=background.rich_color))


def _short(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}."


def _fit_table(snapshot: Snapshot) -> Table:
    """How far off the predictions of numbers are."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("samples", "mean error", "root mean square", "R^2"):
        table.add_column(name, justify="right")
    dataset = snapshot.dataset
    predicted = dataset.from_network(snapshot.outputs[:, 0])
    for name, rows in (("train", snapshot.train_rows), ("test", snapshot.test_rows)):
        if len(rows):
            off = predicted[rows] - dataset.targets[rows]
            spread = float(np.var(dataset.targets[rows])) or 1.0
            table.add_row(
                f"{name} {len(rows):,}",
                f"{np.abs(off).mean():.4g}",
                f"{np.sqrt((off**2).mean()):.4g}",
                f"{1.0 - (off**2).mean() / spread:.3f}",
            )
    return table
