"""The loss pane alone on the screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.config import AppConfig
from toygrad.tui.loss.pane import LossPane

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

# The size of the pane in a terminal of 80 x 24.
PANE_SIZE = (80, 21)
Alone = Callable[..., "AbstractAsyncContextManager[User]"]


@pytest.fixture
def alone(start_alone: Start) -> Alone:
    """Starts the pane, as large as in a terminal of 80 x 24: `async with alone() as user`."""

    def begin(config: AppConfig | None = None) -> AbstractAsyncContextManager[User]:
        return start_alone(LossPane(id="loss"), PANE_SIZE, config)

    return begin
