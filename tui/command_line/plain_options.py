"""Typer without Pydantic, which takes long to load, where a value needs none of its checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from typer.core import TyperArgument, TyperOption

_PLAIN: Final[dict[type, tuple[re.Pattern[str], Callable[[str], object]]]] = {
    str: (re.compile(".*", re.DOTALL), str),
    int: (re.compile(r"-?\d{1,18}", re.ASCII), int),
    float: (re.compile(r"-?(\d+(\.\d*)?|\.\d+)(e-?\d+)?|inf", re.ASCII), float),
}


def read_plain_options() -> None:
    """Takes defaults as they are, and reads plain texts and numbers that have no bounds.

    Help says nothing of the type of a switch or an argument.
    """
    kinds: tuple[Any, ...] = (TyperArgument, TyperOption)
    for kind in kinds:
        if not hasattr(kind.display_type_rich, "__wrapped__"):
            kind.display_type_rich = _unless_clear(kind.display_type_rich)
        if "process_value" not in vars(kind):
            kind.process_value = _unless_plain(kind.process_value)


def _unless_clear(display: Any) -> Any:
    """What help says of a value: of a switch or a file nothing, instead of `<bool>`, `<path>`."""

    @wraps(display)
    def display_type(self: Any, ctx: Any) -> Any:
        return None if getattr(self, "is_flag", True) else display(self, ctx)

    return display_type


def _unless_plain(process: Any) -> Any:
    @wraps(process)
    def process_value(self: Any, ctx: Any, value: Any) -> Any:
        if self.required or self.multiple or self.nargs != 1:
            return process(self, ctx, value)
        # What was typed is a text.
        if isinstance(value, str):
            kind = self.type_descriptor
            pattern, read = _PLAIN.get(kind.annotation, (None, str))
            if pattern is None or kind.is_ranged or not pattern.fullmatch(value):
                return process(self, ctx, value)
            value = read(value)
        return self.callback(ctx, self, value) if self.callback else value

    return process_value
