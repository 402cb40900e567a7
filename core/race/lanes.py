"""Lanes: a session of up to nine runs that race, one of them the chosen one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from ..run.clock import Clock
from ..run.commands import Advance, AdvanceEpochs, Command, Pause, Redo, Resume, Seek, Undo
from ..run.document import RunDocument
from ..run.edits import Configure, Edit, Reseed, Reset, StartOver
from ..run.picture import Wanted
from ..run.session import Session
from ..training.snapshot import LaneView, Snapshot
from .conductor import Conductor
from .history import Deed, Edited, History, Regrouped
from .lane import Lane, leader_of, way
from .names import lane_names

MAX_LANES = 9
# Frames of one lane are told from those of another by this.
RUN_IDS_APART = 1_000_000
# A lane that follows another without a thread gets there in a few turns.
MOST_TURNS = 20

ALONE = "There is only one lane: fork the run first."
FULL = f"A race has at most {MAX_LANES} lanes: drop one first."


class Lanes(Session):
    """A session that can fork: its runs go on in lockstep, and can be told apart by their settings.

    Whoever asks it gets the answer of the chosen lane. Training, steps and resets are for every
    lane, edits for the chosen one or for all. The lanes that are not chosen follow the chosen one
    to the epoch, and the mini-batch, where it is. A lane that can't go on stays where it is.

    Attributes:
        acts_on_all: Whether edits are for every lane.
        travels: Whether the lanes follow back and forth in time, and not by training.
    """

    def __init__(self, session: Session) -> None:
        """Has one lane.

        Args:
            session: The run; from now on to be reached through this one.
        """
        self._loop = session._loop
        self._guard = threading.RLock()
        self._chosen = Lane(1, Session.of(self._loop), self._loop)
        self._lanes: tuple[Lane, ...] = (self._chosen,)
        self._history = History()
        self._n_forks = 0
        self.acts_on_all = False
        self.travels = False

    # --- What it is now ------------------------------------------------------------------------

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes that race, in the order of the screen; a single one if none do."""
        return self._lanes

    @property
    def chosen(self) -> Lane:
        """The lane that is shown and changed."""
        return self._chosen

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        return self._loop.clock

    @property
    def everyone(self) -> list[Lane]:
        """The lanes, and those that undoing can bring back, the oldest first."""
        known = self._history.lanes | set(self._lanes)
        return sorted(known, key=lambda lane: lane.loop.run_id // RUN_IDS_APART)

    @property
    def is_racing(self) -> bool:
        """Whether there are several lanes."""
        return len(self._lanes) > 1

    @property
    def names(self) -> list[str]:
        """What the lanes are called: by what differs between them."""
        return [name.full for name in self._names(self._lanes)]

    @staticmethod
    def _names(lanes: Sequence[Lane]) -> list[Any]:
        setups = [lane.loop.expected.setup for lane in lanes]
        return lane_names(setups, [lane.loop.seed for lane in lanes])

    @property
    def undoes_lanes(self) -> bool:
        """Whether undoing would bring other lanes back, and not only take an edit back."""
        done = self._history.done
        return bool(done) and any(isinstance(part, Regrouped) for part in done[-1])

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._history.done) or super().can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._history.undone) or super().can_redo

    @property
    def is_training(self) -> bool:
        """Whether any lane trains."""
        return any(lane.session.is_training for lane in self._lanes)

    @property
    def is_over(self) -> bool:
        """Whether no lane can go on."""
        return all(lane.session.is_over for lane in self._lanes)

    def has_moved(self, shown: Snapshot) -> bool:
        """Whether any lane is no longer what a snapshot shows."""
        if super().has_moved(shown):
            return True
        lanes = self._lanes if self.is_racing else ()
        views = {view.number: view.snapshot for view in shown.lanes}
        return len(lanes) != len(views) or any(
            lane.number not in views or lane.session.has_moved(views[lane.number]) for lane in lanes
        )

    # --- Lanes ---------------------------------------------------------------------------------

    def fork(self) -> Lane:
        """Lets the chosen run go on twice from here; the new one is chosen.

        Raises:
            ValueError: If there are `MAX_LANES` already.
        """
        with self._guard:
            self._check_room(1)
            lane = self._forked(self._lanes)
            self._history.note(self._regroup(self._beside_chosen(lane), lane))
        return lane

    def race_values(self, setting: str, values: Sequence[Any]) -> None:
        """Lets the chosen run go on from here once for each value of a setting of the training.

        Args:
            setting: A field of `TrainingConfig`.
            values: At least two; the same one twice counts once.

        Raises:
            ValueError: If a value can't be, or there are too few or too many; nothing has changed.
        """
        with self._guard:
            values = list(dict.fromkeys(values))
            if len(values) < 2:
                raise ValueError("Type two values or more, such as 0.01, 0.03, 0.1.")
            self._check_room(len(values) - 1)
            training, before, chosen = self.training, self._lanes, self._chosen
            commands = [Configure(replace(training, **{setting: value})) for value in values]
            for command in commands:
                command.leads_to(self._loop.expected.setup)
            # The present run keeps its value, if it is among them.
            present = getattr(training, setting)
            kept = values.index(present) if present in values else 0
            group: list[Lane] = []
            for place in range(len(values)):
                group.append(chosen if place == kept else self._forked((*before, *group)))
            at = before.index(chosen)
            regrouped = self._regroup((*before[:at], *group, *before[at + 1 :]), chosen)
            edited = []
            for lane, command in zip(group, commands, strict=True):
                edited += self._edit_one(lane, command)
            self._history.note(regrouped, *(Edited((lane,)) for lane in edited))

    def choose(self, lane: Lane) -> None:
        """Chooses one of the lanes."""
        with self._guard:
            if lane in self._lanes:
                self._choose(lane)

    def choose_next(self, by: int = 1) -> None:
        """Chooses the lane that comes after the chosen one, or before it.

        Raises:
            ValueError: If there is only one.
        """
        with self._guard:
            self.check_race()
            at = self._lanes.index(self._chosen) + by
            self._choose(self._lanes[at % len(self._lanes)])

    def keep(self) -> None:
        """Ends the race: the chosen lane goes on alone.

        Raises:
            ValueError: If there is only one lane.
        """
        with self._guard:
            self.check_race()
            self._history.note(self._regroup((self._chosen,), self._chosen))

    def drop(self) -> None:
        """Takes the chosen lane out of the race; the next one is chosen.

        Raises:
            ValueError: If there is only one.
        """
        with self._guard:
            self.check_race()
            at, others = self._lanes.index(self._chosen), self._others()
            self._history.note(self._regroup(others, others[min(at, len(others) - 1)]))

    def swap(self) -> None:
        """Moves the chosen lane one place on; from the last place to the first.

        Raises:
            ValueError: If there is only one.
        """
        with self._guard:
            self.check_race()
            at, others = self._lanes.index(self._chosen), list(self._others())
            others.insert((at + 1) % len(self._lanes), self._chosen)
            self._history.note(self._regroup(tuple(others), self._chosen))

    def _others(self) -> tuple[Lane, ...]:
        """The lanes that are not chosen."""
        return tuple(lane for lane in self._lanes if lane is not self._chosen)

    def _beside_chosen(self, lane: Lane) -> tuple[Lane, ...]:
        """The lanes, with another one after the chosen one."""
        at = self._lanes.index(self._chosen) + 1
        return (*self._lanes[:at], lane, *self._lanes[at:])

    def _check_room(self, wanted: int) -> None:
        if len(self._lanes) + wanted > MAX_LANES:
            raise ValueError(FULL)

    def check_race(self) -> None:
        """Checks that there are several lanes.

        Raises:
            ValueError: If there is only one.
        """
        if not self.is_racing:
            raise ValueError(ALONE)

    def _forked(self, lanes: tuple[Lane, ...]) -> Lane:
        """Another lane that goes on from the chosen one, with a number that no other has."""
        used = {lane.number for lane in lanes}
        number = next(n for n in range(1, MAX_LANES + 1) if n not in used)
        self._n_forks += 1
        loop = self._loop.fork(self._n_forks * RUN_IDS_APART)
        return Lane(number, Session.of(loop), loop)

    def _regroup(self, lanes: tuple[Lane, ...], chosen: Lane) -> Regrouped:
        """Lets other lanes race; those that leave stand still until undoing brings them back."""
        done = Regrouped(self._lanes, lanes, self._chosen, chosen)
        trains = self.is_training
        left = [lane for lane in self._lanes if lane not in lanes]
        came = [lane for lane in lanes if lane not in self._lanes]
        self._lanes = lanes
        for lane in left:
            lane.loop.submit(Pause())
        for lane in came:
            lane.loop.submit(Resume() if trains else Pause())
        self._choose(chosen)
        self._follow_up()
        return done

    def _choose(self, lane: Lane) -> None:
        self._chosen, self._loop = lane, lane.loop

    # --- Commands ------------------------------------------------------------------------------

    def submit(self, command: Command) -> None:
        """See `Session.submit`: training is for every lane, an edit for the chosen one or all."""
        with self._guard:
            if not self.is_racing and self._history.is_empty:
                super().submit(command)
                return
            self.travels = isinstance(command, Seek)
            match command:
                case Undo():
                    self._undo()
                case Redo():
                    self._redo()
                case Resume() | Pause():
                    self._submit_to(self._lanes, command)
                case Advance() | AdvanceEpochs():
                    self._advance(command)
                case Seek():
                    self._submit_to(self._others(), Pause())
                    super().submit(command)
                case Reset() | Reseed():
                    self._submit_to(self.everyone, command)
                case StartOver():
                    command.leads_to(self._loop.expected.setup)
                    alone = (self._chosen,)
                    parts = [self._regroup(alone, self._chosen)] if self.is_racing else []
                    edited = self._edit_one(self._chosen, command)
                    self._history.note(*parts, *(Edited((lane,)) for lane in edited))
                case _:
                    self._edit(command)
            self._follow_up()

    def _submit_to(self, lanes: Sequence[Lane], command: Command) -> None:
        for lane in lanes:
            lane.loop.submit(command)

    def _advance(self, command: Advance | AdvanceEpochs) -> None:
        lead = leader_of(self._lanes, self._chosen, travels=False)
        n_batches = len(lead.loop.run.learner.batches)
        for lane in self._lanes:
            is_alike = len(lane.loop.run.learner.batches) == n_batches
            if isinstance(command, AdvanceEpochs) or is_alike:
                lane.loop.submit(command)
            else:
                # It follows; none is a step that a stop condition no longer forbids.
                lane.loop.submit(Advance(0))

    def _edit(self, command: Edit) -> None:
        lanes = self._lanes if self.acts_on_all else (self._chosen,)
        setup = self._loop.expected.setup
        edits = [(lane, _adapted(command, setup, lane)) for lane in lanes]
        for lane, edit in edits:
            # Refused whole, or taken by every lane.
            edit.leads_to(lane.loop.expected.setup)
        done = [lane for lane, edit in edits for lane in self._edit_one(lane, edit)]
        if done:
            self._history.note(Edited(tuple(done)))

    @staticmethod
    def _edit_one(lane: Lane, edit: Edit) -> list[Lane]:
        """Edits a lane; the lane if there is something to undo then, else none."""
        before = lane.loop.expected
        lane.loop.submit(edit)
        return [lane] if lane.loop.expected.undo is not before.undo else []

    def _undo(self) -> None:
        if self._history.done:
            # In one of the two at any moment: what is in neither is no longer served.
            deed = self._history.done[-1]
            self._history.undone.append(deed)
            self._history.done.pop()
            for part in reversed(deed):
                if isinstance(part, Edited):
                    self._travel(part, Undo())
                else:
                    self._regroup(part.before, part.chosen_before)
        elif super().can_undo:
            super().submit(Undo())
            self._history.undone.append((Edited((self._chosen,)),))

    def _redo(self) -> None:
        if not self._history.undone:
            super().submit(Redo())
            return
        deed: Deed = self._history.undone[-1]
        self._history.done.append(deed)
        self._history.undone.pop()
        for part in deed:
            if isinstance(part, Edited):
                self._travel(part, Redo())
            else:
                self._regroup(part.after, part.chosen_after)

    def _travel(self, part: Edited, command: Undo | Redo) -> None:
        self._submit_to(part.lanes, command)
        racing = [lane for lane in part.lanes if lane in self._lanes]
        if racing and self._chosen not in racing:
            # What changes is seen.
            self._choose(racing[0])

    def open(self, document: RunDocument) -> None:
        """Goes on with another document, alone; undoing brings back the race.

        Raises:
            ConfigError: If its recipe doesn't hold together; nothing has changed then.
        """
        with self._guard:
            if self.is_racing or not self._history.is_empty:
                self.open_instead(document)
            else:
                super().open(document)

    def open_instead(self, document: RunDocument) -> None:
        """Goes on with another document, alone; undoing brings back what was there.

        Raises:
            ConfigError: If its recipe doesn't hold together; nothing has changed then.
        """
        document.recipe.setup.check()
        with self._guard:
            lane = self._forked(())
            regrouped = self._regroup((lane,), lane)
            lane.loop.open(document)
            self._history.note(regrouped)

    def race(self, document: RunDocument) -> Lane:
        """Lets another document run beside the chosen lane, in a lane of its own.

        Raises:
            ConfigError: If its recipe doesn't hold together; nothing has changed then.
            ValueError: If there are `MAX_LANES` already.
        """
        document.recipe.setup.check()
        with self._guard:
            self._check_room(1)
            lane = self._forked(self._lanes)
            regrouped = self._regroup(self._beside_chosen(lane), self._chosen)
            lane.loop.open(document)
            self._follow_up()
            self._history.note(regrouped)
        return lane

    # --- Asking it -----------------------------------------------------------------------------

    def snapshot(
        self, grid: tuple[int, int] | None = None, unit: tuple[int, int] | None = None
    ) -> Snapshot:
        """See `Session.snapshot`; with every lane of a race."""
        shown = super().snapshot(grid, unit)
        return self._with_lanes(
            shown, lambda lane: lane.session.snapshot(grid, unit), self._lanes, self._chosen
        )

    def look(self, lanes: tuple[Lane, ...], chosen: Lane, wanted: Wanted) -> Snapshot:
        """A snapshot of the chosen lane with those of the others; for who serves them."""
        brief = Wanted(wanted.grid, None, with_units=False)
        return self._with_lanes(
            chosen.loop.take_snapshot(wanted),
            lambda lane: lane.loop.take_snapshot(brief),
            lanes,
            chosen,
        )

    def _with_lanes(
        self,
        shown: Snapshot,
        look: Callable[[Lane], Snapshot],
        lanes: tuple[Lane, ...],
        chosen: Lane,
    ) -> Snapshot:
        if len(lanes) == 1:
            return shown
        views = tuple(
            LaneView(
                lane.number,
                name.full,
                name.short,
                lane is chosen,
                shown if lane is chosen else look(lane),
            )
            for lane, name in zip(lanes, self._names(lanes), strict=True)
        )
        return replace(shown, lanes=views)

    # --- With a thread, and without ------------------------------------------------------------

    def run(self, stop: threading.Event, publish: Callable[[Snapshot], None]) -> None:
        """See `Session.run`: one thread takes turns over the lanes."""
        Conductor(self).serve(stop, publish)

    def _follow_up(self) -> None:
        """Without a thread, brings the lanes to where the chosen one is."""
        if self._loop.has_thread:
            return
        lead = leader_of(self._lanes, self._chosen, travels=self.travels)
        for lane in self._lanes:
            for _ in range(0 if lane is lead else MOST_TURNS):
                to = way(lane.loop.run, lead.loop.run, travels=self.travels)
                if not to:
                    break
                lane.loop.submit(to if isinstance(to, Seek) else Advance(to))


def _adapted(command: Edit, setup: Any, lane: Lane) -> Edit:
    """An edit of the chosen lane as another lane takes it: only what changes in it."""
    other = lane.loop.expected.setup
    if not isinstance(command, Configure) or other == setup:
        return command
    training, network = command.training, command.network
    origins, weights = command.origins, command.weights
    if training is not None:
        training = _changed(other.training, setup.training, training)
    if network is not None:
        if network.hidden != setup.network.hidden and other.network.hidden != setup.network.hidden:
            origins = None
        network = _changed(other.network, setup.network, network)
    return replace(command, training=training, network=network, origins=origins, weights=weights)


def _changed(own: Any, old: Any, new: Any) -> Any:
    """Settings with what differs between two others."""
    names = [field.name for field in fields(new)]
    return replace(own, **{n: getattr(new, n) for n in names if getattr(new, n) != getattr(old, n)})
