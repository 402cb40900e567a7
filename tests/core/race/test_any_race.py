"""Any sequence of what can be done in a race: lanes stay together, and all of it is undone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.race import Lanes
from toygrad.core.run.replay import replay
from toygrad.datasets import DATASETS

DATASET = DATASETS["circle"](20, rng=np.random.default_rng(0))
RATES = (0.01, 0.1, 0.3)
DEEDS = (
    *("fork", "next", "keep", "drop", "swap", "undo", "redo", "all", "steps", "epoch", "reset"),
    *("back", "forward", "values"),
    *(f"rate {rate}" for rate in RATES),
)


def do(lanes: Lanes, deed: str) -> None:
    match deed.split():
        case ["rate", rate]:
            values = {name: getattr(lanes.training, name) for name in ("batch_size", "optimizer")}
            lanes.configure(TrainingConfig(learning_rate=float(rate), **values))
        case ["fork"]:
            if len(lanes.lanes) < 4:
                lanes.fork()
        case ["values"]:
            if len(lanes.lanes) < 3:
                lanes.race_values("batch_size", [10, 4])
        case ["all"]:
            lanes.acts_on_all = not lanes.acts_on_all
        case ["steps"]:
            lanes.advance(3)
        case ["epoch"]:
            lanes.advance_epochs()
        case ["back"]:
            lanes.go_back()
        case ["forward"]:
            lanes.go_forward()
        case ["next" | "keep" | "drop" | "swap" as name]:
            if lanes.is_racing:
                {
                    "next": lanes.choose_next,
                    "keep": lanes.keep,
                    "drop": lanes.drop,
                    "swap": lanes.swap,
                }[name]()
        case [name]:
            getattr(lanes, name)()


def check(lanes: Lanes) -> None:
    assert lanes.chosen in lanes.lanes
    assert len({lane.number for lane in lanes.lanes}) == len(lanes.lanes) == len(lanes.names)
    epochs = [lane.loop.run.learner.precise_epoch for lane in lanes.lanes]
    assert max(epochs) - min(epochs) < 1.0
    sizes = {lane.session.training.batch_size for lane in lanes.lanes}
    if len(sizes) == 1:
        assert len(set(epochs)) == 1
    assert len(lanes.snapshot((2, 2)).lanes) == (len(lanes.lanes) if lanes.is_racing else 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(DEEDS), max_size=14))
def test_lanes_stay_together_and_each_is_a_run_of_its_own(deeds: list[str]) -> None:
    spec = NetworkSpec(hidden=(2,))
    lanes = Lanes(Session(spec, DATASET, TrainingConfig(optimizer="momentum"), seed=1))
    first, setup = lanes.chosen, lanes.chosen.loop.expected.setup
    for deed in deeds:
        do(lanes, deed)
        check(lanes)
    for lane in lanes.lanes:
        document = lane.session.document()
        assert replay(document).same in (True, None)
    for _ in range(60):
        lanes.undo()
    assert lanes.lanes == (first,)
    if not {"back", "forward"} & set(deeds):
        assert first.loop.expected.setup == setup
