"""A playground in which only one pane works, for tests that need no other."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from toygrad.core import TrainingConfig
from toygrad.tui.board import Board
from toygrad.tui.data.pane import DataPane
from toygrad.tui.learn.strip import LessonStrip
from toygrad.tui.pane import Pane
from toygrad.tui.pane_tabs import PaneTabs
from toygrad.tui.playground import PlaygroundScreen
from toygrad.tui.runs.continue_strip import ContinueStrip
from toygrad.tui.slow_motion.bar import SlowMotionBar


class OnePane(PlaygroundScreen):
    """The playground with empty panes around one: a start takes a third of the time."""

    WORKING: ClassVar[type[Pane]] = DataPane
    NAME: ClassVar[str] = "data"

    def compose(self) -> ComposeResult:
        yield Pane(id="status")
        yield Static(id="message")
        yield ContinueStrip(id="continue")
        yield LessonStrip(id="lesson")
        yield SlowMotionBar(id="slow-motion")
        with Board(id="board"):
            yield PaneTabs({self.NAME: ""}, active=self.NAME, id="tabs")
            # The application hands it every choice of data.
            yield DataPane(self._options.data, id="data")
            if self.WORKING is not DataPane:
                yield self.WORKING(id=self.NAME)
            for name in ("network", "output", "training", "loss", "gradients"):
                if name != self.NAME:
                    yield Pane(id=name)
        footer = Static()
        footer.styles.dock = "bottom"
        footer.styles.height = 1
        yield footer

    @property
    def panes(self) -> list[Pane]:
        return [self.query_one(f"#{self.NAME}", Pane)]

    def show_training(self, training: TrainingConfig) -> None:
        """Nothing: the panes that show it are empty."""

    @property
    def grid_size(self) -> tuple[int, int]:
        return 16, 16
