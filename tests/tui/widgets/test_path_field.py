"""Paths are completed and listed as a shell does it."""

import os
from pathlib import Path

import pytest

from toygrad.tui.widgets.path_field import completed_path, matching_paths

SUFFIXES = (".csv", ".txt")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("alpha.csv", "alpine.txt", "image.png", ".hidden.csv", "b c.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_path_is_completed_by_files_that_can_be_used_and_by_folders() -> None:
    assert completed_path("al", SUFFIXES) == "alpha.csv"
    assert completed_path("alpi", SUFFIXES) == "alpine.txt"
    assert completed_path("b", SUFFIXES) == "b c.csv"
    assert completed_path("fo", SUFFIXES) == f"folder{os.sep}"
    assert completed_path(f"~{os.sep}al", SUFFIXES) == f"~{os.sep}alpha.csv"
    assert completed_path(".h", SUFFIXES) == ".hidden.csv"
    for text in ("im", "alpha.csv", f"none{os.sep}a", "\0", "zz"):
        assert completed_path(text, SUFFIXES) is None


def test_what_matches_is_listed_by_name_and_cut() -> None:
    assert [match.name for match in matching_paths("", SUFFIXES, 9)] == [
        "alpha.csv",
        "alpine.txt",
        "b c.csv",
        "folder",
    ]
    assert len(matching_paths("", SUFFIXES, 2)) == 2
    (folder,) = matching_paths("f", SUFFIXES, 9)
    assert (folder.text, folder.is_folder) == (f"folder{os.sep}", True)
