"""The loss pane: the losses over the epochs, and what the mouse does on their plot."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Static

from ...core import Snapshot
from ...core.training.history import SMOOTHINGS, PastRun
from ..key_words import with_keys
from ..keys import bindings
from ..messages import SeekWanted
from ..pane import BORDER_MARGIN, Pane
from ..textual_patches.widgets import set_border_texts
from ..widgets.basics import background_color, show_text
from ..widgets.plot import Plot
from .curves import ACCURACIES, DIVERGED, LOSSES, UNSMOOTHED, Inks, LossPicture, comparable
from .legend import HERE, items, legend, strip_title, subtitle, title, way_to
from .view import LossView, moved

# plotext needs as long for a picture as some other panes together: more would slow them down.
SECONDS_BETWEEN_DRAWINGS = 0.33
# While snapshots keep coming, one of them draws it, together with the other panes.
GRACE_SECONDS = 0.1
# A list takes longer to read than a sentence.
SECONDS_TO_READ = 15.0
ZOOM_STEP = 1.5
PAN_STEP = 0.25
TINY = 1e-9
# Cells of the pane's width that are blank at both sides.
PADDING = 2
# So many lines are too few for a legend: the title takes it.
MOST_OF_A_STRIP = 7
# Lines of the pane for each line of the legend.
LINES_A_LEGEND_LINE = 4
LEFT_BUTTON = 1
NOTHING_YET = (
    "Press space{train.toggle} and watch the loss fall.\n"
    "L{lessons.open} teaches, ?{help.open} helps."
)
NO_ACCURACY = "A regression has no accuracy. Press v{loss.view} for the losses."


class LossPane(Pane):
    """Losses or accuracies of this run and the ones before it, over the epochs."""

    DEFAULT_CSS = """
    LossPane #loss-legend { height: 0; }
    LossPane ContentSwitcher { height: 1fr; }
    """

    TITLE = "Loss"
    HELP_TEXT = (
        "The mean loss of the training samples (solid, blue) and of the test samples (dashed, "
        "orange) after each epoch, and what the regularization term adds to it (dotted). A paler "
        "band spans the least and the greatest of several epochs. y{loss.axis} switches between a "
        "logarithmic and a linear axis. A dotted vertical line marks a changed setting, a diamond "
        "the best epoch: the one with the lowest test loss. Runs that ended with a reset stay as "
        "dim, numbered lines: their test loss, named by what was different. The cursor is also a "
        "way through time: enter brings back the epoch under it, with its weights, settings and "
        "data. What came later stays as paler lines that enter goes forward to, until you train or "
        "change something there; then it becomes a past run. With the mouse: point to read exact "
        "values, click to keep the cursor there and click “enter goes back” to go there, turn the "
        "wheel to zoom, drag to pan; click a word of the title to change it, and the first one for "
        "the accuracy; click the legend to show or hide past runs, right-click it to clear them."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        a | loss.recent | toggle_recent | *All / last | Show all epochs, or only the last ones
        A | loss.part | next_part | How many | Show the last 50, 200 or 500 epochs
        o | loss.smoothing | smooth | *Smoothing |
        | Smooth the curves: not at all, light, medium, strong
        v | loss.view | toggle_accuracy | *Accuracy | Show accuracies instead of losses
        c | loss.cursor | toggle_cursor | Cursor | Show or hide a cursor that reads exact values
        left,h | loss.cursor-left | move_cursor(-1) | Earlier | Move the cursor to an earlier epoch
        right,l | loss.cursor-right | move_cursor(1) | Later | Move the cursor to a later epoch
        enter | loss.go | go | *Go there | Go back or forward in time to the epoch at the cursor
        + | loss.zoom-in | zoom(-1) | Zoom in | Zoom in, around the cursor if there is one
        - | loss.zoom-out | zoom(1) | Zoom out | Zoom out
        shift+left | loss.pan-left | pan(-1) | Back | Show earlier epochs
        shift+right | loss.pan-right | pan(1) | On | Show later epochs
        p | loss.past | toggle_past | Past runs | Show or hide the runs before the last resets
        i | loss.list-past | list_past | List past runs | Every past run by its name
        P | loss.clear-past | clear_past | Clear past runs | Remove past runs for good
        escape | loss.leave | leave | Leave | Hide the cursor and show all epochs again
        """
    )

    logarithmic: reactive[bool] = reactive(True, init=False)
    accuracy: reactive[bool] = reactive(False, init=False)
    smoothing: reactive[str] = reactive(UNSMOOTHED, init=False)
    view: reactive[LossView] = reactive(LossView(), init=False)
    cursor: reactive[float | None] = reactive(None, init=False)
    shows_past: reactive[bool] = reactive(True, init=False)

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        # The tick at which the present run began.
        self._began: int | None = None
        self._cursor_stays = False
        self._last_cleared = 0
        self._drawn: tuple[object, ...] = ()
        self._drawn_at = 0.0
        self._timer: Timer | None = None
        self._written: tuple[Content, Content] = (Content(""), Content(""))

    def compose(self) -> ComposeResult:
        yield Static(id="loss-legend")
        with ContentSwitcher(initial="loss-empty"):
            yield Sentence(with_keys(NOTHING_YET), id="loss-empty")
            yield LossPlot(id="loss-plot")

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self._draw))

    def on_resize(self) -> None:
        if (picture := self._picture) is not None:
            self._write(picture)

    # --- Showing -------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Writes the numbers, and draws the curves if they are new, but not too often."""
        if snapshot.tick - snapshot.step != self._began:
            self._began = snapshot.tick - snapshot.step
            self.action_leave()
        elif self.cursor is not None:
            # The epoch may be one of a future that was left.
            self._put_cursor(self.cursor)
        wait = self._drawn_at + SECONDS_BETWEEN_DRAWINGS - time.monotonic()
        is_drawn = _state(snapshot) == self._drawn
        if not is_drawn and wait <= 0.0:
            self._draw()
            return
        self._write(self._picture_of(snapshot))
        if not is_drawn and self._timer is None:
            self._timer = self.set_timer(wait + GRACE_SECONDS, self._draw)

    def _picture_of(self, snapshot: Snapshot) -> LossPicture:
        past = comparable(snapshot, self._last_cleared)
        shown: tuple[PastRun, ...] = past if self.shows_past else ()
        return LossPicture(
            snapshot,
            ACCURACIES if self.accuracy else LOSSES,
            shown,
            len(past) - len(shown),
            self.view,
            "share" if self.accuracy else "logarithmic" if self.logarithmic else "linear",
            self.smoothing,
            Inks(background_color(self._plot)),
            self._plot.is_ascii,
        )

    @property
    def _picture(self) -> LossPicture | None:
        """What is to be drawn now; None before the first snapshot."""
        return self._picture_of(self.snapshot) if self.snapshot is not None else None

    @property
    def _plot(self) -> LossPlot:
        return self.query_one(LossPlot)

    def _draw(self) -> None:
        if self.snapshot is None or not self.is_mounted:
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._drawn, self._drawn_at = _state(self.snapshot), time.monotonic()
        picture = self._picture_of(self.snapshot)
        sentence = _sentence(picture)
        show_text(self.query_one("#loss-empty", Static), sentence)
        self._show_part("loss-empty" if sentence else "loss-plot")
        if not sentence:
            picture.draw(self._plot)
        self._write(picture)

    def _show_part(self, name: str) -> None:
        """Shows the sentence or the plot, which takes over the focus: what is hidden loses it."""
        switcher = self.query_one(ContentSwitcher)
        if switcher.current != name:
            has_focus = self.has_focus_within
            switcher.current = name
            if has_focus:
                self.focus_first()

    def focus_first(self) -> None:
        if (shown := self.query_one(ContentSwitcher).visible_content) is not None:
            shown.focus()

    def _write(self, picture: LossPicture) -> None:
        """Writes the legend and on the border; unchanged text costs nothing."""
        (width, height), room = self.size, self.size.width - BORDER_MARGIN
        shown = [] if _sentence(picture) else list(items(picture, self.cursor))
        is_strip = height <= MOST_OF_A_STRIP and bool(shown)
        most_lines = max(1, height // LINES_A_LEGEND_LINE)
        self._write_legend(legend([] if is_strip else shown, width - PADDING, most_lines))
        below = subtitle(picture, self.cursor, room, self._plot.columns)
        above = title(picture, self.TITLE, room)
        written = (strip_title(self.TITLE, shown, room) if is_strip else above, below)
        if not all(map(Content.is_same, written, self._written)):
            self._written = written
            set_border_texts(self, *written)

    def _write_legend(self, text: Content) -> None:
        line = self.query_one("#loss-legend", Static)
        height = text.plain.count("\n") + 1 if text.plain else 0
        is_other_height = line.styles.height is None or line.styles.height.value != height
        if is_other_height:
            line.styles.height = height
        show_text(line, text, layout=is_other_height)

    # --- Settings ---------------------------------------------------------------------------

    watch_logarithmic = watch_accuracy = watch_smoothing = watch_view = watch_shows_past = _draw

    def watch_cursor(self, before: float | None, cursor: float | None) -> None:
        self._plot.cursor = cursor
        if (before is None) != (cursor is None):
            # The footer says that enter goes there.
            self.refresh_bindings()
        if (picture := self._picture) is not None:
            self._write(picture)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go":
            return self.cursor is not None
        if action == "leave":
            return self.cursor is not None or self.view.zoom is not None
        return super().check_action(action, parameters)

    def action_toggle_recent(self) -> None:
        self.view = self.view.toggled()

    def action_next_part(self) -> None:
        self.view = self.view.with_next_part()

    def action_smooth(self) -> None:
        names = [UNSMOOTHED, *SMOOTHINGS]
        self.smoothing = names[(names.index(self.smoothing) + 1) % len(names)]

    def action_toggle_accuracy(self) -> None:
        self.accuracy = not self.accuracy

    def action_click_axis(self) -> None:
        if self.accuracy:
            self.accuracy = False
        else:
            self.logarithmic = not self.logarithmic

    def action_toggle_past(self) -> None:
        self.shows_past = not self.shows_past

    def action_list_past(self) -> None:
        runs = () if self.snapshot is None else self.snapshot.past_runs
        lines = [f"{run.number}  {run.name}  ({run.dataset})" for run in reversed(runs)]
        words = "\n".join(lines) or (
            with_keys("A run ends with a reset: press r{train.reset}, and it is kept here.")
        )
        self.notify(words, title="Past runs", timeout=SECONDS_TO_READ, markup=False)

    def action_clear_past(self) -> None:
        if self.snapshot is not None and self.snapshot.past_runs:
            self._last_cleared = self.snapshot.past_runs[-1].number
            self._draw()

    def action_toggle_cursor(self) -> None:
        self._cursor_stays = not self._cursor_stays
        picture = self._picture if self._cursor_stays else None
        self._put_cursor(None if picture is None else picture.shown[1])

    def action_move_cursor(self, columns: int) -> None:
        picture = self._picture
        if picture is None or not len(picture.points.epochs):
            return
        low, high = picture.shown
        if self.cursor is None or not self._cursor_stays:
            self._put_cursor(high if self.cursor is None else self.cursor)
            self._cursor_stays = True
            return
        # A plot that was not drawn yet has no columns: then from point to point.
        across = self._plot.columns - 1
        by = columns * ((high - low) / across if across else TINY)
        self.cursor = min(max(moved(picture.points.epochs, self.cursor, by), low), high)

    def action_go(self) -> None:
        picture = self._picture
        if picture is None or self.cursor is None:
            return
        if way_to(picture, self.cursor) == HERE:
            self.notify("This is where you are. Move the cursor with the arrows first.")
        else:
            self.post_message(SeekWanted(picture.seek_to(self.cursor)))

    def action_zoom(self, steps: int) -> None:
        if (picture := self._picture) is not None:
            middle = sum(picture.shown) / 2
            self._zoom(middle if self.cursor is None else self.cursor, steps)

    def action_pan(self, steps: int) -> None:
        self._pan(steps * PAN_STEP)

    def action_leave(self) -> None:
        self._cursor_stays, self.cursor = False, None
        self.view = self.view.unzoomed()

    def _zoom(self, centre: float, steps: int) -> None:
        if (picture := self._picture) is not None:
            self.view = self.view.zoomed(picture.limits, centre, ZOOM_STEP**steps)

    def _pan(self, share: float) -> None:
        if (picture := self._picture) is not None:
            self.view = self.view.panned(picture.limits, share)

    def _put_cursor(self, epoch: float | None) -> None:
        """Puts the cursor on the epoch of the present run that is nearest."""
        if (picture := self._picture) is not None and epoch is not None:
            epochs = picture.points.epochs
            epoch = moved(epochs, epoch, 0.0) if len(epochs) else None
        self.cursor = epoch

    # --- The mouse -----------------------------------------------------------------------------

    def on_loss_plot_pointed(self, message: LossPlot.Pointed) -> None:
        message.stop()
        if not self._cursor_stays:
            self._put_cursor(message.epoch)

    def on_loss_plot_picked(self, message: LossPlot.Picked) -> None:
        message.stop()
        self._cursor_stays = True
        self._put_cursor(message.epoch)

    def on_loss_plot_scrolled(self, message: LossPlot.Scrolled) -> None:
        message.stop()
        self._zoom(message.epoch, message.steps)

    def on_loss_plot_dragged(self, message: LossPlot.Dragged) -> None:
        message.stop()
        self._pan(-message.share)

    def on_click(self, event: events.Click) -> None:
        if self.query_one("#loss-legend").region.contains(event.screen_x, event.screen_y):
            if event.button == LEFT_BUTTON:
                self.action_toggle_past()
            else:
                self.action_clear_past()


class Sentence(Static, can_focus=True):
    """What is said where there is nothing to draw."""

    def on_mount(self) -> None:
        self.tooltip = "The losses over the epochs will be drawn here."


class LossPlot(Plot, can_focus=True):
    """The plot itself, with the epochs across."""

    @dataclass
    class Pointed(Message):
        """The pointer is over an epoch, or over none."""

        epoch: float | None

    @dataclass
    class Picked(Message):
        """An epoch was clicked."""

        epoch: float

    @dataclass
    class Scrolled(Message):
        """The wheel was turned over an epoch: one step towards the user is 1, away -1."""

        epoch: float
        steps: int

    @dataclass
    class Dragged(Message):
        """The picture was dragged to the right by a share of its width, to the left if below 0."""

        share: float

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._held_at: int | None = None
        self._was_dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == LEFT_BUTTON:
            self._held_at, self._was_dragged = event.x, False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held_at is None:
            self.post_message(self.Pointed(self.x_at(event.x)))
        elif event.x != self._held_at:
            self.post_message(self.Dragged((event.x - self._held_at) / self.columns))
            self._held_at, self._was_dragged = event.x, True

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._held_at is None:
            return
        self.release_mouse()
        self._held_at = None
        epoch = self.x_at(event.x)
        if epoch is not None and not self._was_dragged:
            self.post_message(self.Picked(epoch))

    def on_leave(self) -> None:
        self.post_message(self.Pointed(None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, 1)

    def _scroll(self, event: events.MouseEvent, steps: int) -> None:
        if (epoch := self.x_at(event.x)) is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.Scrolled(epoch, steps))


def _sentence(picture: LossPicture) -> str:
    """What to say if there is nothing to draw; else empty."""
    if picture.scale == "share" and not picture.present:
        return with_keys(NO_ACCURACY)
    is_known = picture.snapshot.tick or picture.n_now < len(picture.points.epochs)
    has_curves = is_known or picture.past or picture.n_hidden
    return "" if has_curves else with_keys(NOTHING_YET)


def _state(snapshot: Snapshot) -> tuple[object, ...]:
    """What the curves depend on."""
    runs = tuple((run.number, run.name) for run in snapshot.past_runs)
    # In the past each step moves the mark that says so.
    now = None if snapshot.future is None else snapshot.tick
    # In the first epoch each step is drawn, and where the run broke.
    begun = (snapshot.step if snapshot.epoch == 0 else 0), snapshot.state == DIVERGED
    lanes = tuple((lane.number, lane.name, lane.snapshot.epoch) for lane in snapshot.lanes)
    return snapshot.run_id, snapshot.epoch, begun, len(snapshot.curves.marks), runs, now, lanes
