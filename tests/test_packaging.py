"""The folders core, datasets and tui can be imported as parts of toygrad and in no other way."""

import importlib
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import toygrad

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
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
    assert toygrad.__version__ == version("toygrad-tui")


def test_the_picture_of_the_readme_is_at_the_address_of_the_project() -> None:
    home = PROJECT["urls"]["Homepage"]
    assert all(address.startswith(home) for address in PROJECT["urls"].values())
    (picture,) = re.findall(r"^!\[[^]]+\]\((.+)\)$", README, re.MULTILINE)
    assert picture.startswith(f"{home}/raw/main/")
    assert (ROOT / picture.removeprefix(f"{home}/raw/main/")).is_file()


def test_every_python_that_is_promised_is_tested() -> None:
    checks = (ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    (tested,) = re.findall(r"python: \[(.+)\]", checks)
    start = "Programming Language :: Python :: 3."
    promised = [c.removeprefix(start) for c in PROJECT["classifiers"] if c.startswith(start)]
    assert [f'"3.{minor}"' for minor in promised] == tested.split(", ")
    assert PROJECT["requires-python"] == f">=3.{promised[0]}"


def test_before_a_commit_is_checked_what_is_checked_before_a_change_lands() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    entries = set(re.findall(r"entry: (\.venv/bin/.+)", hooks))
    wanted = set(re.findall(r"^(\.venv/bin/.+)$", checks, re.MULTILINE))
    # A commit may be formatted; what lands has to be.
    mended = {entry.removesuffix(" --fix") for entry in entries}
    assert mended == {line.removesuffix(" --check") for line in wanted}
