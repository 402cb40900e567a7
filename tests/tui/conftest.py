"""What the tests of the application share: a user who starts it, presses keys and reads it."""

from __future__ import annotations

import asyncio
import gc
import inspect
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import RenderableType
from textual import on
from textual._compositor import Compositor
from textual._context import active_app
from textual._wait import wait_for_idle
from textual.app import App, ComposeResult
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.filter import LineFilter
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerCancelled

import toygrad.tui
from tests.tui.one_pane import OnePane
from toygrad.core import Snapshot
from toygrad.datasets import Dataset
from toygrad.tui.app import ToygradApp
from toygrad.tui.config import AppConfig
from toygrad.tui.data.gallery import DatasetGallery
from toygrad.tui.depth_filter import depth_filters
from toygrad.tui.key_map import KeyMap
from toygrad.tui.key_words import keys_in
from toygrad.tui.messages import (
    Complaint,
    PartSelected,
    PictureWanted,
    PointAdded,
    PointRemoved,
    PointSelected,
)
from toygrad.tui.output.pane import OutputPane
from toygrad.tui.pane import Pane
from toygrad.tui.textual_patches.stylesheet import RememberingStylesheet, StateMemory
from toygrad.tui.theme import DARK, themes
from toygrad.tui.widgets.settings_list import SettingsList

GOLDENS = Path(__file__).parent / "goldens"
Size = tuple[int, int]

JOBS = (
    *("advice", "baselines", "columns", "data", "files", "paths", "pictures", "recent", "sitting"),
)
"""The groups of workers that end by themselves."""

GO_TO = {"data": ("2", "end", "down"), "training": ("3",), "network": ("4", "n", "down")}
"""The keys from anywhere to the first of a pane's settings."""
MOST_KEYS = 40

WINDOW_SECONDS = 0.002
MOST_SECONDS: Final = {"to rest": 10.0}
QUIET_ROUNDS = 2
MOST_PARTS = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write what the screen shows to tests/tui/goldens instead of comparing it",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a test that is a coroutine function in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    gc.disable()
    try:
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    finally:
        gc.enable()
    return True


# --- Less work for each start of an application -------------------------------------------------


def pytest_collection_finish() -> None:
    """Keeps all that pytest and the imports hold out of what the collector looks through."""
    gc.collect()
    gc.freeze()


class SharedRules(dict[tuple[Any, ...], list[RuleSet]]):
    """What all style sheets with the same variables have parsed."""

    def clear(self) -> None:
        """Keeps them: Textual forgets them with each start, though they stay the same."""


RULES: dict[frozenset[tuple[str, str]], SharedRules] = {}


def shared_rules(stylesheet: Any) -> SharedRules:
    """The rules that a style sheet shares, by the variables that it has now."""
    variables = stylesheet._variables
    # To compare all variables with each rule would take longer than to parse it.
    known = stylesheet.__dict__.get("_shared_rules")
    if known is None or known[0] is not variables:
        shared = RULES.setdefault(frozenset(variables.items()), SharedRules())
        known = stylesheet.__dict__["_shared_rules"] = variables, shared
    found: SharedRules = known[1]
    return found


MEMORIES: dict[tuple[RuleSet, ...], StateMemory] = {}


def shared_memory(stylesheet: Stylesheet, rules: Sequence[RuleSet]) -> StateMemory:
    """What all style sheets with these rules have worked out; rules are the same if parsed once."""
    known = MEMORIES.get(tuple(rules))
    if known is None or known.is_full:
        known = MEMORIES[tuple(rules)] = StateMemory(rules)
    return known


def pytest_configure() -> None:
    """Parses each style once in a process, where Textual parses all of them for each start."""
    stylesheets: Any = Stylesheet
    stylesheets._parse_cache = property(shared_rules, lambda stylesheet, cache: None)
    remembering: Any = RememberingStylesheet
    remembering.new_memory = shared_memory
    paint_when_looked_at()


PAINTS: Final = {"all": False, "keys": False}
"""Whether the parts of a frame are drawn that no test looks at, and the frame after each key."""


