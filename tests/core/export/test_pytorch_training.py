"""The exported PyTorch script trains as the run does: the same losses, optimizers and settings."""

from __future__ import annotations

import importlib.util
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.export.cases import in_its_own_interpreter, trained
from toygrad.core import Session
from toygrad.core.export.formats import FORMATS
from toygrad.core.nn import LOSSES, OPTIMIZERS, SCHEDULES, Element
from toygrad.core.training.problem import network_targets

STEPS = 3
"""Fewer than an epoch has, after which the learning rate would change."""
RUN = """
import json, runpy, sys, torch
for line in sys.stdin:
    path, batches = json.loads(line)
    script = runpy.run_path(path)
    for points, targets in batches:
        loss = script["train_step"](*(torch.tensor(part, dtype=torch.float64)
                                      for part in (points, targets)))
    parameters = [part.T.ravel().tolist() for part in script["network"].state_dict().values()][2:]
    script["train"](*(torch.tensor(part, dtype=torch.float64) for part in batches[0]), epochs=2)
    assert all(part.isfinite().all() for part in script["network"].parameters())
    print(json.dumps([loss, sum(parameters, []), script["rate_factor"](7)]))
"""


def sessions() -> list[Session]:
    kinds: dict[str, Any] = {
        "none": {},
        "l2": {"regularization": "l2", "regularization_rate": 0.1},
        "l1": {"regularization": "l1", "regularization_rate": 0.3},
    }
    schedules = cycle(SCHEDULES)
    made = [
        trained("circle", 0, optimizer=optimizer, schedule=next(schedules), batch_size=5, **kind)
        for optimizer in OPTIMIZERS
        for kind in kinds.values()
    ]
    data = {"softmax_cross_entropy": "iris"}
    made += [trained(data.get(loss, "circle"), 0, loss=loss, batch_size=5) for loss in LOSSES]
    frozen = trained("parabola", 0, optimizer="adamw", batch_size=5)
    frozen.set_frozen([Element(1, 0, 1), Element(2, None, 1)], True)
    factors = {"rate_factors": (0.5, 1.0, 3.0)}
    l1: dict[str, Any] = {"regularization": "l1", "regularization_rate": 0.3}
    layered = [
        trained("circle", 0, optimizer=optimizer, batch_size=5, **l1, **factors)
        for optimizer in OPTIMIZERS
    ]
    return [*made, frozen, *layered]


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs PyTorch")
def test_steps_of_the_script_move_the_weights_as_the_run_does(tmp_path: Path) -> None:
    lines, expected = [], []
    for place, session in enumerate(sessions()):
        path = tmp_path / f"{place}.py"
        text = FORMATS["pytorch"].export(session.document())
        assert isinstance(text, str)
        path.write_text(text, encoding="utf-8")
        batches = []
        for _ in range(STEPS):
            session.advance()
            rows = session.snapshot((1, 1)).batch_rows
            targets = network_targets(session.dataset, rows)
            batches.append((session.dataset.points[rows].tolist(), targets.tolist()))
        lines.append((str(path), batches))
        factor = SCHEDULES[session.training.schedule](7, session.training.schedule_epochs)
        expected.append((session, factor))
    for (session, factor), answer in zip(
        expected, in_its_own_interpreter(RUN, *lines), strict=True
    ):
        loss, parameters, torch_factor = answer
        snapshot = session.snapshot((1, 1))
        said = repr(session.training)
        assert loss == pytest.approx(snapshot.batch_loss, rel=1e-9), said
        np.testing.assert_allclose(parameters, snapshot.parameters, rtol=1e-8, atol=1e-10)
        assert torch_factor == pytest.approx(factor, rel=1e-12), said
