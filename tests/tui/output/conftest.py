"""The output pane alone on the screen, with a session behind it: it starts in no time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

import toygrad.tui
from toygrad.datasets import Dataset
from toygrad.tui.config import AppConfig
from toygrad.tui.messages import (
    Complaint,
    PartSelected,
    PictureWanted,
    PointAdded,
    PointRemoved,
    PointSelected,
)
from toygrad.tui.output.pane import OutputPane
from toygrad.tui.selection import Selection
from toygrad.tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from tests.tui.conftest import User

# The size of the pane in the application at these sizes of the terminal.
PANE_SIZES = {(80, 24): (80, 21), (120, 40): (60, 13), (150, 46): (58, 26)}
LEAST_SAMPLES = 2
Alone = Callable[..., "AbstractAsyncContextManager[User]"]


class OutputHost(App[None]):
    """The pane, and a line below it that is not the pane. It does what the playground does."""

    CSS_PATH = str(Path(toygrad.tui.__path__[0]) / "app.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, config: AppConfig) -> None:
        super().__init__()
        self.ascii = config.ascii
        self.set_class(self.ascii, "-ascii")
        self.session = config.session()

    def compose(self) -> ComposeResult:
        yield OutputPane(id="output")
        yield Static(id="elsewhere")

    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        pane = self.query_one(OutputPane)
        pane.styles.height = "1fr"
        pane.focus()
        self.call_after_refresh(self.refresh_snapshot)

    @property
    def playground(self) -> OutputHost:
        return self

    @property
    def panes(self) -> list[OutputPane]:
        return [self.query_one(OutputPane)]

    def refresh_snapshot(self) -> None:
        pane = self.query_one(OutputPane)
        unit = pane.selection.unit
        wanted = None if unit is None else (unit.column, unit.unit)
        pane.snapshot = self.session.snapshot(pane.grid_size, wanted)

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

    def on_complaint(self, message: Complaint) -> None:
        self.notify(message.sentence)

    def _use(self, dataset: Dataset) -> None:
        self.session.configure(dataset=dataset)
        self.refresh_snapshot()

    def _select(self, **changes: Any) -> None:
        pane = self.query_one(OutputPane)
        selection: Selection = replace(pane.selection, **changes)
        if selection != pane.selection:
            pane.selection = selection


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Alone:
    """Starts the pane, as large as in a terminal of this size: `async with alone() as user`."""
    from tests.tui.conftest import User, wait_until_quiet

    @asynccontextmanager
    async def begin(
        size: tuple[int, int] = (80, 24), config: AppConfig | None = None
    ) -> AsyncIterator[User]:
        app: Any = OutputHost(config or AppConfig())
        app.animation_level = "none"

        async def quiet(*_: object) -> None:
            await wait_until_quiet(app)

        for module in ("app", "pilot"):
            monkeypatch.setattr(f"textual.{module}.wait_for_idle", quiet)
        width, height = PANE_SIZES[size]
        async with app.run_test(size=(width, height + 1)) as pilot:
            user = User(app, pilot)
            await user.settle()
            yield user

    return begin