def paint_when_looked_at() -> None:
    """Draws the screen once it has come to rest, instead of each part of each frame."""
    update = Compositor.render_update

    def painted(
        self: Compositor,
        full: bool = False,
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        DRAWN.pop(self, None)
        if full or PAINTS["all"]:
            return update(self, full, screen_stack, simplify)
        self._dirty_regions.clear()
        return None

    patches: Any = Compositor
    patches.render_update = painted


DRAWN: Final[WeakKeyDictionary[Compositor, list[Strip]]] = WeakKeyDictionary()
"""The lines of those of which nothing has changed since they were drawn."""


class User:
    """Somebody in front of the application, who presses keys and reads the screen."""

    def __init__(self, app: ToygradApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def snapshot(self) -> Snapshot:
        """What the screen shows; the same in every pane."""
        shown = {id(pane.snapshot): pane.snapshot for pane in self.app.playground.panes}
        assert len(shown) == 1
        (snapshot,) = shown.values()
        assert snapshot is not None
        return snapshot

    @property
    def parameters(self) -> dict[str, NDArray[np.float64]]:
        """Copies of the parameters, by name."""
        return {name: array.copy() for name, array in self.app.session.parameters().items()}

    @property
    def said(self) -> list[str]:
        """The notifications so far."""
        return [note.message for note in self.app._notifications]

    @property
    def focus(self) -> str:
        """The id of the pane that has the focus."""
        focused = self.app.focused
        panes = {pane.id for pane in self.app.playground.panes}
        nodes = focused.ancestors_with_self if focused is not None else ()
        return next((str(node.id) for node in nodes if node.id in panes), "")

    def state(self) -> str:
        """The session's state, which the screen must show as well."""
        state = self.app.session.state
        assert self.snapshot.state == state
        return state

    def sizes(self) -> tuple[int, ...]:
        """Units from the inputs to the outputs."""
        return self.snapshot.sizes

    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return self.snapshot.inputs

    def lines(self) -> list[str]:
        """The whole screen."""
        lines = [strip.text.rstrip() for strip in self._strips()]
        assert not any(any(keys_in(line)) for line in lines), "a key was not looked up"
        return lines

    def text(self, selector: str | None = None) -> str:
        """The whole screen, or the part of it that a widget takes."""
        if selector is None:
            return "\n".join(self.lines())
        region = self.app.screen.query_one(selector).region
        rows = self._strips()[region.y : region.bottom]
        return "\n".join(strip.text[region.x : region.right].rstrip() for strip in rows)

    def place(self, widget: Widget, text: str) -> Offset:
        """Where a text stands in a widget; the text must be there."""
        region = widget.region
        rows = self._strips()[region.y : region.bottom]
        for y, strip in enumerate(rows):
            if (x := strip.text[region.x : region.right].find(text)) >= 0:
                return Offset(x, y)
        raise AssertionError(f"{text!r} is not in {widget}")

    async def press(self, *keys: str) -> None:
        """Presses keys; what they lead to is drawn when it is looked at, and what is last."""
        await self.pilot.press(*keys)
        await self._come_to_rest()
        if PAINTS["keys"]:
            self._strips()

    async def go_to(self, number: int) -> None:
        """Goes to a pane; escape leaves the text field, where the number would be text."""
        while isinstance(self.app.focused, Input):
            await self.press("escape")
        await self.press(str(number))

    async def walk_to(self, control: Widget) -> None:
        """Goes to a control of a pane: by the pane's number, then with the arrows."""
        panes = [pane.id for pane in self.app.playground.panes]
        (pane,) = (panes.index(node.id) for node in control.ancestors if node.id in panes)
        await self.go_to(pane + 1)
        while isinstance(self.app.focused, DatasetGallery):
            await self.press("down")
        for _ in range(60):
            here, there = self.app.focused, control.region
            if here is control:
                return
            assert here is not None
            down, across = there.y - here.region.y, there.x - here.region.x
            await self.press(
                ("down" if down > 0 else "up") if down else "right" if across > 0 else "left"
            )
        raise AssertionError(f"no arrows lead to {control}")

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if key == " " else key for key in text))
        await self.settle()

    async def fill(self, text: str) -> None:
        """Puts a text into the field with the focus and presses enter."""
        assert isinstance(self.app.focused, Input)
        self.app.focused.value = text
        await self.press("enter")

    def settings(self, name: str) -> SettingsList:
        """The list that has a setting."""
        lists = self.app.screen.query(SettingsList)
        return next(found for found in lists if name in [s.name for s in found.settings])

    def value(self, name: str) -> Any:
        """What the screen shows for a setting."""
        return self.settings(name).value(name)

    async def reach(self, name: str) -> None:
        """Moves the cursor to a setting, by keys alone."""
        settings = self.settings(name)
        pane = next((w.id for w in settings.ancestors if isinstance(w, Pane)), None)
        if self.app.focused is not settings and pane is not None:
            # A field would take the digit.
            leave = ("tab",) if isinstance(self.app.focused, Input) else ()
            if pane == "network" and not self.app.screen.query_one("#layer-editor").display:
                leave = (*leave, "4", "v")
            await self.press(*leave, *GO_TO[pane])
        for _ in range(MOST_KEYS):
            if self.app.focused is settings:
                break
            await self.press("down")
        names = [setting.name for setting in settings.shown]
        way = names.index(name) - names.index(settings.cursor)
        there, back = ("right", "left") if settings.is_grid else ("down", "up")
        await self.press(*[there if way > 0 else back] * abs(way))
        assert settings.has_focus and settings.cursor == name

    async def click(self, name: str, x: int = 0) -> None:
        """Clicks on a setting, so many cells from its left end; from its right end if below 0."""
        settings = self.settings(name)
        row = settings.region_of(name)
        await self.pilot.click(settings, offset=(row.x + x % row.width, row.y))
        await self.settle()

    async def choose(self, name: str, value: str) -> None:
        """Chooses a value from the list of a setting, by keys alone."""
        if not self.settings(name).is_open:
            await self.reach(name)
            await self.press("enter")
        await self.press("home")
        setting: Any = next(s for s in self.settings(name).shown if s.name == name)
        await self.press(*["down"] * setting.values.index(value), "enter")

    async def advance(self, steps: int) -> None:
        self.app.session.advance(steps)
        self.app.refresh_snapshot()
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def settle(self) -> None:
        """Waits for whatever is being loaded or saved, and draws the screen."""
        await self._come_to_rest()
        # Whatever fails while it is drawn fails here.
        self._strips()

    async def _come_to_rest(self) -> None:
        await self._finish_jobs()
        await wait_until_quiet(self.app)
        while self._jobs():
            # A message that was on its way has started it.
            await self._finish_jobs()
            await wait_until_quiet(self.app)

    def draw(self) -> None:
        """Draws the screen, unless the application has ended."""
        if self.app.is_running and self.app.screen_stack and not self.app._exit:
            self._strips()

    def _strips(self) -> list[Strip]:
        """The lines of the screen, which are drawn if anything has changed since they were."""
        screen = self.app.screen
        strips = DRAWN.get(screen._compositor)
        if strips is None or screen._dirty_widgets or screen._layout_required:
            strips = DRAWN[screen._compositor] = screen._compositor.render_strips()
        return strips

    def _jobs(self) -> list[Worker[Any]]:
        return [w for w in self.app.workers if w.group in JOBS and not w.is_finished]

    async def _finish_jobs(self) -> None:
        for worker in self._jobs():
            # Data that were chosen meanwhile cancel what is being loaded.
            with suppress(WorkerCancelled):
                await worker.wait()


