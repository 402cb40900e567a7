"""Choosing data: from the list or a file, with samples, noise, train share and seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from textual.widgets import Input

from toygrad.datasets import DATASETS, DataChoice
from toygrad.tui.config import first_network
from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.data.columns_screen import ColumnsScreen
from toygrad.tui.data.gallery import DatasetGallery

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

GOOD_CSV = "width,height,kind\n" + "".join(f"{i},{(i * 7) % 11},{'ab'[i % 2]}\n" for i in range(40))


async def choose(user: User, name: str) -> None:
    datasets = user.app.screen.query_one("#datasets", DatasetGallery)
    datasets.highlighted = name
    await user.go_to(2)
    await user.press("enter")


async def type_path(user: User, path: Path) -> None:
    await choose(user, "csv")
    await user.fill(str(path))


async def test_every_listed_data_set_can_be_chosen_and_learned(start_small: Start) -> None:
    async with start_small() as user:
        await user.go_to(2)
        for name in DATASETS:
            await choose(user, name)
            assert user.snapshot.dataset.name == name
            assert user.snapshot.state == "ready"
            if name == "spiral":
                # What is said goes away after a while.
                said = "spiral comes with hidden layers of 8 and 8 neurons, learning rate 0.03."
                assert said in user.said
            assert user.app.session.network_spec.hidden == DATASETS[name].start.hidden or (
                DATASETS[name].n_columns == 2
            )
            user.app.session.advance(2)
            assert np.isfinite(user.app.session.evaluate().train_loss)
            user.app.session.reset()
        assert all("comes with" in sentence for sentence in user.said)


async def test_data_of_the_same_kind_keep_the_run_and_its_weights(start_small: Start) -> None:
    async with start_small() as user:
        await user.advance(30)
        await user.press("2")
        before = user.parameters
        await choose(user, "xor")
        assert user.snapshot.dataset.name == "xor"
        assert user.snapshot.step == 30
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_one_key_draws_new_samples_and_one_brings_back_what_data_come_with(
    start: Start,
) -> None:
    async with start() as user:
        await user.advance(30)
        weights, samples = user.parameters, user.snapshot.dataset.points.copy()
        await user.press("2", "g")
        assert user.snapshot.step == 30
        assert user.snapshot.dataset.points.shape == samples.shape
        assert (user.snapshot.dataset.points != samples).mean() > 0.9
        assert (user.parameters["layer1.weight"] == weights["layer1.weight"]).all()
        await user.press("4", "n", "3", "enter", "right_square_bracket", "2", "G")
        first = first_network(DataChoice(name="circle"))
        assert user.snapshot.network == first
        assert user.snapshot.training.learning_rate == 0.03
        assert (user.snapshot.dataset.points == samples).all()
        assert user.snapshot.step == 0
        await user.press("ctrl+z")
        assert user.sizes() == (2, 3, 1)
        assert user.snapshot.step == 30


async def test_data_that_do_not_fit_are_asked_about_first(start_small: Start) -> None:
    async with start_small() as user:
        await user.advance(30)
        await user.press("2")
        before = user.parameters
        await choose(user, "iris")
        assert isinstance(user.app.screen, ConfirmScreen)
        sentence = " ".join(user.text("#confirm").replace("│", " ").split())
        assert "iris has 4 inputs and 3 outputs" in sentence
        assert "Go back" in sentence
        await user.press("escape")
        assert user.snapshot.dataset.name == "circle"
        assert "▸ circle" in user.text("#data")
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])

        await choose(user, "iris")
        await user.press("y")
        assert user.snapshot.dataset.name == "iris"
        assert user.snapshot.step == 0
        assert user.sizes() == (4, *DATASETS["iris"].start.hidden, 3)

        await user.advance(3)
        await choose(user, "plane")
        await user.pilot.click("#go-on")
        await user.settle()
        assert user.snapshot.dataset.name == "plane"


async def test_a_csv_file_is_opened_by_its_path(start_small: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD_CSV, encoding="utf-8")
    async with start_small() as user:
        await user.press("2")
        await type_path(user, path)
        await user.press("enter")
        assert user.snapshot.dataset.columns == ("width", "height")
        assert user.snapshot.dataset.n_samples == 40
        assert "mine.csv" in user.text("#data")
        assert user.settings("samples").is_locked("samples")
        await user.advance(3)
        assert user.snapshot.step == 3
        assert user.said == []


async def test_a_bad_csv_file_is_refused_in_a_sentence_and_nothing_is_lost(
    start_small: Start, tmp_path: Path
) -> None:
    contents = {"empty": "", "short": "a,b\n1,2\n", "ragged": "a,b,c\n1,2\n"}
    for name, content in contents.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    async with start_small() as user:
        await user.advance(30)
        await user.press("2")
        before = user.parameters
        for n, name in enumerate((*contents, "missing"), start=1):
            path = tmp_path / f"{name}.csv"
            await type_path(user, path)
            if isinstance(user.app.screen, ColumnsScreen):
                await user.press("enter", "escape")
            assert len(user.said) == n, name
            assert user.snapshot.dataset.name == "circle"
            assert user.app.screen.query_one("#csv-path", Input).value == str(path)
        assert "Traceback" not in user.text()
        assert user.snapshot.step == 30
        assert "▸ circle" in user.text("#data")
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_escape_leaves_the_path_and_the_data_as_they_were(start_small: Start) -> None:
    async with start_small() as user:
        await user.press("2")
        await choose(user, "csv")
        await user.press("x", "escape")
        assert user.app.focused is user.app.screen.query_one("#datasets")
        assert user.snapshot.dataset.name == "circle"
        assert user.said == []


async def test_samples_noise_seed_and_share_draw_the_data_again_and_keep_the_weights(
    start_small: Start,
) -> None:
    async with start_small() as user:
        await user.advance(30)
        await user.press("2")
        before = user.parameters
        points = user.snapshot.dataset.points
        for knob, key in (("samples", "right"), ("noise", "right"), ("seed", "right")):
            await user.reach(knob)
            await user.press(key)
        assert user.snapshot.dataset.n_samples == 800
        assert not np.array_equal(user.snapshot.dataset.points[:50], points[:50])
        await user.reach("train")
        await user.press("enter", "8", "0", "enter")
        assert user.app.session.training.train_share == 0.8
        assert len(user.snapshot.train_rows) == 640
        assert "80%" in user.text("#data")
        assert user.snapshot.step == 30
        for name, array in user.parameters.items():
            np.testing.assert_array_equal(array, before[name])


async def test_inputs_are_ticked_and_the_last_one_stays(start_small: Start) -> None:
    async with start_small() as user:
        await user.press("2")
        before = user.parameters["layer1.weight"]
        await user.reach("x1^2")
        await user.press("enter")
        assert user.inputs() == ("x1", "x2", "x1^2")
        np.testing.assert_array_equal(user.parameters["layer1.weight"][:2], before)
        await user.reach("x2")
        await user.press("enter")
        await user.reach("x1")
        await user.press("enter")
        assert user.inputs() == ("x1^2",)
        await user.reach("x1^2")
        await user.press("enter")
        assert user.said == ["The network needs at least one input."]
        assert user.inputs() == ("x1^2",)
        assert user.value("x1^2")
