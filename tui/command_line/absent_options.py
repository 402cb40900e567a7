"""Typer without a check of what nobody typed: it would load Pydantic, which takes long."""

from __future__ import annotations

from functools import wraps
from typing import Any

from typer.core import TyperArgument, TyperOption


def skip_absent_options() -> None:
    """Takes defaults of options and arguments as they are."""
    kinds: tuple[Any, ...] = (TyperArgument, TyperOption)
    for kind in kinds:
        if "process_value" not in vars(kind):
            kind.process_value = _unless_absent(kind.process_value)


def _unless_absent(process: Any) -> Any:
    @wraps(process)
    def process_value(self: Any, ctx: Any, value: Any) -> Any:
        # What was typed is a text, or several.
        if isinstance(value, str) or self.required or self.multiple or self.nargs != 1:
            return process(self, ctx, value)
        return self.callback(ctx, self, value) if self.callback else value

    return process_value
