"""The output pane alone on the screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.config import AppConfig
from toygrad.tui.output.pane import OutputPane

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

# The size of the pane in the application at these sizes of the terminal; maximized at 80x24.
PANE_SIZES = {(80, 24): (80, 21), (120, 40): (52, 26), (150, 46): (68, 34)}
Alone = Callable[..., "AbstractAsyncContextManager[User]"]


@pytest.fixture
def alone(start_alone: Start) -> Alone:
    """Starts the pane, as large as in a terminal of this size: `async with alone() as user`."""

    def begin(
        size: tuple[int, int] = (80, 24), config: AppConfig | None = None
    ) -> AbstractAsyncContextManager[User]:
        return start_alone(OutputPane(id="output"), PANE_SIZES[size], config)

    return begin
