"""What is shown changes when another diagnosis has lasted, and at once where it is a fact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toygrad.core.diagnosis.steady import FRAMES_TO_BELIEVE, SteadyDiagnosis

if TYPE_CHECKING:
    from tests.core.conftest import Make


def test_another_diagnosis_is_believed_after_three_frames_of_other_steps(make: Make) -> None:
    run, steady = make("xor", learning_rate=0.1, initializer="zeros"), SteadyDiagnosis()
    for _ in range(2):
        run.advance()
        ill = run.snapshot()
        assert steady.see(ill).headline == "alike"
    run = make(learning_rate=0.1)
    run.advance_epochs(20)
    well = replace(run.snapshot(), run_id=ill.run_id, training=ill.training, network=ill.network)
    well = replace(well, dataset=ill.dataset)
    for frame in range(1, FRAMES_TO_BELIEVE + 1):
        for _ in range(2):
            shown = steady.see(replace(well, step=well.step + frame))
        is_believed = frame == FRAMES_TO_BELIEVE
        assert shown.headline == ("no problem found" if is_believed else "alike")


def test_a_planted_bug_and_a_reset_are_shown_at_once(make: Make) -> None:
    run, steady = make(learning_rate=0.1), SteadyDiagnosis()
    run.advance_epochs(20)
    assert steady.see(run.snapshot()).headline == "no problem found"
    run.configure(replace(run.training, sabotage=("wrong_sign",)))
    assert steady.see(run.snapshot()).headline == "bug planted"
    run.configure(replace(run.training, sabotage=()))
    run.reset()
    assert steady.see(run.snapshot()).headline == "too early to say"


def test_a_change_of_mind_needs_three_frames_in_a_row(make: Make) -> None:
    run, steady = make("xor", learning_rate=0.1, initializer="zeros"), SteadyDiagnosis()
    run.advance()
    ill = run.snapshot()
    run = make(learning_rate=0.1)
    run.advance_epochs(20)
    well = replace(run.snapshot(), run_id=ill.run_id, training=ill.training, network=ill.network)
    frames = {"i": ill, "w": replace(well, dataset=ill.dataset)}
    shown = ""
    for step, frame in enumerate("iiwwiwwiwwwiiwiii", start=1):
        shown += steady.see(replace(frames[frame], step=step)).headline[0]
    assert shown == "aaaaaaaaaannnnnna"
