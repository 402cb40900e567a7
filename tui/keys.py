"""Key bindings, written as a table with one line a key."""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

IN_FOOTER = "*"
FIRST = "!"


def bindings(table: str) -> list[BindingType]:
    """Reads key bindings from a table.

    A line is `keys | id | action | label | tooltip`. Keys are separated by commas and written as
    printed, or by Textual's name (`left`, `comma`). A label that starts with `*` appears in the
    footer, once for all keys that have it; with `!` before it the key works wherever the focus is.
    A line that starts with `|` continues the tooltip of the line above.
    """
    rows: list[list[str]] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        if line.startswith("|"):
            rows[-1][-1] = f"{rows[-1][-1]} {line[1:].strip()}".strip()
        else:
            rows.append([cell.strip() for cell in line.split("|")])
    labels = [row[3] for row in rows]
    return [_binding(*row, is_grouped=labels.count(row[3]) > 1) for row in rows]


def _binding(
    keys: str, id: str, action: str, label: str, tooltip: str, *, is_grouped: bool
) -> Binding:
    first = keys.split(",")[0].replace("comma", ",")
    name = label.lstrip(FIRST + IN_FOOTER)
    return Binding(
        keys,
        action,
        name,
        id=id,
        show=IN_FOOTER in label,
        key_display=first if len(first) == 1 and not first.isalnum() else None,
        priority=label.startswith(FIRST),
        tooltip=tooltip,
        group=Binding.Group(name, compact=True) if is_grouped and IN_FOOTER in label else None,
    )


def written_keys(binding: Binding) -> str:
    """The keys of a binding as help and the command palette show them."""
    return binding.key_display or binding.key.replace(",", " ")


def own_bindings(widget: DOMNode) -> list[Binding]:
    """The bindings of a widget that were written as a table, and so have an id."""
    all_bindings = type(widget).BINDINGS
    return [binding for binding in all_bindings if isinstance(binding, Binding) and binding.id]
