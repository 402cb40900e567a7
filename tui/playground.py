"""PlaygroundScreen: the seven panes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Static

from ..core import Snapshot, TrainingConfig
from .arrangement import WATCHED
from .board import Board
from .config import AppConfig
from .data.gallery import DatasetGallery
from .data.pane import DataPane
from .failures import failure_sentence, other_cause, stop_sentence
from .footer import Footer
from .gradients.pane import GradientsPane
from .key_words import with_keys
from .keys import bindings
from .learn.progress import LessonStatus
from .learn.strip import LessonStrip
from .loss.pane import LossPane
from .messages import HIDDEN_PART, PartSelected, PictureWanted, PointSelected
from .network.diagram import NetworkDiagram
from .network.pane import NetworkPane
from .output.pane import OutputPane
from .pane import Pane
from .pane_tabs import PaneTabs
from .race.bar import RaceBar
from .runs.continue_strip import ContinueStrip
from .selection import Selection, holds_part
from .slow_motion.bar import SlowMotionBar
from .status.pane import MoreStatus, StatusButton, StatusPane
from .textual_patches.dirty_region_compositor import DirtyRegionScreen
from .training.pane import TrainingPane
from .widgets.basics import show_text
from .widgets.settings_list import SettingsList

PANE_IDS = ("status", "data", "training", "network", "output", "loss", "gradients")
FIRST_TAB = "output"
RACE_ACTIONS = ("app.race_next", "app.race_keep", "app.race_drop")
BUTTONS = ("play", "step", "reset")
"""What a link calls the buttons of the status bar."""
MOST_SECONDS_EMPTY = 0.3
"""How long the first frame waits for what the panes show; large data take longer."""
ADVICE = "Press r{train.reset} to reset, [{rate.lower} to lower it."


class PlaygroundScreen(DirtyRegionScreen[None]):
    """The screen that the application starts with."""

    # None would mean what the application does, which is to focus what comes first.
    AUTO_FOCUS = ""
    TITLE = "Playground"

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        space | train.toggle | app.toggle_training | !*Train | Start or pause training
        I | race.next | app.race_next | *Next lane | In a race: go to the next lane
        O | race.keep | app.race_keep | *Keep lane |
        | End the race: the chosen lane goes on alone
        Q | race.drop | app.race_drop | *Drop lane | Take the chosen lane out of the race
        s | train.step | app.step | *Step | Train on one mini-batch
        e | train.epoch | app.epoch | *Epoch | Train to the end of this epoch
        S | slow-motion.start | slow_motion | Slow motion | Show the next update in five stages
        r | train.reset | app.reset | *Reset | Back to epoch 0 and the same initial weights
        R | train.reseed | app.reseed | New weights | Back to epoch 0 with new initial weights
        [,( | rate.lower | app.learning_rate_stop(-1) | *Rate | Next lower learning rate
        ],) | rate.higher | app.learning_rate_stop(1) | *Rate | Next higher learning rate
        {,_ | rate.finer-lower | app.scale_learning_rate(-1) | Rate -10 % |
        | Lower the learning rate by 10 %
        },* | rate.finer-higher | app.scale_learning_rate(1) | Rate +10 % |
        | Raise the learning rate by 10 %
        comma | pace.slower | app.pace(-1) | Slower | Fewer epochs per second
        . | pace.faster | app.pace(1) | Faster | More epochs per second
        y | loss.axis | toggle_log | Log / linear | Logarithmic or linear loss axis
        /,ctrl+f | gradients.filter | filter | Filter |
        | Filter the gradients table by name or verdict
        z | pane.maximize | toggle_maximize | *Maximize | Show only the focused pane, and back
        =,B | race.fork | app.race_fork | Fork |
        | Let the run go on twice from here, in two lanes: change a setting and compare
        E | race.all | app.race_all | All lanes |
        | In a race: what you change changes all lanes, or the chosen one alone
        U | race.swap | app.race_swap | Move lane | In a race: move the chosen lane one place on
        W | wall.open-wall | app.wall | Wall |
        | Many runs in a grid: what varies across and down, coloured by how well each does
        ctrl+z | edit.undo | app.undo | *Undo | Undo the last edit
        ctrl+y | edit.redo | app.redo | Redo | Redo the edit last undone
        backspace | time.back | app.go_back | Back | Go back by one mini-batch, again and again
        N | time.forward | app.go_forward | Forward |
        | After going back: forward again by one mini-batch
        ctrl+s | run.save | app.save_run | Save | Save the run to a file, all its edits with it
        f12,ctrl+shift+s | run.save-as | app.save_run_as | Save as |
        | Save the run to another file; many terminals take ctrl+shift+s for ctrl+s
        X | run.export | app.export_run | Export |
        | Take the run elsewhere: as a script, a model, a table or a picture
        ctrl+o | run.open | app.open_run | Open | Open a run from a file
        ctrl+r | run.continue | app.continue_run | Continue | Continue the run from last time
        1 | go.status | go_to('status') | Status | Go to the status pane
        2 | go.data | go_to('data') | Data | Go to the data pane
        3 | go.training | go_to('training') | Training | Go to the training pane
        4 | go.network | go_to('network') | Network | Go to the network pane
        5 | go.output | go_to('output') | Output | Go to the output pane
        6 | go.loss | go_to('loss') | Loss | Go to the loss pane
        7 | go.gradients | go_to('gradients') | Gradients | Go to the gradients pane
        tab | go.next | next_pane(1) | Next pane | Go to the next pane
        shift+tab | go.previous | next_pane(-1) | Previous pane | Go to the previous pane
        C | lesson.cure | app.cure | Try it | Try what the preset suggests
        escape | run.decline | close_offer | Close the offer | Start without the run from last time
        escape | lesson.close | close_lesson | Close the lesson | Close the lesson
        m | microscope.open | app.microscope | *Microscope |
        | Backpropagation one value at a time: step through a program's graph and check it
        M | microscope.network | app.microscope_network | Network's graph |
        | The microscope on your own network and the selected sample
        ?,f1 | help.open | app.help | *Help | All keys and panes
        D | doctor.open | app.doctor | Doctor |
        | What would help this run: remedies tried on copies of it
        L | lessons.open | app.lessons | *Lessons |
        | Presets that work or fail, and challenges, each explained
        q | app.quit | app.quit | *Quit | Quit toygrad
        """
    )

    def __init__(self, options: AppConfig) -> None:
        super().__init__()
        self._is_styled = False
        self._options = options
        self.selection = Selection()
        # Whether what is changed is changed in every lane of a race.
        self.acts_on_all = False

    def compose(self) -> ComposeResult:
        yield StatusPane(id="status")
        yield Static(id="message")
        yield RaceBar(id="race")
        yield ContinueStrip(id="continue")
        yield LessonStrip(id="lesson")
        yield SlowMotionBar(id="slow-motion")
        n_layers = len(self._options.network.hidden) + 1
        with Board(id="board"):
            panes = (
                DataPane(self._options.data, id="data"),
                NetworkPane(id="network"),
                OutputPane(id="output"),
                TrainingPane(self._options.training, n_layers, id="training"),
                LossPane(id="loss"),
                GradientsPane(id="gradients"),
            )
            helps = {str(pane.id): with_keys(pane.HELP_TEXT) for pane in panes}
            tooltips = {name: helps[name] for name in PANE_IDS[1:]}
            yield PaneTabs(tooltips, active=FIRST_TAB, id="tabs")
            yield MoreStatus(id="more-status")
            yield from panes
        yield Static(
            "toygrad needs a terminal of at least 60 columns and 16 rows. "
            "Training continues meanwhile.",
            id="too-small",
        )
        footer = Footer()
        footer.begin_with(dict.fromkeys(RACE_ACTIONS, ""))
        yield footer

    def on_mount(self) -> None:
        self.wait_for_content(MOST_SECONDS_EMPTY)
        self.query_one("#message").display = False

    def part_of(self, widget: Widget) -> Pane | None:
        return next((w for w in widget.ancestors_with_self if isinstance(w, Pane)), None)

    @property
    def panes(self) -> list[Pane]:
        """All seven."""
        return [self.query_one(f"#{pane}", Pane) for pane in PANE_IDS]

    @property
    def grid_size(self) -> tuple[int, int]:
        """The resolution of the output picture, across and down."""
        return self.query_one(OutputPane).grid_size

    @property
    def pictured_unit(self) -> tuple[int, int] | None:
        """The unit whose picture is shown: its column in the diagram, and its place in it."""
        unit = self.selection.unit
        return None if unit is None else (unit.column, unit.unit)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Hands a snapshot down to every pane, unless slow motion holds it back."""
        self.draw_content()
        if self.query_one(SlowMotionBar).holds_back(snapshot):
            return
        self._select(_what_is_left(self.selection, snapshot))
        # The gradients first: they decide what is said of a frame.
        for pane in reversed(self.panes):
            pane.snapshot = snapshot
        for bar in self.query_children(RaceBar):
            bar.show(snapshot.lanes, is_for_all=self.acts_on_all)
        if snapshot.step:
            self.query_one(ContinueStrip).close()
        for footer in self.query_children(Footer):
            footer.label(_labels_of(snapshot))
        self._show_message(snapshot)

    def show_training(self, training: TrainingConfig) -> None:
        """Shows settings at once, before there is a snapshot of a training with them."""
        self.query_one(StatusPane).show_training(training)
        self.query_one(TrainingPane).show_training(training)

    def _show_message(self, snapshot: Snapshot) -> None:
        """Says why training stopped by itself: it failed, or a stop condition was met."""
        message, said = self.query_one("#message", Static), message_of(snapshot)
        message.set_class(snapshot.failure is None, "-asked-for")
        message.display = bool(said)
        show_text(message, Content(said))

    def show_controls(self, hidden: frozenset[str]) -> None:
        """Shows all controls but those that are hidden; keys work all the same."""
        for button, name in zip(self.query(StatusButton), BUTTONS, strict=True):
            button.display = name not in hidden
        self.query_one(DatasetGallery).display = "dataset" not in hidden
        for settings in self.query(SettingsList):
            settings.list_again()
        self.query_one(OutputPane).restore()
        self.refresh_bindings()

    # --- Lessons -------------------------------------------------------------------------------

    def show_lesson(self, status: LessonStatus) -> None:
        """Shows the current lesson, and how far it is."""
        self.query_one(LessonStrip).show(status)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "close_offer":
            return self.query_one(ContinueStrip).is_open
        if action == "close_lesson":
            return self.query_one(LessonStrip).is_open
        return super().check_action(action, parameters)

    def action_close_lesson(self) -> None:
        self.query_one(LessonStrip).close()

    def action_close_offer(self) -> None:
        self.query_one(ContinueStrip).close()

    def show_file(self, name: str, *, is_changed: bool) -> None:
        """Shows which file the run is in, and whether it has changed since."""
        for pane in self.query_children(StatusPane):
            pane.show_file(name, is_changed=is_changed)

    # --- Slow motion ---------------------------------------------------------------------------

    def action_slow_motion(self) -> None:
        bar, shown = self.query_one(SlowMotionBar), self.panes[0].snapshot
        if bar.is_on:
            bar.action_next_stage()
        elif shown is not None:
            bar.begin(shown)

    def on_slow_motion_bar_highlighted(self, message: SlowMotionBar.Highlighted) -> None:
        self.query_one(OutputPane).highlight(message.rows)
        self.query_one(NetworkDiagram).light(message.columns)

    def on_slow_motion_bar_released(self, message: SlowMotionBar.Released) -> None:
        self.show_snapshot(message.snapshot)

    def update_node_styles(self, animate: bool = True) -> None:
        """Styles all widgets again, except when the screen is first shown: they have just been."""
        if self._is_styled or not self.query(Pane):
            super().update_node_styles(animate)
        else:
            self._is_styled = True

    # --- What is selected ----------------------------------------------------------------------

    def on_part_selected(self, message: PartSelected) -> None:
        self._select(replace(self.selection, part=message.part))
        self.post_message(PictureWanted())

    def on_point_selected(self, message: PointSelected) -> None:
        self._select(replace(self.selection, point=message.point))

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            for pane in self.panes:
                pane.selection = selection

    # --- Where the focus is --------------------------------------------------------------------

    def hide_panes(self, hidden: Collection[str]) -> None:
        """Shows all panes, and the status bar, but those with these names."""
        here, shown = self._focused_pane, [p for p in PANE_IDS if p not in hidden]
        self.query_one("#status").display = "status" in shown
        away = frozenset(PANE_IDS[1:]) - set(shown)
        self.query_one(Board).hide(away)
        self.query_one(PaneTabs).hidden = away
        if self.maximized is not None and self.maximized.id in hidden:
            self.minimize()
        if here is not None and here.id in hidden:
            # To what changes as it trains, if that is there.
            self.action_go_to(max(shown, key=lambda pane: pane in WATCHED))

    def action_go_to(self, pane_id: str) -> None:
        pane = self.query_one(f"#{pane_id}", Pane)
        if pane_id in self._hidden_panes:
            self.notify(HIDDEN_PART)
            return
        if self.maximized is not None and self.maximized is not pane:
            self.minimize()
        self._show_pane(pane_id)
        pane.focus_first()

    def action_next_pane(self, by: int) -> None:
        shown = [pane for pane in PANE_IDS if pane not in self._hidden_panes]
        here = self.focused_pane_id
        place = shown.index(here) + by if here in shown else (by > 0)
        self.action_go_to(shown[place % len(shown)])

    @property
    def _hidden_panes(self) -> set[str]:
        status = self.query_one("#status")
        return {*self.query_one(Board).hidden, *(() if status.display else ("status",))}

    @property
    def focused_pane_id(self) -> str:
        """The name of the pane that has the focus; empty for none."""
        return "" if self._focused_pane is None else str(self._focused_pane.id)

    @property
    def _focused_pane(self) -> Pane | None:
        return None if self.focused is None else self.part_of(self.focused)

    def on_pane_tabs_chosen(self, event: PaneTabs.Chosen) -> None:
        self._show_pane(event.pane)

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        if self._focused_pane is not None:
            self._show_pane(str(self._focused_pane.id))

    def _show_pane(self, pane_id: str) -> None:
        """Makes sure that a pane is seen, also after the next resize."""
        if pane_id != "status":
            self.query_one(PaneTabs).active = pane_id
            self.query_one(Board).show(pane_id)

    def action_toggle_maximize(self) -> None:
        if self.maximized is not None:
            self.minimize()
        elif self._focused_pane is not None and self._focused_pane.ALLOW_MAXIMIZE:
            self.maximize(self._focused_pane, container=False)
        else:
            self.notify(
                "Go to a pane first: press 2{go.data} to 7{go.gradients}, then z{pane.maximize}."
            )

    def action_toggle_log(self) -> None:
        loss = self.query_one(LossPane)
        loss.logarithmic = not loss.logarithmic

    async def action_filter(self) -> None:
        self.action_go_to("gradients")
        await self.query_one(GradientsPane).open_filter()


def message_of(snapshot: Snapshot) -> str:
    """Why training stopped by itself; empty if it did not."""
    if snapshot.failure is None:
        return stop_sentence(snapshot.stopped)
    advice, cause = with_keys(ADVICE), other_cause(snapshot)
    return failure_sentence(snapshot.failure, advice=advice, cause=cause)


def _labels_of(snapshot: Snapshot) -> dict[str, str]:
    """What the footer calls some keys: what is over, or means nothing now, is not offered."""
    labels = {} if snapshot.lanes else dict.fromkeys(RACE_ACTIONS, "")
    if snapshot.failure is not None and not snapshot.failure.can_resume:
        return labels | dict.fromkeys(("app.toggle_training", "app.step", "app.epoch"), "")
    return labels | ({"app.toggle_training": "Pause"} if snapshot.state == "training" else {})


def _what_is_left(selection: Selection, snapshot: Snapshot) -> Selection:
    """The selection without what the network or the data no longer have."""
    part, point = selection.part, selection.point
    if part is not None and not holds_part(snapshot.sizes, part):
        part = None
    if point is not None and len(point) != len(snapshot.dataset.columns):
        point = None
    return Selection(part, point)
