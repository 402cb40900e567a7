"""A run as one line of text: short, whole, and believed in nothing."""

from __future__ import annotations

import base64
import os
import random
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.file.taking_apart import opened as opened_document
from tests.core.run.steering import bits
from toygrad.core import NetworkSpec, Session
from toygrad.core.run import AddSample, RemoveSample, Reseed
from toygrad.core.run.file import RunFileError
from toygrad.core.run.file.line import PREFIX, document_from_line, document_to_line, is_line
from toygrad.datasets import DataChoice, Dataset

N_EXAMPLES = int(os.environ.get("TOYGRAD_LINKS", "200"))


def sitting() -> Session:
    """What one does in an ordinary sitting: three runs, other layers, rates, data and points."""
    session = Session(NetworkSpec(), DataChoice(name="circle").load())
    session.advance(300)
    for rate in (0.1, 0.3, 0.1, 0.03):
        session.configure(training=replace(session.training, learning_rate=rate))
        session.advance(100)
    session.configure(network=replace(session.network_spec, hidden=(8, 4)))
    session.advance(200)
    session.submit(AddSample((1.0, 1.0), 1.0))
    session.submit(RemoveSample(3))
    session.submit(Reseed(5))
    session.configure(dataset=DataChoice(name="spiral", noise=0.1).load())
    session.configure(training=replace(session.training, optimizer="adam", batch_size=30))
    session.advance(500)
    return session


def opened(text: str) -> Session:
    return opened_document(document_from_line(text))


def test_an_ordinary_sitting_is_shorter_than_2000_characters_and_comes_back_to_the_bit() -> None:
    session = sitting()
    line = document_to_line(session.document())
    assert len(line) < 2_000
    assert is_line(line)
    assert line.isascii()
    assert not any(character.isspace() for character in line)
    assert bits(opened(line)) == bits(session)
    # Wrapped by a mail program, it is the same.
    assert bits(opened(f"  {line[:70]}\n  {line[70:]}\n")) == bits(session)


def test_with_its_weights_it_is_not_trained_again() -> None:
    session = sitting()
    document = document_from_line(document_to_line(session.document(), with_weights=True))
    (checkpoint,) = document.checkpoints
    assert checkpoint.tick == document.end
    np.testing.assert_array_equal(checkpoint.state.parameters, session.network.flat_parameters)
    assert document_from_line(document_to_line(session.document())).checkpoints == ()


@pytest.mark.parametrize("with_weights", [True, False])
def test_a_run_that_has_gone_back_is_opened_there_and_goes_forward(with_weights: bool) -> None:
    session = sitting()
    end = bits(session)
    session.seek(session.tick - 250)
    there = bits(session)
    document = document_from_line(document_to_line(session.document(), with_weights=with_weights))
    places = {one.place for one in document.checkpoints}
    assert places == (
        {document.place, (document.end, document.place[1])} if with_weights else set()
    )
    again = opened_document(document)
    assert bits(again) == there
    again.seek(session.tick + 250)
    assert bits(again) == end


def test_samples_of_the_user_s_own_are_in_it_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("income,age\n" + "".join(f"{k * 1.5},{k + 20}\n" for k in range(30)))
    session = Session(NetworkSpec(), DataChoice(path=path).load())
    session.advance(5)
    with pytest.raises(RunFileError, match="samples of your own"):
        document_to_line(session.document())
    again = opened(document_to_line(session.document(), with_points=True))
    np.testing.assert_array_equal(again.dataset.points, session.dataset.points)
    assert str(tmp_path) not in str(again.dataset.origin)


def test_samples_of_nobody_s_making_are_the_user_s_own() -> None:
    dataset = Dataset(
        name="mine",
        points=np.array([[0.0], [1.0], [2.0]]),
        targets=np.array([0.0, 1.0, 2.0]),
        columns=("x",),
        task="regression",
    )
    with pytest.raises(RunFileError, match="samples of your own"):
        document_to_line(Session(NetworkSpec(), dataset).document())


@pytest.mark.parametrize(
    "text",
    ["toygrad:", "toygrad:A", "toygrad:AgA", "toygrad:Ag==", "toygrad:äöü", "toygrad:AgAAAAAA"],
)
def test_what_is_no_line_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RunFileError) as caught:
        document_from_line(text)
    assert "line" in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_line_that_unpacks_to_gigabytes_or_is_endless_is_not_opened() -> None:
    from toygrad.core.run.file.frames import HEAD, PACK, frame

    bomb = HEAD[-2:] + frame(PACK, zlib.compress(bytes(300_000_000), 9))
    bomb += zlib.crc32(bomb).to_bytes(4, "little")
    text = PREFIX + base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    with pytest.raises(RunFileError, match="more than any run needs"):
        document_from_line(text)
    with pytest.raises(RunFileError, match="too long"):
        document_from_line(PREFIX + "A" * 2_000_000)


def test_whatever_becomes_of_a_line_it_is_a_run_or_refused_in_a_sentence() -> None:
    session = Session(NetworkSpec(hidden=(2,)), DataChoice(n_samples=20).load())
    session.advance(3)
    line = document_to_line(session.document())
    code = bytearray(base64.urlsafe_b64decode(line.removeprefix(PREFIX) + "==="))[:-4]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n"
    rng = random.Random(0)
    for _ in range(N_EXAMPLES):
        text = list(line)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(PREFIX), len(text))
            text[place : place + rng.randint(0, 3)] = rng.choices(letters, k=rng.randint(0, 3))
        assert refused_or_run("".join(text))
        # And with a checksum that is right.
        changed = bytearray(code)
        for _ in range(rng.randint(1, 4)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        changed += zlib.crc32(changed).to_bytes(4, "little")
        assert refused_or_run(PREFIX + base64.urlsafe_b64encode(changed).decode().rstrip("="))


def refused_or_run(text: str) -> bool:
    try:
        document_from_line(text)
    except RunFileError as error:
        return "\n" not in str(error)
    return True
