"""`toygrad-tui export`: to standard output or a new file, and refused in a sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.tui.command_line.test_cli import assert_refused, outside, run
from tests.tui.command_line.test_output import FULL, shell
from toygrad.tui.export_formats import FORMATS


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("runs") / "small.toygrad"
    assert run("train", "--epochs", "3", "--save", str(path)).exit_code == 0
    return str(path)


def test_a_run_goes_to_standard_output_or_to_a_new_file(saved: str, tmp_path: Path) -> None:
    for name, kind in FORMATS.items():
        if name == "onnx":
            continue
        printed = run("export", saved, "--as", name)
        assert printed.exit_code == 0 and printed.stderr == ""
        path = tmp_path / f"{name}{kind.ending}"
        assert f"Saved to {path}." in run("export", saved, "--as", name, "--out", str(path)).stdout
        assert path.read_bytes() == printed.stdout_bytes
        assert_refused(
            run("export", saved, "--as", name, "--out", str(path)),
            f"{path.name} already exists. Choose another name.",
        )


def test_what_is_printed_is_the_format_alone_as_utf_8(saved: str) -> None:
    done = outside("export", saved, "--as", "JSON", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["epoch"] == 3


def test_what_can_not_be_exported_is_said(saved: str, tmp_path: Path) -> None:
    assert_refused(run("export", saved, "--as", "jsn"), "No format 'jsn': choose from numpy, ")
    assert_refused(run("export", saved), "--as")
    assert_refused(run("export", str(tmp_path / "none.toygrad"), "--as", "json"), "does not exist")
    assert_refused(run("export", "my.csv", "--as", "json"), "holds data, not a run")
    bad = tmp_path / "bad.toygrad"
    bad.write_bytes(b"no run at all")
    assert_refused(run("export", str(bad), "--as", "json"), "This file is not a run")
    nowhere = str(tmp_path / "none" / "x.json")
    assert_refused(run("export", saved, "--as", "json", "--out", nowhere), "does not exist")


def test_a_diverged_run_has_no_script_with_weights(tmp_path: Path) -> None:
    path = str(tmp_path / "far.toygrad")
    run("train", "--dataset", "plane", "--learning-rate", "1.7e308", "--hidden", "none",
        "--loss", "squared_error", "--json", "--save", path)  # fmt: skip
    assert_refused(run("export", path, "--as", "numpy"), "its weights are no longer numbers")


def test_without_its_package_onnx_says_what_to_install(
    saved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert_refused(run("export", saved, "--as", "onnx"), "pip install onnx.")


def test_a_binary_format_is_not_for_a_terminal(saved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toygrad.tui.command_line.export.is_terminal", lambda: True)
    refused = run("export", saved, "--as", "safetensors")
    assert_refused(refused, "A terminal can't show safetensors: add --out FILE.safetensors.")
    assert run("export", saved, "--as", "csv").stdout.startswith("epoch,")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("name", ["csv", "safetensors"])
def test_output_that_can_not_be_written_is_said(saved: str, name: str) -> None:
    assert shell(("export", saved, "--as", name), ">/dev/full").stderr == FULL
