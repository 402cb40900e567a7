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
from ..footer import Footer
from ..key_words import with_keys
from ..keys import bindings
from ..widgets.basics import show_text
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles
from .rows import Columns, listed

SECONDS_BETWEEN_FRAMES: Final = 0.1
TRYING: Final = "Trying remedies on copies of this run, which stays as it is."
HELPED: Final = "Press enter to take the chosen line; ctrl+z{edit.undo} takes it back."
NOTHING_HELPS: Final = (
    "Nothing was clearly better than “as now” in each of three trials: train on, or change the "
    "data or the inputs."
)
CUT_SHORT: Final = (
    "The trials had to end before it was clear what helps. Press D{doctor.open} again when this "
    "computer is less busy."
)
TOOLTIP: Final = (
    "Each remedy was tried on a copy of this run for as many steps as “as now”, which changes "
    "nothing, with other initial weights and another order of the samples each time. One that is "
    "ticked was clearly better in each of three tries, or halved the loss in most of them and was "
    "never worse; without a planted bug it only has to be better in most. The small curve is its "
    "loss as it trained."
)


class DoctorScreen(ModalScreen[Remedy | None]):
    """What helps the run, seen and not guessed; the remedy that the user takes, if any."""

    DEFAULT_CSS = """
    DoctorScreen { align: center middle; }
    DoctorScreen #doctor-list { height: 9; background: $surface; }
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
        """More is known: all of it, and what to list."""

        advice: Advice
        rows: list[Tried]

    def __init__(
        self,
        session: Session,
        *,
        what: str,
        limits: dict[str, Any],
    ) -> None:
        """Examines a session; `is_done` once that has ended.

        Args:
            session: It goes on meanwhile.
            what: What the numbers are: "test loss".
            limits: How long it tries, see `examine`.
        """
        super().__init__()
        self._session, self._what, self._limits = session, what, limits
        self._stop = threading.Event()
        self.is_done = False
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
        shown, rows = 0.0, list[Tried]()
        state = self._session.learner_state()
        for advice in examine(state, stopped=self._stop.is_set, **self._limits):
            now, rows = time.monotonic(), listed(advice, rows)
            if advice.is_done or now - shown > SECONDS_BETWEEN_FRAMES:
                shown = now
                self.post_message(self.Advised(advice, rows))

    def on_doctor_screen_advised(self, message: Advised) -> None:
        """Shows what is known by now."""
        advice = message.advice
        self.is_done, self._rows = advice.is_done, message.rows
        self._show_rows()
        if advice.is_done:
            self.query_one(LineList).choose(0)
            outcome = advice.outcome(self._what)
            said = CUT_SHORT if advice.is_cut_short else NOTHING_HELPS
            if outcome:
                said = f"{outcome[0].upper()}{outcome[1:]} {HELPED}"
            show_text(self.query_one("#doctor-said", Static), with_keys(said))

    def on_resize(self) -> None:
        self._show_rows()

    def _show_rows(self) -> None:
        lines, rows = self.query_one(LineList), self._rows
        columns = Columns.of(rows, self._what, lines.size.width, ascii=lines.ascii)

        def draw_row(row: int, styles: RowStyles, width: int) -> list[Segment]:
            return columns.row(rows[row], styles, dims=self.is_done)

        lines.show([[Segment(columns.heading, lines.title_style)]], len(rows), draw_row)

    def action_take(self) -> None:
        """Ends with the chosen remedy; with none while nothing is known."""
        row = self.query_one(LineList).cursor
        chosen = None if row is None else self._rows[row].remedy
        if chosen is not None and chosen.edit is not None:
            self.dismiss(chosen)
