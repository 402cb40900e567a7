"""SlowMotionBar: one update shown in five stages, each with what it did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from ...core import Snapshot
from ...core.explain.slow_motion import SlowStep, slow_step
from ..keys import bindings
from .words import STAGES, stage_lines

UPDATE = len(STAGES) - 1
WAITING = "Waiting for the step ..."


class Phase(Enum):
    """What slow motion waits for."""

    OFF = auto()
    PAUSE = auto()
    STEP = auto()
    SHOWING = auto()


class SlowMotionBar(Static, can_focus=True):
    """A line of the stages, and two lines on the present one.

    The step is taken at once, but its snapshot is held back until the update is shown: until then
    all panes show the network before it. Anything else that happens to the session ends it.
    """

    DEFAULT_CSS = """
    SlowMotionBar {
        display: none;
        height: auto;
        max-height: 5;
        padding: 0 1;
        background: $primary 15%;
        color: $text;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        """
        enter | slow-motion.next | next_stage | *Next stage |
        | Next of the five stages, and after the last one the next update
        escape | slow-motion.end | end | *End | End slow motion; the update stays
        """
    )

    @dataclass
    class PauseWanted(Message):
        """Training has to pause."""

    @dataclass
    class StepWanted(Message):
        """One step has to be taken."""

    @dataclass
    class Highlighted(Message):
        """The samples of the current batch; none at the end."""

        rows: NDArray[np.int64]

    @dataclass
    class Released(Message):
        """A snapshot was held back and has to be shown now."""

        snapshot: Snapshot

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tooltip = (
            "One update in slow motion: forward, loss, backward, gradient, update. Press S, enter "
            "or click for the next stage; escape ends it."
        )
        self._phase = Phase.OFF
        self._stage = 0
        self._before: Snapshot | None = None
        self._held: Snapshot | None = None
        self._step: SlowStep | None = None
        self._came_from: Widget | None = None

    @property
    def is_on(self) -> bool:
        """Whether slow motion is on."""
        return self._phase is not Phase.OFF

    @property
    def stage(self) -> str | None:
        """The stage that is shown, if any."""
        return STAGES[self._stage] if self._phase is Phase.SHOWING else None

    def begin(self, snapshot: Snapshot) -> None:
        """Shows the next update, after the snapshot on the screen."""
        self.display = True
        self.update(WAITING)
        self._came_from = self.screen.focused
        self.focus()
        if snapshot.state == "training":
            self._phase = Phase.PAUSE
            self.post_message(self.PauseWanted())
        else:
            self._want_step(snapshot)

    def _want_step(self, snapshot: Snapshot) -> None:
        self._phase, self._before = Phase.STEP, snapshot
        self.post_message(self.StepWanted())

    def holds_back(self, snapshot: Snapshot) -> bool:
        """Notes a snapshot, and says whether it has to wait."""
        match self._phase:
            case Phase.PAUSE if snapshot.state != "training":
                self._want_step(snapshot)
            case Phase.STEP:
                return self._take_step(snapshot)
            case Phase.SHOWING:
                return self._keeps(snapshot)
        return False

    def _take_step(self, snapshot: Snapshot) -> bool:
        before = self._before
        if before is None or snapshot.run_id != before.run_id:
            self._finish()
            return False
        if snapshot.step == before.step and snapshot.failure is None:
            return False
        self._step = slow_step(snapshot) if snapshot.step == before.step + 1 else None
        if self._step is None:
            self._finish()
            return False
        self._phase, self._stage, self._held = Phase.SHOWING, 0, snapshot
        self.post_message(self.Highlighted(self._step.rows))
        self._show_stage()
        return True

    def _keeps(self, snapshot: Snapshot) -> bool:
        held = self._held
        if held is None or not _is_same_moment(held, snapshot):
            self._finish()
            return False
        return self._stage < UPDATE

    def on_click(self) -> None:
        self.action_next_stage()

    def action_next_stage(self) -> None:
        if self._phase is not Phase.SHOWING or self._held is None:
            return
        if self._stage == UPDATE:
            self._want_step(self._held)
            return
        self._stage += 1
        self._show_stage()
        if self._stage == UPDATE:
            self.post_message(self.Released(self._held))

    def action_end(self) -> None:
        held, stage = self._held, self._stage
        self._finish()
        if held is not None and stage < UPDATE:
            self.post_message(self.Released(held))

    def _finish(self) -> None:
        self._phase, self._stage = Phase.OFF, 0
        self._before = self._held = self._step = None
        if self.has_focus:
            self.screen.set_focus(self._came_from)
        self.display = False
        self.post_message(self.Highlighted(np.zeros(0, dtype=np.int64)))

    def _show_stage(self) -> None:
        if self._step is None:
            return
        words = Content("").join(
            Content.styled(
                f" {number} {name} ", "reverse bold" if number == self._stage + 1 else ""
            )
            for number, name in enumerate(STAGES, start=1)
        )
        keys = Content.styled("  S: next, escape ends", "dim")
        lines = stage_lines(self._step, self._stage)
        self.update(Content("\n").join([words + keys, *(Content(line) for line in lines)]))


def _is_same_moment(one: Snapshot, other: Snapshot) -> bool:
    """Whether nothing has happened to the session between two snapshots."""
    return (
        (one.run_id, one.step, one.state) == (other.run_id, other.step, other.state)
        and (one.training, one.network) == (other.training, other.network)
        and one.dataset is other.dataset
        and np.array_equal(one.parameters, other.parameters)
        and np.array_equal(one.frozen, other.frozen)
    )
