"""The step view of the gradients pane: what the last step did, and what others would do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar, Final

import numpy as np
from rich.segment import Segment
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from ...core import Snapshot
from ...core.diagnosis.rate_finder import RateLadder, climb
from ...core.diagnosis.step_report import GradientLine, StepReport, gradient_line, step_report
from ...core.explain.pulls import pulls
from ...core.nn.parameters import Element, holds_element
from ...core.training.sabotage import spoils_gradients
from ...core.training.state import LearnerState
from ...datasets.dataset import Dataset
from ..drawing.numbers import hundredths, magnitude, signed, whole
from ..drawing.palette import class_glyphs
from ..key_words import with_keys
from ..keys import bindings
from ..messages import PointSelected, RunCopyWanted, TrainingChanged
from ..selection import Selection
from ..widgets.row_styles import RowStyles
from ..widgets.sample_pulls import SamplePulls
from .rate_plot import RateCurve, RateCurves, RateInk, RateMark, RatePlotView
from .view import GradientMemory, GradientsView

MANY: Final = 1_000
"""With more parameters the line is computed in a thread, not before the frame is drawn."""
LOWEST_RATE, HIGHEST_RATE, RATES = 1e-4, 10.0, 26
EMPTY: Final = (
    "Press s{train.step} for a step: what it should do, and what it does. S{slow-motion.start} "
    "shows one in five stages."
)
FINDING_SECONDS: Final = 3.0
# Shares of the predicted drop: the step is short enough, or the slope bends a little.
AS_PREDICTED: Final = 0.8
MORE_THAN_PREDICTED: Final = 1.2
# No step of a thousand with a right gradient did so much more than predicted.
FAR_MORE: Final = 2.0
HALF: Final = 0.5
NUMBER: Final = 9
# The longest of the sentences has this many cells.
ONE_LINE: Final = 64
PULL: Final = 7
MAX_COORDINATES: Final = 2
# The strongest pulls of a large batch show it well enough.
MAX_ROWS: Final = 200


class GradientsStep(Vertical, GradientsView):
    """The last step in a line, the loss along the gradient, and who pulls at a weight."""

    DEFAULT_CSS = """
    GradientsStep { height: 1fr; }
    GradientsStep > #step-words { height: 3; }
    GradientsStep.-narrow > #step-words { height: 6; }
    GradientsStep.-narrow #step-pulls { display: none; width: 1fr; margin-left: 0; }
    GradientsStep.-narrow.-pulls #step-plot { display: none; }
    GradientsStep.-narrow.-pulls #step-pulls { display: block; }
    GradientsStep > Horizontal { height: 1fr; }
    GradientsStep #step-pulls { width: 27; height: 1fr; margin-left: 1; }
    GradientsStep #step-plot { width: 1fr; height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        f | gradients.find-rate | find_rate | *Find rate |
        | Find a learning rate: train copies of the network, each with another one
        enter | gradients.accept-rate | accept_rate | *Use rate | Use the learning rate found
        escape | gradients.leave-finder | leave_finder | Cancel | Keep the learning rate as it is
        """
    )

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._snapshot: Snapshot | None = None
        self._selection = Selection()
        self._is_finding = False
        self._ladder: RateLadder | None = None
        self._line: GradientLine | None = None
        self._line_of: tuple[int, int] = (-1, -1)

    def compose(self) -> ComposeResult:
        words = Static(id="step-words")
        words.tooltip = (
            "Predicted is gradient times update, the first Taylor term; actual is how "
            "the loss of the same batch changed. The longer the step, the more the slope bends "
            "along it, and the more the two differ. A learning rate of 3 means a step of 3 x "
            "gradient; the best one has the lowest loss."
        )
        yield words
        with Horizontal():
            yield RatePlotView(id="step-plot")
            yield PullList(id="step-pulls")

    def on_resize(self) -> None:
        # Not as high as the words need now, so that nothing moves when they change.
        self.set_class(self.size.width < ONE_LINE, "-narrow")

    @property
    def _plot(self) -> RatePlotView:
        return self.query_one(RatePlotView)

    @property
    def _pulls(self) -> PullList:
        return self.query_one(PullList)

    # --- What it shows -------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot, memory: GradientMemory) -> None:
        self._snapshot = snapshot
        if self.is_due(snapshot):
            self._pulls.show_element(snapshot, self._selection.element)
            self._show_rates(snapshot)
            self._write_words(snapshot)

    def _show_rates(self, snapshot: Snapshot) -> None:
        if self._is_finding:
            return
        if (snapshot.run_id, snapshot.step) == self._line_of and self._line is not None:
            self._show_line(snapshot, self._line)
        elif len(snapshot.parameters) <= MANY:
            self._take_line(snapshot, gradient_line(snapshot, _rates(snapshot)))
        else:
            self._compute_line(snapshot)

    def show_selection(self, snapshot: Snapshot, selection: Selection) -> None:
        self._selection = selection
        self._choose_part()
        self._pulls.show_element(snapshot, selection.element)
        self._pulls.show_point(selection)

    def _choose_part(self) -> None:
        """Where there is room for one: the plot, or who pulls at what is selected."""
        is_free = self._selection.element is not None and not self._is_finding
        self.set_class(is_free, "-pulls")

    def focus_first(self) -> None:
        (self._plot if self._plot.display else self._pulls).focus()

    def _write_words(self, snapshot: Snapshot) -> None:
        lines = self._words_on_step(snapshot) if self._ladder is None else words_on(self._ladder)
        self.query_one("#step-words", Static).update(Content("\n".join(lines)), layout=False)

    def _words_on_step(self, snapshot: Snapshot) -> list[str]:
        report, training = step_report(snapshot), snapshot.training
        lines = (
            [with_keys(EMPTY)]
            if report is None
            else [
                numbers_of_step(report),
                # What it comes from is for the learner to find out.
                "Do the two agree?"
                if training.hidden_sabotage
                else words_on_step(report, is_spoiled=spoils_gradients(training.sabotage)),
            ]
        )
        if self._line is not None:
            lines.append(words_on_rate(self._line, snapshot.learning_rate))
        return lines

    @work(thread=True, exclusive=True, group="gradient-line", exit_on_error=False)
    def _compute_line(self, snapshot: Snapshot) -> None:
        line = gradient_line(snapshot, _rates(snapshot))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take_line, snapshot, line)

    def _take_line(self, snapshot: Snapshot, line: GradientLine) -> None:
        self._line, self._line_of = line, (snapshot.run_id, snapshot.step)
        if not self._is_finding:
            self._show_line(snapshot, line)

    def _show_line(self, snapshot: Snapshot, line: GradientLine) -> None:
        rate = snapshot.learning_rate
        marks = [
            RateMark(line.best, f"best rate {line.best:.2g}", RateInk.BEST),
            RateMark(rate, f"now {rate:g}", RateInk.MARK),
        ]
        self._plot.show(RateCurve(line.rates, line.losses, line.here, marks))

    # --- The learning-rate finder --------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "accept_rate":
            return self._ladder is not None and gains(self._ladder)
        if action == "leave_finder":
            return self._is_finding
        return super().check_action(action, parameters)

    def action_find_rate(self) -> None:
        if self._snapshot is not None and (not self._is_finding or self._has_found):
            self._is_finding, self._ladder = True, None
            self._choose_part()
            self.post_message(RunCopyWanted(self._find))
            self.refresh_bindings()

    @property
    def _has_found(self) -> bool:
        return self._ladder is not None and self._ladder.is_done

    @work(thread=True, exclusive=True, group="rate-finder", exit_on_error=False)
    def _find(self, copy_run: Callable[[], LearnerState]) -> None:
        worker = get_current_worker()
        ladders = climb(copy_run(), seconds=FINDING_SECONDS, stopped=lambda: worker.is_cancelled)
        for ladder in ladders:
            if worker.is_cancelled:
                return
            self.app.call_from_thread(self._take_ladder, ladder)

    def _take_ladder(self, ladder: RateLadder) -> None:
        if not self._is_finding or self._snapshot is None:
            return
        self._ladder = ladder
        marks = [RateMark(ladder.now, f"now {ladder.now:g}", RateInk.MARK)]
        if gains(ladder):
            marks.append(RateMark(ladder.suggestion, f"try {ladder.suggestion:g}", RateInk.BEST))
        points = [np.array(curve).T for curve in ladder.curves]
        curves = [(steps / ladder.steps, losses) for steps, losses in points]
        self._plot.show(RateCurves(ladder.rates, curves, ladder.here, marks))
        self._write_words(self._snapshot)
        if ladder.is_done:
            self.refresh_bindings()

    def action_accept_rate(self) -> None:
        if self._ladder is not None:
            self.post_message(TrainingChanged({"learning_rate": self._ladder.suggestion}))
        self.action_leave_finder()

    def action_leave_finder(self) -> None:
        self.workers.cancel_group(self, "rate-finder")
        self._is_finding, self._ladder = False, None
        self._choose_part()
        self.refresh_bindings()
        if self._snapshot is not None:
            self._show_rates(self._snapshot)
            self._write_words(self._snapshot)


def _rates(snapshot: Snapshot) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The learning rates of the line, with the present one among them, unless it is 0."""
    rate = snapshot.learning_rate or LOWEST_RATE
    low, high = min(LOWEST_RATE, rate), max(HIGHEST_RATE, rate)
    return np.unique(np.append(np.geomspace(low, high, RATES), rate))


