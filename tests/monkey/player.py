"""Plays a sequence on the application, with its thread, and says what went wrong."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._context import active_app
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.worker import WorkerState

from toygrad.core import NetworkSpec, Session
from toygrad.datasets import DataChoice, Progress, TableOptions
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig
from toygrad.tui.data.pane import DataPane
from toygrad.tui.messages import TrainingChanged
from toygrad.tui.playground import PlaygroundScreen

from .actions import SETTINGS, Sequence
from .clock import MonkeyClock
from .folder import caged
from .invariants import Invariants
from .tables import write_tables

# A machine that has much else to do may take long, but needs no more of its processors.
PATIENCE_SECONDS = 300.0
PATIENCE_CPU_SECONDS = 20.0
SLICE_SECONDS = 0.05
# While it trains as fast as it goes, time is real.
FAST_SECONDS = 0.003
TRAINER = "trainer"


@dataclass(frozen=True)
class Fault:
    """What went wrong.

    Attributes:
        number: Of the action after which it was seen.
        action: That action.
        kind: The same for what is likely to be the same fault.
        details: All that is known.
    """

    number: int
    action: str
    kind: str
    details: str


@dataclass(frozen=True)
class MonkeyConfig(AppConfig):
    """A configuration whose session has a clock of its own."""

    clock: MonkeyClock

    def session(self, progress: Progress | None = None) -> Session:
        return Session(self.network, self.data.load(progress), self.training, clock=self.clock)


def play(sequence: Sequence, folder: Path) -> Fault | None:
    """Plays a sequence; None if nothing went wrong.

    Args:
        sequence: See `actions`.
        folder: An empty one for its files.
    """
    gc.disable()
    try:
        write_tables(folder)
        with caged(folder), _faults_noted() as noted:
            return asyncio.run(_play(sequence, noted))
    finally:
        gc.enable()


class LogNotes(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self, noted: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._noted = noted

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info))
        self._noted.append(text)


@contextmanager
def _faults_noted() -> Iterator[list[str]]:
    """Notes errors that are logged, and what ends a thread."""
    noted: list[str] = []
    handler, logger = LogNotes(noted), logging.getLogger()

    def note(what: threading.ExceptHookArgs) -> None:
        noted.append("".join(traceback.format_exception(what.exc_value)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", note)
        logger.addHandler(handler)
        try:
            yield noted
        finally:
            logger.removeHandler(handler)


async def _play(sequence: Sequence, noted: list[str]) -> Fault | None:
    number, action = 0, sequence[0]
    try:
        async with _started(action) as player:
            checks = Invariants(player.app)
            for number, action in enumerate(sequence):
                await player.do(action)
                if player.app._exit:
                    break
                said = [*noted, *player.failures(), *checks.broken(action)]
                if said:
                    return Fault(number, action, _kind(said[0]), "\n".join(said))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        details = "".join(traceback.format_exception(error))
        return Fault(number, action, _kind(details), details)
    return Fault(number, action, _kind(noted[0]), "\n".join(noted)) if noted else None


def _kind(details: str) -> str:
    """The last place in the project, and the kind of exception; or the first line."""
    lines = [line.strip() for line in details.splitlines() if line.strip()]
    places = [line for line in lines if line.startswith('File "') and "/textual/" not in line]
    if not places:
        return lines[0]
    place = places[-1].replace('"', "").split("/")[-1]
    return f"{lines[-1].split(':')[0]} in {place}"


@asynccontextmanager
async def _started(begin: str) -> AsyncIterator[Player]:
    _, size, name, hidden, *rest = begin.split()
    choice = DataChoice(name=name)
    config = MonkeyConfig(
        data=choice,
        network=NetworkSpec(hidden=() if hidden == "-" else tuple(map(int, hidden.split(",")))),
        ascii="ascii" in rest,
        clock=MonkeyClock(),
    )
    app = ToygradApp(config, state_folder=Path("state"))
    app.animation_level = "none"
    player = Player(app, config.clock)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("app", "pilot"):
            patch.setattr(f"textual.{module}.wait_for_idle", player.nothing)
        async with app.run_test(size=_numbers(size, "x"), tooltips=True, notifications=True):
            await player.settle()
            yield player


class Player:
    """Hands of the monkey."""

    def __init__(self, app: ToygradApp, clock: MonkeyClock) -> None:
        self.app = app
        self._clock = clock

    @staticmethod
    async def nothing(*_: object) -> None:
        """Instead of Textual's wait for a key."""

    async def do(self, action: str) -> None:
        """Does one thing, and waits until all of it is done."""
        verb, _, rest = action.partition(" ")
        if verb != "begin":
            await getattr(self, f"_{verb}")(rest)
        await self.settle()

    # --- The actions ---------------------------------------------------------------------------

    async def _keys(self, keys: str) -> None:
        await self.app._press_keys(keys.split())

    async def _type(self, text: str) -> None:
        await self.app._press_keys(["space" if key == " " else key for key in text])

    async def _down(self, where: str) -> None:
        self._mouse(events.MouseDown, *_numbers(where))

    async def _up(self, where: str) -> None:
        self._mouse(events.MouseUp, *_numbers(where))

    async def _move(self, where: str) -> None:
        self._mouse(events.MouseMove, *_numbers(where))

    async def _click(self, where: str) -> None:
        x, y, button, times = _numbers(where)
        self._mouse(events.MouseMove, x, y)
        for _ in range(times):
            self._mouse(events.MouseDown, x, y, button)
            self._mouse(events.MouseUp, x, y, button)

    async def _wheel(self, where: str) -> None:
        x, y, turns = _numbers(where)
        kind = events.MouseScrollUp if turns < 0 else events.MouseScrollDown
        for _ in range(abs(turns)):
            self._mouse(kind, x, y)

    def _mouse(self, kind: type[events.MouseEvent], x: int, y: int, button: int = 0) -> None:
        size, driver = self.app.size, self.app._driver
        assert driver is not None
        if x < size.width and y < size.height:
            # By position: their names differ between versions of Textual.
            event = kind(None, x, y, 0, 0, button, False, False, False, x, y)
            driver.process_message(event)

    async def _size(self, text: str) -> None:
        size, driver = Size(*_numbers(text, "x")), self.app._driver
        assert isinstance(driver, HeadlessDriver)
        driver._size = size
        self.app.post_message(events.Resize(size, size))

    async def _time(self, seconds: str) -> None:
        for _ in range(round(float(seconds) / SLICE_SECONDS)):
            self._clock.move(SLICE_SECONDS)
            await self._until(self._has_caught_up)

    async def _set(self, setting: str) -> None:
        name, text = setting.split()
        value: Any = next(v for v in SETTINGS[name] if str(v) == text)
        if name == "sabotage":
            value = (value,)
        self.app.post_message(TrainingChanged({name: value}))

    async def _open(self, name: str) -> None:
        if isinstance(self.app.screen, PlaygroundScreen):
            with self._in_app():
                pane = self.app.playground.query_one(DataPane)
                pane._check_columns(Path(name), TableOptions())

    async def _do(self, action: str) -> None:
        with self._in_app():
            await self.app.run_action(action)

    @contextmanager
    def _in_app(self) -> Iterator[None]:
        token = active_app.set(self.app)
        try:
            yield
        finally:
            active_app.reset(token)

    # --- Waiting -------------------------------------------------------------------------------

    def _has_caught_up(self) -> bool:
        """Whether the thread is idle, or so fast that it never will be."""
        session = self.app.session
        if session.state == "training" and session.training.pace == float("inf"):
            return True
        return self._clock.is_waited_for and not session.is_busy

    async def settle(self) -> None:
        """Waits until the thread has done all and the screen shows it."""
        loop = asyncio.get_running_loop()
        if self.app._exit or self.has_no_thread:
            return
        answer = loop.run_in_executor(None, self.app.session._loop.ask, lambda: None)
        await asyncio.wait_for(answer, PATIENCE_SECONDS)
        for _ in range(2):
            await self._until(lambda: not self._unrest(loop))
            self.app.trainer.keep_up()
            self.app.screen._on_timer_update()
        await self._until(lambda: not self._unrest(loop))

    @property
    def has_no_thread(self) -> bool:
        """Whether the training thread has ended: then nothing comes to rest."""
        return all(worker.is_finished for worker in self.app.workers if worker.group == TRAINER)

    def _unrest(self, loop: Any) -> str:
        """What is still being done; empty if nothing is."""
        app, session = self.app, self.app.session
        if app._exit or app._exception is not None:
            return ""
        pumps = (app, *(node for screen in app.screen_stack for node in screen.walk_children()))
        is_fast = session.state == "training" and session.training.pace == float("inf")
        busy = [str(pump) for pump in pumps if not pump._message_queue.empty()]
        busy += [str(w) for w in app.workers if w.group != TRAINER and not w.is_finished]
        busy += ["a resize"] * (app._resize_event is not None)
        busy += ["the event loop"] * bool(loop._ready)
        if not is_fast:
            busy += ["a snapshot"] * app.trainer._awaiting + ["the session"] * session.is_busy
        return ", ".join(busy)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        cpu_end = time.process_time() + PATIENCE_CPU_SECONDS
        if self.app.session.training.pace == float("inf"):
            await asyncio.sleep(FAST_SECONDS)
        while True:
            await asyncio.sleep(0)
            if is_so() or self.has_no_thread:
                return
            if time.monotonic() > end or time.process_time() > cpu_end:
                busy = self._unrest(asyncio.get_running_loop())
                raise TimeoutError(f"the application did not come to rest: {busy}")
            await asyncio.sleep(0.0005)

    # --- What went wrong -----------------------------------------------------------------------

    def failures(self) -> list[str]:
        """What Textual or a worker has noted."""
        app: App[None] = self.app
        errors = [w.error for w in app.workers if w.state == WorkerState.ERROR]
        if app._exception is not None:
            errors.append(app._exception)
        return ["".join(traceback.format_exception(e)) for e in errors if e is not None]


def _numbers(text: str, separator: str | None = None) -> Any:
    return tuple(map(int, text.split(separator)))
