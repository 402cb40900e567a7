"""The options that the application, `train` and `bench` share: typed, checked, completed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

from typer import Option

from ...core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    NetworkSpec,
    TrainingConfig,
)
from ...core.training import ENGINES, REGULARIZATIONS
from ...core.training.config import AUTO
from ...datasets import DATASETS
from ..config import AppConfig
from ..data_choice import DataChoice
from ..learn.presets import PRESETS, Preset, Start


@dataclass(frozen=True, kw_only=True)
class CliArguments:
    """The options as they were typed; None for what was not given.

    `_HELP` says what each means; `make_config` checks them and fills in the rest.
    """

    preset: str | None = None
    dataset: str | None = None
    data: Path | None = None
    target: str | None = None
    samples: int | None = None
    noise: float | None = None
    train_share: float | None = None
    inputs: str | None = None
    hidden: str | None = None
    activation: str | None = None
    initializer: str | None = None
    loss: str | None = None
    optimizer: str | None = None
    learning_rate: float | None = None
    momentum: float | None = None
    schedule: str | None = None
    schedule_epochs: int | None = None
    batch_size: int | None = None
    regularization: str | None = None
    regularization_rate: float | None = None
    pace: float | None = None
    stop_epochs: int | None = None
    stop_loss: float | None = None
    stop_patience: int | None = None
    engine: str | None = None
    seed: int = 0
    shuffle: bool | None = None
    ascii: bool = False


# The names that an option takes: the shell completes them, and its help lists them at `{}`.
_NAMES: dict[str, Iterable[str]] = {
    "preset": PRESETS,
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": (AUTO, *LOSSES),
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "regularization": REGULARIZATIONS,
    "engine": ENGINES,
}

# By panel: what stands for an option's value, and its help. Defaults are in parentheses.
_HELP: dict[str, dict[str, tuple[str | None, str]]] = {
    "Data": {
        "preset": ("NAME", "A setup from 'toygrad-tui presets'. The other options change it."),
        "dataset": ("NAME", "What to learn: a name from 'toygrad-tui datasets' (circle)."),
        "data": ("FILE.csv", "A CSV file to learn instead."),
        "target": ("COLUMN", "The column of the CSV file to predict (the last)."),
        "samples": ("N", "How many samples (the data set's own number)."),
        "noise": ("X", "From 0 to 0.5 (the data set's own)."),
        "train_share": ("X", "The share of samples to train on, above 0 up to 1; the rest test."),
    },
    "Network": {
        "inputs": ("LIST", "The network's inputs, as x1,x2,x1^2,x1*x2,sinx1 (every column)."),
        "hidden": ("LIST", "Neurons of each hidden layer, as 4,2; none for no hidden layer."),
        "activation": ("NAME", "Of all hidden layers, or a list with one for each: {}."),
        "initializer": ("NAME", "How the initial weights are drawn: {}."),
    },
    "Training": {
        "loss": ("NAME", "What is minimized: {}."),
        "optimizer": ("NAME", "What turns gradients into updates: {}."),
        "learning_rate": ("X", "Multiplies every update."),
        "momentum": ("X", "Of momentum and Nesterov, and Adam's beta1 (0.9)."),
        "schedule": ("NAME", "How the learning rate changes over time: {}."),
        "schedule_epochs": ("N", "The schedule's period in epochs (100)."),
        "batch_size": ("N", "Samples per step."),
        "regularization": ("NAME", "Of the weights, not the biases: {}."),
        "regularization_rate": ("X", "How strong it is, 0 or more."),
        "pace": ("X", "Epochs per second on the screen; inf for as fast as possible (30)."),
        "stop_epochs": ("N", "Pause after this many epochs (0, never)."),
        "stop_loss": ("X", "Pause when the test loss has fallen to this (0, never)."),
        "stop_patience": (
            "N",
            "Pause after so many epochs without a lower test loss (0, never).",
        ),
        "engine": ("NAME", "What computes the gradients: {} (tape, the fastest)."),
    },
    "Chance": {
        "seed": ("N", "Decides samples, split, initial weights and order."),
        "shuffle": (None, "Whether to draw a new order each epoch (shuffle)."),
    },
    "Drawing": {"ascii": (None, "Draw with plain characters only.")},
}
_FLAGS = {"shuffle": "--shuffle/--no-shuffle", "ascii": "--ascii"}


def _option(field: str) -> Any:
    panel = next(panel for panel, options in _HELP.items() if field in options)
    metavar, text = _HELP[panel][field]
    names = tuple(_NAMES.get(field, ()))
    return Option(
        *([_FLAGS[field]] if field in _FLAGS else []),
        help=text.format(", ".join(names)),
        metavar=metavar,
        autocompletion=_starting_with(names) if names else None,
        rich_help_panel=panel,
    )


def _starting_with(names: Iterable[str]) -> Callable[[str], list[str]]:
    """Completes a word in the shell."""
    return lambda incomplete: [name for name in names if name.startswith(incomplete)]


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for every field of `CliArguments`.

    typer reads the options from a command's signature, so this makes one that has them all.

    Args:
        command: Takes `given` as a keyword, besides options of its own.

    Returns:
        The command as typer should see it: with the fields of `given` in place of it.
    """
    hints = get_type_hints(CliArguments)
    shared = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=Annotated[hints[field.name], _option(field.name)],
        )
        for field in fields(CliArguments)
    ]
    parameters = signature(command, eval_str=True).parameters.values()
    own = [parameter for parameter in parameters if parameter.name != "given"]

    @wraps(command)
    def with_options(**values: Any) -> None:
        given = CliArguments(**{parameter.name: values.pop(parameter.name) for parameter in shared})
        command(given=given, **values)

    cast(Any, with_options).__signature__ = Signature([*own, *shared])
    return with_options