def numbers_of_step(report: StepReport) -> str:
    """The batch's loss before and after, and its predicted and actual change, in one line."""
    return (
        f"predicted {_change(report.predicted)}, actual {_change(report.actual)}, "
        f"batch loss {report.before:.3g} -> {report.after:.3g}"
    )


def words_on_step(report: StepReport, *, is_spoiled: bool = False) -> str:
    """What these numbers mean.

    Args:
        report: The numbers.
        is_spoiled: Whether a planted bug makes gradients wrong, so that they say nothing on the
            learning rate.
    """
    if is_spoiled:
        return "A planted bug spoils the gradient, and so the prediction."
    predicted, actual = report.predicted, report.actual
    if not math.isfinite(actual) or not math.isfinite(predicted):
        return "The loss is not finite: the step was far too long."
    if predicted == 0.0:
        return "The gradient is 0: nothing moved."
    if predicted > 0.0:
        return "The update went uphill: momentum or regularization."
    share = actual / predicted
    part = f"{whole(100 * share)} % of the predicted drop"
    if share < 0.0:
        return "Step too long: loss rose. [ lowers the learning rate."
    if share < HALF:
        return f"{part}: learning rate at its limit."
    if share < AS_PREDICTED:
        return f"{part}: the slope bends a little."
    if share > FAR_MORE:
        return f"{part}: is the gradient right? See check."
    if share > MORE_THAN_PREDICTED:
        return f"{part}: the slope gets steeper along the step."
    return f"{part}: the step is short enough."


