"""What has to be true after each action."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from toygrad.core import Session, Snapshot
from toygrad.core.run.journal import Entry
from toygrad.tui.app import ToygradApp
from toygrad.tui.pane import Pane
from toygrad.tui.playground import PlaygroundScreen
from toygrad.tui.slow_motion.bar import SlowMotionBar
from toygrad.tui.status.pane import StatusLine

from .actions import UNDO


class Moment(NamedTuple):
    """A session between two steps.

    Attributes:
        run_id: See `Session.run_id`.
        epoch: See there.
        step: See there.
        tick: See there.
        edits: The entries of the journal.
        undo: How many edits can be undone.
        setup: The set-up.
        sizes: Units from the inputs to the outputs.
        parameters: Shape (n,).
        frozen: Shape (n,).
        is_seeking: Whether a seek is on its way.
    """

    run_id: int
    epoch: int
    step: int
    tick: int
    edits: tuple[Entry, ...]
    undo: int
    setup: Any
    sizes: tuple[int, ...]
    parameters: bytes
    frozen: bytes
    is_seeking: bool


def moment_of(session: Session) -> Moment:
    loop = session._loop

    def look() -> Moment:
        run = loop.run
        learner = run.learner
        return Moment(
            loop.run_id,
            learner.epoch,
            learner.step,
            run.tick,
            tuple(run.journal.entries),
            len(run._undo),
            learner.setup,
            learner.network.sizes,
            learner.network.flat_parameters.tobytes(),
            learner.frozen.tobytes(),
            loop.goal is not None,
        )

    return loop.ask(look)


class Invariants:
    """Compares what is with what was after the last action."""

    def __init__(self, app: ToygradApp) -> None:
        self._app = app
        self._last = moment_of(app.session)
        self._had_focus = False
        # What each undo has to lead back to, if it comes before another step.
        self._undos: list[Moment] = []

    def broken(self, action: str) -> list[str]:
        """What is not as it has to be after an action, a sentence each."""
        session, before = self._app.session, self._last
        trainer = [w for w in self._app.workers if w.group == "trainer"]
        if not trainer or trainer[0].is_finished:
            return ["the training thread has ended"]
        now = self._last = moment_of(session)
        broken = [*_in_time(before, now), *self._in_edits(before, now, action), *self._on_screen()]
        return broken

    def _in_edits(self, before: Moment, now: Moment, action: str) -> Iterator[str]:
        # Of several edits at once nobody knows what was between them.
        # Those that one in the past cuts off count too, and some are not undone: the engine's.
        is_one = now.edits[:-1] == before.edits
        if now.edits == before.edits and now.tick == before.tick:
            return
        if now.tick != before.tick or not is_one:
            self._undos.clear()
        elif now.undo == before.undo + 1:
            self._undos.append(before)
        elif action == UNDO and now.undo == before.undo - 1 and self._undos:
            there = self._undos.pop()
            if there.undo != now.undo:
                self._undos.clear()
                return
            for name in ("setup", "sizes", "parameters", "frozen"):
                if getattr(there, name) != getattr(now, name):
                    yield f"undo does not bring back the {name}"
        else:
            self._undos.clear()

    def _on_screen(self) -> Iterator[str]:
        app, session = self._app, self._app.session
        shown = {id(pane.snapshot): pane.snapshot for pane in app.playground.panes}
        if len(shown) != 1:
            yield "the panes show different moments"
            return
        (snapshot,) = shown.values()
        if snapshot is None:
            yield "the panes show nothing"
            return
        is_held = app.playground.query_one(SlowMotionBar).is_on
        if session.state != "training" and not is_held and not session.is_seeking:
            for name in ("state", "run_id", "step", "tick", "epoch", "training"):
                if getattr(snapshot, name) != getattr(session, name):
                    yield f"the screen shows another {name}"
            # It is scaled for the samples that train.
            if snapshot.dataset.points is not session.dataset.points:
                yield "the screen shows another dataset"
        width = app.size.width
        strips = app.screen._compositor.render_strips()
        if any(strip.cell_length != width for strip in strips):
            lengths = {strip.cell_length for strip in strips}
            yield f"lines of {lengths} cells on a screen of {width}"
        text = "\n".join(strip.text for strip in strips)
        if "Traceback" in text:
            yield f"a traceback on the screen:\n{text}"
        status = app.playground.query_one("#status")
        is_in_sight = isinstance(app.screen, PlaygroundScreen) and app.screen.maximized is None
        if is_in_sight and status.display and status.region.height and self._is_large_enough:
            yield from _in_status(status.query_one(StatusLine), snapshot)
        yield from self._with_focus()

    @property
    def _is_large_enough(self) -> bool:
        return self._app.size.width >= 60 and self._app.size.height >= 16

    def _with_focus(self) -> Iterator[str]:
        focused, screen = self._app.focused, self._app.screen
        if focused is not None:
            # One that is gone has no screen to ask for.
            if not focused.is_attached or focused.screen is not screen:
                yield f"the focus is on {focused}, which is on another screen or gone"
            elif self._is_large_enough and not all(
                # A plot with nothing to show may be hidden, but not its pane.
                node.display
                for node in focused.ancestors_with_self
                if isinstance(node, Pane) or node.has_class("box")
            ):
                yield f"the focus is on {focused}, which is hidden"


def _in_status(line: StatusLine, snapshot: Snapshot) -> Iterator[str]:
    """Whether the status bar says what the panes show: of the same moment, and drawn since."""
    # Its own lines: a notification may cover it.
    words = "\n".join(strip.text for strip in line.render_lines(line.size.region))
    is_past = snapshot.future is not None and snapshot.state in ("paused", "ready")
    said = "past" if is_past else snapshot.state
    if said not in words:
        yield f"the status bar does not say {said}:\n{words}"
    told = line.snapshot
    # Its settings may be ahead of a snapshot of them.
    if told is None or told.evaluation is not snapshot.evaluation or told.tick != snapshot.tick:
        yield "the status bar tells of another moment than the panes"
    for field in line.shared(line.size.width)[0]:
        if field.content.plain.rstrip() not in words:
            yield f"the status bar does not say {field.content.plain}:\n{words}"


def _in_time(before: Moment, now: Moment) -> Iterator[str]:
    if now.run_id == before.run_id:
        for name in ("epoch", "step", "tick"):
            if getattr(now, name) < getattr(before, name):
                yield f"the {name} went back from {getattr(before, name)} to {getattr(now, name)}"
        is_same = (now.edits, now.sizes, now.frozen) == (before.edits, before.sizes, before.frozen)
        if is_same and now.setup == before.setup:
            held = np.frombuffer(now.frozen, dtype=bool)
            new, old = (np.frombuffer(m.parameters)[held].tobytes() for m in (now, before))
            if new != old:
                yield "a frozen weight moved"
