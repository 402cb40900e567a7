"""A playground in which only the gradients pane works: most tests here need no other."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from tests.tui.one_pane import OnePane
from toygrad.tui.gradients.pane import GradientsPane


class GradientsOnly(OnePane):
    WORKING = GradientsPane
    NAME = "gradients"


@pytest.fixture
def start_pane(start: Start, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the application with the gradients pane alone."""
    monkeypatch.setattr("toygrad.tui.app.PlaygroundScreen", GradientsOnly)
    return start