def words_on_rate(line: GradientLine, rate: float) -> str:
    """What a step with a learning rate would do.

    Args:
        line: The losses along the gradient.
        rate: The present learning rate.
    """
    if rate == 0.0:
        return "The learning rate is 0 by now: a step moves nothing."
    after = float(line.losses[abs(line.rates - rate).argmin()])
    best = f"best rate {line.best:.2g}{' or more' if line.best == line.rates[-1] else ''}"
    is_too_far = not math.isfinite(after) or after > line.here
    overshoots = " overshoots" if is_too_far else ""
    return f"A step of {rate:g} x gradient{overshoots}: loss {after - line.here:+.2g}; {best}."


def gains(ladder: RateLadder) -> bool:
    """Whether all was tried, and another learning rate than the present one is better."""
    has_one = ladder.is_done and math.isfinite(ladder.suggestion)
    return has_one and ladder.suggestion != ladder.now


def words_on(ladder: RateLadder) -> list[str]:
    """What the learning-rate finder does or has found, and what to do with it."""
    tried = f"Copies of the network, {ladder.steps:,} steps with each learning rate."
    if not ladder.is_done:
        return [tried, "Still training them; escape stops."]
    now = f"Training loss {_loss(ladder.here)} here, {_loss(ladder.loss_with(ladder.now))} with "
    if gains(ladder):
        rate = ladder.suggestion
        return [
            tried,
            f"{now}{ladder.now:g}, {_loss(ladder.loss_with(rate))} with {rate:g}.",
            f"enter uses {rate:g}, escape keeps {ladder.now:g}.",
        ]
    if math.isfinite(ladder.suggestion):
        return [tried, f"{now}{ladder.now:g}.", "No other is clearly better; escape closes."]
    return [tried, "None of them lowers the training loss.", "escape closes."]


