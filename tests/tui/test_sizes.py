"""The playground fits every size of terminal, and resizing loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toygrad.tui.playground import PANE_IDS

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

BOARD = PANE_IDS[1:]


def panes_in_sight(user: User) -> list[str]:
    return [str(p.id) for p in user.app.playground.panes if p.display and p.id != "status"]


async def test_resizing_in_mid_run_changes_the_layout_and_loses_nothing(start: Start) -> None:
    async with start((80, 24)) as user:
        await user.advance(60)
        parameters = user.parameters
        epochs = user.snapshot.curves.epochs
        assert len(panes_in_sight(user)) == 1
        assert user.app.screen.query_one("#tabs").display

        for size in ((100, 30), (150, 46), (200, 60)):
            await user.resize(*size)
            assert len(panes_in_sight(user)) == len(BOARD)
            assert not user.app.screen.query_one("#tabs").display
            assert max(map(len, user.lines())) <= size[0]
            assert len(user.lines()) == size[1]
        for pane in BOARD:
            assert user.app.screen.query_one(f"#{pane}").region.right <= 200
        assert f"train {user.snapshot.evaluation.train_loss:.4g}" in user.text("#loss")
        assert "25 parameters" in user.text("#gradients")

        await user.press("7", "z")
        await user.resize(80, 24)
        assert "parameter" in user.text("#gradients")
        await user.press("z")
        assert user.app.screen.maximized is None
        assert panes_in_sight(user) == ["gradients"]
        np.testing.assert_array_equal(user.snapshot.curves.epochs, epochs)
        assert user.snapshot.step == 60
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, parameters[name])


async def test_a_terminal_too_small_gets_a_sentence_and_the_playground_comes_back(
    start: Start,
) -> None:
    async with start((59, 15)) as user:
        sentence = " ".join(user.text().split())
        assert sentence == (
            "toygrad needs a terminal of at least 60 columns and 16 rows. "
            "Training continues meanwhile."
        )
        await user.press("space")
        assert user.app.session.state == "training"
        await user.press("space")
        for size in ((59, 40), (120, 15), (20, 5)):
            await user.resize(*size)
            assert "toygrad" in user.text()
            assert "epoch" not in user.text()
        await user.resize(60, 16)
        assert "ready" in user.text("#status")
        assert panes_in_sight(user) == ["output"]


async def test_no_number_of_the_data_pane_is_cut(start: Start) -> None:
    async with start((60, 16)) as user:
        await user.press("2")
        for size in ((60, 16), (100, 30), (120, 40)):
            await user.resize(*size)
            settings = user.text("#data-settings")
            for row in ("samples  500", "noise      0", "train    50%", "seed       0"):
                assert row in settings, size


async def test_the_picture_has_a_point_for_each_half_cell_after_a_resize(start: Start) -> None:
    async with start((80, 24)) as user:
        small = user.snapshot.grid
        await user.resize(150, 46)
        await user.settle()
        grid = user.snapshot.grid
        assert small is not None and grid is not None
        columns, rows = user.app.playground.grid_size
        assert grid.shape[:2] == (rows, columns)
        assert grid.shape != small.shape
