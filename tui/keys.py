"""Key bindings, written as a table with one line a key, and which keys are in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, key_to_character

from .key_words import use_in_sentences

IN_FOOTER = "*"
FIRST = "!"

Keymap = Mapping[str, tuple[str, ...]]
"""The keys of some bindings by their ids, in Textual's words: `full_stop`, `ctrl+z`."""

_UNICODE_NAMES: Final = {name: full for full, name in KEY_NAME_REPLACEMENTS.items()}

_changed: dict[str, tuple[str, ...]] = {}


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
    return [_binding(*row) for row in rows]


def _binding(keys: str, id: str, action: str, label: str, tooltip: str) -> Binding:
    return Binding(
        keys,
        action,
        label.lstrip(FIRST + IN_FOOTER),
        id=id,
        show=IN_FOOTER in label,
        priority=label.startswith(FIRST),
        tooltip=tooltip,
    )


def own_bindings(widget: DOMNode | type[DOMNode]) -> list[Binding]:
    """The bindings of a widget that were written as a table, and so have an id."""
    return [binding for binding in widget.BINDINGS if isinstance(binding, Binding) and binding.id]


# --- The keys in force -------------------------------------------------------------------------


def use_keys(keymap: Keymap) -> None:
    """Sets which bindings have other keys than by default, for all that is written from now on."""
    _changed.clear()
    _changed.update(keymap)
    use_in_sentences({id: key_text(keys[0]) for id, keys in keymap.items()})


def keys_of(binding: Binding) -> tuple[str, ...]:
    """The keys in force of a binding, in Textual's words."""
    return _changed.get(binding.id or "") or default_keys(binding)


def default_keys(binding: Binding) -> tuple[str, ...]:
    """The keys of a binding if no file changes them, in Textual's words."""
    return tuple(single.key for single in Binding.make_bindings([binding]))


def key_text(key: str) -> str:
    """A key as it is printed on the keyboard, or by its name: `[`, `ctrl+z`, `left`."""
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, character_of(name) or name])


def character_of(name: str) -> str:
    """What a key types, where that can be seen, else nothing."""
    character = name if len(name) == 1 else key_to_character(_UNICODE_NAMES.get(name, name)) or ""
    return character if character.isprintable() and not character.isspace() else ""


def key_of(character: str) -> str:
    """A key that types a character, in Textual's words."""
    return "comma" if character == "," else default_keys(Binding(character, ""))[0]


def written_keys(binding: Binding) -> str:
    """The keys in force of a binding as help and the command palette show them."""
    return " ".join(map(key_text, keys_of(binding)))
