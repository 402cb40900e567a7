"""The doctor names what it has seen help, and leaves the run as it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.core.diagnosis.population import ENOUGH, ILLNESSES, draw
from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.diagnosis.doctor import (
    MOST_HALVES,
    _judged,
    _to_be_expected,
    examine,
    short,
)
from toygrad.core.diagnosis.remedies import FAVOUR, Remedy, remedies
from toygrad.core.diagnosis.trials import Trial
from toygrad.core.run import Configure, Undo
from toygrad.datasets import DATASETS


def a_run(**settings: object) -> Session:
    data = DATASETS["circle"](80, noise=0.0, rng=np.random.default_rng(0))
    training = TrainingConfig(engine="tape", **settings)  # type: ignore[arg-type]
    session = Session(NetworkSpec(hidden=(6,)), data, training, seed=1)
    session.advance(150)
    return session


def test_a_trial_without_edits_learns_what_the_run_itself_does_then() -> None:
    run = a_run()
    trial = Trial(run.learner_state())
    trial.train(70)
    run.advance(70)
    assert trial.loss == run.evaluate().test_loss


def test_a_trial_with_other_inputs_is_tested_on_the_samples_that_test_the_run() -> None:
    run = a_run()
    run.reseed(9)
    spec = NetworkSpec(hidden=(6,), inputs=("x1", "x2", "x1*x2"))
    trial = Trial(run.learner_state(), [Configure(network=spec)])
    tested = trial.learner.problem.test_rows
    assert tested.tolist() == run.snapshot(grid=(1, 1)).test_rows.tolist()


def test_an_examination_leaves_the_run_untouched_to_the_bit() -> None:
    run, twin = a_run(sabotage=("no_zero_grad",)), a_run(sabotage=("no_zero_grad",))
    version = run.version
    list(examine(run.learner_state(), steps=40))
    assert run.version == version
    for session in (run, twin):
        session.advance(60)
    for name, array in run.parameters().items():
        assert array.tobytes() == twin.parameters()[name].tobytes()
    assert (run.learner_state().order, run.epoch) == (twin.learner_state().order, twin.epoch)


def test_what_it_advises_helps_when_taken_and_one_undo_takes_it_back() -> None:
    run, twin = (a_run(learning_rate=1e-4) for _ in range(2))
    *_, advice = examine(run.learner_state(), steps=160)
    assert advice.is_done
    assert advice.best is not None
    assert advice.best.remedy.edit is not None
    before = run.parameters()
    run.submit(advice.best.remedy.edit)
    run.submit(Undo())
    assert all((run.parameters()[name] == before[name]).all() for name in before)
    run.submit(advice.best.remedy.edit)
    for session in (run, twin):
        session.advance(160)
    assert run.evaluate().test_loss < 0.9 * twin.evaluate().test_loss


def test_first_weights_drawn_again_are_those_that_were_tried() -> None:
    run = a_run(learning_rate=1000.0)
    *_, advice = examine(run.learner_state(), steps=80)
    drawn = next(tried for tried in advice.tried if tried.remedy.restarts)
    assert drawn.remedy.edit is not None
    trial = Trial(run.learner_state(), [drawn.remedy.edit])
    run.submit(drawn.remedy.edit)
    assert np.array_equal(trial.learner.network.flat_parameters, run.learner_state().parameters)
    assert run.seed == trial.learner.seed


def test_a_planted_bug_is_taken_out_unless_it_may_not_be_known() -> None:
    state = a_run(sabotage=("wrong_sign",)).learner_state()
    *_, advice = examine(state, steps=60)
    assert advice.best is not None
    assert "bug" in advice.best.remedy.words
    *_, blind = examine(state, steps=24, knows_bugs=False)
    assert not any("bug" in tried.remedy.words for tried in blind.tried)


def test_the_same_steps_and_seeds_give_the_same_advice() -> None:
    state = a_run(learning_rate=3.0).learner_state()
    (*_, first), (*_, second) = examine(state, steps=40), examine(state, steps=40)
    assert first.words == second.words


def test_an_examination_that_is_stopped_ends() -> None:
    assert len(list(examine(a_run().learner_state(), steps=40, stopped=lambda: True))) == 1


def test_an_examination_without_time_ends_without_advice() -> None:
    *_, advice = examine(a_run().learner_state(), seconds=0.0)
    assert advice.is_cut_short
    assert advice.is_done
    assert advice.best is None


@pytest.mark.parametrize("illness", ["rate too low", "symmetric", "wrong_sign"])
def test_the_first_advice_for_an_ill_run_halves_its_loss(illness: str) -> None:
    rng = np.random.default_rng(7)
    case = ILLNESSES[illness](rng, draw(rng, least=ENOUGH))
    session = Session(case.network, case.dataset, case.training, seed=case.seed)
    session.advance(50)
    state = session.learner_state()
    *_, advice = examine(state, steps=100)
    assert advice.best is not None
    assert advice.best.remedy.edit is not None
    control, taken = Trial(state), Trial(state, [advice.best.remedy.edit], order_seed=99)
    for trial in (control, taken):
        trial.train(320)
    assert taken.loss < control.loss / 2


def test_a_penalty_that_pulls_the_weights_to_nothing_is_seen() -> None:
    run = a_run(regularization="l2", regularization_rate=1.0)
    *_, advice = examine(run.learner_state(), steps=600)
    assert any(t.helps and t.remedy.words.startswith("without L2") for t in advice.tried)


class Fixed(Trial):
    """A trial that came to some loss at its end."""

    def __init__(self, *losses: float) -> None:
        self.curve = tuple(enumerate((1.0, *losses)))
        self.steps = len(losses)


def judged(losses: list[float], controls: list[float], *, is_repair: bool = False) -> bool:
    remedy = Remedy("a change", None, is_repair)
    looks: list[tuple[Remedy, Trial]] = [(remedy, Fixed(loss)) for loss in losses]
    return _judged(looks, [Fixed(loss) for loss in controls], 1.0).helps


@pytest.mark.parametrize(
    ("losses", "controls", "helps"),
    [
        ([0.7, 0.6, 0.7], [1.0, 1.0, 1.0], True),
        # Better by luck in one look, or by nothing that can be seen.
        ([0.7, 0.95, 0.7], [1.0, 1.0, 1.0], False),
        ([0.001, 0.001, 0.001], [0.002, 0.002, 0.002], False),
        # Half of it, but for weights that came to nothing; but not where those did harm.
        ([0.1, 1.0, 0.2], [1.0, 1.0, 1.0], True),
        ([0.1, 1.2, 0.2], [1.0, 1.0, 1.0], False),
        ([0.1, 1.0, 1.0], [1.0, 1.0, 1.0], False),
        ([0.1, math.inf, 0.2], [1.0, 1.0, 1.0], False),
        ([0.1, 0.1, 0.1], [math.inf, math.inf, math.inf], True),
    ],
)
def test_what_helps_is_clearly_better_in_all_looks(
    losses: list[float], controls: list[float], helps: bool
) -> None:
    assert judged(losses, controls) is helps


def test_taking_out_a_strong_penalty_is_followed_where_all_rests_alike() -> None:
    for rate, favour in ((1.0, FAVOUR), (0.001, 1.0)):
        setup = a_run(regularization="l2", regularization_rate=rate).learner_state().setup
        lifted = [r for r in remedies(setup) if r.words.startswith("without L2") and r.restarts]
        assert [remedy.favour for remedy in lifted] == [favour] * 2


def test_a_repair_helps_that_is_better_in_most_looks() -> None:
    assert judged([0.99, 1.1, 0.9], [1.0, 1.0, 1.0], is_repair=True)
    assert not judged([0.99, 1.1, 1.1], [1.0, 1.0, 1.0], is_repair=True)


def test_a_trial_is_judged_over_its_last_part() -> None:
    trial = Fixed(0.9, 0.8, 0.7, 0.4, 0.4, 0.5, 0.3, 0.1)
    assert trial.loss == 0.1
    assert trial.settled_loss == pytest.approx((0.5 + 0.3 + 0.1) / 3)
    assert trial.mean_loss(0.25, 0.5) == pytest.approx((0.8 + 0.7 + 0.4) / 3)
    assert Fixed().settled_loss == 1.0


def test_a_run_that_still_falls_is_expected_to_fall_on() -> None:
    falling = Fixed(1.0, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4)
    assert _to_be_expected(falling, 1.0) == pytest.approx(0.4)
    assert _to_be_expected(falling, 0.5) == pytest.approx(0.4 * 0.5**2)
    assert _to_be_expected(falling, 0.01) == pytest.approx(0.4 * 0.5**MOST_HALVES)
    assert _to_be_expected(Fixed(*[0.5] * 8), 0.1) == pytest.approx(0.5)


def test_a_loss_in_two_digits_is_never_nothing() -> None:
    losses = (0.0, 0.41, 0.00048, 1.0, 10.4, math.inf, math.nan)
    written = ["0", ".41", ".00048", "1", "10", "diverges", "diverges"]
    assert [short(loss) for loss in losses] == written
