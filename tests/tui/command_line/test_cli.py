"""The command line: every option, every exit code, and what is said where."""

import contextlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.datasets import DATASETS, DataChoice, TableOptions
from toygrad.tui import failures
from toygrad.tui.command_line import cli
from toygrad.tui.command_line.bench import TIMED
from toygrad.tui.command_line.columns import HEADINGS
from toygrad.tui.config import AppConfig
from toygrad.tui.drawing.depth import Depth
from toygrad.tui.learn.presets import PRESETS
from toygrad.tui.options import CliArguments, make_config
from toygrad.tui.signals import raise_ended

# Option -> (what is typed, the field of `CliArguments`, its value).
TYPED: dict[str, tuple[str | None, str, Any]] = {
    "--preset": ("zeros", "preset", "zeros"),
    "--dataset": ("spiral", "dataset", "spiral"),
    "--data": ("some.csv", "data", Path("some.csv")),
    "--target": ("price", "target", "price"),
    "--drop": ("id,name", "drop", "id,name"),
    "--take": ("id", "take", "id"),
    "--as": ("year=category", "read_as", "year=category"),
    "--missing": ("drop", "missing", "drop"),
    "--classify": (None, "classify", True),
    "--regress": (None, "classify", False),
    "--sample": ("500", "sample", 500),
    "--samples": ("40", "samples", 40),
    "--noise": ("0.2", "noise", 0.2),
    "--train-share": ("0.7", "train_share", 0.7),
    "--inputs": ("x1,sinx1", "inputs", "x1,sinx1"),
    "--hidden": ("3,2", "hidden", "3,2"),
    "--activation": ("relu", "activation", "relu"),
    "--initializer": ("he", "initializer", "he"),
    "--loss": ("hinge", "loss", "hinge"),
    "--optimizer": ("adam", "optimizer", "adam"),
    "--learning-rate": ("0.1", "learning_rate", 0.1),
    "--rate-factors": ("1,0.1", "rate_factors", "1,0.1"),
    "--momentum": ("0.8", "momentum", 0.8),
    "--schedule": ("cosine", "schedule", "cosine"),
    "--schedule-epochs": ("50", "schedule_epochs", 50),
    "--batch-size": ("5", "batch_size", 5),
    "--shuffle": (None, "shuffle", True),
    "--no-shuffle": (None, "shuffle", False),
    "--regularization": ("l2", "regularization", "l2"),
    "--regularization-rate": ("0.001", "regularization_rate", 0.001),
    "--pace": ("inf", "pace", float("inf")),
    "--stop-epochs": ("30", "stop_epochs", 30),
    "--stop-loss": ("0.02", "stop_loss", 0.02),
    "--stop-patience": ("20", "stop_patience", 20),
    "--engine": ("scalar", "engine", "scalar"),
    "--seed": ("7", "seed", 7),
    "--ascii": (None, "ascii", True),
    "--fps": ("5", "fps", 5),
    "--no-ascii": (None, "ascii", False),
    "--theme": ("nord", "theme", "nord"),
}


NEEDS_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")


@pytest.fixture(autouse=True)
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log file of the test's own."""
    path = tmp_path / "logs" / "test.log"
    monkeypatch.setattr(failures, "log_path", lambda: path)
    yield path
    logger = logging.getLogger("toygrad")
    for handler in [h for h in logger.handlers if isinstance(h, failures.LogFile)]:
        logger.removeHandler(handler)
        handler.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def outside(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "toygrad.tui", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        timeout=50,
        check=False,
    )


