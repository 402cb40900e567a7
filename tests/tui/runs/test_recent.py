"""The recent files are the latest first, few, and only those that exist."""

import os
from pathlib import Path

import pytest

from toygrad.tui.runs.recent import FILE_NAME, MOST_FILES, RecentFiles


def test_the_latest_file_is_first_each_once_and_gone_ones_are_dropped(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path / "state")
    paths = [tmp_path / f"{n}.toygrad" for n in range(MOST_FILES + 3)]
    # A name that is no UTF-8 comes back as it is.
    paths.append(tmp_path / os.fsdecode(b"caf\xe9.toygrad"))
    for path in [*paths, paths[4]]:
        path.touch()
        recent.note(path)
    paths[-2].unlink()
    listed = [file.path for file in recent.files()]
    assert listed == [paths[4], paths[-1], *reversed(paths[5:-2])]


@pytest.mark.parametrize(
    "text", ["", "{", "[1, 2]", '[["a"]]', "[" * 100_000, '[["a", "b", ""]]', "é"]
)
def test_a_damaged_list_is_an_empty_one(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    assert RecentFiles(tmp_path).files() == []


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    recent = RecentFiles(None)
    recent.note(tmp_path)
    assert recent.files() == []
