"""Training without a screen: what it prints, what it counts, how it ends."""

import contextlib
import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from toygrad.core import NetworkSpec, Session, TrainingConfig
from toygrad.core.diagnosis.result import SCHEMA, TrainResult, as_line
from toygrad.core.run.file import read_run
from toygrad.core.training import ENGINES, Evaluation, TrainingFailure
from toygrad.core.training.history import CURVES, History
from toygrad.datasets import DataChoice
from toygrad.datasets.csv import plain
from toygrad.tui import failures
from toygrad.tui.command_line import cli, columns, group
from toygrad.tui.command_line.outcome import Outcome
from toygrad.tui.command_line.result import result_of
from toygrad.tui.command_line.train import (
    HEIGHT,
    MAX_WIDTH,
    MIN_WIDTH,
    is_reported,
    loss_curve,
    report_interval,
    train,
)
from toygrad.tui.config import AppConfig
from toygrad.tui.failures import ExitCode, failure_sentence
from toygrad.tui.options import CliArguments, make_config
from toygrad.tui.signals import signals_as_event

JSON_KEYS = [
    "dataset",
    "hidden",
    "parameters",
    "epochs",
    "steps",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "seconds",
    "steps_per_second",
    "seed",
    "engine",
    "compared",
    "schema",
    "loss",
    "train_r2",
    "test_r2",
    "train_rmse",
    "test_rmse",
    "diverged",
    "failed",
    "interrupted",
    "stopped",
    "notes",
    "recipe",
    "versions",
]
DIVERGING = ("--dataset", "plane", "--activation", "relu", "--learning-rate", "3")
# More than can be done while a test waits.
NEEDS_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")
ENDLESS = ("--epochs", "100000000")


@pytest.fixture(autouse=True)
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test writes to the user's log, which `start_logging` would open."""
    monkeypatch.setattr(group, "start_logging", lambda: None)
    monkeypatch.setattr(failures, "log_path", lambda: tmp_path / "test.log")
    return tmp_path / "test.log"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["train", *arguments])


def never(session: Session) -> None:
    """Watches nothing."""


def outcome(
    *, failure: TrainingFailure | None = None, interrupted: bool = False, loss: float = 0.25
) -> Outcome:
    session = AppConfig().session()
    session.advance(75)
    seen = session.snapshot(grid=(1, 1))
    seen = replace(seen, failure=failure, evaluation=Evaluation(loss, math.nan, 0.0, 0.5, None))
    return Outcome(snapshot=seen, seed=0, seconds=0.5, interrupted=interrupted)


# --- The loop ------------------------------------------------------------------------------------


def test_it_trains_exactly_the_steps_of_all_epochs() -> None:
    session = AppConfig().session()
    done = train(session, epochs=7, watch=never, interrupt=threading.Event())
    assert (done.snapshot.epoch, done.snapshot.step) == (7, 7 * session.steps_per_epoch)
    assert done.exit_code == ExitCode.DONE
    assert done.complaint == ""


def test_it_learns_what_a_session_learns_step_by_step() -> None:
    session, same = AppConfig().session(), AppConfig().session()
    done = train(session, epochs=5, watch=never, interrupt=threading.Event())
    same.advance_epochs(5)
    np.testing.assert_array_equal(session.network.flat_parameters, same.network.flat_parameters)
    assert done.snapshot.evaluation == same.evaluate()


@pytest.mark.parametrize(("epochs", "interval"), [(1, 1), (9, 1), (20, 2), (200, 20), (205, 20)])
def test_every_reported_epoch_is_watched_at_its_end(epochs: int, interval: int) -> None:
    assert report_interval(epochs) == interval
    session = make_config(CliArguments(samples=20)).session()
    reported: list[int] = []

    def watch(session: Session) -> None:
        if is_reported(session, epochs):
            reported.append(session.epoch)

    train(session, epochs=epochs, watch=watch, interrupt=threading.Event())
    assert reported == sorted({*range(interval, epochs + 1, interval), epochs})


def test_an_interrupt_ends_it_between_two_steps_with_what_was_reached() -> None:
    session, interrupt = AppConfig().session(), threading.Event()

    def watch(session: Session) -> None:
        if session.step >= 30:
            interrupt.set()

    done = train(session, epochs=1000, watch=watch, interrupt=interrupt)
    assert done.interrupted
    assert done.exit_code == 128 + signal.SIGINT
    assert done.complaint == f"Interrupted in epoch {done.snapshot.epoch + 1}."
    assert 30 <= done.snapshot.step < 1000 * session.steps_per_epoch
    assert done.snapshot.evaluation == session.evaluate()


