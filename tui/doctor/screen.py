"""DoctorScreen: remedies tried on copies of the run, and what each came to."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from ...core import Session
from ...core.diagnosis.doctor import Advice, Tried, examine
from ...core.diagnosis.remedies import Remedy
from ..drawing.bars import sparkline
from ..drawing.numbers import loss_text
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import is_ascii, show_text
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles

LIMITS: Final[dict[str, Any]] = {"seconds": 1.5}
"""How long it tries, see `examine`."""
SECONDS_BETWEEN_FRAMES: Final = 0.1
TRYING: Final = "Trying remedies on copies of this run, which stays as it is."
HELPED: Final = "enter takes the chosen one, and ctrl+z{edit.undo} takes it back."
NOTHING_HELPS: Final = "Nothing that was tried helps: train on, or change the data or the inputs."
TOOLTIP: Final = (
    "Each remedy was tried on a copy of this run for the same number of steps, those that help "
    "three times. Compare its loss with “as now”: try the first one."
)
_WORDS, _LOSS, _CURVE = 33, 9, 12


class DoctorScreen(ModalScreen[Remedy | None]):
    """What helps the run, seen and not guessed; the remedy that the user takes, if any."""

    DEFAULT_CSS = """
    DoctorScreen { align: center middle; }
    DoctorScreen #doctor-list { height: 11; background: $surface; }
    DoctorScreen Static { height: auto; padding-bottom: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        enter      | doctor.take  | take    | *Take  | Do what the chosen line says
        escape,q,D | doctor.close | dismiss | *Close | Leave the run as it is
        """
    )

    @dataclass
    class Advised(Message):
        """More is known."""

        advice: Advice

    def __init__(self, session: Session, *, what: str) -> None:
        """Examines a session; `is_done` once that has ended.

        Args:
            session: It goes on meanwhile.
            what: What the numbers are: "test loss".
        """
        super().__init__()
        self._session, self._what = session, what
        self._stop = threading.Event()
        self.is_done = False
        self._tried: tuple[Tried, ...] = ()
        self._rows: list[Tried] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="doctor") as box:
            box.border_title = "Doctor"
            yield Static(TRYING, id="doctor-said")
            yield LineList(id="doctor-list", tooltip=TOOLTIP)
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(LineList).focus()
        self.run_worker(self._examine, thread=True, group="doctor", exit_on_error=False)

    def on_unmount(self) -> None:
        self._stop.set()

    def _examine(self) -> None:
        shown = 0.0
        state = self._session.learner_state()
        for advice in examine(state, stopped=self._stop.is_set, **LIMITS):
            now = time.monotonic()
            if advice.is_done or now - shown > SECONDS_BETWEEN_FRAMES:
                shown = now
                self.post_message(self.Advised(advice))

    def on_doctor_screen_advised(self, message: Advised) -> None:
        """Shows what is known by now."""
        advice, listed = message.advice, self.query_one(LineList)
        self.is_done = advice.is_done
        # Where nothing is worth another look, what was tried before stays.
        self._tried = advice.tried or self._tried
        self._rows = [*self._tried, advice.now]
        if advice.is_done:
            self._rows.sort(key=lambda tried: (not tried.helps, tried.loss))
        heading = f"{'':2}{'remedy':{_WORDS}}{self._what:>{_LOSS + 2}}   as it trained"
        listed.show([[Segment(heading, listed.title_style)]], len(self._rows), self._draw_row)
        if advice.is_done:
            listed.choose(0)
            show_text(
                self.query_one("#doctor-said", Static),
                with_keys(f"{advice.words}. {HELPED}") if advice.best else NOTHING_HELPS,
            )

    def _draw_row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        tried, ascii = self._rows[row], is_ascii(self)
        is_now = tried.remedy.edit is None
        style = styles.healthy if tried.helps else styles.plain if is_now else styles.quiet
        mark = ("> " if ascii else "▸ ") if is_now else "  "
        curve = sparkline([loss for _, loss in tried.curve], _CURVE, ascii=ascii).lstrip()
        helps = " helps" if tried.helps else ""
        words = f"{tried.remedy.words[:_WORDS]:{_WORDS}}"
        return [
            Segment(f"{mark}{words}{loss_text(tried.loss, _LOSS):>{_LOSS + 2}}   ", style),
            Segment(f"{curve:{_CURVE}}", styles.line),
            Segment(helps, style),
        ]

    def action_take(self) -> None:
        """Ends with the chosen remedy; with none while nothing is known."""
        row = self.query_one(LineList).cursor
        chosen = None if row is None else self._rows[row].remedy
        if chosen is not None and chosen.edit is not None:
            self.dismiss(chosen)
