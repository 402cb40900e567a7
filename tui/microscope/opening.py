"""Opening the microscope."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from textual.app import App

from ...core import Snapshot
from ..messages import GraphLooked
from ..selection import Selection

if TYPE_CHECKING:
    from ...core.explain.stepper import Stepper
    from .screen import MicroscopeScreen


class Microscope:
    """The microscope's screen, which is made when it is first opened.

    Args:
        app: Shows the screen.
        plain: Whether to draw without line-drawing characters.
    """

    def __init__(self, app: App[None], *, plain: bool) -> None:
        self._app = app
        self._plain = plain
        self._screen: MicroscopeScreen | None = None
        self._hidden: Collection[str] = ()

    @property
    def stepper(self) -> Stepper | None:
        """Of the graph that it shows, if it shows one."""
        screen = self._screen
        return screen.stepper if screen is not None and screen.is_mounted else None

    @property
    def screen(self) -> MicroscopeScreen | None:
        """The screen, once it exists."""
        return self._screen

    @property
    def selected(self) -> str:
        """The name of the node that is selected in it; empty for none."""
        screen = self._screen
        return screen.selected if screen is not None and screen.is_mounted else ""

    @property
    def program(self) -> str:
        """The text of its program."""
        screen = self._screen
        return screen.program if screen is not None and screen.is_mounted else ""

    def go_back_to(self, place: int) -> None:
        """Takes the graph back to an earlier step."""
        if self._screen is not None:
            self._screen.go_back_to(place)

    def hide_parts(self, hidden: Collection[str]) -> None:
        """Shows all parts but those with these names."""
        self._hidden = hidden
        if self._screen is not None and self._screen.is_mounted:
            self._screen.hide_parts(hidden)

    def show(self, snapshot: Snapshot, selection: Selection) -> None:
        """Shows a snapshot, if the screen exists."""
        if self._screen is not None:
            self._screen.show_snapshot(snapshot, selection)

    async def open(
        self,
        snapshot: Snapshot | None,
        selection: Selection,
        look: Callable[[MicroscopeScreen], None],
    ) -> None:
        """Brings the screen to the front.

        Args:
            snapshot: None before the first frame.
            selection: What is selected on the playground.
            look: Chooses the graph, before the screen is seen.
        """
        if self._screen is None:
            # Here, because the application starts a tenth faster without it.
            from .screen import MicroscopeScreen

            self._screen = MicroscopeScreen(plain=self._plain)
            self._app.install_screen(self._screen, "microscope")
        if snapshot is not None:
            self._screen.show_snapshot(snapshot, selection)
        if self._screen.is_mounted:
            look(self._screen)
        else:
            self._screen.first_look = look
        if self._app.screen is not self._screen:
            await self._app.push_screen(self._screen, lambda _: self._left())
        self._screen.hide_parts(self._hidden)

    def _left(self) -> None:
        self._app.post_message(GraphLooked())