async def wait_until_quiet(app: App[Any]) -> None:
    """Waits until no message is on its way and nothing is being worked on, for a time at most.

    Textual's own test for this sleeps 20 ms at a time, several times a key. This one sleeps only
    while a worker is busy, which may be a thread: else the event loop knows what is left to do.
    """
    loop: Any = asyncio.get_running_loop()
    quiet, until = 0, time.monotonic() + MOST_SECONDS["to rest"]
    while quiet < QUIET_ROUNDS and time.monotonic() < until:
        app.screen._on_timer_update()
        is_idle = not loop._ready
        while loop._ready and time.monotonic() < until:
            await asyncio.sleep(0)
        pumps = (app, app.screen, *app.screen.walk_children())
        is_read = all(pump._message_queue.empty() for pump in pumps)
        # Textual waits a while before it passes a new size on.
        is_read = is_read and app._resize_event is None
        # Textual shows nothing for a moment when something was chosen in the palette.
        is_read = is_read and (not app._batch_count or app._exit)
        if is_read and all(worker.is_finished for worker in app.workers):
            await asyncio.sleep(0)
        else:
            cpu = time.process_time()
            await asyncio.sleep(WINDOW_SECONDS)
            is_idle = is_read and time.process_time() - cpu < WINDOW_SECONDS / 4
        quiet = quiet + 1 if is_idle else 0
    app.screen._on_timer_update()
    for _ in range(MOST_PARTS):
        # It draws one part at a time.
        if not app.screen._dirty_widgets:
            break
        app.screen._on_timer_update()


@pytest.fixture(autouse=True)
def waits_until_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a pilot wait for what is left to do, not for so much time a key."""

    async def quiet(*_: object) -> None:
        await wait_until_quiet(active_app.get())

    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", quiet)


Start = Callable[..., AbstractAsyncContextManager[User]]


@pytest.fixture
def all_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws every part of every frame, for tests of what depends on the frames before."""
    monkeypatch.setitem(PAINTS, "all", True)