# --- From what was typed to a configuration ----------------------------------------------------

# Ways to say that there is no hidden layer.
_NO_LAYERS = ("", "0", "none")


def make_config(given: CliArguments) -> AppConfig:
    """Checks what was typed, and fills in what the data set begins with for the rest.

    Names may be typed with hyphens or underscores, in upper or lower case. The seed decides the
    samples as well.

    Raises:
        ValueError: If something is impossible; in one sentence that says what is possible.
    """
    if given.seed < 0:
        raise ConfigError(f"The seed must be 0 or more, not {given.seed}.")
    preset = _preset(given)
    start = _first_start(_data(given)) if preset is None else _drawn(preset.start, given)
    return AppConfig(
        data=start.data,
        network=_network(given, start.network),
        training=_training(given, start.training),
        seed=given.seed,
        ascii=given.ascii,
        preset=preset,
    )


def _preset(given: CliArguments) -> Preset | None:
    if given.preset is None:
        return None
    name = _spelled(given.preset, PRESETS)
    if name not in PRESETS:
        raise ConfigError(f"No preset {name!r}: choose from {', '.join(PRESETS)}.")
    if (given.dataset, given.data, given.target) != (None, None, None):
        raise ConfigError("--preset comes with its own data: omit --dataset, --data and --target.")
    return PRESETS[name]


def _drawn(start: Start, given: CliArguments) -> Start:
    """A preset's start, with the number of samples and the noise that were typed."""
    data = start.data
    samples = data.n_samples if given.samples is None else given.samples
    noise = data.noise if given.noise is None else given.noise
    return replace(start, data=replace(data, n_samples=samples, noise=noise))


def _first_start(data: DataChoice) -> Start:
    """What a newcomer to the data begins with."""
    return Start(data, data.first_network, TrainingConfig(**data.first_settings))


def _data(given: CliArguments) -> DataChoice:
    if given.data is None:
        if given.target is not None:
            raise ConfigError("--target names a column of a CSV file: give the file with --data.")
        typed = DataChoice().name if given.dataset is None else given.dataset
        name = _spelled(typed, DATASETS)
        if name not in DATASETS:
            raise ConfigError(f"No data set {name!r}: choose from {', '.join(DATASETS)}.")
        return DataChoice(name=name, n_samples=given.samples, noise=given.noise, seed=given.seed)
    if given.dataset is not None:
        raise ConfigError("--dataset and --data exclude each other: give only one.")
    if given.samples is not None or given.noise is not None:
        raise ConfigError("--samples and --noise are for generated data sets, not for files.")
    return DataChoice(path=given.data, target=given.target, seed=given.seed)


def _network(given: CliArguments, start: NetworkSpec) -> NetworkSpec:
    changes: dict[str, Any] = {}
    if given.inputs is not None:
        changes["inputs"] = _listed("--inputs", given.inputs, "x1,x2,sinx1")
    if given.hidden is not None:
        changes["hidden"] = _layers(given.hidden)
    if given.activation is not None:
        changes["activation"] = _activation(given.activation)
    if given.initializer is not None:
        changes["initializer"] = _spelled(given.initializer, INITIALIZERS)
    return replace(start, **changes)


def _training(given: CliArguments, start: TrainingConfig) -> TrainingConfig:
    settings: dict[str, Any] = {}
    for name in (*_HELP["Training"], "train_share", "shuffle"):
        if (typed := getattr(given, name)) is not None:
            settings[name] = _spelled(typed, _NAMES[name]) if name in _NAMES else typed
    training = replace(start, **settings)
    if training.regularization_rate > 0.0 and training.regularization == "none":
        raise ConfigError("--regularization-rate needs --regularization l1 or l2.")
    return training


def _layers(text: str) -> tuple[int, ...]:
    if text.strip().lower() in _NO_LAYERS:
        return ()
    try:
        return tuple(int(number) for number in text.split(","))
    except ValueError:
        raise ConfigError(
            f"--hidden takes numbers of neurons like 4,2, or none, not {text!r}."
        ) from None


def _activation(text: str) -> str | tuple[str, ...]:
    names = _listed("--activation", text, "tanh or relu,tanh")
    spelled = tuple(_spelled(name, ACTIVATIONS) for name in names)
    return spelled[0] if len(spelled) == 1 else spelled


def _listed(option: str, text: str, example: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise ConfigError(f"{option} takes names like {example}, not {text!r}.")
    return names


def _spelled(typed: str, known: Iterable[str]) -> str:
    """The known name that was meant; what was typed if none matches."""
    return next((name for name in known if _plain(name) == _plain(typed)), typed)


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")
