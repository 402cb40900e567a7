"""Verdicts on single parameters."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core.diagnosis.parameters import VERDICTS, verdicts

GRADIENTS = np.array([1.0, 1e-9, 2e3, np.nan, 0.0, 0.0])


@pytest.mark.parametrize("as_array", [True, False])
def test_each_parameter_gets_its_word(as_array: bool) -> None:
    past = [np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 1.0, 0.0, 5.0])]
    codes = verdicts(GRADIENTS, np.stack(past) if as_array else past)
    words = [VERDICTS[code] for code in codes]
    assert words == ["ok", "vanishing", "exploding", "exploding", "dead", "ok"]


def test_nothing_is_dead_before_there_is_a_past() -> None:
    assert verdicts(np.zeros(3), ()).tolist() == [0, 0, 0]
    assert verdicts(np.zeros(3), np.empty((0, 3))).tolist() == [0, 0, 0]
