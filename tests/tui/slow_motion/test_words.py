"""The sentences of slow motion are true: what they say to do has the effect that they name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tui.extremes import LEAST, SETTINGS, all_numbers, session_of
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.diagnosis.step_report import StepReport
from toygrad.core.explain.slow_motion import slow_step
from toygrad.core.training.replica import Replica
from toygrad.datasets import DATASETS
from toygrad.tui.slow_motion.bar import STAGES, stage_lines

NUDGE = 1e-5
LONGEST_WORD = 20


def test_moving_the_steepest_parameter_the_way_it_says_lowers_the_loss() -> None:
    said = set()
    for seed in range(8):
        dataset = DATASETS["circle"](40, rng=np.random.default_rng(seed))
        # A step so short that the gradient is still that of the network it leads to.
        training = TrainingConfig(learning_rate=1e-9)
        session = Session(NetworkSpec(), dataset, training, seed=seed)
        session.advance(1)
        snapshot = session.snapshot(grid=(1, 1))
        step = slow_step(snapshot)
        assert step is not None
        _, sentence = stage_lines(step, STAGES.index("gradient"))
        (way,) = {"raising", "lowering"} & set(sentence.replace(",", "").split())
        place = int(np.argmax(np.abs(snapshot.gradients)))
        assert snapshot.parameter_names()[place] in sentence
        loss = Replica(snapshot).loss_of(snapshot.batch_rows)
        nudged = snapshot.parameters.copy()
        nudged[place] += NUDGE if way == "raising" else -NUDGE
        assert loss(nudged) < loss(None)
        said.add(way)
    assert said == {"raising", "lowering"}


def test_every_number_is_of_the_step_it_belongs_to() -> None:
    session = Session(NetworkSpec(), DATASETS["circle"](40, rng=np.random.default_rng(0)))
    session.advance(3)
    before = session.snapshot(grid=(1, 1))
    session.advance(1)
    after = session.snapshot(grid=(1, 1))
    step = slow_step(after)
    assert step is not None
    old = replace(before, batch_rows=after.batch_rows)
    loss, *_ = stage_lines(step, STAGES.index("loss"))
    assert f"{Replica(old).loss_of(after.batch_rows)(None):.4f}"[:6] in loss


@pytest.mark.parametrize("name", SETTINGS)
def test_no_number_floods_the_sentences(name: str) -> None:
    step = slow_step(session_of(name).snapshot(grid=(1, 1)))
    assert step is not None
    for numbers in all_numbers():
        first, last = numbers[0], numbers[-1]
        extreme = replace(
            step,
            outputs=np.resize(numbers, step.outputs.shape),
            targets=np.resize(numbers[::-1], step.targets.shape),
            spreads=np.resize(np.abs(numbers), step.spreads.shape),
            report=StepReport(abs(first), abs(last), first, abs(first), abs(last)),
            worst_loss=abs(last),
            arriving=np.resize(np.abs([*numbers, LEAST]), step.arriving.shape),
            steepest_gradient=first,
            steepest_update=last,
        )
        for stage in range(len(STAGES)):
            said = " ".join(stage_lines(extreme, stage))
            assert max(map(len, said.split())) <= LONGEST_WORD, said


def test_a_spoiled_gradient_advises_nothing_and_an_optimizer_is_named() -> None:
    dataset = DATASETS["circle"](40, rng=np.random.default_rng(0))
    training = TrainingConfig(sabotage=("wrong_sign",), optimizer="adam")
    session = Session(NetworkSpec(), dataset, training)
    session.advance(2)
    step = slow_step(session.snapshot(grid=(1, 1)))
    assert step is not None
    said = " ".join(stage_lines(step, STAGES.index("gradient")))
    assert "planted bug" in said and "helps" not in said
    update = stage_lines(step, STAGES.index("update"))
    assert " moves by adam, by " in update[0] and "of this batch" in update[1]
