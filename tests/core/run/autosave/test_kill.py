"""A process that is killed loses less than five seconds, and no edit."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks.kill import kill_many


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_kill_at_a_random_moment_loses_no_edit_and_less_than_five_seconds() -> None:
    losses = list(kill_many(3, together=3, longest=2.5))
    assert len(losses) == 3
    for loss in losses:
        assert loss.edits == 0
        assert loss.seconds < 5.0
        assert loss.same
