"""A run exported as text that begins it again: what comes back is what went out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.file.taking_apart import opened
from tests.core.run.steering import bits
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.export.formats import FORMATS
from toygrad.core.export.source import array_source
from toygrad.core.links.playground import read_link
from toygrad.core.run.file import RunFileError
from toygrad.core.run.file.line import document_from_line, is_line
from toygrad.datasets import DataChoice
from toygrad.tui.export_formats import FORMATS as ALL_FORMATS


def text_of(session: Session, name: str) -> str:
    text = FORMATS[name].export(session.document())
    assert isinstance(text, str)
    return text


def session_of(choice: DataChoice) -> Session:
    spec = NetworkSpec(inputs=("x1", "x2", "x1*x2"), hidden=(5,), activation="relu")
    session = Session(spec, choice.load(), TrainingConfig(learning_rate=0.1), seed=choice.seed)
    session.advance(40)
    return session


def test_a_link_comes_back_as_the_set_up() -> None:
    session = session_of(DataChoice(name="xor", noise=0.25, seed=12))
    link = read_link(text_of(session, "link"))
    assert link.data == DataChoice(name="xor", noise=0.25, seed=12)
    assert (link.network, link.training) == (session.network_spec, session.training)
    assert link.seed == session.seed


@pytest.mark.parametrize("name", ["line", "whole-line"])
def test_a_line_comes_back_as_the_run(name: str) -> None:
    session = session_of(DataChoice(name="spiral"))
    document = document_from_line(text_of(session, name))
    assert bool(document.checkpoints) == (name == "whole-line")
    assert bits(opened(document)) == bits(session)


def test_only_the_whole_line_has_the_user_s_own_samples(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c\n" + "".join(f"{k},{k * k % 7},{'xy'[k % 2]}\n" for k in range(30)))
    session = session_of(DataChoice(path=path))
    with pytest.raises(RunFileError, match="samples of your own"):
        text_of(session, "line")
    again = opened(document_from_line(text_of(session, "whole-line")))
    np.testing.assert_array_equal(again.dataset.points, session.dataset.points)


def test_a_command_begins_the_set_up() -> None:
    session = session_of(DataChoice(name="gauss", seed=3))
    assert ALL_FORMATS["command"].export(session.document()) == (
        "toygrad-tui --dataset gauss --inputs 'x1,x2,x1*x2' --hidden 5 --activation relu "
        "--learning-rate 0.1 --seed 3\n"
    )


@pytest.mark.parametrize("name", ["link", "command"])
def test_weights_by_another_seed_than_the_samples_are_in_the_way(name: str) -> None:
    session = session_of(DataChoice(name="circle", seed=3))
    session.reseed(9)
    with pytest.raises(ValueError, match="a seed for the samples and another for the weights"):
        ALL_FORMATS[name].export(session.document())


def test_a_line_without_weights_needs_no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    document = replace(session_of(DataChoice(name="circle")).document(), checkpoints=())
    monkeypatch.setattr("toygrad.core.export.trained.trained_run", pytest.fail)
    assert is_line(str(FORMATS["line"].export(document)))


def test_masks_are_written_in_names_that_every_numpy_has() -> None:
    assert array_source(np.array([True, False])) == 'np.array([True, False], dtype="bool")'
