"""The options that the application, `train` and `bench` share: typed, checked, completed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields, replace
from functools import partial, wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

from typer import Option

from ..core import SCHEDULES, ConfigError, NetworkSpec, TrainingConfig
from ..core.nn.names import ACTIVATION_NAMES, INITIALIZER_NAMES, LOSS_NAMES, OPTIMIZER_NAMES
from ..core.training import ENGINES, REGULARIZATIONS
from ..core.training.config import AUTO
from ..datasets import COLUMN_KINDS, DATASETS, MISSING, DataChoice, TableOptions
from .config import AppConfig, checked_fps, first_network, first_settings
from .learn.presets import PRESETS, Preset, Start
from .theme_choice import THEMES


class UsageError(Exception):
    """Invalid options or data; in one sentence."""


def _option(
    panel: str,
    metavar: str | None,
    text: str,
    names: Iterable[str] = (),
    *,
    default: object = None,
    flag: str = "",
) -> Any:
    """A field with its option; in the text, `{}` becomes the names that the option takes."""
    option = Option(
        *([flag] if flag else []),
        help=text.format(", ".join(names)),
        metavar=metavar,
        autocompletion=starting_with(names) if names else None,
        rich_help_panel=panel,
    )
    metadata = {"option": option, "names": tuple(names), "flag": flag}
    return field(default=default, metadata=metadata)


def starting_with(names: Iterable[str]) -> Callable[[str], list[str]]:
    """Completes a word in the shell."""
    return lambda incomplete: [name for name in names if name.startswith(incomplete)]


_source = partial(_option, "Data")
_shape = partial(_option, "Network")
_setting = partial(_option, "Training")


@dataclass(frozen=True, kw_only=True)
class CliArguments:
    """The options as they were typed; None for what was not given.

    `make_config` checks them and fills in the rest.
    """

    preset: str | None = _source(
        "NAME", "A setup from 'toygrad-tui presets'. The other options change it.", PRESETS
    )
    dataset: str | None = _source(
        "NAME", "What to learn: a name from 'toygrad-tui datasets' (circle).", DATASETS
    )
    data: Path | None = _source("FILE.csv", "A table to learn instead, as CSV.")  # noqa: RUF009
    target: str | None = _source("COLUMN", "The column of the file to predict (the last).")
    drop: str | None = _source("LIST", "Columns of the file to leave out, as name,id.")
    take: str | None = _source("LIST", "Columns to take as inputs that would be left out.")
    read_as: str | None = _source(
        "LIST", "What columns are read as, as year=category,born=weekday.", flag="--as"
    )
    missing: str | None = _source(
        "NAME", "What becomes of missing cells of the file: {} (fill).", MISSING
    )
    classify: bool | None = _source(
        None,
        "Whether the target is learned as classes or as numbers (by its values).",
        flag="--classify/--regress",
    )
    sample: int | None = _source("N", "Read only so many rows of the file, drawn at random.")
    samples: int | None = _source("N", "How many samples (the data set's own number).")
    noise: float | None = _source("X", "From 0 to 0.5 (the data set's own).")
    train_share: float | None = _source(
        "X", "The share of samples to train on, above 0 up to 1; the rest test."
    )
    inputs: str | None = _shape(
        "LIST", "The network's inputs, as x1,x2,x1^2,x1*x2,sinx1 or names of columns (every one)."
    )
    hidden: str | None = _shape(
        "LIST", "Neurons of each hidden layer, as 4,2; none for no hidden layer."
    )
    activation: str | None = _shape(
        "NAME", "Of all hidden layers, or a list with one for each: {}.", ACTIVATION_NAMES
    )
    initializer: str | None = _shape(
        "NAME", "How the initial weights are drawn: {}.", INITIALIZER_NAMES
    )
    loss: str | None = _setting("NAME", "What is minimized: {}.", (AUTO, *LOSS_NAMES))
    optimizer: str | None = _setting(
        "NAME", "What turns gradients into updates: {}.", OPTIMIZER_NAMES
    )
    learning_rate: float | None = _setting("X", "Multiplies every update.")
    rate_factors: str | None = _setting(
        "LIST", "Multiply the learning rate in each layer, as 1,0.1; 1 for layers left out."
    )
    momentum: float | None = _setting("X", "Of momentum and Nesterov, and Adam's beta1 (0.9).")
    schedule: str | None = _setting(
        "NAME", "How the learning rate changes over time: {}.", SCHEDULES
    )
    schedule_epochs: int | None = _setting("N", "The schedule's period in epochs (100).")
    batch_size: int | None = _setting("N", "Samples per step.")
    regularization: str | None = _setting(
        "NAME", "Of the weights, not the biases: {}.", REGULARIZATIONS
    )
    regularization_rate: float | None = _setting("X", "How strong it is, 0 or more.")
    pace: float | None = _setting(
        "X", "Epochs per second on the screen; inf for as fast as possible (30)."
    )
    stop_epochs: int | None = _setting("N", "Pause after this many epochs (0, never).")
    stop_loss: float | None = _setting(
        "X", "Pause when the test loss has fallen to this (0, never)."
    )
    stop_patience: int | None = _setting(
        "N", "Pause after so many epochs without a lower test loss (0, never)."
    )
    engine: str | None = _setting("NAME", "What takes the steps: {} (auto, the fastest).", ENGINES)
    seed: int = _option(
        "Chance", "N", "Decides samples, split, initial weights and order.", default=0
    )
    shuffle: bool | None = _option(
        "Chance",
        None,
        "Whether each epoch has a new random order (shuffle).",
        flag="--shuffle/--no-shuffle",
    )
    ascii: bool | None = _option(
        "Drawing",
        None,
        "Whether to draw with plain characters only (where the terminal has no others).",
        flag="--ascii/--no-ascii",
    )
    fps: int | None = _option(
        "Drawing",
        "N",
        "Frames per second at most, from 1 to 60 (17). Fewer suit a slow connection.",
    )
    theme: str | None = _option(
        "Drawing", "NAME", "The colours of the screen: {} (the last one).", THEMES
    )


TABLE_OPTIONS = ("target", "drop", "take", "read_as", "missing", "classify", "sample")
"""What is decided about a table."""


def flags_of(option: Field[Any]) -> tuple[str, str]:
    """The option of a field of `CliArguments`, and the one that means no."""
    plain = option.name.replace("_", "-")
    yes, _, no = (option.metadata["flag"] or f"--{plain}").partition("/")
    return yes, no or f"--no-{plain}"


def _option_of(name: str) -> Any:
    (found,) = (option for option in fields(CliArguments) if option.name == name)
    return found.metadata["option"]


AsciiOption = Annotated[bool | None, _option_of("ascii")]
ThemeOption = Annotated[str | None, _option_of("theme")]
FpsOption = Annotated[int | None, _option_of("fps")]
JsonOption = Annotated[bool, Option("--json", help="Print one JSON object and nothing else.")]


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for every field of `CliArguments`.

    typer reads the options from a command's signature, so this makes one that has them all.

    Args:
        command: Takes `given` as a keyword, besides options of its own.

    Returns:
        The command as typer should see it: with the fields of `given` in place of it.
    """
    return _taking(tuple(option.name for option in fields(CliArguments)), command)


