"""The folders core, datasets and tui can be imported as parts of toygrad and in no other way."""

import importlib
import sys
from pathlib import Path

import pytest

import toygrad

ROOT = Path(__file__).parents[1]
FOLDERS = ["core", "datasets", "tui"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_a_part_of_toygrad(folder: str) -> None:
    part = importlib.import_module(f"toygrad.{folder}")
    assert part.__name__ == f"toygrad.{folder}"
    assert part.__doc__


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_under_its_bare_name_is_refused_with_the_right_one(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, folder, raising=False)
    with pytest.raises(ImportError, match=rf"as toygrad\.{folder}, not as {folder}"):
        importlib.import_module(folder)
    assert folder not in sys.modules


def test_the_package_says_what_it_is() -> None:
    assert toygrad.__doc__