def _loss(loss: float) -> str:
    return f"{loss:.2g}" if math.isfinite(loss) else "infinite"


def _change(change: float) -> str:
    return signed(change, NUMBER).strip()


class PullList(SamplePulls):
    """The samples of the last batch, with an arrow for the way each pushes."""

    def __init__(self, *, id: str) -> None:
        super().__init__(
            _described,
            id=id,
            tooltip="How hard each sample of the last batch pushes the selected weight up or down: "
            "training moves against the gradient of its loss. Choose one to show where it lies.",
        )

    def show_element(self, snapshot: Snapshot, element: Element | None) -> None:
        """Shows what pushes an element; None if none is selected."""
        quiet = self.styles_of_rows.quiet
        if element is None or not holds_element(snapshot.sizes, element):
            lines = [
                "Select a weight or a bias",
                "in the table or the diagram",
                "to show what pushes it.",
            ]
        elif not len(snapshot.batch_rows):
            lines = [
                with_keys("Press s{train.step} for a step: its"),
                "samples push",
                f"{element.name}.",
            ]
        else:
            found = pulls(snapshot, element, snapshot.batch_rows)
            counts = f"{len(found.up)} push it up, {len(found.down)} down"
            self.show_pulls(
                snapshot.dataset,
                [[Segment(element.name, self.title_style)], [Segment(counts, quiet)]],
                found.rows[:MAX_ROWS].tolist(),
                found.gradients[:MAX_ROWS].tolist(),
            )
            return
        self.show_pulls(None, [[Segment(line, quiet)] for line in lines])

    def strength(self, gradient: float, styles: RowStyles) -> list[Segment]:
        arrow = ("^" if gradient < 0 else "v") if self.ascii else ("↑" if gradient < 0 else "↓")
        text = f"{arrow if gradient else ' '}{magnitude(abs(gradient), PULL)} "
        return [Segment(text, styles.of_sign(-gradient))]

    def on_sample_pulls_sample_chosen(self, message: SamplePulls.SampleChosen) -> None:
        message.stop()
        if self.dataset is not None:
            point = self.dataset.points[message.row]
            self.post_message(PointSelected(tuple(point.tolist())))

    def show_point(self, selection: Selection) -> None:
        """Puts the cursor on the selected sample, if it is one of these."""
        if self.has_focus or self.dataset is None:
            return
        points = [tuple(point) for point in self.dataset.points[self.rows].tolist()]
        self.choose(points.index(selection.point) if selection.point in points else None)


def _described(dataset: Dataset, row: int) -> str:
    """A sample's class or target, and where it lies."""
    place = dataset.points[row]
    if dataset.task == "regression":
        what = hundredths(dataset.targets[row])
    elif len(place) <= MAX_COORDINATES:
        what = class_glyphs(dataset)[int(dataset.labels[row])]
    else:
        what = dataset.classes[int(dataset.labels[row])]
    if len(place) > MAX_COORDINATES:
        return f"{what} row {row}"
    return f"{what} {' '.join(map(hundredths, place.tolist()))}"
