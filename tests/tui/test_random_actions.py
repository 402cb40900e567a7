"""Whatever is pressed and sent in whatever order: no crash, and one moment on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toygrad.core import NetworkSpec
from toygrad.datasets import DATASETS
from toygrad.tui.data.pane import DataPane
from toygrad.tui.data_choice import DataChoice
from toygrad.tui.messages import DataChanged, NetworkChanged, TrainingChanged
from toygrad.tui.playground import PlaygroundScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

N_ACTIONS = 40
KEYS = (
    *("space", "s", "e", "r", "R", "y", "a", "z", "f", "o", "comma", "full_stop"),
    *("left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket"),
    *("ctrl+z", "ctrl+y", "backspace", "N", "tab", "shift+tab", "1", "2", "3", "4", "5", "6", "7"),
    *("up", "down", "left", "right", "enter", "escape", "slash", "question_mark", "home", "end"),
)
CHANGES: tuple[dict[str, object], ...] = (
    {"batch_size": 1},
    {"batch_size": 0},
    {"learning_rate": -1.0},
    {"optimizer": "adam"},
    {"optimizer": "nonsense"},
    {"loss": "hinge"},
    {"regularization": "l1", "regularization_rate": 0.1},
    {"schedule": "cosine"},
    {"train_share": 0.9},
)


async def act(user: User, rng: np.random.Generator) -> str:
    """Does one thing at random, and tells what."""
    kind = rng.integers(10)
    pane = user.app.playground.query_one(DataPane)
    if kind == 0:
        choice = DataChoice(
            name=str(rng.choice(list(DATASETS))), noise=0.1, seed=int(rng.integers(3))
        )
        pane.post_message(DataChanged(choice))
        did = repr(choice)
    elif kind == 1:
        hidden = tuple(int(n) for n in rng.integers(1, 9, rng.integers(4)))
        pane.post_message(NetworkChanged(NetworkSpec(hidden=hidden, activation="relu")))
        did = repr(hidden)
    elif kind == 2:
        changes = CHANGES[rng.integers(len(CHANGES))]
        pane.post_message(TrainingChanged(dict(changes)))
        did = repr(changes)
    elif kind == 3:
        user.app.session.advance(int(rng.integers(1, 60)))
        user.app.refresh_snapshot()
        did = "advance"
    else:
        did = str(rng.choice(KEYS))
        await user.pilot.press(did)
    await user.settle()
    return did


async def test_no_sequence_of_actions_breaks_it(start: Start) -> None:
    rng = np.random.default_rng(0)
    done = []
    async with start((80, 24)) as user:
        for _ in range(N_ACTIONS):
            done.append(await act(user, rng))
            assert user.app.is_running, done
            snapshot = user.snapshot
            session = user.app.session
            assert snapshot.run_id == session.run_id, done
            assert snapshot.dataset is session.dataset, done
            assert snapshot.training == session.training, done
            if not isinstance(user.app.screen, PlaygroundScreen):
                await user.press("escape")
            elif user.app.screen.maximized is None:
                assert snapshot.state in user.text("#status"), done
            assert "Traceback" not in user.text(), done
