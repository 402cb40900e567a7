"""AppConfig: what the application, or a training without a screen, begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    NetworkSpec,
    Session,
    TrainingConfig,
)
from ..core.training import ENGINES, REGULARIZATIONS
from ..datasets import DATASETS
from .data_choice import DataChoice
from .learn.presets import PRESETS, Preset, Start

if TYPE_CHECKING:
    from .command_line.arguments import CliArguments

# Ways to say that there is no hidden layer.
_NO_LAYERS = ("", "0", "none")

# The settings of the training that have an option: as they are typed, and by a name.
_PLAIN_SETTINGS = (
    "learning_rate",
    "momentum",
    "schedule_epochs",
    "batch_size",
    "train_share",
    "shuffle",
    "regularization_rate",
    "pace",
    "stop_epochs",
    "stop_loss",
    "stop_patience",
)
_NAMED_SETTINGS: dict[str, Iterable[str]] = {
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "regularization": REGULARIZATIONS,
    "engine": ENGINES,
}


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """Everything the command line can preset.

    The defaults are the circle and what a newcomer begins with on it.

    Attributes:
        data: What is learned.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides first weights, split and order.
        ascii: Draw without braille, blocks and symbols.
        preset: What the rest was taken from; None if nothing.
    """

    data: DataChoice = field(default_factory=DataChoice)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = 0
    ascii: bool = False
    preset: Preset | None = None

    def session(self) -> Session:
        """Loads the data and makes the session.

        Raises:
            ValueError: If data, network and training cannot go together; in one sentence.
        """
        return Session(self.network, self.data.load(), self.training, seed=self.seed)


def make_config(given: CliArguments) -> AppConfig:
    """Checks what was typed, and fills in the data set's starting point for what was not.

    Names may be typed with hyphens or underscores, in upper or lower case. The seed decides the
    points as well.

    Raises:
        ValueError: If something cannot be, in one sentence that says what can.
    """
    if given.seed < 0:
        raise ConfigError(f"The seed has to be 0 or more, not {given.seed}.")
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
        raise ConfigError(f"There is no preset {name!r}: take {', '.join(PRESETS)}.")
    if (given.dataset, given.data, given.target) != (None, None, None):
        raise ConfigError(
            "--preset comes with its own data: leave out --dataset, --data and --target."
        )
    return PRESETS[name]


def _drawn(start: Start, given: CliArguments) -> Start:
    """A preset's start, its points drawn as they were asked for."""
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
            raise ConfigError(f"There is no data set {name!r}: take {', '.join(DATASETS)}.")
        return DataChoice(name=name, n_samples=given.samples, noise=given.noise, seed=given.seed)
    if given.dataset is not None:
        raise ConfigError("--dataset and --data exclude each other: give one of them.")
    if given.samples is not None or given.noise is not None:
        raise ConfigError("--samples and --noise are for data sets that are made, not for files.")
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
    for name in _PLAIN_SETTINGS:
        if (value := getattr(given, name)) is not None:
            settings[name] = value
    for name, known in _NAMED_SETTINGS.items():
        if (typed := getattr(given, name)) is not None:
            settings[name] = _spelled(typed, known)
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
    """The known name that was meant; what was typed if there is none."""
    return next((name for name in known if _plain(name) == _plain(typed)), typed)


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")