@pytest.fixture
def each_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws the screen after every key, for tests of what no key may break."""
    monkeypatch.setitem(PAINTS, "keys", True)


@pytest.fixture(autouse=True)
def own_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends with each test what a command has told Textual of the terminal's colours."""
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "auto")


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the application: `async with start((80, 24)) as user`."""

    @asynccontextmanager
    async def begin(
        size: Size = (80, 24),
        options: AppConfig | None = None,
        *,
        run_trainer: bool = False,
        state_folder: Path | None = None,
        key_map: KeyMap | None = None,
        advises: bool = False,
    ) -> AsyncIterator[User]:
        app = ToygradApp(
            options,
            run_trainer=run_trainer,
            state_folder=state_folder,
            key_map=key_map,
            advises=advises,
        )
        app.animation_level = "none"

        if run_trainer:
            for module in ("app", "pilot"):
                monkeypatch.setattr(f"textual.{module}.wait_for_idle", wait_for_idle)
        else:

            async def quiet(*_: object) -> None:
                await wait_until_quiet(app)

            # Textual's own sends a message to each widget, and waits for all of them.
            monkeypatch.setattr(Pilot, "_wait_for_screen", quiet)
        async with app.run_test(size=size, tooltips=True, notifications=True) as pilot:
            user = User(app, pilot)
            await user.settle()
            yield user
            user.draw()

    return begin


@pytest.fixture
def start_small(start: Start, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the application with the data pane alone, for tests that need no other."""
    monkeypatch.setattr("toygrad.tui.app.PlaygroundScreen", OnePane)
    return start


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a file in `goldens`, or writes it with `--update-goldens`."""
    is_update = request.config.getoption("--update-goldens", default=False)

    def compare(name: str, text: str) -> None:
        path = GOLDENS / f"{name}.txt"
        if is_update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{text}\n", encoding="utf-8")
        assert f"{text}\n" == path.read_text(encoding="utf-8"), f"see {path.name}"

    return compare


# --- One pane alone ----------------------------------------------------------------------------

LEAST_SAMPLES = 2


class PaneHost(App[None]):
    """One pane above a blank line, with a session: a small playground that starts at once."""

    CSS_PATH = str(Path(toygrad.tui.__path__[0]) / "app.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, pane: Pane, config: AppConfig) -> None:
        super().__init__()
        self.stylesheet = RememberingStylesheet(variables=self.get_css_variables())
        self.pane = pane
        self.ascii = config.ascii
        self.depth = config.depth
        self._depth_filters = depth_filters(self.depth)
        self.set_class(self.ascii, "-ascii")
        self.session = config.session()

    def compose(self) -> ComposeResult:
        yield self.pane
        yield Static(id="elsewhere")

    def on_mount(self) -> None:
        for theme in themes(self.depth).values():
            self.register_theme(theme)
        self.theme = DARK.name
        self.pane.styles.height = "1fr"
        self.pane.focus_first()
        self.call_after_refresh(self.refresh_snapshot)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return self._depth_filters or super().get_line_filters()

    @property
    def playground(self) -> PaneHost:
        return self

    @property
    def panes(self) -> list[Pane]:
        return [self.pane]

    def refresh_snapshot(self) -> None:
        unit = self.pane.selection.unit
        wanted = None if unit is None else (unit.column, unit.unit)
        grid = self.pane.grid_size if isinstance(self.pane, OutputPane) else None
        self.pane.snapshot = self.session.snapshot(grid, wanted)

    def on_picture_wanted(self) -> None:
        self.refresh_snapshot()

    def on_part_selected(self, message: PartSelected) -> None:
        self._select(part=message.part)
        self.post_message(PictureWanted())

    def on_point_selected(self, message: PointSelected) -> None:
        self._select(point=message.point)

    def on_point_added(self, message: PointAdded) -> None:
        dataset = self.session.dataset.with_points([message.point], [message.target])
        self._use(dataset)

    def on_point_removed(self, message: PointRemoved) -> None:
        dataset = self.session.dataset
        if message.number in dataset.ids and dataset.n_samples > LEAST_SAMPLES:
            self._use(dataset.without_rows([message.number]))

    @on(Complaint)
    @on(SettingsList.Rejected)
    def complain(self, message: Complaint | SettingsList.Rejected) -> None:
        self.notify(message.sentence)

    def _use(self, dataset: Dataset) -> None:
        self.session.configure(dataset=dataset)
        self.refresh_snapshot()

    def _select(self, **changes: Any) -> None:
        selection = replace(self.pane.selection, **changes)
        if selection != self.pane.selection:
            self.pane.selection = selection


@pytest.fixture
def start_alone(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts one pane: `async with start_alone(LossPane(id="loss"), (80, 21)) as user`."""

    @asynccontextmanager
    async def begin(pane: Pane, size: Size, config: AppConfig | None = None) -> AsyncIterator[User]:
        app: Any = PaneHost(pane, config or AppConfig())
        app.animation_level = "none"
        async with app.run_test(size=(size[0], size[1] + 1)) as pilot:
            user = User(app, pilot)
            await user.settle()
            yield user
            user.draw()

    return begin
