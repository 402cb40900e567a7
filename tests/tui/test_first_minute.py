"""The first minute as the README tells it, by keys alone, at three sizes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from toygrad.tui.help import HelpScreen
from toygrad.tui.learn.screen import LessonsScreen
from toygrad.tui.microscope.screen import MicroscopeScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STEPS = README.partition("## The first minute")[2].partition("## ")[0]


def step(number: int) -> str:
    """What the README says in one step."""
    found = re.search(rf"^{number}\. (.*?)(?=^\d+\. |\n\n)", STEPS, re.DOTALL | re.MULTILINE)
    assert found is not None
    return " ".join(found[1].split())


def says(number: int, *keys: str) -> None:
    """The step names these keys, in this order."""
    named = iter(re.findall(r"\*\*(.+?)\*\*", step(number)))
    assert all(key in named for key in keys), (number, keys)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 46)], ids=str)
async def test_each_step_ends_as_it_says(
    start: Start, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with start(size) as user:
        await train_and_turn(user)
        await change_data_and_layers(user)
        await edit_a_weight(user)
        await look_at_gradients_and_screens(user)
        await save(user)


async def train_and_turn(user: User) -> None:
    words = " ".join(user.text("#loss").replace("│", " ").split())
    assert "Press space and watch the loss fall. L teaches, ? helps." in words
    says(1, "space")
    await user.press("space")
    assert user.state() == "training"
    await user.advance(500)
    assert user.snapshot.evaluation.train_loss < 0.4

    says(2, "]", "[")
    await user.press("right_square_bracket", "right_square_bracket")
    assert user.snapshot.training.learning_rate == pytest.approx(0.3)
    await user.advance(500)
    await user.press("left_square_bracket")
    await user.advance(100)
    assert user.state() == "training"


async def change_data_and_layers(user: User) -> None:
    says(3, "2", "enter", "4", "n", "enter")
    step_before = user.snapshot.step
    await user.press("2")
    gallery = user.app.playground.query_one("#datasets")
    for _ in range(5):
        if gallery.highlighted == "spiral":  # type: ignore[attr-defined]
            break
        await user.press("right")
    await user.press("enter")
    assert user.snapshot.dataset.name == "spiral"
    assert user.state() == "training"
    await user.advance(50)
    assert user.snapshot.step == step_before + 50
    assert user.snapshot.evaluation.train_loss > 0.3
    await user.press("4", "n")
    typed = re.search(r"type `(.+?)`", step(3))
    assert typed is not None
    await user.fill(typed[1])
    assert user.sizes() == (2, 8, 8, 1)
    assert user.snapshot.step == step_before + 50


async def edit_a_weight(user: User) -> None:
    says(4, "right", "w", "enter", "ctrl+z")
    await user.press("right")
    assert "layer 1, neuron 0" in user.text("#neuron-card")
    assert "layer 1, neuron 0" in user.text("#output")
    await user.press("w")
    before = user.parameters
    await user.press("enter")
    await user.fill("0.75")
    changed = {name: array for name, array in user.parameters.items() if 0.75 in array}
    assert list(changed) == ["layer1.weight"]
    await user.press("ctrl+z")
    assert all((array == before[name]).all() for name, array in user.parameters.items())


async def look_at_gradients_and_screens(user: User) -> None:
    says(5, "7", "/", "v")
    await user.press("7", "slash")
    await user.type("bias")
    table = user.text("#gradients")
    assert "layer1.bias[0]" in table
    assert ".weight[" not in table
    await user.press("escape", "escape")

    says(6, "L", "m")
    await user.press("L")
    assert isinstance(user.app.screen, LessonsScreen)
    await user.press("escape", "m")
    assert isinstance(user.app.screen, MicroscopeScreen)
    await user.press("escape")


async def save(user: User) -> None:
    says(7, "ctrl+s", "ctrl+o")
    await user.press("ctrl+s")
    await user.fill("first.toygrad")
    assert Path("first.toygrad").is_file()

    says(8, "r", "R", "?", "ctrl+p")
    await user.press("r")
    assert user.snapshot.step == 0
    await user.press("question_mark")
    assert isinstance(user.app.screen, HelpScreen)
