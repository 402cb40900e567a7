"""A question that is asked before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from .footer import Footer
from .keys import bindings


class ConfirmScreen(ModalScreen[bool]):
    """Says what will happen, and asks whether to continue."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        escape | confirm.back | answer(False) | *Go back | Change nothing
        y      | confirm.on   | answer(True)  | *Continue | Continue
        n      | confirm.no   | answer(False) | Go back  | Change nothing
        """
    )

    def __init__(self, sentence: str, go_on: str) -> None:
        super().__init__()
        self._sentence = sentence
        self._go_on = go_on

    def compose(self) -> ComposeResult:
        with Vertical(id="confirm"):
            yield Static(self._sentence, markup=False)
            with Horizontal():
                yield Button(self._go_on, variant="primary", id="go-on", compact=True)
                yield Button("Go back", id="go-back", compact=True)
        yield Footer()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "go-on")

    def action_answer(self, go_on: bool) -> None:
        self.dismiss(go_on)


def confirm(
    app: App[Any],
    sentence: str,
    go_on: str,
    then: Callable[[], object],
    *,
    otherwise: Callable[[], object] = lambda: None,
) -> None:
    """Says what will happen, and does it if the user agrees.

    Args:
        app: Shows the question.
        sentence: What will happen.
        go_on: The label of the button that agrees.
        then: Does it.
        otherwise: Called if the user goes back.
    """

    def answered(yes: bool | None) -> None:
        then() if yes else otherwise()

    app.push_screen(ConfirmScreen(sentence, go_on), answered)
