"""The bar on top of the microscope: buttons to step, how far it is, and the pace."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from ...core.explain.stepper import Stepper
from ..widgets.text import Words
from .action_button import ActionButton
from .step_track import StepTrack

_PLAY: Final = ("▶", ">")
_PAUSE: Final = ("‖", "=")
_NOTHING: Final = "no steps"


class StepBar(Horizontal):
    """Play, back, next and start; then a track of all steps, and the pace."""

    TITLE: ClassVar[str] = "Stepping"
    HELP_TEXT: ClassVar[str] = (
        "The bar on top: play, one step back, one step on, back to the start; the step that was "
        "taken last; a track to slide along, the forward pass before its tick and the backward "
        "pass after it; and how many steps a second play takes."
    )

    DEFAULT_CSS = """
    StepBar { height: 1; background: $panel; }
    StepBar > Words { height: 1; margin: 0 1; }
    StepBar > #pace { width: 12; }
    """

    def compose(self) -> ComposeResult:
        yield ActionButton(*_PLAY, "play", "Play step by step, or stop (space)", id="play")
        yield ActionButton("⇤", "<", "step(-1)", "Take the last step back (p)")
        yield ActionButton("⇥", ">", "step(1)", "Take the next step (n)")
        yield ActionButton("↺", "r", "start", "Back to before the first step (home)")
        yield Words(id="place", tooltip="How many steps are taken, of how many there are.")
        yield StepTrack(id="step-track")
        yield Words(
            id="pace",
            tooltip="Steps a second while it plays: comma makes it slower, full stop faster.",
        )
        yield ActionButton("-", "-", "zoom(-1)", "Smaller boxes, to see more of the graph (-)")
        yield ActionButton("+", "+", "zoom(1)", "Larger boxes, which say more (+)")

    def show_stepper(self, stepper: Stepper | None) -> None:
        """Shows where a stepper is."""
        place = self.query_one("#place", Words)
        track = self.query_one(StepTrack)
        if stepper is None:
            place.styles.width = len(_NOTHING)
            place.say(Content(_NOTHING))
            track.show(0, 0, 0)
            return
        n_steps = str(stepper.n_steps)
        number = f"{stepper.position:>{len(n_steps)}}"
        place.styles.width = len(f"step {number} of {n_steps}")
        place.say(Content.assemble("step ", (f"{number} ", "bold"), f"of {n_steps}"))
        track.show(stepper.position, stepper.n_steps, stepper.backward_position)

    def show_pace(self, steps_a_second: float, *, is_playing: bool) -> None:
        """Shows how fast it plays, and whether it does."""
        self.query_one("#pace", Words).say(Content(f"{steps_a_second:>4g} steps/s"))
        self.query_one("#play", ActionButton).show_symbol(*(_PAUSE if is_playing else _PLAY))
