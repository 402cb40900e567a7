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
    """Takes defaults as they are, and reads plain texts, lists of them, and numbers.

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


def _is_within(number: Any, bounds: Any) -> bool:
    """Whether a number is what an option takes; clamping is left to Typer."""
    least, most = bounds.min, bounds.max
    is_within = (least is None or number >= least) and (most is None or number <= most)
    return is_within and not bounds.clamp


def _unless_plain(process: Any) -> Any:
    @wraps(process)
    def process_value(self: Any, ctx: Any, value: Any) -> Any:
        kind = self.type_descriptor
        is_list = self.multiple and kind.annotation == list[str]
        if self.required or self.nargs != 1 or self.multiple != is_list:
            return process(self, ctx, value)
        if is_list:
            value = list(value or ())
        # What was typed is a text.
        if isinstance(value, str):
            pattern, read = _PLAIN.get(kind.annotation, (None, str))
            if pattern is None or not pattern.fullmatch(value):
                return process(self, ctx, value)
            number = read(value)
            if kind.is_ranged and not _is_within(number, kind.parameter_info):
                return process(self, ctx, value)
            value = number
        return self.callback(ctx, self, value) if self.callback else value

    return process_value
