"""Where each verdict begins, in numbers that stand here once more, so that none moves unseen."""

from __future__ import annotations

import numpy as np
import pytest

from toygrad.core.diagnosis.parameters import VERDICTS, verdicts


@pytest.mark.parametrize(
    ("gradient", "word"),
    [(999.0, "ok"), (1001.0, "exploding"), (-1001.0, "exploding"), (np.inf, "exploding")],
)
def test_a_parameter_explodes_above_1000(gradient: float, word: str) -> None:
    codes = verdicts(np.array([gradient, 1.0]), [])
    assert VERDICTS[codes[0]] == word


@pytest.mark.parametrize(("share", "word"), [(1.1e-6, "ok"), (0.9e-6, "vanishing")])
def test_a_parameter_vanishes_below_a_millionth_of_the_largest(share: float, word: str) -> None:
    codes = verdicts(np.array([share, 1.0]), [])
    assert VERDICTS[codes[0]] == word
