"""What the trainer hands to the screen, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from toygrad.core import Snapshot
from toygrad.tui.config import AppConfig
from toygrad.tui.trainer import Trainer


class Screen:
    """What is drawn, and with numbers or without.

    Args:
        frames_a_reading: As for `Trainer`.
    """

    def __init__(self, frames_a_reading: int) -> None:
        self.session = AppConfig().session()
        self.drawn: list[tuple[int, bool]] = []
        ignore: Callable[..., None] = lambda _: None  # noqa: E731
        app: Any = SimpleNamespace(is_running=True, call_after_refresh=ignore)
        self.trainer = Trainer(
            app,
            self.session,
            view=lambda: ((4, 4), None),
            show=self._draw,
            has_thread=True,
            frames_a_reading=frames_a_reading,
        )

    def _draw(self, snapshot: Snapshot, *, with_numbers: bool) -> None:
        self.drawn.append((snapshot.step, with_numbers))

    def receive(self, **changes: Any) -> None:
        """Gives the trainer a snapshot from the thread, a step further each time."""
        step = len(self.drawn)
        snapshot = replace(self.session.snapshot((4, 4)), state="training", step=step)
        self.trainer.receive(replace(snapshot, **changes))


def test_numbers_are_drawn_every_few_frames_and_at_once_where_something_happens() -> None:
    screen = Screen(3)
    for _ in range(6):
        screen.receive()
    assert [has_numbers for _, has_numbers in screen.drawn] == [True, False, False] * 2
    screen.receive(training=replace(screen.session.training, learning_rate=0.3))
    screen.receive(state="paused")
    assert screen.drawn[-2:] == [(6, True), (7, True)]


def test_the_last_numbers_are_drawn_when_no_more_frames_come() -> None:
    screen = Screen(3)
    for _ in range(2):
        screen.receive()
    shown = screen.trainer.snapshot
    assert shown is not None
    screen.trainer.snapshot = replace(shown, step=0, state=screen.session.state)
    for _ in range(2):
        screen.trainer.keep_up()
    assert screen.drawn == [(0, True), (1, False), (0, True)]
