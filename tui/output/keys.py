"""The keys of the output pane, and what its help says."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from ..keys import bindings

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

BINDINGS: Final[list[BindingType]] = bindings(
    """
    left,h | output.left | move(-1, 0) | Cursor left | Move the cursor left; in a report, scroll
    right,l | output.right | move(1, 0) | Cursor right | Move the cursor right; in a report, scroll
    up,k | output.up | move(0, -1) | Cursor up | Move the cursor up; in a report, scroll
    down,j | output.down | move(0, 1) | Cursor down | Move the cursor down; in a report, scroll
    enter | output.open | open | Select / draw |
    | Select the point at the cursor; when drawing, add one
    escape | output.clear | clear | Let go |
    | Stop drawing, then let go of the cursor, the point and the neuron
    v | output.view | next_view | View | The next view: map or curve, residuals, report, projection
    t | output.tests | show_tests | Test points |
    | Show test points, or hide them; in a report, count training points instead
    i | output.discretize | discretize | Discretize | The map in two colours, or in shades
    d | output.draw | draw | Draw | Draw points of your own, or stop drawing
    c | output.class | next_brush | Class |
    | When drawing: points of the next class, or with the next value
    +,= | output.higher | turn_brush(1) | Higher | When drawing numbers: a higher value
    - | output.lower | turn_brush(-1) | Lower | When drawing numbers: a lower value
    x,delete,backspace | output.delete | delete | Delete |
    | When drawing: take away the point at the cursor
    """
)
