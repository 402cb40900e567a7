"""The part of the microscope that asks whether the gradient is right, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

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
from ...core.explain.pulls import Pulls, pulls
from ...core.explain.stepper import Stepper
from ...core.nn.parameters import parse_element
from ..widgets.ascii import is_ascii
from ..widgets.text import show_text
from .check_table import CheckTable
from .curve_plot import CurvePlot
from .error_plot import ErrorPlot
from .network_source import NetworkLook
from .path_list import PathList
from .push_list import PushList

STEP_SIZES: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, DEFAULT_STEP, 1e-6, 1e-8, 1e-10, 1e-12)
VIEWS: Final = ("gradients", "curve", "paths", "pulls")
_TOOLTIPS: Final = {
    "gradients": "Every gradient beside its central difference (v: next view)",
    "curve": "The output against one value, with the tangent, and its derivative (v: next view)",
    "paths": "All ways from a value to the output, with their products (v: next view)",
    "pulls": "Which points push a weight up and which down (v: next view)",
}
_ERROR_TOOLTIP: Final = (
    "How far the difference is from the gradient of the selected value, for h from 1e-12 to 1e-1. "
    "With a large h it is not yet the limit; with a tiny one floating point has no digits left."
)
_CURVE_TOOLTIPS: Final = {
    "curve-plot": "The output while one value goes from left to right, and its tangent (dashed).",
    "slope-plot": "The derivative at every point, by the chain rule; dashed is zero.",
}
_ERROR_PLOT: Final = "error by h: ┉ one-sided, ━ central"
_ASCII_ERROR_PLOT: Final = "error by h: o one-sided, * central"


class CheckPart(Vertical):
    """Four views of the gradients; only the one in sight is computed."""

    TITLE: ClassVar[str] = "Check"
    HELP_TEXT: ClassVar[str] = (
        "Gradients: each by the chain rule beside its central difference with a step h, and how "
        "the error grows when h is too large, and again when it is too small for floating point. "
        "Curve: the output against the selected value with its tangent, and the derivative at "
        "every point. Paths: all ways from the selected value to the output; their products add "
        "up to the gradient. Pulls: which points push the selected weight up, and which down."
    )

    DEFAULT_CSS = """
    CheckPart #views { height: 1; }
    CheckPart #views Underline { display: none; }
    CheckPart #views Tab { padding: 0 1 0 0; height: 1; }
    CheckPart #views Tab.-active { text-style: bold underline; }
    CheckPart ContentSwitcher { height: 1fr; }
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
        """The user chose a leaf in the table."""

        leaf: Value

    @dataclass
    class PathLit(Message):
        """A path is to be lit in the graph; None for none."""

        path: Path | None

    def __init__(self, *, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self._stepper: Stepper | None = None
        self._look: NetworkLook | None = None
        self._selected: Value | None = None
        self._h = STEP_SIZES.index(DEFAULT_STEP)
        self._paths: Paths | None = None
        self._lit: int | None = None
        self._pulled: tuple[object, Pulls] | None = None

    def compose(self) -> ComposeResult:
        yield Tabs(*self._tabs(), active="tab-gradients", id="views")
        with ContentSwitcher(initial="view-gradients"):
            with Horizontal(id="view-gradients"):
                yield CheckTable(id="check-table")
                with Vertical(id="gradients-plot"):
                    ascii = is_ascii(self)
                    name = _ASCII_ERROR_PLOT if ascii else _ERROR_PLOT
                    yield Static(name, classes="plot-name", markup=False)
                    yield ErrorPlot(id="error-plot", tooltip=_ERROR_TOOLTIP)
            with Horizontal(id="view-curve"):
                for id, tooltip in _CURVE_TOOLTIPS.items():
                    with Vertical(classes="half"):
                        yield Static(id=f"{id}-name", classes="plot-name", markup=False)
                        yield CurvePlot(id=id, tooltip=tooltip)
            yield PathList(id="view-paths")
            with Horizontal(id="view-pulls"):
                yield PushList(
                    id="push-up", tooltip="Points that push the weight up. Choose one to look at."
                )
                yield PushList(
                    id="push-down", tooltip="Points that push it down. Choose one to look at."
                )
        yield Static(id="check-said", markup=False)

    def _tabs(self) -> list[Tab]:
        tabs = []
        for view in VIEWS:
            tab = Tab(view.capitalize(), id=f"tab-{view}")
            tab.tooltip = _TOOLTIPS[view]
            tabs.append(tab)
        return tabs

    def on_mount(self) -> None:
        self.query_one("#views", Tabs).can_focus = False

    # --- What is looked at ---------------------------------------------------------------------

    def show_graph(self, stepper: Stepper | None, look: NetworkLook | None) -> None:
        """Looks at another graph.

        Args:
            stepper: Of the graph; None for none.
            look: What of the network it is; None for a program.
        """
        self._stepper, self._look = stepper, look
        self._selected = None
        self._forget_paths()
        self._draw()

    def show_value(self, value: Value) -> None:
        """Looks closer at a value."""
        if value is not self._selected:
            self._selected = value
            self._forget_paths()
            self._draw()

    def _forget_paths(self) -> None:
        self._paths, self._lit = None, None

    @property
    def view(self) -> str:
        """The view in sight."""
        return str(self.query_one(ContentSwitcher).current).removeprefix("view-")

    def show_view(self, view: str) -> None:
        """Brings a view in sight."""
        self.query_one(Tabs).active = f"tab-{view}"

    def next_view(self) -> None:
        """Brings the next view in sight."""
        self.show_view(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)])

    def change_h(self, by: int) -> None:
        """Takes the next h of the list, a smaller one for 1, a larger one for -1."""
        self._h = min(max(self._h + by, 0), len(STEP_SIZES) - 1)
        self._draw()

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        self.query_one(ContentSwitcher).current = f"view-{str(event.tab.id).removeprefix('tab-')}"
        self._draw()

    def on_show(self) -> None:
        self._draw()

    def focus_view(self) -> None:
        """Gives the focus to what can be moved in, in the view."""
        lists = {"gradients": "#check-table", "paths": "#view-paths", "pulls": "#push-up"}
        self.query_one(lists.get(self.view, "#check-table")).focus()

    # --- Paths ---------------------------------------------------------------------------------

    def follow(self) -> str:
        """Lights the next path of the value that is looked at, after the last one none.

        Returns:
            What there is to say about it, unless the view of paths says it.
        """
        found = self._found_paths()
        if found is None or not found.shown:
            return "No path leads from here to the output."
        place = 0 if self._lit is None else self._lit + 1
        self._light(place if place < len(found.shown) else None)
        is_said = self.view == "paths" and self.region.area > 0
        return "" if is_said else self._lit_sentence(found)

    def _lit_sentence(self, found: Paths) -> str:
        """The product along the path that is lit; nothing if none is."""
        if self._lit is None or self._stepper is None:
            return ""
        path = found.shown[self._lit]
        product = " * ".join(number_text(derivative) for derivative in path.derivatives)
        return (
            f"Path {self._lit + 1} of {found.n_paths:,} from "
            f"{self._stepper.names[path.nodes[0]]}: {product} = {number_text(path.product)}."
        )

    def _light(self, place: int | None) -> None:
        self._lit = place
        found = self._found_paths()
        path = None if place is None or found is None else found.shown[place]
        self.query_one(PathList).choose(place)
        self.post_message(self.PathLit(path))
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
        """What has a gradient, of a network its weights and biases first and in their order."""
        if self._stepper is None:
            return ()
        found = leaves(self._stepper.output)
        if self._look is None:
            return found
        _, parameters = self._look.graph
        return *parameters, *(leaf for leaf in found if leaf not in parameters)

    @property
    def _leaf(self) -> Value | None:
        """The selected value if it is given and has a gradient; else the first such."""
        selected = self._selected
        if selected is not None and selected.op is None and not selected.constant:
            return selected
        return next(iter(self._leaves), None)

    @property
    def _start(self) -> Value | None:
        """Where paths begin: at the selected value unless it is the output or a constant."""
        selected, stepper = self._selected, self._stepper
        is_inside = selected is not None and stepper is not None and selected is not stepper.output
        return (
            selected if selected is not None and is_inside and not selected.constant else self._leaf
        )

    def _weight(self, look: NetworkLook) -> Value | None:
        """The selected weight or bias; else the first."""
        _, parameters = look.graph
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
            "pulls": self._draw_pulls,
        }
        show_text(self.query_one("#check-said", Static), Content(draw[self.view]()))

    def _draw_gradients(self) -> str:
        output = None if self._stepper is None else self._stepper.output
        leaf, h = self._leaf, STEP_SIZES[self._h]
        table = self.query_one(CheckTable)
        table.show_check(output, self._leaves, h)
        table.choose_leaf(leaf if leaf is self._selected else None)
        curve = None if output is None or leaf is None else error_against_h(output, leaf)
        self.query_one(ErrorPlot).show_curve(curve, h)
        return "" if output is None else cost(output)

    def _draw_curve(self) -> str:
        leaf, stepper = self._leaf, self._stepper
        curve = None
        if leaf is not None and stepper is not None:
            curve = leaf_curve(stepper.output, leaf, *leaf_range(float(leaf.data)))
        self.query_one("#curve-plot", CurvePlot).show_curve(curve)
        self.query_one("#slope-plot", CurvePlot).show_slope(curve)
        if curve is None or leaf is None or stepper is None:
            return ""
        of, by = stepper.names[stepper.output], stepper.names[leaf]
        show_text(self.query_one("#curve-plot-name", Static), Content(f"{of} against {by}"))
        name = f"its slope, {quotient_text(of, by)}"
        show_text(self.query_one("#slope-plot-name", Static), Content(name))
        return (
            f"At {by} = {number_text(curve.at)}: {of} = {number_text(curve.value)}, slope "
            f"{number_text(curve.gradient)}, which is the gradient. Dashed: the tangent."
        )

    def _draw_paths(self) -> str:
        found, start, stepper = self._found_paths(), self._start, self._stepper
        self.query_one(PathList).show_paths(stepper, found, self._lit)
        if found is None or start is None or stepper is None:
            return ""
        of, by = stepper.names[stepper.output], stepper.names[start]
        ways = "1 path" if found.n_paths == 1 else f"{found.n_paths:,} paths"
        rest = (
            f", the {found.n_more:,} not shown with {number_text(found.rest)}"
            if found.n_more
            else ""
        )
        add = "adds" if found.n_paths == 1 else "add"
        total = (
            f"{ways} from {by} to {of} {add} up to its gradient, {number_text(found.total)}{rest}."
        )
        return f"{total} {self._lit_sentence(found)}"

    def _draw_pulls(self) -> str:
        up, down = self.query_one("#push-up", PushList), self.query_one("#push-down", PushList)
        weight = None if self._look is None else self._weight(self._look)
        if self._look is None or weight is None:
            for push in (up, down):
                push.show_pushes(None, "", [], [], 0.0)
            return "Points pull at the weights of a network: press g to look at yours."
        snapshot = self._look.snapshot
        found = self._pulls_of(weight)
        limit = float(abs(found.gradients[0])) if found.gradients.size else 0.0
        for push, rows, is_up, word in (
            (up, found.up, True, "up"),
            (down, found.down, False, "down"),
        ):
            gradients = found.gradients[found.gradients < 0.0 if is_up else found.gradients > 0.0]
            title = f"{len(rows):,} push it {word}"
            push.show_pushes(snapshot, title, rows.tolist(), gradients.tolist(), limit)
        way = "down" if found.mean > 0.0 else "up"
        return (
            f"{weight.label}: training goes against the gradient of each point's own loss. Their "
            f"mean, {number_text(found.mean)}, moves it {way}."
        )

    def _pulls_of(self, weight: Value) -> Pulls:
        assert self._look is not None
        key = (self._look.snapshot, weight.label)
        if self._pulled is None or self._pulled[0] != key:
            self._pulled = key, pulls(self._look.snapshot, parse_element(weight.label))
        return self._pulled[1]

    # --- What the lists say --------------------------------------------------------------------

    def on_check_table_leaf_chosen(self, message: CheckTable.LeafChosen) -> None:
        message.stop()
        self.post_message(self.LeafChosen(message.leaf))

    def on_path_list_path_chosen(self, message: PathList.PathChosen) -> None:
        message.stop()
        self._light(message.place)
