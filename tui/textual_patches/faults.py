"""Faults of Textual that quick hands, tiny terminals and each start meet."""

from __future__ import annotations

from functools import wraps
from typing import Any, Literal

from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widgets import OptionList

_dismiss = Screen.dismiss
_wrap = Content._wrap_and_format
_move_page = OptionList._move_page
_set_variables = Stylesheet.set_variables


def mend_textual() -> None:
    """Mends them, in all that there is of Textual."""
    Screen.dismiss = _dismiss_once  # type: ignore[method-assign]
    Content._wrap_and_format = _wrap_in_a_column  # type: ignore[method-assign]
    OptionList._move_page = _move_page_if_any  # type: ignore[method-assign]
    Stylesheet.set_variables = _set_other_variables  # type: ignore[method-assign]
    # The same hash in C: to style a widget Textual asks for that of every rule.
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]


@wraps(_dismiss)
def _dismiss_once(self: Screen[Any], result: Any = None) -> AwaitComplete:
    # Keys that are pressed quickly still reach a screen that is closed by now, and Textual would
    # close the one below.
    return _dismiss(self, result) if self.is_active else AwaitComplete()


@wraps(_wrap)
def _wrap_in_a_column(self: Content, width: int, *arguments: Any, **keywords: Any) -> Any:
    # Rich can't wrap words where there is no column at all.
    return _wrap(self, max(width, 1), *arguments, **keywords)


@wraps(_move_page)
def _move_page_if_any(self: OptionList, direction: Literal[-1, 1]) -> None:
    # Without a column no option has a line, and Textual looks for that of the highlighted one.
    if self._lines:
        _move_page(self, direction)


@wraps(_set_variables)
def _set_other_variables(self: Stylesheet, variables: dict[str, str]) -> None:
    # Textual forgets what it parsed, though it sets the same ones while it starts.
    if variables != self._variables:
        _set_variables(self, variables)
