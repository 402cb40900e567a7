"""Key bindings, written as a table with one line a key."""

from __future__ import annotations

from textual.binding import Binding, BindingType

IN_FOOTER = "*"


def bindings(table: str) -> list[BindingType]:
    """Reads key bindings from a table.

    A line is `keys | id | action | label | tooltip`. Keys are separated by commas and written as
    printed, or by Textual's name (`left`, `comma`). A label that starts with `*` appears in the
    footer. A line that starts with `|` continues the tooltip of the line above.
    """
    rows: list[list[str]] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        if line.startswith("|"):
            rows[-1][-1] = f"{rows[-1][-1]} {line[1:].strip()}".strip()
        else:
            rows.append([cell.strip() for cell in line.split("|")])
    return [_binding(*row) for row in rows]


def _binding(keys: str, id: str, action: str, label: str, tooltip: str) -> Binding:
    first = keys.split(",")[0].replace("comma", ",")
    return Binding(
        keys,
        action,
        label.removeprefix(IN_FOOTER),
        id=id,
        show=label.startswith(IN_FOOTER),
        key_display=first if len(first) == 1 and not first.isalnum() else None,
        tooltip=tooltip,
    )
