"""The keys of the loss pane; y, which works everywhere, is the screen's."""

from __future__ import annotations

from textual.binding import BindingType

from ..keys import bindings

KEYS: list[BindingType] = bindings(
    """
    a | loss.recent | toggle_recent | *All / last | Show all epochs, or the last ones
    A | loss.part | next_part | How many | Show the last 50, 200 or 500 epochs
    o | loss.smoothing | smooth | *Smoothing | Smooth the curves: raw, light, medium, strong
    v | loss.view | toggle_accuracy | *Accuracy | Show the accuracies, or the losses
    c | loss.cursor | toggle_cursor | Cursor | A cursor that tells exact values, or none
    left,h | loss.cursor_left | move_cursor(-1) | Earlier | The cursor to an earlier epoch
    right,l | loss.cursor_right | move_cursor(1) | Later | The cursor to a later epoch
    +,= | loss.zoom_in | zoom(-1) | Nearer | Zoom in, around the cursor if there is one
    - | loss.zoom_out | zoom(1) | Farther | Zoom out
    shift+left | loss.pan_left | pan(-1) | Back | Show earlier epochs
    shift+right | loss.pan_right | pan(1) | On | Show later epochs
    p | loss.past | toggle_past | Past runs | Show or hide the runs before the last resets
    P | loss.clear_past | clear_past | Clear past runs | Take the past runs away for good
    escape | loss.leave | leave | Leave | Take the cursor and the zoom away
    """
)