@NEEDS_SIGNALS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, 1])
def test_the_first_signal_is_an_event_and_the_second_is_not(number: int) -> None:
    came = []
    before = signal.signal(number, lambda *_: came.append(number))
    try:
        ours = signal.getsignal(number)
        with signals_as_event() as interrupt:
            assert not interrupt.is_set()
            signal.raise_signal(number)
            assert (interrupt.is_set(), interrupt.number) == (True, number)
            assert not came
            signal.raise_signal(number)
            assert came
        assert signal.getsignal(number) is ours
    finally:
        signal.signal(number, before)


def test_ctrl_c_ignored_by_the_shell_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_as_event() as interrupt:
            signal.raise_signal(signal.SIGINT)
            assert not interrupt.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


# --- JSON ----------------------------------------------------------------------------------------


def test_json_has_these_keys_and_is_all_of_standard_output() -> None:
    result = run("--epochs", "3", "--seed", "4", "--hidden", "3", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    said = json.loads(result.stdout)
    assert list(said) == JSON_KEYS
    session = make_config(CliArguments(seed=4, hidden="3")).session()
    session.advance_epochs(3)
    reached = session.evaluate()
    assert said["seconds"] > 0
    assert said["steps_per_second"] == pytest.approx(said["steps"] / said["seconds"])
    assert said["compared"]["network"] == reached.test_accuracy
    kept = set(JSON_KEYS[:13]) - {"seconds", "steps_per_second"}
    assert {key: said[key] for key in kept} == {
        "dataset": "circle",
        "hidden": [3],
        "parameters": 13,
        "epochs": 3,
        "steps": 75,
        "train_loss": reached.train_loss,
        "test_loss": reached.test_loss,
        "train_accuracy": reached.train_accuracy,
        "test_accuracy": reached.test_accuracy,
        "seed": 4,
        "engine": session.engine,
    }


def test_json_has_null_where_there_is_no_accuracy_or_no_test() -> None:
    regression = json.loads(run("--dataset", "plane", "--epochs", "1", "--json").stdout)
    assert regression["train_accuracy"] is None
    assert regression["test_accuracy"] is None
    assert regression["test_loss"] > 0
    assert regression["compared"]["measure"] == "R^2"
    assert regression["compared"]["straight_line_rmse"] < regression["compared"]["constant_rmse"]
    no_test = json.loads(run("--train-share", "1", "--epochs", "1", "--json").stdout)
    assert no_test["test_loss"] is None
    assert no_test["test_accuracy"] is None
    assert no_test["train_accuracy"] is not None
    assert no_test["compared"]["part"] == "training"
    assert no_test["compared"]["network_rmse"] is None


TABLE = "size,kind,price\n" + "".join(
    f"{40 + 7 * k % 60},{'ab'[k % 3 == 0]},{300 + 11 * k % 97}.5\n" for k in range(40)
)
RECIPES = (
    ("--dataset", "spiral", "--noise", "0.1", "--hidden", "5,3", "--activation", "relu,tanh"),
    ("--preset", "overfitting", "--seed", "3"),
    ("--data", "TABLE", "--target", "price", "--drop", "kind", "--optimizer", "adam"),
)


@pytest.mark.parametrize("typed", RECIPES)
def test_json_has_all_that_makes_the_same_run_again(typed: tuple[str, ...], tmp_path: Path) -> None:
    table = tmp_path / "houses.csv"
    table.write_text(TABLE)
    typed = tuple(str(table) if word == "TABLE" else word for word in typed)
    said = json.loads(run(*typed, "--epochs", "4", "--engine", "tape", "--json").stdout)
    recipe = said["recipe"]
    session = Session(
        msgspec.convert(recipe["network"], NetworkSpec),
        msgspec.convert(recipe["data"], DataChoice, dec_hook=lambda kind, text: kind(text)).load(),
        msgspec.convert(recipe["training"], TrainingConfig),
        seed=recipe["seed"],
    )
    session.advance(said["steps"])
    assert session.evaluate().train_loss == said["train_loss"]
    assert session.evaluate().test_loss == said["test_loss"]
    assert said["versions"]["numpy"] == np.__version__
    assert (said["schema"], said["diverged"], said["failed"]) == (SCHEMA, False, None)


def test_json_scores_numbers_in_the_units_of_the_target(tmp_path: Path) -> None:
    table = tmp_path / "houses.csv"
    table.write_text(TABLE)
    said = json.loads(run("--data", str(table), "--epochs", "30", "--json").stdout)
    assert said["loss"] == "squared_error"
    assert 1 < said["test_rmse"] < 100
    # What is set beside the straight line is the same network on the same samples.
    assert said["compared"]["network"] == said["test_r2"]
    assert said["compared"]["network_rmse"] == said["test_rmse"]


def test_json_says_that_it_diverged() -> None:
    result = run(*DIVERGING, "--epochs", "50", "--json")
    said = json.loads(result.stdout)
    assert (said["diverged"], said["failed"], said["compared"]) == (True, None, None)


def test_curve_and_predictions_are_written_beside_the_json(tmp_path: Path) -> None:
    curve, predictions = tmp_path / "curve.csv", tmp_path / "predictions.csv"
    result = run(
        *("--dataset", "iris", "--epochs", "3", "--json"),
        *("--curve", str(curve), "--predictions", str(predictions)),
    )
    said = json.loads(result.stdout)
    assert curve.read_text().splitlines()[-1].split(",")[2] == repr(said["train_loss"])
    assert len(predictions.read_text().splitlines()) == 151


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("--curve", "c.csv", "--predictions", "c.csv"), "must be different files"),
        (("--curve", "nowhere/c.csv"), "folder"),
        (("--predictions", "."), "this is a folder"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused_before_the_training(
    typed: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*ENDLESS, *typed)
    assert result.exit_code == ExitCode.USAGE
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--curve", "--predictions"])
def test_no_table_takes_the_place_of_the_data_or_of_another(option: str, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text(TABLE)
    (tmp_path / "link.csv").symlink_to(data)
    for name in ("data.csv", "x/../data.csv", "link.csv"):
        result = run("--data", str(data), option, str(tmp_path / name), "--epochs", "1")
        assert result.exit_code == ExitCode.USAGE
        assert "must be different files" in result.stderr
    assert data.read_text() == TABLE


def test_json_has_what_was_decided_about_a_table(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(TABLE)
    notes = json.loads(run("--data", str(path), "--epochs", "1", "--json").stdout)["notes"]
    assert any('The target is "price", the last column.' in note for note in notes)


def test_every_key_of_the_json_is_explained() -> None:
    page = (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert explained == list(TrainResult.__struct_fields__) == JSON_KEYS
    assert f"`schema` is {SCHEMA}" in page


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_json_has_null_for_a_loss_that_is_not_finite(loss: float) -> None:
    assert json.loads(as_line(result_of(outcome(loss=loss))))["train_loss"] is None


def test_without_time_the_speed_is_zero() -> None:
    done = train(AppConfig().session(), epochs=1, watch=never, interrupt=_set_event())
    assert (done.snapshot.step, done.seconds, done.steps_per_second) == (0, 0.0, 0.0)


def _set_event() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_trains(engine: str) -> None:
    if engine == "compiled":
        pytest.importorskip("llvmlite")
    said = json.loads(run("--engine", engine, "--samples", "40", "--epochs", "2", "--json").stdout)
    assert said["engine"] == ("tape" if engine == "auto" else engine)
    assert said["steps"] == 4


# --- Divergence ----------------------------------------------------------------------------------


def test_diverging_is_exit_code_3_with_what_to_try() -> None:
    result = run(*DIVERGING)
    assert result.exit_code == 3
    assert re.fullmatch(
        r"Loss (became infinite|is no longer a number) at step \d+: learning rate 3 is too large "
        r"for this network\. Try a smaller --learning-rate\.\n",
        result.stderr,
    )
    assert "Traceback" not in result.stdout


def test_a_regularization_that_makes_it_diverge_is_named() -> None:
    result = run(*DIVERGING, "--regularization", "l2", "--regularization-rate", "3")
    assert result.exit_code == 3
    assert "Learning rate x regularization rate is 9, above 2" in result.stderr
    assert "too large for this network" not in result.stderr


def test_diverging_keeps_json_valid() -> None:
    result = run(*DIVERGING, "--json")
    assert result.exit_code == 3
    said = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert list(said) == JSON_KEYS


@pytest.mark.parametrize(
    ("loss", "error", "said"),
    [
        (math.inf, "", "Loss became infinite at step 812: learning rate 3 is too large for this "),
        (math.nan, "", "Loss is no longer a number at step 812: learning rate 3 is too large "),
        (math.nan, "IndexError()", "Training failed at step 812: IndexError(). "),
    ],
)
def test_a_failure_is_a_sentence_with_advice(loss: float, error: str, said: str) -> None:
    sentence = failure_sentence(TrainingFailure(812, loss, "", 3.0, error), advice="Press r.")
    assert sentence.startswith(said)
    assert sentence.endswith(". Press r.")


def test_the_advice_names_no_rate_that_was_not_tried() -> None:
    done = outcome(failure=TrainingFailure(9, math.inf, "", 3.0))
    assert done.exit_code == ExitCode.DIVERGED
    assert done.complaint.endswith("Try a smaller --learning-rate.")


def test_a_step_that_fails_inside_is_exit_code_1_and_names_the_log(log_file: Path) -> None:
    done = outcome(failure=TrainingFailure(9, math.nan, "", 0.1, "IndexError()"))
    assert done.exit_code == ExitCode.FAILED
    assert str(log_file) in done.complaint


# --- What people read ----------------------------------------------------------------------------


def test_in_a_pipe_it_prints_about_ten_lines_and_a_curve() -> None:
    pytest.importorskip("llvmlite")
    result = run("--epochs", "200")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert (
        lines[0]
        == "circle: 250 training samples, 250 test samples. Network 2-4-2-1: 25 parameters."
    )
    for number, line in enumerate(lines[1:11], 1):
        assert re.fullmatch(
            rf"epoch {number * 20}/200  train loss [\d.e-]+  test loss [\d.e-]+", line
        )
    assert lines[11].startswith("200 epochs, 5,000 steps in ")
    assert "test accuracy" in lines[11]
    assert re.fullmatch(
        r"Test accuracy: your network [.\d]+, a straight line [.\d]+, always 'orange' [.\d]+[.]",
        lines[12],
    )
    assert len(lines) == 13 + HEIGHT
    assert "\x1b" not in result.stdout


def test_ascii_is_ascii() -> None:
    assert run("--epochs", "3", "--ascii").stdout.isascii()


def test_without_test_samples_no_test_loss_is_printed() -> None:
    said = run("--train-share", "1", "--epochs", "2").stdout
    assert "nan" not in said
    assert "test loss" not in said


@pytest.mark.parametrize("ascii", [[], ["--ascii"]], ids=["fine", "ascii"])
def test_on_a_terminal_a_bar_shows_loss_and_time_left(ascii: list[str]) -> None:
    said, code = _on_a_terminal("train", "--epochs", "60", *ascii)
    assert code == 0
    for words in ("epoch 60/60", "train loss", "test loss", "left", "60 epochs, 1,500 steps"):
        assert words in said
    assert said.isascii() == bool(ascii)


def test_json_on_a_terminal_still_ends_in_one_object() -> None:
    said, code = _on_a_terminal("train", "--epochs", "5", "--json")
    assert code == 0
    assert list(json.loads(said[said.index('{"dataset"') :])) == JSON_KEYS


def _on_a_terminal(*arguments: str) -> tuple[str, int]:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "toygrad.tui", *arguments],
        stdin=child,
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "120"},
    ) as process:
        os.close(child)
        said = _read_to_the_end(parent)
    return said, process.returncode


def _read_to_the_end(descriptor: int) -> str:
    """What is left to read on a terminal; closes it."""
    said = b""
    # Linux raises when the other end of a terminal is closed.
    with os.fdopen(descriptor, "rb", buffering=0), contextlib.suppress(OSError):
        while more := os.read(descriptor, 65536):
            said += more
    return said.decode()


# --- Signals, in a process of its own ------------------------------------------------------------


def _start_endless(*arguments: str, stderr: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "toygrad.tui", "train", *ENDLESS, *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1", "TERM": "xterm"},
        # Under a shell's background job SIGINT would be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@NEEDS_SIGNALS
def test_ctrl_c_is_exit_code_130_with_what_was_reached() -> None:
    with _start_endless(stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("circle: ")
        process.send_signal(signal.SIGINT)
        said, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert re.fullmatch(r"Interrupted in epoch \d+\.\n", complaint)
    assert re.search(r"^[\d,]+ epochs, [\d,]+ steps in .* train loss", said, re.MULTILINE)


@NEEDS_SIGNALS
def test_sigterm_with_json_prints_and_saves_what_was_reached(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    parent, child = pty.openpty()
    path = tmp_path / "reached.toygrad"
    with _start_endless("--json", "--save", str(path), stderr=child) as process:
        os.close(child)
        seen = b""
        while b"train loss" not in seen:
            seen += os.read(parent, 65536)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
        complaint = _read_to_the_end(parent)
    assert process.returncode == 143
    assert list(json.loads(said)) == JSON_KEYS
    assert json.loads(said)["steps"] == read_run(path).end > 0
    assert "Interrupted in epoch" in complaint
    assert "Traceback" not in complaint


# --- The curve -----------------------------------------------------------------------------------


def _curve(train_losses: list[float], test_losses: list[float], **drawn: object) -> str:
    history = History()
    for epoch, (a, b) in enumerate(zip(train_losses, test_losses, strict=True)):
        history.append(epoch, (a, b, *[math.nan] * (len(CURVES) - 2)))
    wishes = {"width": 80, "colour": False, "ascii": True, **drawn}
    return loss_curve(history.curves(), **wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [math.nan, math.inf, 0.0, 1.7e308, 5e-324])
def test_the_curve_can_draw_every_loss(bad: float) -> None:
    text = _curve([0.5, 0.2, bad], [0.5, bad, bad])
    assert len(text.splitlines()) == HEIGHT
    assert "train" in text


def test_a_flat_curve_has_its_value_between_the_ends_of_the_axis() -> None:
    labels = [
        float(line.split("+")[0])
        for line in _curve([0.25] * 5, [0.25] * 5).splitlines()
        if re.match(r"\s*[\d.]+\+", line)
    ]
    assert labels == sorted(labels, reverse=True)
    assert labels[0] > 0.25 > labels[-1]


def test_the_largest_losses_there_are_can_be_drawn_flat() -> None:
    assert _curve([sys.float_info.max] * 3, [sys.float_info.max] * 3)


def test_a_curve_without_points_has_no_marks() -> None:
    assert _curve([], []) == ""
    assert _curve([0.5], [0.5]) == ""
    assert _curve([0.0, 0.0], [math.nan, math.nan]) == ""


def test_a_missing_test_loss_is_not_in_the_legend() -> None:
    assert "test" not in _curve([0.5, 0.2], [math.nan, math.nan])


@pytest.mark.parametrize(("width", "used"), [(5, MIN_WIDTH), (70, 70), (500, MAX_WIDTH)])
def test_the_curve_fits_the_width(width: int, used: int) -> None:
    lines = _curve([0.5, 0.2], [0.6, 0.3], width=width).splitlines()
    assert max(map(len, lines)) == used


def test_only_a_coloured_curve_has_escape_sequences() -> None:
    losses = [0.5, 0.2]
    assert "\x1b[" in _curve(losses, losses, colour=True, ascii=False)
    assert "\x1b" not in _curve(losses, losses, colour=False, ascii=False)
    assert _curve(losses, losses).isascii()


def test_a_stop_condition_ends_it_and_says_so() -> None:
    result = run("--epochs", "500", "--stop-loss", "0.05")
    assert result.exit_code == 0
    (said,) = (line for line in result.stdout.splitlines() if line.startswith("Stopped"))
    assert re.match(r"Stopped at epoch \d+: the loss reached 0.05, as asked. \d+ epochs, ", said)
    assert "500/500" not in result.stdout


@pytest.mark.parametrize("command", ["train", "columns"])
def test_a_terminal_is_told_how_far_a_file_is_read_and_nothing_of_it_stays(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    file, shares = tmp_path / "a.csv", Terminal()
    file.write_text("x,y\n" + "".join(f"{k},{k % 3}.5\n" for k in range(20)))
    # Otherwise only a file of many megabytes is told of more than once.
    monkeypatch.setattr(plain, "_CHUNK", 60)
    arguments = [str(file)] if command == "columns" else ["--data", str(file), "--epochs", "1"]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", shares)
        from_terminal = columns.show_progress
        for share in (0.05, 0.5, 1.0):
            from_terminal(share)
    first, half, blank, end = shares.getvalue().split("\r")
    assert (first, half, end) == ("Reading:   5%", "Reading:  50%", "")
    assert blank == " " * len(half)
    told: list[float] = []
    monkeypatch.setattr(columns, "show_progress", told.append)
    assert CliRunner().invoke(cli.app, [command, *arguments]).exit_code == 0
    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == 1.0
