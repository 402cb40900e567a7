"""Conductor: the one thread that takes turns over the lanes of a race."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..run.clock import Pacer
from ..run.commands import Seek
from ..run.loop import IDLE_SECONDS
from ..run.publisher import Publish
from ..training.step_program import Structure
from .lane import Lane, leader_of, way

if TYPE_CHECKING:
    from .lanes import Lanes

_log = logging.getLogger(__name__)

# How long all lanes together train between two looks at what else there is to do.
TURN_SECONDS = 0.015
MOST_STEPS = 1_000_000
# How long a frame waits for the lanes to be at the same epoch.
SECONDS_TO_WAIT = 0.15


class Conductor:
    """Serves the lanes: carries out what is asked of them, trains and publishes."""

    def __init__(self, lanes: Lanes) -> None:
        """Serves nothing yet."""
        self._lanes = lanes
        self._served: dict[Lane, None] = {}
        # Steps of the lead in one turn.
        self._quota = 1
        self._late_since: float | None = None
        self._clock = lanes.clock

    def serve(self, stop: threading.Event, publish: Publish) -> None:
        """Serves the lanes until `stop` is set; see `Session.run`."""
        pacer, why = Pacer(self._clock), "it was told to"
        with np.errstate(all="ignore"):
            try:
                while not stop.is_set():
                    self._admit(stop)
                    try:
                        self._take_turn(stop, pacer, publish)
                    except Exception as error:
                        lane = self._lanes.chosen
                        lane.loop.fail(error)
                        lane.loop.publish_failure(publish)
                        stop.wait(IDLE_SECONDS)
            except BaseException as error:
                why = repr(error)
                raise
            finally:
                _log.info(
                    "the training loop ended at tick %d: %s", self._lanes.chosen.loop.run.tick, why
                )
                # All lanes have it in common.
                self._lanes.chosen.loop.race.end()
                for lane in {**self._served, **dict.fromkeys(self._lanes.everyone)}:
                    lane.loop.end_serving()

    def _admit(self, stop: threading.Event) -> None:
        """Begins to serve lanes that came, and ends with those that nothing can bring back."""
        everyone = self._lanes.everyone
        for lane in everyone:
            if lane not in self._served:
                lane.loop.begin_serving(stop)
                self._served[lane] = None
        for lane in [lane for lane in self._served if lane not in everyone]:
            del self._served[lane]
            lane.loop.end_serving()

    def _take_turn(self, stop: threading.Event, pacer: Pacer, publish: Publish) -> None:
        lanes, chosen = self._lanes.lanes, self._lanes.chosen
        if len(lanes) == 1 and len(self._served) == 1:
            chosen.loop.take_turn(stop, pacer, publish)
            return
        chosen.loop.wake.clear()
        for lane in self._served:
            _guarded(lane, lane.loop.carry_out_queue)
        for lane in lanes:
            lane.loop.note_rate()
        if any([self._work_on(lane) for lane in self._served]):
            self._publish(lanes, chosen, publish)
            return
        travels = self._lanes.travels
        lead = leader_of(lanes, chosen, travels=travels)
        late = [lane for lane in lanes if self._follow(lane, lead, stop, travels=travels)]
        self._publish(lanes, chosen, publish, is_even=not late)
        if late or any(lane.loop.has_work for lane in lanes):
            return
        if lead.loop.is_resumed:
            self._choose_engines(lanes)
            self._train(lanes, lead, stop, pacer)
        else:
            pacer.restart()
            self._clock.wait(chosen.loop.wake, IDLE_SECONDS)

    def _work_on(self, lane: Lane) -> bool:
        """Does a slice of a lane's long work; says whether there was any."""
        has_work = lane.loop.has_work
        if has_work:
            _guarded(lane, lane.loop.work_on)
        return has_work

    def _publish(
        self, lanes: tuple[Lane, ...], chosen: Lane, publish: Publish, *, is_even: bool = False
    ) -> None:
        """Publishes a frame, if one is asked for; a while later if the lanes are not even."""
        if is_even:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = self._clock.now()
        late = 0.0 if self._late_since is None else self._clock.now() - self._late_since
        if is_even or late > SECONDS_TO_WAIT:
            chosen.loop.publish(publish, partial(self._lanes.look, lanes, chosen))

    # --- Training ------------------------------------------------------------------------------

    def _follow(self, lane: Lane, lead: Lane, stop: threading.Event, *, travels: bool) -> bool:
        """Brings a lane nearer to the lead; says whether there was something to do."""
        if lane is lead or not lane.loop.is_there:
            return False
        to = way(lane.loop.run, lead.loop.run, travels=travels)
        if isinstance(to, Seek):
            lane.loop.submit(to)
        elif to:
            before, until = lane.loop.run.tick, self._clock.now() + TURN_SECONDS

            def is_over() -> bool:
                return stop.is_set() or self._clock.now() > until

            _guarded(lane, partial(lane.loop.run.take_steps, to, is_over))
            return lane.loop.run.tick != before
        return bool(to)

    def _train(
        self, lanes: tuple[Lane, ...], lead: Lane, stop: threading.Event, pacer: Pacer
    ) -> None:
        """Lets the lead take some steps, and the others as many."""
        interval = lead.loop.interval
        if interval and (seconds := pacer.until_next(interval)) > 0.0:
            self._clock.wait(lead.loop.wake, min(seconds, IDLE_SECONDS))
            return
        began = self._clock.now()
        goal = lead.loop.run.tick + (1 if interval else self._quota)
        while lead.loop.run.tick < goal and lead.loop.run.learner.can_step and not stop.is_set():
            run = lead.loop.run
            if not _guarded(lead, partial(run.take_steps, goal - run.tick, stop.is_set)):
                return
        times = [(lead, self._clock.now() - began)]
        for lane in lanes:
            steps = 0 if lane is lead else way(lane.loop.run, lead.loop.run, travels=False)
            if isinstance(steps, int) and steps:
                before = self._clock.now()
                _guarded(lane, partial(lane.loop.run.take_steps, steps, stop.is_set))
                times.append((lane, self._clock.now() - before))
        seconds = self._clock.now() - began
        for lane, own in times:
            lane.loop.run.note_rest(seconds - own)
        if not interval and seconds < TURN_SECONDS / 2:
            self._quota = min(2 * self._quota, MOST_STEPS)
        elif seconds > TURN_SECONDS:
            self._quota = max(self._quota // 2, 1)
        for lane in lanes:
            if not lane.loop.run.learner.can_step and lane.loop.is_resumed:
                lane.loop.stop_training()

    def _choose_engines(self, lanes: tuple[Lane, ...]) -> None:
        """Lets lanes go over to the compiled steps; those that compute the same together."""
        verdicts: dict[Structure, str | None] = {}
        for lane in lanes:
            if not lane.loop.may_choose_engine:
                continue
            learner = lane.loop.run.learner
            if learner.structure not in verdicts:
                if None in verdicts.values():
                    # One is being tried; another one would take its place.
                    continue
                verdicts[learner.structure] = lane.loop.race.verdict(learner)
            lane.loop.obey_verdict(verdicts[learner.structure])


def _guarded(lane: Lane, work: Callable[[], object]) -> bool:
    """Does something in a lane; what fails there is the lane's failure, and no other's."""
    try:
        work()
    except Exception as error:
        lane.loop.fail(error)
        return False
    return True
