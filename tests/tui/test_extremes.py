"""Each pane draws the extremes of what the engine may give, at every size, and warns of nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.tui.conftest import MOST_SECONDS
from tests.tui.extremes import SETTINGS, SIZES, TABLES, all_numbers, snapshot_with
from toygrad.core import TrainingConfig
from toygrad.datasets import DataChoice, TableOptions, read_table
from toygrad.tui.config import AppConfig
from toygrad.tui.data.columns_screen import ColumnsScreen
from toygrad.tui.data.pane import DataPane
from toygrad.tui.gradients.pane import VIEWS, GradientsPane
from toygrad.tui.loss.pane import LossPane
from toygrad.tui.network.pane import NetworkPane
from toygrad.tui.output.pane import OutputPane
from toygrad.tui.pane import Pane
from toygrad.tui.selection import Selection
from toygrad.tui.status.pane import StatusPane
from toygrad.tui.training.pane import TrainingPane

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Start, User

pytestmark = pytest.mark.usefixtures("each_frame")

PANES: dict[str, tuple[Callable[..., Pane], tuple[str, ...]]] = {
    "status": (StatusPane, ("",)),
    "network": (NetworkPane, ("right", "down", "enter", "escape")),
    "output": (OutputPane, ("v", "n", "d", "right", "t", "enter")),
    "loss": (LossPane, ("y", "a", "o", "v", "c", "right", "plus")),
    "gradients": (GradientsPane, ("down", "c", "x", "enter", "o")),
    "data": (partial(DataPane, DataChoice()), ("down", "up", "right", "enter", "end")),
    "training": (partial(TrainingPane, TrainingConfig(), 3), ("down", "right", "end", "enter")),
}


async def draw(user: User, rng: random.Random, seen: list[str], keys: tuple[str, ...]) -> None:
    """Changes the size, presses a key and shows a few snapshots of one kind."""
    pane = user.app.playground.panes[0]
    name, size, key = rng.choice(list(SETTINGS)), rng.choice(SIZES), rng.choice(keys)
    seen.append(f"{name} {size} {key}")
    # The playground deselects what another network does not have.
    pane.selection = Selection()
    await user.pilot.resize_terminal(size[0], size[1] + 1)
    for numbers in rng.sample(list(all_numbers()), 3):
        seen.append(f"{numbers}")
        grid = pane.grid_size if isinstance(pane, OutputPane) else (8, 8)
        pane.snapshot = snapshot_with(name, numbers, grid)
        pane.show_selection(pane.snapshot)
        user.lines()
        if key:
            await user.pilot.press(key)


@pytest.mark.parametrize("name", PANES)
@pytest.mark.parametrize("ascii", [False, True])
async def test_a_pane_draws_them_all(
    name: str, ascii: bool, start_alone: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a cell or two a pane alone may not come to rest; the application shows none there.
    monkeypatch.setitem(MOST_SECONDS, "to rest", 0.3)
    kind, keys = PANES[name]
    rng, seen = random.Random(name), list[str]()
    try:
        async with start_alone(kind(id=name), (80, 24), AppConfig(ascii=ascii)) as user:
            pane = user.app.playground.panes[0]
            for view in VIEWS if name == "gradients" else ("",):
                if isinstance(pane, GradientsPane):
                    await pane.action_show_view(view)
                for _ in range(2 if view or name == "data" else 5):
                    await draw(user, rng, seen, keys)
    except Exception as error:
        error.add_note("\n".join(seen[-12:]))
        raise


async def test_the_list_of_columns_shows_them_all_and_its_keys_work(
    start_alone: Start, tmp_path: Path
) -> None:
    rng, file, app = random.Random(0), tmp_path / "data.csv", AppConfig(ascii=True)
    async with start_alone(StatusPane(id="status"), (80, 24), app) as user:
        for text in TABLES.values():
            file.write_text(text, encoding="utf-8")
            table = read_table(file)
            screen = ColumnsScreen(table, table.survey(), TableOptions())
            await user.app.push_screen(screen)
            # In a cell or two the pane behind it may not come to rest.
            for size in rng.sample([size for size in SIZES if size[0] >= 10], 3):
                await user.pilot.resize_terminal(*size)
                await user.pilot.press(
                    *rng.choices(("down", "up", "pagedown", "space", *"tacf"), k=4)
                )
                lines = user.lines()
                assert len(lines) == size[1]
                assert max(map(cell_len, lines)) <= size[0]
            await user.settle()
            # Whatever was decided is listed, or refused with what is wrong.
            assert screen._surveyed == screen._options
            screen.dismiss(None)
            await user.settle()
