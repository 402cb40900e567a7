"""`toygrad-tui keys`: the keys in force, by screen and pane."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from textual.binding import Binding

from ...datasets import shown_path
from ..key_map import KeyMap, scopes
from ..keys import default_keys, key_text


def print_keys(key_map: KeyMap, *, as_json: bool) -> None:
    """Prints the keys in force, and where the file is that changes them."""
    if as_json:
        print(json.dumps(_as_json(key_map), ensure_ascii=False))
    else:
        for line in _lines(key_map):
            print(line)


def _keys(binding: Binding, key_map: KeyMap) -> tuple[str, ...]:
    return key_map.keys.get(str(binding.id), default_keys(binding))


def _as_json(key_map: KeyMap) -> dict[str, Any]:
    return {
        "file": str(key_map.path),
        "exists": key_map.exists,
        "faults": key_map.faults,
        "keys": [
            {
                "id": binding.id,
                "where": scope.title,
                "keys": _keys(binding, key_map),
                "default": default_keys(binding),
                "does": binding.tooltip,
            }
            for scope in scopes()
            for binding in scope.bindings
        ],
    }


def _lines(key_map: KeyMap) -> Iterator[str]:
    rows = [
        (str(binding.id), _written(binding, key_map))
        for scope in scopes()
        for binding in scope.bindings
    ]
    id_width, key_width = (max(map(len, column)) for column in zip(*rows, strict=True))
    if key_map.faults:
        used = "not used: these are the default keys"
    elif key_map.exists:
        used = f"{len(key_map.keys)} changed"
    else:
        used = "it does not exist: these are the default keys"
    yield f"Key map: {shown_path(key_map.path)} ({used})" if key_map.path else "Default keys"
    for scope in scopes():
        yield ""
        yield scope.title
        for binding in scope.bindings:
            keys = _written(binding, key_map)
            yield f"  {binding.id:<{id_width}}  {keys:<{key_width}}  {binding.tooltip}"


def _written(binding: Binding, key_map: KeyMap) -> str:
    """The keys, and in brackets what they are by default where that differs."""
    keys, before = _keys(binding, key_map), default_keys(binding)
    shown, usual = (" ".join(map(key_text, each)) for each in (keys, before))
    return shown if keys == before else f"{shown} [default: {usual}]"
