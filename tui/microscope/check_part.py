"""The part of the microscope that checks gradients and shows where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import ContentSwitcher, Static, Tab, Tabs

from ...core.autograd import Value
from ...core.autograd.gradcheck import DEFAULT_STEP
from ...core.explain.check import cost, error_against_h, leaf_curve, leaf_range, leaves
from ...core.explain.formulas import number_text, quotient_text
from ...core.explain.paths import NO_PATHS, Path, Paths, paths
from ...core.explain.planted import NO_BUGS
from ...core.explain.pulls import Pulls, pulls
from ...core.explain.stepper import Stepper
from ...core.nn.parameters import parse_element
from ..drawing.numbers import counted
from ..key_words import with_keys
from ..widgets.basics import is_ascii, show_text
from ..widgets.line_list import LineList
from ..widgets.sample_pulls import SamplePulls
from .chain_rule import in_characters
from .check_views import (
    CheckTable,
    CurvePlot,
    ErrorPlot,
    described_sample,
    error_legend,
    path_heading,
    path_row,
    product_text,
)
from .graph_source import NetworkSource

STEP_SIZES: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, DEFAULT_STEP, 1e-6, 1e-8, 1e-10, 1e-12)
VIEWS: Final = ("gradients", "curve", "paths", "samples")
_TOOLTIPS: Final = {
    "gradients": "Each gradient next to its central difference (v: next view)",
    "curve": "The output against one value, with the tangent, and its derivative (v: next view)",
    "paths": "All paths from a value to the output, with their products (v: next view)",
    "samples": "Which samples push a weight up, and which down (v: next view)",
}
_ERROR_TOOLTIP: Final = (
    "The error of the difference quotient of the selected value against the step size h. A large h "
    "is far from the limit; a tiny h loses its digits to floating-point rounding."
)
_CURVE_TOOLTIPS: Final = {
    "curve-plot": "The output as one value varies from left to right, and its tangent (dashed).",
    "slope-plot": "The derivative at every point, by the chain rule; zero is dashed.",
}
_PULL_TOOLTIPS: Final = {
    "push-up": "Samples that push the weight up. Choose one to show its graph.",
    "push-down": "Samples that push the weight down. Choose one to show its graph.",
}
_PATHS_TOOLTIP: Final = (
    "Every path from the selected value to the output. Multiply the derivatives along each path, "
    "then add the products: that is the gradient. Choose a path to highlight it."
)


class CheckPart(Vertical):
    """Four views of the gradients; only the visible one is computed."""

    TITLE: ClassVar[str] = "Check"
    HELP_TEXT: ClassVar[str] = (
        "Gradients: each by the chain rule next to its central difference with step size h, and "
        "how the error grows when h is too large, or too small for floating point. Curve: the "
        "output against the selected value with its tangent, and the derivative at every point. "
        "Paths: all paths from the selected value to the output; their products add up to the "
        "gradient. Samples: which of them push the selected weight up, and which down."
    )

    DEFAULT_CSS = """
    CheckPart #views { height: 1; }
    CheckPart #check-hidden { display: none; color: $text-muted; }
    CheckPart #views Underline { display: none; }
    CheckPart #views Tab { padding: 0 1 0 0; height: 1; }
    CheckPart #views Tab.-active { text-style: bold underline; }
    CheckPart ContentSwitcher, CheckPart #view-paths { height: 1fr; }
    CheckPart #check-said { height: auto; max-height: 3; color: $text-muted; }
    CheckPart .half { width: 1fr; height: 1fr; }
    CheckPart .plot-name { height: 1; color: $text-muted; }
    CheckPart #gradients-plot { width: 1fr; margin-left: 1; }
    CheckPart #gradients-plot .plot-name { height: auto; }
    .-one-column CheckPart #view-gradients, .-one-column CheckPart #view-curve { layout: vertical; }
    .-one-column CheckPart #gradients-plot { width: 1fr; margin-left: 0; }
    """

    @dataclass
    class LeafChosen(Message):
        """The user chose a leaf."""

        leaf: Value

    @dataclass
    class PathHighlighted(Message):
        """The graph should highlight a path; None for no path."""

        path: Path | None

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self._stepper: Stepper | None = None
        self._network: NetworkSource | None = None
        self._selected: Value | None = None
        self._h = STEP_SIZES.index(DEFAULT_STEP)
        self._paths: Paths | None = None
        self._path: int | None = None
        self._pulled: tuple[object, Pulls] | None = None

    def compose(self) -> ComposeResult:
        yield Tabs(*self._tabs(), active="tab-gradients", id="views")
        with ContentSwitcher(initial="view-gradients"):
            with Horizontal(id="view-gradients"):
                yield CheckTable(id="check-table")
                with Vertical(id="gradients-plot"):
                    name = error_legend(ascii=is_ascii(self))
                    yield Static(name, classes="plot-name", markup=False)
                    yield ErrorPlot(id="error-plot", tooltip=_ERROR_TOOLTIP)
            with Horizontal(id="view-curve"):
                for id, tooltip in _CURVE_TOOLTIPS.items():
                    with Vertical(classes="half"):
                        yield Static(id=f"{id}-name", classes="plot-name", markup=False)
                        yield CurvePlot(id=id, tooltip=tooltip)
            yield LineList(id="view-paths", tooltip=_PATHS_TOOLTIP)
            with Horizontal(id="view-samples"):
                for id, tooltip in _PULL_TOOLTIPS.items():
                    yield SamplePulls(described_sample, id=id, tooltip=tooltip)
        yield Static(id="check-said", markup=False)
        yield Static("Hidden until you answer.", id="check-hidden", markup=False)

    def _tabs(self) -> list[Tab]:
        tabs = []
        for view in VIEWS:
            tab = Tab(view.capitalize(), id=f"tab-{view}")
            tab.tooltip = _TOOLTIPS[view]
            tabs.append(tab)
        return tabs

    def on_mount(self) -> None:
        self.query_one("#views", Tabs).can_focus = False
        # The headings of its lists keep the colours that they were given.
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    # --- What is checked -----------------------------------------------------------------------

    def show_graph(self, stepper: Stepper | None, network: NetworkSource | None) -> None:
        """Checks another graph.

        Args:
            stepper: Of the graph; None for no graph.
            network: What the graph is of; None for a program.
        """
        self._stepper, self._network = stepper, network
        self._selected = None
        self._forget_paths()
        self._draw()

    def show_value(self, value: Value) -> None:
        # What was chosen in a graph that has gone meanwhile is not in this one.
        is_here = self._stepper is not None and value in (*self._stepper.order, *self._leaves)
        if is_here and value is not self._selected:
            self._selected = value
            self._forget_paths()
            self._draw()

    def _forget_paths(self) -> None:
        self._paths, self._path = None, None

    @property
    def view(self) -> str:
        return str(self.query_one(ContentSwitcher).current).removeprefix("view-")

    def show_view(self, view: str) -> None:
        self.query_one(Tabs).active = f"tab-{view}"

    def next_view(self) -> None:
        self.show_view(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)])

    def change_h(self, by: int) -> None:
        """Changes h: 1 for the next smaller one, -1 for the next larger one."""
        self._h = min(max(self._h + by, 0), len(STEP_SIZES) - 1)
        self._draw()

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        self.query_one(ContentSwitcher).current = f"view-{str(event.tab.id).removeprefix('tab-')}"
        self._draw()

    def on_show(self) -> None:
        self._draw()

    def focus_view(self) -> None:
        """Focuses the view's list, or the table if it has none."""
        lists = {"gradients": "#check-table", "paths": "#view-paths", "samples": "#push-up"}
        self.query_one(lists.get(self.view, "#check-table")).focus()

    # --- Paths ---------------------------------------------------------------------------------

    def follow(self) -> str:
        """Highlights the next path of the selected value; after the last one, none.

        Returns:
            A sentence about the path; empty if the view of paths already shows it.
        """
        found = self._found_paths()
        if found is None or not found.shown:
            return "No path leads from here to the output."
        place = 0 if self._path is None else self._path + 1
        self._highlight(place if place < len(found.shown) else None)
        is_shown = self.view == "paths" and self.region.area > 0
        return "" if is_shown else self._path_sentence(found)

    def _path_sentence(self, found: Paths) -> str:
        """The product along the highlighted path; empty without one."""
        if self._path is None or self._stepper is None:
            return ""
        path = found.shown[self._path]
        return (
            f"Path {self._path + 1} of {found.n_paths:,} from "
            f"{self._stepper.names[path.nodes[0]]}: "
            f"{product_text(path)} = {number_text(path.product)}."
        )

    def _highlight(self, place: int | None) -> None:
        self._path = place
        found = self._found_paths()
        path = None if place is None or found is None else found.shown[place]
        self.query_one("#view-paths", LineList).choose(place)
        self.post_message(self.PathHighlighted(path))
        self._draw()

    def _found_paths(self) -> Paths | None:
        start = self._start
        if self._paths is None and self._stepper is not None and start is not None:
            try:
                self._paths = paths(self._stepper.output, start)
            except ArithmeticError:
                self._paths = NO_PATHS
        return self._paths

    # --- Which value ---------------------------------------------------------------------------

    @property
    def _leaves(self) -> tuple[Value, ...]:
        """The leaves with a gradient; of a network its weights and biases come first."""
        if self._stepper is None:
            return ()
        found = leaves(self._stepper.output)
        if self._network is None:
            return found
        _, parameters, _ = self._network.graph
        return *parameters, *(leaf for leaf in found if leaf not in parameters)

    @property
    def _leaf(self) -> Value | None:
        """The selected value if it is a leaf with a gradient; else the first such leaf."""
        selected = self._selected
        if selected is not None and selected.op is None and not selected.constant:
            return selected
        return next(iter(self._leaves), None)

    @property
    def slope_of(self) -> tuple[str, Value, Value] | None:
        """The output and the leaf that are examined, and what they are called."""
        leaf, stepper = self._leaf, self._stepper
        if leaf is None or stepper is None:
            return None
        name = f"this graph: {stepper.names[stepper.output]} by {stepper.names[leaf]}"
        return name, stepper.output, leaf

    @property
    def _start(self) -> Value | None:
        """Where paths start: at the selected value unless it is the output or a constant."""
        selected, stepper = self._selected, self._stepper
        is_inside = selected is not None and stepper is not None and selected is not stepper.output
        return (
            selected if selected is not None and is_inside and not selected.constant else self._leaf
        )

    def _weight(self, network: NetworkSource) -> Value | None:
        """The selected weight or bias; else the first."""
        _, parameters, _ = network.graph
        selected = self._selected
        return selected if selected in parameters else next(iter(parameters), None)

    # --- Drawing -------------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.display or not self.is_mounted:
            return
        draw = {
            "gradients": self._draw_gradients,
            "curve": self._draw_curve,
            "paths": self._draw_paths,
            "samples": self._draw_pulls,
        }
        show_text(self.query_one("#check-said", Static), Content(draw[self.view]()))

    def _draw_gradients(self) -> str:
        stepper, leaf, h = self._stepper, self._leaf, STEP_SIZES[self._h]
        table = self.query_one(CheckTable)
        table.show_check(stepper, self._leaves, h)
        table.choose_leaf(leaf if leaf is self._selected else None)
        curve = None
        if stepper is not None and leaf is not None:
            curve = error_against_h(stepper.output, leaf, bugs=stepper.bugs)
        self.query_one(ErrorPlot).show_curve(curve, h)
        return "" if stepper is None else cost(stepper.output, h)

    def _draw_curve(self) -> str:
        leaf, stepper = self._leaf, self._stepper
        curve = None
        if leaf is not None and stepper is not None:
            reach = leaf_range(float(leaf.data))
            curve = leaf_curve(stepper.output, leaf, *reach, bugs=stepper.bugs)
        self.query_one("#curve-plot", CurvePlot).show_curve(curve)
        self.query_one("#slope-plot", CurvePlot).show_slope(curve)
        if curve is None or leaf is None or stepper is None:
            return ""
        of, by = stepper.names[stepper.output], stepper.names[leaf]
        show_text(self.query_one("#curve-plot-name", Static), Content(f"{of} against {by}"))
        slope = in_characters(quotient_text(of, by), ascii=is_ascii(self))
        name = f"its slope, {slope}"
        show_text(self.query_one("#slope-plot-name", Static), Content(name))
        here = f"At {by} = {number_text(curve.at)}: {of} = {number_text(curve.value)}"
        gradient = number_text(curve.gradient)
        if stepper.bugs != NO_BUGS:
            return f"{here}, gradient {gradient}. Dashed: a line with that slope."
        return f"{here}, slope {gradient}, which is the gradient. Dashed: the tangent."

    def _draw_paths(self) -> str:
        found, start, stepper = self._found_paths(), self._start, self._stepper
        listed = self.query_one("#view-paths", LineList)
        if found is None or start is None or stepper is None or not found.shown:
            listed.show([], 0, lambda row, styles, width: [])
        else:
            listed.show(
                [path_heading(listed.title_style)],
                len(found.shown),
                lambda row, styles, width: path_row(
                    found.shown[row], stepper, styles, width, ascii=listed.ascii
                ),
            )
        listed.choose(self._path)
        if found is None or start is None or stepper is None:
            return ""
        of, by = stepper.names[stepper.output], stepper.names[start]
        ways = counted(found.n_paths, "path")
        rest = (
            f" (the {found.n_more:,} not shown add {number_text(found.rest)})"
            if found.n_more
            else ""
        )
        add = "adds" if found.n_paths == 1 else "add"
        sum_of = "gradient" if stepper.bugs == NO_BUGS else "derivative"
        total = (
            f"{ways} from {by} to {of} {add} up to its {sum_of}, {number_text(found.total)}{rest}."
        )
        return f"{total} {self._path_sentence(found)}"

    def _draw_pulls(self) -> str:
        lists = [self.query_one(f"#{id}", SamplePulls) for id in _PULL_TOOLTIPS]
        weight = None if self._network is None else self._weight(self._network)
        if self._network is None or weight is None:
            for listed in lists:
                listed.show_pulls(None, [])
            return with_keys(
                "Samples push the weights of a network: press g{microscope.source} to show yours."
            )
        found = self._pulls_of(weight)
        limit = float(abs(found.gradients[0])) if found.gradients.size else 0.0
        for listed, way, sign in zip(lists, ("up", "down"), (-1.0, 1.0), strict=True):
            is_this_way = found.gradients * sign > 0.0
            rows = found.rows[is_this_way].tolist()
            if rows != listed.rows:
                listed.choose(None)
            listed.show_pulls(
                self._network.snapshot.dataset,
                [[Segment(f"{len(rows):,} samples push it {way}", listed.title_style)]],
                rows,
                found.gradients[is_this_way].tolist(),
                limit,
            )
        if self._network.snapshot.training.mistakes:
            mean = number_text(found.mean)
            return f"The mean of the derivatives of all samples' losses by {weight.label}: {mean}."
        way = "down" if found.mean > 0.0 else "up"
        return (
            f"{weight.label}: training moves against the gradient of each sample's loss. Their "
            f"mean, {number_text(found.mean)}, moves it {way}."
        )

    def _pulls_of(self, weight: Value) -> Pulls:
        assert self._network is not None
        key = (self._network.snapshot, weight.label)
        if self._pulled is None or self._pulled[0] != key:
            self._pulled = key, pulls(self._network.snapshot, parse_element(weight.label))
        return self._pulled[1]

    # --- What the user chose in a list ---------------------------------------------------------

    @on(LineList.Chosen, "#check-table")
    def _choose_leaf(self, message: LineList.Chosen) -> None:
        message.stop()
        self.post_message(self.LeafChosen(self.query_one(CheckTable).leaves[message.row]))

    @on(LineList.Chosen, "#view-paths")
    def _choose_path(self, message: LineList.Chosen) -> None:
        message.stop()
        self._highlight(message.row)
