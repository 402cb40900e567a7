"""Links and lines as arguments, and set-ups as commands."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from toygrad.core import NetworkSpec, TrainingConfig
from toygrad.core.links.playground import LinkError
from toygrad.core.nn.names import ACTIVATION_NAMES, INITIALIZER_NAMES, OPTIMIZER_NAMES
from toygrad.core.run.file.line import document_to_line
from toygrad.datasets import DATASETS, DataChoice, TableOptions
from toygrad.tui.command import command_of
from toygrad.tui.command_line import cli, group
from toygrad.tui.config import AppConfig
from toygrad.tui.options import CliArguments, make_config

LINK = (
    "https://playground.tensorflow.org/#activation=relu&dataset=xor&networkShape=3"
    "&learningRate=0.1&seed=0.00007&noise=60&learningRate_hide=true&showTestData=true"
)


@pytest.fixture(autouse=True)
def no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "start_logging", lambda: None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def test_training_says_that_it_shows_nothing_of_a_screen() -> None:
    link = f"{LINK}&discretize=true&learningRate_hide=true"
    assert "the link's display settings" in run("train", link, "--epochs", "1").stderr


def test_a_link_is_trained() -> None:
    result = run("train", LINK, "--epochs", "2", "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["dataset"], said["hidden"], said["seed"]) == ("xor", [3], 7)
    assert said["recipe"]["network"]["activation"] == "relu"
    assert said["recipe"]["training"]["learning_rate"] == 0.1
    assert result.stderr == (
        "Not carried over: noise above 50, it is 50 here; its points and first weights: the same "
        "seed gives others here. Without a screen, the link's display settings are ignored.\n"
    )


def test_a_line_is_trained_from_its_start() -> None:
    session = AppConfig(network=NetworkSpec(hidden=(5,)), seed=3).session()
    session.advance_epochs(4)
    said = json.loads(
        run("train", document_to_line(session.document()), "--epochs", "4", "--json").stdout
    )
    assert (said["hidden"], said["seed"]) == ([5], 3)
    assert said["train_loss"] == session.evaluate().train_loss


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "#activation=swish"), "activation takes one of"),
        (("train", LINK, "--hidden", "3"), "omit --hidden"),
        (("train", "toygrad:abc"), "This line is damaged"),
        (
            ("train", "nonsense"),
            "no link of TensorFlow Playground, and no line from toygrad: on: nonsense.",
        ),
        (("train", "my.csv"), "use train --data my.csv"),
        ((LINK,), "needs a terminal"),
        (("#dataset=moons",), "dataset takes one of"),
        (("toygrad:abc",), "This line is damaged"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(
    arguments: tuple[str, ...], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_application_opens_with_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[AppConfig] = []

    def open_app(options: AppConfig, *_: object, **__: object) -> int:
        opened.append(options)
        return 0

    monkeypatch.setattr(cli, "_run_app", open_app)
    assert run(LINK).exit_code == 0
    assert run("--theme", "nord", LINK).exit_code == 0
    (first, second) = opened
    assert first.data == DataChoice(name="xor", noise=0.5, seed=7)
    assert first.hidden == frozenset({"learning_rate"})
    assert (first.shows_tests, first.discretized, first.theme) == (True, False, None)
    assert replace(second, theme=None) == first
    assert second.theme == "nord"


# --- Set-ups as commands -------------------------------------------------------------------------


def typed(command: str) -> AppConfig:
    """What a command begins."""
    program, *words = shlex.split(command)
    assert program == "toygrad-tui"
    begun: list[CliArguments] = []

    def take(given: CliArguments) -> AppConfig:
        begun.append(given)
        raise ValueError("that is enough")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "make_config", take)
        assert run(*words).exit_code == 2
    return make_config(begun[0])


SETUPS = st.fixed_dictionaries(
    {
        "data": st.builds(
            DataChoice,
            name=st.sampled_from(list(DATASETS)),
            noise=st.none() | st.floats(0, 0.5),
            seed=st.just(4),
        ),
        "network": st.builds(
            NetworkSpec,
            inputs=st.just(()) | st.just(("x1", "sin x1")),
            hidden=st.just((3, 2)) | st.just((7,)),
            activation=st.sampled_from(ACTIVATION_NAMES),
            initializer=st.sampled_from(INITIALIZER_NAMES),
        ),
        "training": st.builds(
            TrainingConfig,
            learning_rate=st.floats(1e-6, 100),
            batch_size=st.integers(1, 500),
            optimizer=st.sampled_from(OPTIMIZER_NAMES),
            schedule=st.sampled_from(["constant", "cosine"]),
            shuffle=st.booleans(),
            stop_loss=st.floats(0, 1),
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(SETUPS)
def test_a_command_begins_the_same_set_up(setup: dict[str, Any]) -> None:
    begun = typed(command_of(**setup, seed=4))
    assert {name: getattr(begun, name) for name in setup} == setup


def test_a_command_names_only_what_is_unusual() -> None:
    usual = make_config(CliArguments(dataset="spiral"))
    wanted = (usual.data, usual.network, replace(usual.training, optimizer="adam"))
    assert command_of(*wanted, 0) == "toygrad-tui --dataset spiral --optimizer adam"
    bare = replace(usual.network, hidden=())
    assert command_of(usual.data, bare, usual.training, 0).endswith("--hidden none")


def test_a_file_is_read_as_it_was() -> None:
    table = TableOptions(
        target="the price",
        left_out=("id", "a, b"),
        kinds=(("year", "category"),),
        missing="drop",
        task="regression",
        sample=100,
    )
    data = DataChoice(path=Path("my data.csv"), table=table)
    usual = make_config(CliArguments(data=Path("my data.csv")))
    assert typed(command_of(data, usual.network, usual.training, 0)).data == data


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data": DataChoice(seed=1)}, "another for the weights"),
        ({"data": DataChoice(added=((1.0, 1.0, 1.0),))}, "by hand"),
        ({"training": TrainingConfig(beta2=0.9)}, "the beta2 0.9"),
        ({"network": NetworkSpec(output_activation="relu")}, "the output activation relu"),
    ],
)
def test_what_no_command_can_say_is_in_the_way(changes: dict[str, Any], said: str) -> None:
    setup: dict[str, Any] = {
        "data": DataChoice(),
        "network": NetworkSpec(),
        "training": TrainingConfig(),
    }
    with pytest.raises(LinkError, match="No command can say this") as caught:
        command_of(**setup | changes, seed=0)
    assert said in str(caught.value)
