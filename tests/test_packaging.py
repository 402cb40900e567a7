"""The folders core, datasets and tui can be imported as parts of toygrad and in no other way."""

import importlib
import os
import re
import subprocess
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
    monkeypatch.setattr(sys, "path", [str(ROOT)])
    monkeypatch.delitem(sys.modules, folder, raising=False)
    with pytest.raises(ImportError, match=rf"as toygrad\.{folder}, not as {folder}"):
        importlib.import_module(folder)
    assert folder not in sys.modules


PROGRAM = """
import datasets
from datasets.arrow import Table
import toygrad.datasets
print(datasets.Table is Table, "spiral" in toygrad.datasets.DATASETS)
"""


def python_in_the_root(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """As a notebook does that is open there: the root is first on the path."""
    paths = os.pathsep.join([str(path), str(ROOT / ".src")])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )


def test_in_the_root_somebody_elses_datasets_is_imported(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "__init__.py").write_text("from .arrow import Table", "utf-8")
    # It meets itself on the way, as large packages do.
    (tmp_path / "datasets" / "arrow.py").write_text("import datasets\nclass Table: ...", "utf-8")
    finished = python_in_the_root("-c", PROGRAM, path=tmp_path)
    assert (finished.stdout, finished.stderr) == ("True True\n", "")


def test_a_fault_in_somebody_elses_datasets_is_said_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "__init__.py").write_text("import no_such_package", "utf-8")
    finished = python_in_the_root("-c", "import datasets", path=tmp_path)
    assert finished.stderr.endswith("ModuleNotFoundError: No module named 'no_such_package'\n")


def test_a_folder_of_data_is_nobodys_package(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    # Without what is installed, which may be such a package.
    finished = python_in_the_root("-S", "-c", "import datasets", path=tmp_path)
    assert "import this package as toygrad.datasets, not as datasets" in finished.stderr


def test_python_m_toygrad_is_the_command(tmp_path: Path) -> None:
    finished = python_in_the_root("-m", "toygrad", "--version", path=tmp_path)
    assert finished.stdout.startswith("toygrad-tui ")


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
