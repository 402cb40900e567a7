"""Keys in sentences, each as it is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

# `r{train.reset}`: a key as it is by default, and the id of its binding.
_KEY: Final = re.compile(r"([\w+]+|[^\w\s])\{([a-z-]+\.[a-z0-9-]+)\}")

_changed: dict[str, str] = {}


def use_in_sentences(keys: Mapping[str, str]) -> None:
    """Sets the keys that differ from the defaults, by the ids of their bindings."""
    _changed.clear()
    _changed.update(keys)


def with_keys(sentence: str) -> str:
    """A sentence with the keys in force.

    Args:
        sentence: In it each key has the id of its binding behind it: `Press r{train.reset}`.
    """
    return _KEY.sub(lambda found: _changed.get(found[2], found[1]), sentence)


def keys_in(sentence: str) -> Iterator[tuple[str, str]]:
    """The keys that a sentence names as they are by default, with the ids of their bindings."""
    for found in _KEY.finditer(sentence):
        yield found[1], found[2]
