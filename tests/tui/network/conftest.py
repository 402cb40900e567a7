"""A playground in which only the network pane works: the tests here need no other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui.conftest import Size, Start
from tests.tui.one_pane import OnePane
from toygrad.tui.network.pane import NetworkPane


class NetworkOnly(OnePane):
    WORKING = NetworkPane
    NAME = "network"


@pytest.fixture
def start_pane(start: Start, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the application with the network pane alone, by default 77 x 21 cells large."""
    monkeypatch.setattr("toygrad.tui.app.PlaygroundScreen", NetworkOnly)

    def begin(size: Size = (168, 24), *more: Any, **options: Any) -> Any:
        return start(size, *more, **options)

    return begin
