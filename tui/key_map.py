"""The key map file: keys of the user's own, checked against all bindings there are."""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from platformdirs import user_config_path
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_DISPLAY_ALIASES, Keys
from textual.screen import ModalScreen, Screen

from ..datasets import FileError, own_folder
from ..datasets.files import read_file, shown
from .failures import APP_NAME
from .keys import character_of, default_keys, key_of, key_text, own_bindings
from .pane import Pane

FILE_NAME: Final = "keys.toml"
MOST_BYTES: Final = 100_000
READ_SECONDS: Final = 5.0
"""The application waits for the file before it starts."""
_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED: Final = frozenset(key.value for key in Keys if key.value.isalnum())
# What the footer calls them.
_ALIASES: Final = {shown: key for key, shown in KEY_DISPLAY_ALIASES.items()} | {" ": "space"}
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")
_EVERYWHERE: Final = "Everywhere"
_FIRST: Final = (_EVERYWHERE, "Playground")
# They have no bindings, or can't be loaded everywhere.
_SKIPPED: Final = frozenset({"__main__", "command_line", "drawing", "textual_patches"})


class KeyMapError(ValueError):
    """A key map file that can't be used; ``str`` says why and what to do."""


@dataclass(frozen=True)
class KeyMap:
    """The keys that differ from the defaults.

    Attributes:
        keys: By the ids of bindings, in Textual's words.
        faults: Why the file is not used, a sentence each; then `keys` is empty.
        path: Of the file.
        exists: Whether there is a file.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    path: Path | None = None
    exists: bool = False

    def for_textual(self) -> dict[str, str]:
        """As Textual's `set_keymap` takes it.

        It frees the old keys of a binding for all that share them, so those get theirs again.
        """
        freed = {key for b in all_bindings() if b.id in self.keys for key in default_keys(b)}
        shared = (b for b in all_bindings() if freed.intersection(default_keys(b)))
        keymap = {str(b.id): default_keys(b) for b in shared} | dict(self.keys) if freed else {}
        return {id: ",".join(keys) for id, keys in keymap.items()}


def key_map_path() -> Path:
    """Where the file is looked for; it need not exist."""
    return (own_folder() or user_config_path(APP_NAME, appauthor=False)) / FILE_NAME


def load_key_map(path: Path | None = None) -> KeyMap:
    """Reads the file, where there is one; never fails.

    Args:
        path: Of the file; `key_map_path()` by default.
    """
    path = path or key_map_path()
    try:
        keys = _read(path)
        faults = tuple(_faults(keys))
    except FileNotFoundError:
        return KeyMap(path=path)
    except (FileError, KeyMapError) as error:
        keys, faults = {}, (str(error),)
    named = tuple(
        fault if fault.startswith(FILE_NAME) else f"{FILE_NAME}: {fault}" for fault in faults
    )
    return KeyMap({} if named else keys, named, path, exists=True)


# --- Reading -----------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    """The keys by id, whether or not there are such bindings.

    Raises:
        FileNotFoundError: If there is no file.
        FileError: If it can't be read.
        KeyMapError: If it is no key map.
    """
    try:
        data = read_file(path, limit=MOST_BYTES, seconds=READ_SECONDS)
    except FileError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise error.__cause__ from None
        raise
    # Here, because most users have no such file.
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise KeyMapError(f"line {line} is not UTF-8. Save the file as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise KeyMapError(_syntax(error, len(data.splitlines()))) from error
    return dict(_entries(table))


def _syntax(error: Exception, last_line: int) -> str:
    place = re.search(r"at line (\d+)", str(error))
    line = place[1] if place else last_line
    return f"line {line} is not valid TOML. Write lines such as rate.lower = 'J'."


def _entries(table: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """The leaves of tables in tables, by their names with dots."""
    for name, value in table.items():
        id = f"{start}{name}"
        if isinstance(value, dict) and start.count(".") < 2:
            yield from _entries(value, f"{id}.")
            continue
        keys = value if isinstance(value, list) else [value]
        if not keys or not all(isinstance(key, str) for key in keys):
            raise KeyMapError(
                f"{shown(id)} needs a key in quotes, or several in brackets: "
                '"J", or ["J", "ctrl+down"].'
            )
        yield id, tuple(dict.fromkeys(_key(id, key) for key in keys))


def _key(id: str, text: str) -> str:
    """A key in Textual's words.

    Raises:
        KeyMapError: If there is no such key.
    """
    *modifiers, name = [text] if len(text) == 1 else text.split("+")
    name = _ALIASES.get(name, name if len(name) == 1 else name.lower())
    if "shift" in modifiers and len(name) == 1 and name.isalpha():
        # Terminals send the capital.
        modifiers.remove("shift")
        name = name.upper()
    if character := character_of(name):
        name = key_of(character)
    if not (_MODIFIERS.issuperset(modifiers) and (character or name in _NAMED)):
        raise KeyMapError(
            f'{shown(id)}: "{shown(text)}" is not a key. Write a key as it is printed, or by its '
            "name: J, ctrl+j, left, f5, full_stop."
        )
    return "+".join([*modifiers, name])


# --- Checking ----------------------------------------------------------------------------------


class Scope(NamedTuple):
    """A screen, a pane or a widget with bindings of its own.

    Attributes:
        title: What it is called.
        bindings: Its own.
        around: What else its keys go to: the pane and the screen that it is in, the application.
    """

    title: str
    bindings: tuple[Binding, ...]
    around: tuple[Binding, ...]


@cache
def scopes() -> tuple[Scope, ...]:
    """All that have bindings, the playground first; loads all rooms."""
    owners = list(dict.fromkeys(_owners()))
    apps = [owner for owner in owners if issubclass(owner, App)]
    found = [
        Scope(
            _title(owner),
            tuple(own_bindings(owner)),
            tuple(b for kind in _around(owner, owners) + apps for b in own_bindings(kind)),
        )
        for owner in owners
        if own_bindings(owner)
    ]
    return tuple(sorted(found, key=lambda scope: (scope.title not in _FIRST, scope.title)))


def all_bindings() -> Iterator[Binding]:
    """The bindings of all rooms."""
    for scope in scopes():
        yield from scope.bindings


def _owners() -> Iterator[type[DOMNode]]:
    package = sys.modules[__package__]
    for module in _modules(package.__path__, f"{package.__name__}."):
        for item in vars(import_module(module)).values():
            is_own = isinstance(item, type) and item.__module__ == module
            if is_own and issubclass(item, DOMNode) and "BINDINGS" in vars(item):
                yield item


def _modules(path: Iterable[str], start: str) -> Iterator[str]:
    for found in pkgutil.iter_modules(path, start):
        if found.name.rpartition(".")[2] in _SKIPPED:
            continue
        yield found.name
        if found.ispkg:
            yield from _modules(import_module(found.name).__path__, f"{found.name}.")


def _room(owner: type[DOMNode]) -> str:
    """The folder or the file in `tui` that a class is in."""
    return owner.__module__.removeprefix(f"{__package__}.").partition(".")[0]


def _title(owner: type[DOMNode]) -> str:
    """What a class is called on the screen, after its room: `Network: fact sheet`."""
    if issubclass(owner, App):
        return _EVERYWHERE
    room = _room(owner).replace("_", " ")
    words = _CAPITAL.sub(" ", owner.__name__).lower().removesuffix(" screen").removesuffix(" pane")
    words = words.removeprefix(f"{room} ")
    is_alone = words in (room, "lessons") or room in ("widgets", "playground", "confirm", "help")
    return (words if is_alone else f"{room}: {words}").capitalize()


def _around(owner: type[DOMNode], owners: Sequence[type[DOMNode]]) -> list[type[DOMNode]]:
    """The screen and the pane that a widget is in, as its file and its room tell."""
    if issubclass(owner, Screen):
        return []
    screens = [other for other in owners if issubclass(other, Screen)]
    near = [s for s in screens if s.__module__ == owner.__module__] or [
        s for s in screens if _room(s) == _room(owner) and not issubclass(s, ModalScreen)
    ]
    screen = near or [s for s in screens if _room(s) == "playground"]
    panes = [o for o in owners if issubclass(o, Pane) and _room(o) == _room(owner)]
    return [*screen, *(pane for pane in panes if pane is not owner)]


def _faults(keys: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with a key map, a sentence each."""
    known = {str(binding.id) for binding in all_bindings()}
    for id in keys:
        if id not in known:
            near = get_close_matches(id, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"{APP_NAME} keys lists all names."
            yield f"{shown(id)} is not the name of a key binding. {hint}"
    seen = set()
    for scope in scopes():
        for binding in scope.bindings:
            for other in (*scope.bindings, *scope.around):
                pair = frozenset((str(binding.id), str(other.id)))
                if len(pair) == 2 and pair not in seen and pair.intersection(keys):
                    seen.add(pair)
                    yield from _clash(binding, other, keys)


def _clash(one: Binding, other: Binding, keys: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Says so if two bindings have a key in common that they have not by default."""
    if str(one.id) not in keys:
        one, other = other, one
    before = set(default_keys(one)).intersection(default_keys(other))
    first, second = (keys.get(str(b.id), default_keys(b)) for b in (one, other))
    for key in first:
        if key in second and key not in before:
            yield (
                f"{key_text(key)} would be the key of both {one.id} and {other.id}. "
                "Give one of them another key."
            )
