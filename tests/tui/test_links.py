"""Links and lines pasted into the application: opened, undone, and what they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.events import Paste

from tests.core.run.steering import bits
from toygrad.core import NetworkSpec
from toygrad.core.links.playground import read_link
from toygrad.core.run.file.line import document_to_line
from toygrad.datasets import DataChoice
from toygrad.tui.config import AppConfig
from toygrad.tui.export_formats import FORMATS
from toygrad.tui.learn.lesson_bar import LessonBar
from toygrad.tui.links import config_of

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

LINK = (
    "https://playground.tensorflow.org/#activation=relu&dataset=xor&networkShape=3"
    "&learningRate=0.1&xTimesY=true&discretize=true&seed=0.00007&noise=60"
)
HIDE = "&{}_hide=true"


async def paste(user: User, text: str) -> None:
    user.app.post_message(Paste(text))
    await user.settle()


async def test_a_pasted_link_is_opened_and_undo_brings_back_what_was_there(start: Start) -> None:
    async with start((120, 40)) as user:
        await user.advance(50)
        before = user.app.session.network.flat_parameters.copy()
        await paste(user, f"  {LINK}\n")
        session = user.app.session
        assert session.dataset.name == "xor"
        assert session.network_spec.hidden == (3,)
        assert session.network_spec.inputs == ("x1", "x2", "x1*x2")
        assert session.training.learning_rate == 0.1
        assert (session.seed, session.step) == (7, 0)
        assert user.said[-1].startswith("Not carried over: noise above 50")
        text = user.text()
        assert "xor" in text
        assert "3 relu" in text
        await user.press("ctrl+z")
        assert (session.step, session.dataset.name) == (50, "circle")
        np.testing.assert_array_equal(session.network.flat_parameters, before)


async def test_a_line_is_opened_with_all_that_was_done(start: Start) -> None:
    other = AppConfig(data=DataChoice(name="spiral"), network=NetworkSpec(hidden=(6,))).session()
    other.advance(70)
    line = document_to_line(other.document())
    async with start() as user:
        await paste(user, f"{line[:60]}\n{line[60:]}")
        assert bits(user.app.session) == bits(other)
        assert "Opened the line." in user.said[-1]
        assert "epoch" in user.text("#status")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://playground.tensorflow.org/#dataset=moons", "dataset takes one of"),
        ("toygrad:AAAA", "This line is damaged"),
        ("hello", "Paste a link of TensorFlow Playground"),
    ],
)
async def test_what_cannot_be_opened_is_said_and_changes_nothing(
    text: str, said: str, start: Start
) -> None:
    async with start() as user:
        await user.advance(5)
        before = bits(user.app.session)
        await paste(user, text)
        assert said in user.said[-1]
        assert bits(user.app.session) == before


CONTROLS = {
    "learningRate": ("#training", "learning rate"),
    "batchSize": ("#training", "batch size"),
    "regularization": ("#training", "regularization"),
    "percTrainData": ("#data", "train "),
    "noise": ("#data", "noise"),
    "dataset": ("#data", "spiral"),
    "sinX": ("#data", "sin x1"),
    "showTestData": ("#output", "t [ ]"),
    "discretize": ("#output", "i [x]"),
    "playButton": ("#status", "▶"),
    "stepButton": ("#status", "⇥"),
    "resetButton": ("#status", "↺"),
}


async def test_what_a_link_hides_is_not_shown_until_all_is_shown_again(start: Start) -> None:
    async with start((150, 46)) as user:
        await paste(user, LINK)
        for pane, words in CONTROLS.values():
            assert words in user.text(pane), words
        await paste(user, LINK + "".join(HIDE.format(key) for key in CONTROLS))
        for pane, words in CONTROLS.values():
            assert words not in user.text(pane), words
        # The keys work, and the rest can be reached.
        await user.press("space", "space", "2", "down", "enter")
        await user.press("ctrl+p", *"show all controls", "enter")
        await user.settle()
        for pane, words in CONTROLS.values():
            assert words in user.text(pane), words


async def test_what_a_link_shows_is_shown_and_exported_again(start: Start) -> None:
    async with start((150, 46)) as user:
        await paste(user, LINK + HIDE.format("batchSize"))
        assert "t [ ]" in user.text("#output")
        assert "i [x]" in user.text("#output")
        await user.press("X", *["down"] * list(FORMATS).index("link"), "c")
        link = read_link(user.app.clipboard)
        assert (link.hidden, link.shows_tests, link.discretized) == (
            frozenset({"batch_size"}),
            False,
            True,
        )
        await user.press("escape")
        await paste(user, LINK.replace("discretize=true", "showTestData=true"))
        assert "t [x]" in user.text("#output")
        assert "i [ ]" in user.text("#output")
        assert "batch size" in user.text("#training")


async def test_a_pasted_link_does_not_begin_the_chapter_again(start: Start) -> None:
    async with start((120, 40), AppConfig(chapter="layers")) as user:
        assert len(user.app.screen.query(LessonBar)) == 1
        run = user.app.classroom.player.run
        await paste(user, LINK)
        assert user.app.classroom.player.run is run


async def test_the_application_begins_as_the_link_says(start: Start) -> None:
    config = config_of(LINK + HIDE.format("learningRate"))
    async with start((120, 40), config) as user:
        assert "learning rate" not in user.text("#training")
        assert "batch size" in user.text("#training")
        assert user.app.session.network_spec.hidden == (3,)
        assert any(said.startswith("Not carried over") for said in user.said)


async def test_every_layer_control_is_hidden(start: Start) -> None:
    async with start((150, 46)) as user:
        await paste(user, LINK + HIDE.format("activation") + HIDE.format("numHiddenLayers"))
        await user.press("4", "v")
        text = user.text("#network")
        assert "first weights" in text
        assert "+ layer" not in text
