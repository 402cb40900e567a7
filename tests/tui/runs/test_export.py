"""X exports the run of the playground by keys alone, and no file is lost by it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, OptionList

from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.export_formats import FORMATS
from toygrad.tui.export_screen import BINARY, ExportScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User


async def choose(user: User, name: str) -> None:
    """Opens the list, if it is not open, and goes to a format."""
    if not isinstance(user.app.screen, ExportScreen):
        await user.press("X")
    await user.press("home", *["down"] * list(FORMATS).index(name))


async def test_a_run_is_exported_and_nothing_is_overwritten_unasked(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with start((60, 16)) as user:
        await user.advance(60)
        await choose(user, "numpy")
        for part in ("#export-kinds", "#export-path", "#export-save"):
            assert user.app.screen.find_widget(user.app.screen.query_one(part)).visible_region.area
        await user.press("s")
        path = tmp_path / "circle_numpy.py"
        assert user.said[-1] == f"Saved to {path}."
        assert user.app.screen is user.app.playground
        script: dict[str, Any] = {"__name__": "circle"}
        exec(path.read_text(encoding="utf-8"), script)
        points = user.app.session.dataset.points[:9]
        assert script["outputs"](points) == pytest.approx(user.app.session.predict(points))

        path.write_text("mine", encoding="utf-8")
        await choose(user, "numpy")
        await user.press("s")
        assert isinstance(user.app.screen, ConfirmScreen)
        assert "circle_numpy.py already exists" in user.text()
        await user.press("escape")
        assert path.read_text(encoding="utf-8") == "mine"

        await choose(user, "csv")
        assert user.app.screen.query_one(Input).value == "circle.csv"
        await user.press("c")
        assert user.app.clipboard.startswith("epoch,updates,train_loss")
        await choose(user, "safetensors")
        await user.press("c")
        assert BINARY in user.text("#export")
        await user.press("escape")


async def test_what_can_not_be_exported_is_said_in_the_dialog(start: Start) -> None:
    async with start((80, 24)) as user:
        await choose(user, "svg")
        await user.press("s")
        assert isinstance(user.app.screen, ExportScreen)
        assert "train it for two epochs" in user.text("#export")
        assert len(user.app.screen.query_one(OptionList).options) == len(FORMATS)
