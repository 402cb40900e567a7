"""The keys of the output pane, and what its help says."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

HELP_TEXT: Final = (
    "What the network computes: for two inputs the map of the whole plane, with the points on "
    "it; for one input a curve through them; for more a table of true and predicted classes. "
    "v goes on to the other views: residuals, a projection, a report with precision, recall, "
    "F1 or R^2. Training points are bold; a point that is taken for another class is a capital "
    "on a patch. Point with the mouse, or move the cursor with arrows or hjkl, to read what "
    "comes out there; a click or enter selects a point for all panes, escape lets it go. A "
    "neuron that is selected in the Network pane fills this one with its own map. t shows or "
    "hides test points, i paints the map in two colours. d draws: a click or enter adds a "
    "point, the right button or ctrl and a click one of the other class, a click on a point "
    "takes it away, as x, delete and backspace do at the cursor; c changes the class, or the "
    "value, as + and - and the wheel do. Training goes on meanwhile."
)

BINDINGS: Final[list[BindingType]] = [
    *(
        Binding(
            keys,
            f"move({across}, {down})",
            f"Cursor {name}",
            id=f"output.{name}",
            show=False,
            tooltip=f"Move the cursor {name}; in a report, scroll",
        )
        for keys, name, across, down in (
            ("left,h", "left", -1, 0),
            ("right,l", "right", 1, 0),
            ("up,k", "up", 0, -1),
            ("down,j", "down", 0, 1),
        )
    ),
    Binding(
        "enter",
        "open",
        "Select / draw",
        id="output.open",
        show=False,
        tooltip="Select the point at the cursor; when drawing, add one",
    ),
    Binding(
        "escape",
        "clear",
        "Let go",
        id="output.clear",
        show=False,
        tooltip="Stop drawing, then let go of the cursor, the point and the neuron",
    ),
    Binding(
        "v",
        "next_view",
        "View",
        id="output.view",
        show=False,
        tooltip="The next view: map or curve, residuals, report, projection",
    ),
    Binding(
        "t",
        "show_tests",
        "Test points",
        id="output.tests",
        show=False,
        tooltip="Show test points, or hide them; in a report, count training points instead",
    ),
    Binding(
        "i",
        "discretize",
        "Discretize",
        id="output.discretize",
        show=False,
        tooltip="The map in two colours, or in shades",
    ),
    Binding(
        "d",
        "draw",
        "Draw",
        id="output.draw",
        show=False,
        tooltip="Draw points of your own, or stop drawing",
    ),
    Binding(
        "c",
        "next_brush",
        "Class",
        id="output.class",
        show=False,
        tooltip="When drawing: points of the next class, or with the next value",
    ),
    Binding(
        "plus,equals_sign",
        "turn_brush(1)",
        "Higher",
        key_display="+",
        id="output.higher",
        show=False,
        tooltip="When drawing numbers: a higher value",
    ),
    Binding(
        "minus",
        "turn_brush(-1)",
        "Lower",
        key_display="-",
        id="output.lower",
        show=False,
        tooltip="When drawing numbers: a lower value",
    ),
    Binding(
        "x,delete,backspace",
        "delete",
        "Delete",
        id="output.delete",
        show=False,
        tooltip="When drawing: take away the point at the cursor",
    ),
]
