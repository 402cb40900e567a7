"""A playground in which only the network pane works: the tests here need no other."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from tests.tui.conftest import Size, Start
from toygrad.core import TrainingConfig
from toygrad.tui.board import Board
from toygrad.tui.data.pane import DataPane
from toygrad.tui.learn.strip import LessonStrip
from toygrad.tui.network.pane import NetworkPane
from toygrad.tui.pane import Pane
from toygrad.tui.pane_tabs import PaneTabs
from toygrad.tui.playground import PlaygroundScreen
from toygrad.tui.runs.continue_strip import ContinueStrip
from toygrad.tui.slow_motion.bar import SlowMotionBar


class NetworkOnly(PlaygroundScreen):
    """The playground with empty panes around the network: a start takes a third of the time."""

    def compose(self) -> ComposeResult:
        yield Pane(id="status")
        yield Static(id="message")
        yield ContinueStrip(id="continue")
        yield LessonStrip(id="lesson")
        yield SlowMotionBar(id="slow-motion")
        with Board(id="board"):
            yield PaneTabs({"network": ""}, active="network", id="tabs")
            # The application hands it every choice of data.
            yield DataPane(self._options.data, id="data")
            yield NetworkPane(id="network")
            for name in ("output", "training", "loss", "gradients"):
                yield Pane(id=name)
        footer = Static()
        footer.styles.dock = "bottom"
        footer.styles.height = 1
        yield footer

    @property
    def panes(self) -> list[Pane]:
        return [self.query_one(NetworkPane)]

    def show_training(self, training: TrainingConfig) -> None:
        """Nothing: the panes that show it are empty."""

    @property
    def grid_size(self) -> tuple[int, int]:
        return 16, 16


@pytest.fixture
def start_pane(start: Start, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the application with the network pane alone, by default 77 x 21 cells large."""
    monkeypatch.setattr("toygrad.tui.app.PlaygroundScreen", NetworkOnly)

    def begin(size: Size = (168, 24), *more: Any, **options: Any) -> Any:
        return start(size, *more, **options)

    return begin
