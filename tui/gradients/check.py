"""The check view of the gradients pane: autograd beside central differences."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import BindingType
from textual.worker import Worker, get_current_worker

from ...core import Snapshot
from ...core.autograd.gradcheck import DEFAULT_STEP
from ...core.diagnosis.gradient_check import NumericCheck, check_gradients
from ...core.nn.parameters import Element, element_at, element_place, holds_element
from ..drawing.canvas import cut_middle
from ..drawing.numbers import ratio_text
from ..key_words import with_keys
from ..keys import bindings
from ..messages import PartSelected
from ..selection import Selection, part_of
from ..widgets.line_list import LineList
from ..widgets.row_styles import RowStyles
from .parameter_columns import ends_text
from .view import GradientMemory, GradientsView

LIVE: Final = 150
"""Up to this many parameters are all checked live; of more, only the selected one."""
NAME: Final = 21
NAME_AND_ENDS: Final = 40
"""With the input or the class, where there is room."""
ERROR: Final = 6
MARK: Final = 9
DIGITS: Final = (6, 4, 2)
"""Decimals, as many as fit."""
# Sign, first digit, point and exponent.
NUMBER_FRAME: Final = 7
MARKS: Final = ("✓ ok", "≠ differs", "^ kink", "? rounded")
ASCII_MARKS: Final = ("= ok", "! differs", *MARKS[2:])


class GradientsCheck(LineList, GradientsView):
    """A row for each parameter: both gradients, the relative error, and a mark."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        a | gradients.check-all | check_all | *Check all |
        | Check every parameter, however many
        escape | gradients.stop-checking | stop_checking | Stop | Stop the running check
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id,
            tooltip="The gradient from autograd beside the numeric one, (loss(w + h) - loss(w - h))"
            " / 2h with a small step size h, which takes no calculus. The error is relative. Plant "
            "a bug and see which rows differ. A relu has a kink at 0, where the slopes left and "
            "right differ: near one a smaller h is used; on one no gradient can be checked. Losses "
            "too large for their digits can't be compared either: they are rounded.",
        )
        self._snapshot: Snapshot | None = None
        self._element: Element | None = None
        self._check: NumericCheck | None = None
        self._order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._job: Worker[None] | None = None
        self._done = 0
        self._checked_sizes: tuple[int, ...] = ()

    # --- What it shows -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        self._snapshot = snapshot
        if self.is_due(snapshot):
            self._check_live(snapshot)

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        is_own = self.has_focus and self._element is not None
        self._element = selection.element
        if is_own:
            return
        if self._is_small(snapshot):
            self._choose_selected(snapshot)
        else:
            self._check_live(snapshot)

    @staticmethod
    def _is_small(snapshot: Snapshot) -> bool:
        return len(snapshot.parameters) <= LIVE

    def _check_live(self, snapshot: Snapshot) -> None:
        """Check all of a small network, one parameter of a large one."""
        if self._is_small(snapshot):
            self._take(snapshot, check_gradients(snapshot))
            self._choose_selected(snapshot)
            return
        # A check of all parameters stays until the network changes.
        is_whole = self._check is not None and len(self._check) > 1
        if self._job is None and not (is_whole and self._checked_sizes == snapshot.sizes):
            places = np.array([self._place(snapshot)])
            self._take(snapshot, check_gradients(snapshot, places))

    def _place(self, snapshot: Snapshot) -> int:
        """The selected parameter, by default the first."""
        element = self._element
        if element is None or not holds_element(snapshot.sizes, element):
            return 0
        return element_place(snapshot.sizes, element)

    def _choose_selected(self, snapshot: Snapshot) -> None:
        if self._element is None or self._check is None:
            self.choose(None)
            return
        places = self._check.places[self._order]
        found = np.flatnonzero(places == self._place(snapshot))
        self.choose(int(found[0]) if found.size else None)

    def _take(self, snapshot: Snapshot, check: NumericCheck) -> None:
        self._check, self._checked_sizes = check, snapshot.sizes
        # What differs first, the others in their own order.
        self._order = np.argsort(~check.differs, kind="stable")
        self._show()

    def _show(self) -> None:
        check = self._check
        quiet = self.styles_of_rows.quiet
        heading = [[Segment(*self._summary())], [Segment(self._conditions(), quiet)]]
        name, digits, is_full = self._layout(self.scrollable_content_region.width)
        number = digits + NUMBER_FRAME
        title = f"{'parameter'[:name]:{name}} {'autograd':>{number}} {'numeric':>{number}} "
        title += f"{'error':>{ERROR}} mark" if is_full else ""
        heading.append([Segment(title, self.title_style)])
        self.show(heading, 0 if check is None else len(check), self._row)

    def _summary(self) -> tuple[str, Style]:
        styles, check, snapshot = self.styles_of_rows, self._check, self._snapshot
        total = 0 if snapshot is None else len(snapshot.parameters)
        if self._job is not None:
            share = self._done / max(total, 1)
            return (
                f"checking: {self._done:,} of {total:,} ({100 * share:.0f} %), escape stops",
                styles.plain,
            )
        if check is None or not len(check):
            return with_keys("nothing checked yet: press a{gradients.check-all}"), styles.plain
        n, wrong = len(check), int(np.count_nonzero(check.differs))
        right = int(np.count_nonzero(check.agrees))
        error = ratio_text(check.largest_error, ERROR).strip()
        if wrong:
            return f"{wrong:,} of {n:,} differ, largest error {error}", styles.warning
        if right < n:
            kinks = int(np.count_nonzero(check.on_kink & ~check.agrees))
            reason = f"{kinks:,} on a kink" if kinks == n - right else "others too large to compare"
            return f"{right:,} of {n:,} agree, {reason}", styles.plain
        if n == 1 < total:
            return f"the selected one agrees, error {error}; a checks all {total:,}", styles.healthy
        return f"all {n:,} agree, largest error {error}", styles.healthy

    def _conditions(self) -> str:
        check, snapshot = self._check, self._snapshot
        if check is None or snapshot is None:
            return ""
        samples = f"{check.n_samples} sample{'s' if check.n_samples != 1 else ''}"
        if check.is_last_step:
            which = f"last step's {samples}, weights before it"
        else:
            which = f"{samples}, current weights"
        return f"{which}, h = {DEFAULT_STEP:g}"

    @staticmethod
    def _layout(width: int) -> tuple[int, int, bool]:
        """The width of the names, the numbers' decimals, and whether error and mark are in full."""
        for digits in DIGITS:
            name = width - 2 * (digits + NUMBER_FRAME) - ERROR - MARK - 4
            if name >= NAME:
                return min(name, NAME_AND_ENDS), digits, True
        # The mark's sign says enough.
        return max(1, min(name + ERROR + MARK, NAME)), digits, False

    def _row(self, row: int, styles: RowStyles, width: int) -> list[Segment]:
        check = self._check
        if check is None:
            return []
        k = int(self._order[row])
        room, digits, is_full = self._layout(width)
        element, now = element_at(self._checked_sizes, int(check.places[k])), self._snapshot
        written = cut_middle(element.name, room, ascii=self.ascii)
        ends = now.ends_of(element) if now and now.sizes == self._checked_sizes else ""
        autograd, numeric = float(check.autograd[k]), float(check.numeric[k])
        is_kind = (check.agrees[k], check.differs[k], check.on_kink[k], True)
        mark = (ASCII_MARKS if self.ascii else MARKS)[is_kind.index(True)]
        looks = (styles.healthy, styles.warning, styles.quiet, styles.quiet)
        form = f"+{digits + NUMBER_FRAME}.{digits}e"
        error = ratio_text(float(check.errors[k]), ERROR)
        return [
            Segment(written, styles.plain),
            Segment(f"{ends_text(ends, room - len(written))} ", styles.quiet),
            Segment(f"{autograd:{form}} ", styles.of_sign(autograd)),
            Segment(f"{numeric:{form}} ", styles.of_sign(numeric)),
            Segment(f"{error} " if is_full else "", styles.quiet),
            Segment(mark if is_full else mark[0], looks[is_kind.index(True)]),
        ]

    def on_resize(self) -> None:
        super().on_resize()
        self._show()

    # --- What the user does --------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop_checking":
            return self._job is not None
        return super().check_action(action, parameters)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        if self._check is not None and self._snapshot is not None:
            place = int(self._check.places[self._order[message.row]])
            if self._checked_sizes == self._snapshot.sizes:
                self._element = element_at(self._checked_sizes, place)
                self.post_message(PartSelected(part_of(self._element)))

    def action_check_all(self) -> None:
        if self._snapshot is not None and self._job is None:
            self._done = 0
            self._job = self._check_all(self._snapshot)
            self._show()

    @work(thread=True, exclusive=True, group="numeric-check", exit_on_error=False)
    def _check_all(self, snapshot: Snapshot) -> None:
        worker = get_current_worker()

        def progress(done: int) -> bool:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._note_progress, done)
            return not worker.is_cancelled

        check = check_gradients(snapshot, progress=progress)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._finish, snapshot, check)

    def _note_progress(self, done: int) -> None:
        self._done = done
        self._show()

    def _finish(self, snapshot: Snapshot, check: NumericCheck) -> None:
        self._job = None
        self._take(snapshot, check)
        self.refresh_bindings()

    def action_stop_checking(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._show()
            self.refresh_bindings()