def takes_table_options(command: Callable[..., None]) -> Callable[..., None]:
    """As `takes_options`, for what is decided about a table alone."""
    return _taking((*TABLE_OPTIONS, "seed", "ascii"), command)


def _taking(names: tuple[str, ...], command: Callable[..., None]) -> Callable[..., None]:
    hints = get_type_hints(CliArguments)
    shared = [
        Parameter(
            option.name,
            Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=Annotated[hints[option.name], option.metadata["option"]],
        )
        for option in fields(CliArguments)
        if option.name in names
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
        ascii=bool(given.ascii),
        theme=checked_theme(given.theme),
        fps=checked_fps(given.fps),
        preset=preset,
    )


def checked_theme(typed: str | None) -> str | None:
    """The theme that was meant; None for none.

    Raises:
        ConfigError: If no theme has this name; in one sentence that lists the names.
    """
    if typed is None:
        return None
    name = spelled(typed, THEMES)
    if name not in THEMES:
        raise ConfigError(f"No theme {name!r}: choose from {', '.join(THEMES)}.")
    return name


def _preset(given: CliArguments) -> Preset | None:
    if given.preset is None:
        return None
    name = spelled(given.preset, PRESETS)
    if name not in PRESETS:
        raise ConfigError(f"No preset {name!r}: choose from {', '.join(PRESETS)}.")
    if (given.dataset, given.data, *_of_table(given)) != (None, None):
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
    return Start(data, first_network(data), TrainingConfig(**first_settings(data)))


