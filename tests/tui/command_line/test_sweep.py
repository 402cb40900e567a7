"""`toygrad-tui sweep`: what it prints and writes, how it goes on, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from toygrad.core.diagnosis.result import TrainResult
from toygrad.core.sweep import workers
from toygrad.core.sweep.results_file import ResultsFile
from toygrad.tui.command_line import cli
from toygrad.tui.command_line import sweep as sweep_module
from toygrad.tui.options import UsageError

SMALL = ("sweep", "--samples", "60", "--epochs", "2")
RATES = ("--over", "learning-rate=0.01..1:5:log")
WIDTHS = ("--over", "width=2,4")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def without_times(line: dict[str, Any]) -> dict[str, Any]:
    return {key: line[key] for key in line if "second" not in key}


def test_every_run_is_a_line_with_the_keys_of_train(tmp_path: Path) -> None:
    out, table = tmp_path / "runs.jsonl", tmp_path / "runs.csv"
    result = run(*SMALL, *RATES, *WIDTHS, "--seeds", "2", "--out", str(out), "--csv", str(table))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = sorted(lines_of(out), key=lambda line: line["cell"])
    assert len(lines) == 20 and [line["cell"] for line in lines] == [*range(20)]
    assert {*TrainResult.__struct_fields__, "sweep", "cell", "over", "curve"} == {*lines[0]}
    assert lines[3]["over"] == {"learning-rate": 0.0316227766017, "width": 2}
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [float(row["test_loss"]) for row in rows] == [line["test_loss"] for line in lines]
    assert rows[3] | {"learning-rate": "0.0316228", "width": "2", "seed": "1"} == rows[3]
    best = min(lines, key=lambda line: (line["test_loss"], line["cell"]))
    assert f"width {best['over']['width']}, seed {best['seed']}." in result.stdout
    assert "20 runs of 2 epochs: learning-rate (5) x width (2) x 2 seeds." in result.stdout


def test_a_run_is_that_of_train_with_the_same_options(tmp_path: Path) -> None:
    out = tmp_path / "runs.jsonl"
    own = ("--samples", "60", "--epochs", "70", "--engine", "compiled", "--hidden", "3")
    assert (
        run(
            "sweep", *own, "--over", "learning-rate=0.1", "--seeds", "2", "--out", str(out)
        ).exit_code
        == 0
    )
    last = next(line for line in lines_of(out) if line["seed"] == 1)
    alone = json.loads(run("train", *own, "--learning-rate", "0.1", "--seed", "1", "--json").stdout)
    for key in ("train_loss", "test_loss", "steps", "recipe", "notes", "parameters"):
        assert last[key] == alone[key], key


def test_the_same_command_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    out = tmp_path / "runs.jsonl"
    words = (*SMALL, *RATES, *WIDTHS, "--out", str(out))
    assert run(*words).exit_code == 0
    whole = out.read_bytes().splitlines(keepends=True)
    # As a kill may leave it.
    out.write_bytes(b"".join(whole[:4]) + whole[4][:100])
    result = run(*words)
    assert "4 of them are in the file already." in result.stdout and "6 runs in" in result.stdout
    again = out.read_bytes().splitlines(keepends=True)
    assert again[:4] == whole[:4] and len(again) == 10
    by_cell = {line["cell"]: without_times(line) for line in map(json.loads, whole)}
    assert {line["cell"]: without_times(line) for line in map(json.loads, again)} == by_cell
    assert "0 runs in" in run(*words).stdout
    assert out.read_bytes() == b"".join(again)
    other = run(*words, "--seed", "3")
    assert other.exit_code == 2 and "results of another sweep" in other.stderr
    assert out.read_bytes() == b"".join(again)


@pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")
def test_it_goes_on_after_kill_9_and_after_ctrl_c(tmp_path: Path) -> None:
    out = tmp_path / "runs.jsonl"
    words = ["sweep", "--samples", "60", "--epochs", "300", "--workers", "1", "--hidden", "3"]
    words += ["--over", "learning-rate=0.01..1:300:log", "--out", str(out)]
    command = [sys.executable, "-m", "toygrad.tui", *words]
    for number in (signal.SIGKILL, signal.SIGINT):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.readline()
            # There is a line for about every tenth.
            process.stdout.readline()
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        n_done = out.read_bytes().count(b"\n")
        assert 0 < n_done < 300
        if number == signal.SIGINT:
            assert process.returncode == 130
            assert said.decode().strip() == (
                f"Interrupted after {n_done:,} of 300 runs; the same command goes on."
            )
    cells = [line["cell"] for line in lines_of(out)]
    assert len(set(cells)) == len(cells)


def test_a_run_that_diverges_or_fails_is_counted_and_no_end() -> None:
    over = ("--over", "learning-rate=0.1,1e300", "--over", "activation=relu,relu+relu")
    own = ("--hidden", "3,3", "--loss", "binary-cross-entropy", "--epochs", "6")
    result = run("sweep", "--samples", "60", *own, *over, "--over", "hidden=3,3x3")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "3 of 8 diverged." in result.stdout
    assert "2 failed, the first because: 1 hidden layers need as many activations" in result.stdout


# --- The picture ---------------------------------------------------------------------------------


def test_one_axis_is_a_curve_and_two_are_a_map() -> None:
    curve = run(*SMALL, *RATES, "--ascii").stdout
    assert "median test loss" in curve and "learning-rate" in curve.splitlines()[-1]
    drawn = run(*SMALL, *RATES, *WIDTHS, "--measure", "accuracy").stdout.splitlines()
    start = drawn.index("median accuracy, width down")
    assert [line[:2] for line in drawn[start + 1 : start + 3]] == ["4 ", "2 "]
    assert re.fullmatch(r"@@ best [\d.]+  \.\. worst [\d.]+ *", drawn[-1])
    names = run(*SMALL, "--over", "optimizer=sgd,adam").stdout
    assert "sgd" in names.splitlines()[-2] and "adam" in names.splitlines()[-2]


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say what varies: --over learning-rate=0.001..10:24:log, or --seeds 10."),
        (("--over", "learning-rate=0..1:5:log"), "A log range begins above 0, not at 0."),
        (("--over", "learning-rate=1..0:5"), "write 0..1"),
        (("--over", "learning-rate=0..1:0"), "2 or more, not 0"),
        (("--over", "learning-rate=nan"), "'nan' is not a number"),
        (("--over", "rate=1"), "A sweep can't vary 'rate'"),
        (("--over", "optimizer=sdg"), "There is no optimizer 'sdg'"),
        ((*WIDTHS, *WIDTHS), "--over width varies twice"),
        (("--over", "width=0,2"), "--over width=0: The width has to be at least 1"),
        (("--over", "learning-rate=0.1", "--measure", "loss"), "No measure 'loss': choose from"),
        (("--over", "learning-rate=0.1..1:1000", "--over", "rate-1=0..1:1000", "--seeds", "10"),
         "10,000,000 runs take long: keep their results with --out runs.jsonl."),
        (("--over", "learning-rate=0.1..1:100000", "--over", "rate-1=0..1:100000"),
         "10,000,000,000 runs, and at most 1,000,000,000 can be"),
        ((*RATES, "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), "give one"),
        (("--over", "rate-9=0.1,1"), "rate-9: this network has"),
        ((*RATES, "--dataset", "plane", "--measure", "accuracy"), "has no accuracy: use test-loss"),
        ((*RATES, "--hidden", "x"), "--hidden takes numbers"),
        ((*RATES, "--seeds", "0"), "--seeds takes 1 or more, not 0."),
        ((*RATES, "--out", "no/such/folder/runs.jsonl"), "no/such/folder"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_gets_a_sentence_and_exit_code_2(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("sweep", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr and result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_data_are_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "my.csv"
    data.write_text("a,b\n" + "".join(f"{k},{k % 7}\n" for k in range(40)), encoding="utf-8")
    before = data.read_bytes()
    Path("link.csv").symlink_to("my.csv")
    for out in ("my.csv", "link.csv", "./my.csv"):
        for option in ("--out", "--csv"):
            result = run("sweep", "--data", "my.csv", *RATES, option, out)
            assert result.exit_code == 2
            assert "The data, the results and the table must be different files." in result.stderr
    other = run("sweep", "--data", "my.csv", *RATES, "--out", "r.jsonl", "--csv", "r.jsonl")
    assert other.exit_code == 2 and data.read_bytes() == before
    done = run("sweep", "--data", "my.csv", *RATES, "--epochs", "1", "--out", "r.jsonl")
    assert done.exit_code == 0 and len(lines_of(Path("r.jsonl"))) == 5


def test_a_full_disk_ends_it_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(ResultsFile):
        def add(self, number: int, line: bytes) -> bool:
            with open("/dev/full", "wb", buffering=0) as full:
                self._file, before = full, self._file
                try:
                    return super().add(number, line)
                finally:
                    self._file = before

    if not os.path.exists("/dev/full"):
        pytest.skip("needs a disk that is always full")
    monkeypatch.setattr(sweep_module, "ResultsFile", Full)
    result = run(*SMALL, *RATES, "--out", str(tmp_path / "runs.jsonl"))
    assert result.exit_code == 1
    assert "can't be written: no space left on device. The sweep stops." in result.stderr


def test_no_workers_to_be_had_get_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "is_compiled", lambda s: False)
    monkeypatch.setitem(sys.modules, "joblib", None)
    result = run(*SMALL, *RATES, "--workers", "2")
    assert result.exit_code == 2 and "use --workers 1" in result.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run(*SMALL, *RATES, "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2 and "toygrad-tui[cluster]" in result.stderr


def test_measures_are_found_however_they_are_typed() -> None:
    assert sweep_module.measure_named("Test_Loss").title == "test loss"
    with pytest.raises(UsageError):
        sweep_module.measure_named("")


@pytest.mark.parametrize("address", ["foo", "http://h:1", "tcp://h", "tcp://h:1/x", "tcp://:1"])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    result = run(*SMALL, *RATES, "--scheduler", address)
    assert result.exit_code == 2
    assert "is no address of a dask scheduler" in result.stderr
