"""Times and paths are written so that everybody can read them."""

import os
import time
from pathlib import Path

import pytest

from toygrad.tui.runs.words import DAY, HOUR, MINUTE, ago, printable, shown_path

NOW = time.mktime((2026, 11, 27, 12, 0, 0, 0, 0, -1))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-100.0, "just now"),
        (59.0, "just now"),
        (MINUTE, "1 minute ago"),
        (5.5 * MINUTE, "5 minutes ago"),
        (HOUR, "1 hour ago"),
        (23.9 * HOUR, "23 hours ago"),
        (DAY, "yesterday"),
        (14.5 * DAY, "14 days ago"),
        (15 * DAY, "2026-11-12"),
    ],
)
def test_a_time_is_written_as_one_says_it(seconds: float, words: str) -> None:
    assert ago(NOW - seconds, NOW) == words


def test_a_path_is_shown_from_the_users_folder_and_without_unprintable_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert shown_path("/home/ada") == "~"
    assert shown_path(Path("/home/ada/runs")) == os.path.join("~", "runs")
    assert shown_path("/home/adam") == "/home/adam"
    assert printable(os.fsdecode(b"caf\xe9\n.toygrad")) == "caf??.toygrad"
