"""Screens that close once, however many keys came before the screen was gone."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


class ClosesOnce(Screen[ScreenResultType]):
    """A screen that can be dismissed while it is on top alone; Textual would take what is on top.

    Keys that are pressed quickly reach a screen after the one that has closed it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()


class Dialog(ClosesOnce[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen above another one, which it leaves visible."""