def _data(given: CliArguments) -> DataChoice:
    if given.data is None:
        if of_table := _of_table(given):
            raise ConfigError(f"{of_table[0]} is for a table: give its file with --data.")
        typed = DataChoice().name if given.dataset is None else given.dataset
        name = spelled(typed, DATASETS)
        if name not in DATASETS:
            raise ConfigError(f"No data set {name!r}: choose from {', '.join(DATASETS)}.")
        return DataChoice(name=name, n_samples=given.samples, noise=given.noise, seed=given.seed)
    if given.dataset is not None:
        raise ConfigError("--dataset and --data exclude each other: give only one.")
    if given.samples is not None or given.noise is not None:
        raise ConfigError("--samples and --noise are for generated data sets, not for files.")
    return DataChoice(path=given.data, table=table_options(given), seed=given.seed)


def _of_table(given: CliArguments) -> tuple[str, ...]:
    """The options that were typed and decide something about a table."""
    typed = (option for option in fields(CliArguments) if getattr(given, option.name) is not None)
    return tuple(flags_of(option)[0] for option in typed if option.name in TABLE_OPTIONS)


def table_options(given: CliArguments) -> TableOptions:
    """What was decided about a table.

    Raises:
        ConfigError: If something is impossible; in one sentence that says what is possible.
    """
    missing = spelled(given.missing or MISSING[0], MISSING)
    if missing not in MISSING:
        raise ConfigError(f"--missing takes {' or '.join(MISSING)}, not {missing}.")
    kinds = []
    for text in _listed("--as", given.read_as, "year=category"):
        name, _, typed = text.rpartition("=")
        kind = spelled(typed, COLUMN_KINDS)
        if not name or kind not in COLUMN_KINDS:
            raise ConfigError(
                f"--as takes columns with {', '.join(COLUMN_KINDS)}, as year=category, not {text}."
            )
        kinds.append((name, kind))
    tasks = {None: None, True: "classification", False: "regression"}
    return TableOptions(
        target=given.target,
        left_out=_listed("--drop", given.drop, "name,id"),
        taken=_listed("--take", given.take, "name,id"),
        missing=cast(Any, missing),
        task=cast(Any, tasks[given.classify]),
        kinds=tuple(kinds),
        sample=given.sample,
    )


def _network(given: CliArguments, start: NetworkSpec) -> NetworkSpec:
    changes: dict[str, Any] = {}
    if given.inputs is not None:
        changes["inputs"] = _listed("--inputs", given.inputs, "x1,x2,sinx1")
    if given.hidden is not None:
        changes["hidden"] = _layers(given.hidden)
    if given.activation is not None:
        changes["activation"] = _activation(given.activation)
    if given.initializer is not None:
        changes["initializer"] = spelled(given.initializer, INITIALIZER_NAMES)
    return replace(start, **changes)


def _training(given: CliArguments, start: TrainingConfig) -> TrainingConfig:
    settings: dict[str, Any] = {}
    for option in fields(CliArguments):
        typed = getattr(given, option.name)
        if typed is not None and hasattr(start, option.name):
            names = option.metadata["names"]
            settings[option.name] = spelled(typed, names) if names else typed
    if given.rate_factors is not None:
        settings["rate_factors"] = _factors(given.rate_factors)
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


def _factors(text: str) -> tuple[float, ...]:
    if text.strip().lower() in _NO_LAYERS[-1:]:
        return ()
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        raise ConfigError(
            f"--rate-factors takes a number for each layer like 1,0.1, not {text!r}."
        ) from None


def _activation(text: str) -> str | tuple[str, ...]:
    names = _listed("--activation", text, "tanh or relu,tanh")
    known = tuple(spelled(name, ACTIVATION_NAMES) for name in names)
    return known[0] if len(known) == 1 else known


def _listed(option: str, text: str | None, example: str) -> tuple[str, ...]:
    """The names in a list; those with a comma in them are in quotes."""
    if text is None:
        return ()
    names = tuple(map(str.strip, next(csv.reader([text], skipinitialspace=True), [""])))
    if not all(names):
        raise ConfigError(f"{option} takes names like {example}, not {text!r}.")
    return names


def spelled(typed: str, known: Iterable[str]) -> str:
    """The known name that was meant; what was typed if none matches."""
    return next((name for name in known if _plain(name) == _plain(typed)), typed)


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")