def assert_refused(result: Result, *said: str) -> None:
    """Exit code 2, nothing on stdout, one line on stderr with these words."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    for words in said:
        assert words in result.stderr


# --- Options -------------------------------------------------------------------------------------


def test_every_field_has_an_option_in_the_list() -> None:
    assert {field for _, field, _ in TYPED.values()} == {
        field.name for field in fields(CliArguments)
    }


@pytest.mark.parametrize("command", [[], ["train"]], ids=["playground", "train"])
@pytest.mark.parametrize("option", TYPED)
def test_both_commands_take_every_option(
    option: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[CliArguments] = []

    def note(given: CliArguments) -> AppConfig:
        seen.append(given)
        raise ValueError("that is enough")

    monkeypatch.setattr(cli, "make_config", note)
    text, field, value = TYPED[option]
    result = run(*command, option, *([] if text is None else [text]))
    assert_refused(result, "That is enough.")
    assert seen == [replace(CliArguments(), **{field: value})]


def test_nothing_given_is_the_circle_and_its_starting_point() -> None:
    assert make_config(CliArguments()) == AppConfig()
    assert AppConfig().data == DataChoice(name="circle")
    start = DATASETS["circle"].start
    assert AppConfig().network.hidden == start.hidden
    assert AppConfig().training.learning_rate == start.learning_rate


@pytest.mark.parametrize("name", DATASETS)
def test_missing_options_are_the_data_sets_starting_point(name: str) -> None:
    options, start = make_config(CliArguments(dataset=name)), DATASETS[name].start
    assert options.network == NetworkSpec(
        hidden=start.hidden, activation=start.activation, initializer=start.initializer
    )
    assert options.training == TrainingConfig(
        learning_rate=start.learning_rate,
        batch_size=start.batch_size,
        train_share=start.train_share,
        optimizer=start.optimizer,
    )


def test_given_options_override_the_starting_point() -> None:
    options = make_config(
        CliArguments(
            dataset="digits",
            samples=100,
            noise=0.1,
            inputs="x1, x2",
            hidden="5,3",
            activation="relu,tanh",
            initializer="zeros",
            loss="hinge",
            optimizer="adam",
            learning_rate=0.2,
            momentum=0.5,
            schedule="1/t",
            schedule_epochs=7,
            batch_size=3,
            train_share=0.6,
            shuffle=False,
            regularization="l1",
            regularization_rate=0.01,
            pace=2.0,
            engine="scalar",
            seed=9,
            ascii=True,
            fps=5,
        )
    )
    assert options == AppConfig(
        data=DataChoice(name="digits", n_samples=100, noise=0.1, seed=9),
        network=NetworkSpec(
            inputs=("x1", "x2"), hidden=(5, 3), activation=("relu", "tanh"), initializer="zeros"
        ),
        training=TrainingConfig(
            learning_rate=0.2,
            batch_size=3,
            loss="hinge",
            optimizer="adam",
            momentum=0.5,
            schedule="1/t",
            schedule_epochs=7,
            regularization="l1",
            regularization_rate=0.01,
            train_share=0.6,
            shuffle=False,
            pace=2.0,
            engine="scalar",
        ),
        seed=9,
        ascii=True,
        fps=5,
    )


@pytest.mark.parametrize("fps", ["0", "61", "-3"])
def test_more_or_fewer_frames_than_there_can_be_are_refused(fps: str) -> None:
    assert_refused(run("--fps", fps), f"--fps takes 1 to 60, not {fps}.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("--fps", "abc"), "--fps takes a whole number, not abc."),
        (("--fps", "1.5"), "--fps takes a whole number, not 1.5."),
        (("--samples", ""), "--samples takes a whole number, not nothing."),
        (("--noise", "much"), "--noise takes a number, not much."),
        (("serve", "--port", "65536"), "--port takes 65535 or less, not 65536."),
        (("serve", "--visitors", "0"), "--visitors takes 1 or more, not 0."),
    ],
)
def test_an_option_says_what_it_takes(typed: tuple[str, ...], sentence: str) -> None:
    assert_refused(run(*typed), sentence)


@pytest.mark.parametrize("text", ["", "0", "none", " None "])
def test_no_hidden_layer_can_be_requested(text: str) -> None:
    assert make_config(CliArguments(hidden=text)).network.hidden == ()


def test_names_may_be_typed_with_hyphens_or_in_capitals() -> None:
    options = make_config(
        CliArguments(dataset="Multi_Gauss", activation="Leaky-ReLU", loss="squared-error")
    )
    assert options.data.name == "multi-gauss"
    assert options.network.activation == "leaky_relu"
    assert options.training.loss == "squared_error"


def test_the_seed_decides_samples_and_weights() -> None:
    one, same, other = (make_config(CliArguments(seed=seed)).session() for seed in (1, 1, 2))
    assert (one.dataset.points == same.dataset.points).all()
    assert (one.network.flat_parameters == same.network.flat_parameters).all()
    assert (one.dataset.points != other.dataset.points).any()
    assert (one.network.flat_parameters != other.network.flat_parameters).any()


@pytest.mark.parametrize(
    ("option", "known"),
    [
        ("--dataset", "circle, xor, gauss"),
        ("--activation", "relu, leaky_relu, tanh"),
        ("--initializer", "xavier, he"),
        ("--loss", "squared_error, binary_cross_entropy"),
        ("--optimizer", "sgd, momentum"),
        ("--schedule", "constant, step"),
        ("--regularization", "none, l1, l2"),
        ("--engine", "scalar, array"),
    ],
)
def test_an_unknown_name_lists_the_known_ones(option: str, known: str) -> None:
    assert_refused(run("train", option, "nonsense"), "'nonsense'", known)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--hidden", "4,a"], "--hidden takes numbers"),
        (["--hidden", "4,,2"], "--hidden takes numbers"),
        (["--hidden", "4,0"], "at least one neuron"),
        (["--hidden", "100000,100000"], "parameters"),
        (["--inputs", "x9"], "x1 to x2"),
        (["--inputs", "y"], "not an input"),
        (["--inputs", "x1,,x2"], "--inputs takes names"),
        (["--inputs", "x1,x1"], "only once"),
        (["--activation", "relu,tanh,relu"], "2 hidden layers"),
        (["--activation", "relu,"], "--activation takes names"),
        (["--learning-rate", "0"], "learning rate"),
        (["--learning-rate", "nan"], "learning rate"),
        (["--learning-rate", "fast"], "--learning-rate"),
        (["--batch-size", "0"], "batch size"),
        (["--batch-size", "2.5"], "--batch-size"),
        (["--momentum", "1"], "momentum"),
        (["--schedule-epochs", "0"], "period"),
        (["--noise", "2"], "noise"),
        (["--samples", "1"], "samples"),
        (["--dataset", "iris", "--samples", "151"], "150"),
        (["--train-share", "0"], "share"),
        (["--regularization-rate", "0.1"], "--regularization l1 or l2"),
        (["--pace", "0"], "pace"),
        (["--seed", "-1"], "seed"),
        (["--seed", "x"], "--seed"),
        (["--loss", "hinge", "--dataset", "plane"], "needs classes"),
        (["--target", "price"], "--data"),
        (["--drop", "id", "--dataset", "xor"], "--drop is for a table"),
        (["--preset", "zeros", "--regress"], "comes with its own data"),
        (["--data", "a.csv", "--missing", "guess"], "--missing takes fill or drop, not guess."),
        (["--data", "a.csv", "--as", "year"], "--as takes columns with number, decimal comma"),
        (["--data", "a.csv", "--as", "year=word"], "as year=category, not year=word."),
        (["--data", "a.csv", "--drop", "a,,b"], "--drop takes names like name,id"),
        (["--data", "a.csv", "--dataset", "xor"], "exclude each other"),
        (["--data", "a.csv", "--samples", "3"], "--samples"),
        (["--data", "a.csv", "--noise", "0"], "--noise"),
        (["--epochs", "0"], "--epochs"),
        (["--epochs"], "--epochs"),
        (["--nonsense"], "--nonsense"),
        (["stray"], "stray"),
    ],
)
def test_bad_usage_is_exit_code_2_and_one_sentence(arguments: list[str], said: str) -> None:
    assert_refused(run("train", *arguments), said)


def test_an_unknown_command_suggests_the_most_similar_one() -> None:
    assert_refused(run("trian"), "trian", "train")


def test_options_before_the_command_are_refused() -> None:
    assert_refused(run("--dataset", "xor", "train"), "toygrad-tui train")


# --- CSV files -----------------------------------------------------------------------------------


def test_a_csv_file_can_be_learned(tmp_path: Path) -> None:
    file = tmp_path / "flats.csv"
    file.write_text("price,rooms\n" + "".join(f"{n * 1.5},{n % 17}\n" for n in range(40)))
    result = run("train", "--data", str(file), "--target", "price", "--epochs", "2", "--json")
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["dataset"] == "flats"
    assert said["train_accuracy"] is None


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (None, []),
        ("", []),
        ("a,b\n1,2\n", []),
        ("a,b\n1,2\n3,x\n4,5\n", ["--target", "b"]),
        ("a,b\n1,2\n3,4\n5,6\n", ["--target", "c"]),
    ],
    ids=["missing", "empty", "one row", "not a number", "no such column"],
)
def test_a_bad_csv_file_is_refused_by_name(
    text: str | None, arguments: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    if text is not None:
        file.write_text(text)
    result = run("train", "--data", str(file), *arguments, "--epochs", "1")
    assert_refused(result, "bad.csv")


PEOPLE = (
    'id,age,"city, state",fare,alive\n1,22,"X, Y",5,no\n2,,"Z, Y",7,yes\n'
    '3,30,"X, Y",6,yes\n4,41,"A, B",9,no\n5,35,"X, Y",4,yes\n6,29,"Z, Y",8,no\n'
)


@pytest.fixture
def people(tmp_path: Path) -> str:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return str(file)


def test_the_columns_of_a_table_are_listed(people: str) -> None:
    result = run("columns", people, "--ascii")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].split() == [*HEADINGS[:6], *HEADINGS[6].split()]
    assert "left out  row numbers" in lines[1]
    assert "17%" in lines[2]
    assert "one input for each of 3 values" in lines[3]
    assert "6 of 6 rows are learned, 5 inputs each; alive is learned as classes." in lines
    assert "Left out: id (it only numbers the rows)." in lines
    assert result.stdout.isascii()


def test_the_columns_of_a_table_are_listed_for_scripts(people: str) -> None:
    typed = ("--target", "age", "--drop", '"city, state",fare', "--missing", "drop", "--take", "id")
    result = run("columns", people, "--json", *typed)
    said = json.loads(result.stdout)
    assert (said["target"], said["task"], said["n_samples"]) == ("age", "regression", 5)
    roles = {column["name"]: column["role"] for column in said["columns"]}
    assert roles == {
        "id": "input",
        "age": "target",
        "city, state": "left out",
        "fare": "left out",
        "alive": "input",
    }


def test_a_table_that_cannot_be_learned_like_this_is_listed_all_the_same(people: str) -> None:
    result = run("columns", people, "--target", "city, state", "--regress")
    assert result.exit_code == 1
    assert "row numbers" in result.stdout
    assert result.stderr == (
        'people.csv, line 2: the target "city, state" contains names, but regression needs '
        "numbers. Choose another column as the target.\n"
    )
    assert_refused(run("columns", "missing.csv"), "missing.csv")
    assert_refused(run("columns", people, "--target", "cabin"), "Choose one of: id, age")


def test_the_options_of_a_table_are_those_of_the_training(people: str) -> None:
    typed = ("--data", people, "--target", "fare", "--as", "age=category", "--classify")
    data = make_config(CliArguments(data=Path(people), drop="id, alive", sample=4)).data
    assert data.table == TableOptions(left_out=("id", "alive"), sample=4)
    result = run("train", *typed, "--epochs", "1", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["train_accuracy"] is not None


def test_inputs_are_named_by_their_columns_too(people: str) -> None:
    def inputs(typed: str) -> tuple[str, ...]:
        given = CliArguments(data=Path(people), inputs=typed)
        return make_config(given).session().network_spec.inputs

    assert inputs('age,"city, state"') == ("x1", "x2", "x3", "x4")
    assert inputs("fare,x1^2") == ("x5", "x1^2")
    refused = run("train", "--data", people, "--inputs", "cabin")
    assert_refused(refused, "'cabin' is not an input")


# --- The playground ------------------------------------------------------------------------------


def test_without_a_terminal_the_playground_is_refused() -> None:
    assert_refused(run(), "needs a terminal", "toygrad-tui train")
    assert outside().returncode == 2


def test_on_a_terminal_the_playground_opens_with_the_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[AppConfig] = []

    class FakeApp:
        return_code = 5

        def __init__(self, options: AppConfig, **_: object) -> None:
            opened.append(options)

        async def run_async(self) -> None:
            """Nothing to see."""

    fake = types.ModuleType("toygrad.tui.app")
    fake.ToygradApp = FakeApp  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toygrad.tui.app", fake)
    monkeypatch.setattr(cli, "has_terminal", lambda: True)
    # Both are for the process, which is the test's own.
    monkeypatch.setattr(cli, "obey_signals", lambda app: None)
    monkeypatch.setattr(cli, "end_within", lambda seconds, code: None)
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "256")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert run("--dataset", "xor", "--ascii").exit_code == 5
    assert opened == [AppConfig(data=DataChoice(name="xor"), ascii=True, depth=Depth.CUBE)]


# --- Other commands ------------------------------------------------------------------------------


def test_datasets_lists_every_one_with_its_size_on_one_line() -> None:
    result = run("datasets")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(DATASETS)
    digits = lines[-1]
    for words in ("1,797", "64", "10 classes", DATASETS["digits"].source):
        assert words in digits


def test_lists_are_printed_for_scripts() -> None:
    data = json.loads(run("datasets", "--json").stdout)
    assert list(data) == list(DATASETS)
    assert (data["iris"]["inputs"], data["iris"]["classes"][0]) == (4, "setosa")
    presets = json.loads(run("presets", "--json").stdout)
    assert list(presets) == list(PRESETS)
    assert all(preset["why"] and preset["advice"] for preset in presets.values())
    # Keys are written as what to press, not by their names in the key map.
    assert not any("{" in str(text) for preset in presets.values() for text in preset.values())
    timed = json.loads(run("bench", "--samples", "30", "--seconds", "0.01", "--json").stdout)
    assert [row["engine"] for row in timed["engines"]] == list(TIMED)
    assert all(row["steps_per_second"] > 0 for row in timed["engines"])


def test_datasets_on_a_terminal_is_a_table() -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "toygrad.tui", "datasets"],
        stdin=child,
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "160"},
    ) as process:
        os.close(child)
        said = b""
        # Linux raises when the other end of a terminal is closed.
        with os.fdopen(parent, "rb", buffering=0), contextlib.suppress(OSError):
            while more := os.read(parent, 65536):
                said += more
    assert process.returncode == 0
    assert "┃" in said.decode()
    assert all(name in said.decode() for name in DATASETS)


def test_the_version_is_that_of_the_distribution() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout == f"toygrad-tui {version('toygrad-tui')}\n"


def test_help_names_every_option() -> None:
    for command in ([], ["train"]):
        result = CliRunner().invoke(cli.app, [*command, "--help"], env={"COLUMNS": "200"})
        assert result.exit_code == 0
        for option in TYPED:
            assert option in result.stdout


def test_help_shows_no_type_of_python() -> None:
    for command in cli.app.registered_commands:
        said = run(*([command.name] if command.name else []), "--help")
        assert said.exit_code == 0
        assert not re.search(r"<[a-z]+( range)?>", said.stdout), command.name


def test_the_shell_completes_names() -> None:
    said = outside(
        _TOYGRAD_TUI_COMPLETE="complete_bash",
        COMP_WORDS="toygrad-tui train --dataset s",
        COMP_CWORD="3",
    )
    assert said.stdout.split() == ["spiral", "sine-squared", "square"]


# --- What goes wrong inside ----------------------------------------------------------------------


def test_an_unexpected_error_is_one_sentence_and_a_traceback_in_the_log(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(given: CliArguments) -> AppConfig:
        raise RuntimeError("a bolt is loose")

    monkeypatch.setattr(cli, "make_config", fail)
    result = run("train")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "a bolt is loose" in result.stderr
    assert str(log_file) in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in log_file.read_text()


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "Interrupted.\n"),
        (signal.SIGTERM, 143, "Ended by SIGTERM.\n"),
        (1, 129, "Ended by SIGHUP.\n"),
    ],
)
@NEEDS_SIGNALS
def test_a_signal_ends_a_command_in_words_with_its_exit_code(
    number: int, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_ended(given: CliArguments) -> AppConfig:
        signal.raise_signal(number)
        raise AssertionError("the signal did not end it")

    monkeypatch.setattr(cli, "make_config", be_ended)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    usual: tuple[Any, ...] = (signal.default_int_handler, signal.SIG_DFL, signal.SIG_DFL)
    before = [signal.signal(*pair) for pair in zip(numbers, usual, strict=True)]
    try:
        raise_ended()
        result = run("bench")
    finally:
        for pair in zip(numbers, before, strict=True):
            signal.signal(*pair)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


@NEEDS_SIGNALS
def test_a_pipe_that_nobody_reads_ends_a_command_in_silence() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "toygrad.tui", "datasets"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_a_log_that_cannot_be_written_is_not_promised(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(given: CliArguments) -> AppConfig:
        raise RuntimeError("a bolt is loose")

    # A file where the folder ought to be.
    log_file.parent.write_text("")
    monkeypatch.setattr(cli, "make_config", fail)
    result = run("train")
    assert result.exit_code == 1
    assert "could not be written" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_run_that_goes_well_makes_no_log_file(log_file: Path) -> None:
    assert run("datasets").exit_code == 0
    assert not log_file.exists()
    assert not log_file.parent.exists()


def test_a_terminal_that_knows_ascii_alone_gets_question_marks() -> None:
    done = outside("datasets", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "3x? - 4x + 5" in done.stdout
