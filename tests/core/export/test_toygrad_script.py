"""The exported script of toygrad trains the run again, to the same bits."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.export.cases import OURS, hostile_data, in_its_own_interpreter, trained
from tests.core.run.steering import bits
from tests.core.run.test_determinism import new_session, random_command
from toygrad.core import Session, TrainingConfig
from toygrad.core.export.formats import FORMATS
from toygrad.core.run import Advance

RUN = """
import json, runpy
for line in sys.stdin:
    script = runpy.run_path(json.loads(line))
    parameters = script["session"].snapshot((1, 1)).parameters
    print(json.dumps([parameters.tolist(), script["TRAIN_LOSS"]]))
"""


def steered(seed: int) -> Session:
    """A session that was edited, and went back and forth in time, at random."""
    rng = random.Random(seed)
    session = new_session()
    for _ in range(30):
        session.submit(random_command(session, rng))
    session.submit(Advance(3))
    return session


def script_of(session: Session) -> str:
    text = FORMATS["toygrad"].export(session.document())
    assert isinstance(text, str)
    return text


def test_a_script_comes_to_the_same_numbers_in_its_own_interpreter(tmp_path: Path) -> None:
    engines = ("scalar", "array", "tape", "compiled")
    sessions = [trained("spiral", engine=engine, pace=float("inf")) for engine in engines]
    sessions += [
        # "auto" goes over to the compiled engine on the way.
        trained("circle", 2100, optimizer="adam", schedule="cosine", dtype="float32"),
        trained("iris", hidden=(3,), stop_epochs=2, regularization="l1", regularization_rate=0.01),
        trained(hostile_data(), hidden=(2,), initializer="he"),
        steered(1),
    ]
    # A moment that was gone back to.
    sessions[-2].seek(11)
    paths = [tmp_path / f"{place}.py" for place in range(len(sessions))]
    for path, session in zip(paths, sessions, strict=True):
        path.write_text(script_of(session), encoding="utf-8")
    answers = in_its_own_interpreter(OURS + RUN, *map(str, paths))
    for session, (parameters, loss) in zip(sessions, answers, strict=True):
        assert np.array(parameters).tobytes() == session.snapshot((1, 1)).parameters.tobytes()
        np.testing.assert_allclose(loss, session.evaluate().train_loss, rtol=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_every_edit_is_in_the_script(seed: int) -> None:
    session = steered(seed)
    script: dict[str, Any] = {"__name__": "__main__"}
    exec(script_of(session), script)
    again, own = bits(script["session"]), bits(session)
    # What is left to undo and redo, too.
    for name in ("parameters", "optimizer", "places", "setup", "stacks", "tick", "order"):
        assert again.get(name) == own.get(name), name


def test_a_file_without_the_state_at_its_end_is_trained_again_up_to_there() -> None:
    session = steered(3)
    document = replace(session.document(), checkpoints=())
    assert FORMATS["toygrad"].export(document) == script_of(session)


def test_a_script_that_comes_to_other_numbers_says_so() -> None:
    text = script_of(trained("circle", learning_rate=0.1))
    other = text.replace("learning_rate=0.1", "learning_rate=0.2")
    assert other != text
    with pytest.raises(SystemExit, match="The run came to"):
        exec(other, {"__name__": "__main__"})


def test_data_that_can_be_drawn_again_are_not_written_out_and_other_data_are() -> None:
    assert "points=" not in script_of(trained("circle"))
    session = trained("circle")
    session.configure(TrainingConfig(learning_rate=0.2))
    assert script_of(session).count("DataChoice(") == 1
    assert "points=" in script_of(trained(hostile_data()))
