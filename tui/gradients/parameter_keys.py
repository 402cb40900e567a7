"""The keys of the parameter table."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from ..keys import bindings

TABLE_KEYS: Final[list[BindingType]] = bindings(
    """
    up,k | parameter-table.up | move_cursor(-1) | Up | Select the row above
    down,j | parameter-table.down | move_cursor(1) | Down | Select the row below
    pageup | parameter-table.page-up | move_page(-1) | Page up | Go a page up
    pagedown | parameter-table.page-down | move_page(1) | Page down | Go a page down
    home | parameter-table.first | first | First | Select the first row
    end | parameter-table.last | last | Last | Select the last row
    left,h | parameter-table.left | go_left | Close |
    | Close the tensor; where none is open, sort by the column to the left
    right,l | parameter-table.right | go_right | Open |
    | Open the tensor; where none is closed, sort by the column to the right
    < | parameter-table.sort-left | shift_sort(-1) | Sort left | Sort by the column to the left
    > | parameter-table.sort-right | shift_sort(1) | Sort right | Sort by the column to the right
    o | parameter-table.reverse | reverse_sort | Reverse |
    | Reverse the order: largest first or smallest first
    c | parameter-table.collapse | collapse | *Collapse | One row a tensor; again, single parameters
    x | parameter-table.open-all | open_all | Open all |
    | One row a tensor with all its parameters below it
    p | parameter-table.pin | pin | *Pin | Keep the row on top, or let it go
    enter | parameter-table.open | open | *Open |
    | Open or close the tensor; of a parameter, see who pulls at it
    escape | parameter-table.clear | clear | Clear | Clear the filter, then the selection
    """
)
