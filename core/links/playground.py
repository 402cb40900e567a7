"""The link of TensorFlow Playground, which holds a whole set-up behind its `#`.

Its keys, defaults and values are facts of that program (state.ts of tensorflow/playground at
02469bd37517); reading and writing them is ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import unquote_plus, urlencode

from ...datasets.choice import DataChoice
from ...datasets.files import shown
from ..training.config import AUTO, ConfigError, NetworkSpec, TrainingConfig

ADDRESS: Final = "https://playground.tensorflow.org/"
MOST_CHARACTERS: Final = 10_000
MOST_LAYERS: Final = 100

_DATASETS: Final = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
_REGRESSIONS: Final = {"reg-plane": "plane", "reg-gauss": "multi-gauss"}
_ACTIVATIONS: Final = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "linear"}
_REGULARIZATIONS: Final = {"none": "none", "L1": "l1", "L2": "l2"}
_PROBLEMS: Final = {"classification": "classification", "regression": "regression"}
_INPUTS: Final = {
    "x": "x1",
    "y": "x2",
    "xTimesY": "x1*x2",
    "xSquared": "x1^2",
    "ySquared": "x2^2",
    "sinX": "sin x1",
    "sinY": "sin x2",
}
_HIDDEN: Final = {
    "showTestData": "output.tests",
    "discretize": "output.discretize",
    "playButton": "play",
    "stepButton": "step",
    "resetButton": "reset",
    "learningRate": "learning_rate",
    "activation": "activation",
    "regularization": "regularization",
    "regularizationRate": "regularization_rate",
    "dataset": "dataset",
    "percTrainData": "train",
    "noise": "noise",
    "batchSize": "batch_size",
    "numHiddenLayers": "neurons",
    **_INPUTS,
}
"""What of the screen `KEY_hide=true` hides: the name of the control here."""
CONTROLS: Final = tuple(_HIDDEN.values())
"""The names of the controls that can be hidden."""
_DEAD: Final = {
    "cosX": "an input cos(x1), which that program does not have either",
    "cosY": "an input cos(x2), which that program does not have either",
    "collectStats": "",
    "tutorial": "the text of a tutorial",
    "hideText": "the text around the playground, which is not here",
}
MOST_NOISE: Final = 50.0
_SEED_DIGITS: Final = 5

T = TypeVar("T")


class LinkError(ValueError):
    """A text that is no link, or a set-up that can't be one; in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundLink:
    """What a link says, as far as it means something here.

    Attributes:
        data: Which samples.
        network: The shape of the network.
        training: How it is trained.
        seed: Of the first weights and the order of the samples.
        shows_tests: Whether test samples are shown.
        discretized: Whether the map has two colours.
        hidden: The controls that are hidden.
        lost: What could not be carried over, in a few words each.
    """

    data: DataChoice
    network: NetworkSpec
    training: TrainingConfig
    seed: int = 0
    shows_tests: bool = False
    discretized: bool = False
    hidden: frozenset[str] = frozenset()
    lost: tuple[str, ...] = ()


def is_link(text: str) -> bool:
    """Whether a text is meant as such a link: by its address, or by a key behind its `#`."""
    address, hash, fragment = _unwrapped(text).partition("#")
    if not hash or any(c.isspace() for c in address + fragment):
        return False
    keys = {part.partition("=")[0] for part in fragment.split("&")}
    return "playground.tensorflow.org" in address or bool(keys & _KNOWN)


def _unwrapped(text: str) -> str:
    """A text without the ends of lines that a mail program adds."""
    return "".join(text.split("\n")).replace("\r", "").strip()


# --- Reading -------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """The values of a link by key, and what became of them."""

    values: dict[str, str]
    lost: list[str] = field(default_factory=list)

    def named(self, key: str, names: dict[str, str], default: str) -> str:
        """One of the names that a key takes, as it is called here."""
        typed = self.values.get(key, default)
        if typed not in names:
            raise _bad(key, f"one of {', '.join(names)}", typed)
        return names[typed]

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number within bounds."""
        typed = self.values.get(key)
        number = default if typed is None else _read(float, typed)
        if number is None or not low <= number <= high:
            raise _bad(key, f"a number from {low:g} to {high:g}", typed or "")
        return number

    def is_true(self, key: str, default: bool = False) -> bool:
        """Whether a key is true; that program takes every other word for no."""
        return self.values.get(key, str(default).lower()) == "true"


def read_link(text: str) -> PlaygroundLink:
    """What a link of TensorFlow Playground says.

    What is not in it has that program's default, unknown keys are passed over and listed.

    Args:
        text: The whole address, or from the `#` on.

    Raises:
        LinkError: If a value is impossible; it names the key and what it takes.
    """
    if len(text) > MOST_CHARACTERS:
        raise LinkError(f"This link has more than {MOST_CHARACTERS:,} characters: shorten it.")
    fragment = _unwrapped(text).partition("#")[2]
    reader = _Reader(_values(fragment))
    is_regression = reader.named("problem", _PROBLEMS, "classification") == "regression"
    data = _data(reader, is_regression)
    try:
        network, training = _network(reader), _training(reader)
    except ConfigError as error:
        raise LinkError(f"This link can't be opened: {error}") from None
    _list_lost(reader)
    return PlaygroundLink(
        data=data,
        network=network,
        training=training,
        seed=data.seed,
        shows_tests=reader.is_true("showTestData"),
        discretized=reader.is_true("discretize"),
        hidden=frozenset(name for key, name in _HIDDEN.items() if reader.is_true(f"{key}_hide")),
        lost=tuple(reader.lost),
    )


def _values(fragment: str) -> dict[str, str]:
    """The values by key; of one that is there twice the last counts, as in that program."""
    values = {}
    for part in filter(None, fragment.split("&")):
        key, _, value = part.partition("=")
        values[unquote_plus(key)] = unquote_plus(value)
    return values


def _data(reader: _Reader, is_regression: bool) -> DataChoice:
    names, key = (_REGRESSIONS, "regDataset") if is_regression else (_DATASETS, "dataset")
    name = reader.named(key, names, next(iter(names)))
    # That program draws one too, five digits of it.
    seed = round(reader.number("seed", 0.0, 0.0, 1.0) * 10**_SEED_DIGITS)
    noise = reader.number("noise", 0.0, 0.0, 1e9)
    if noise > MOST_NOISE:
        reader.lost.append(f"noise above {MOST_NOISE:g}, it is {MOST_NOISE:g} here")
        noise = MOST_NOISE
    return DataChoice(name=name, noise=noise / 100.0, seed=seed)


def _network(reader: _Reader) -> NetworkSpec:
    inputs = [
        name for key, name in _INPUTS.items() if reader.is_true(key, default=key in ("x", "y"))
    ]
    if not inputs:
        raise LinkError("This link has no input: give it one, such as x=true.")
    shape = reader.values.get("networkShape", "4,2")
    sizes = [_read(int, part) for part in shape.split(",")] if shape else []
    hidden = tuple(size for size in sizes if size is not None and size > 0)
    if len(hidden) < len(sizes) or len(hidden) > MOST_LAYERS:
        raise _bad("networkShape", "numbers of neurons such as 4,2", shape)
    return NetworkSpec(
        inputs=tuple(inputs),
        hidden=hidden,
        activation=reader.named("activation", _ACTIVATIONS, "tanh"),
        initializer="zeros" if reader.is_true("initZero") else "playground",
    )


def _training(reader: _Reader) -> TrainingConfig:
    share = reader.number("percTrainData", 50.0, 1.0, 100.0)
    return TrainingConfig(
        learning_rate=reader.number("learningRate", 0.03, 1e-12, 1e6),
        batch_size=_whole(reader, "batchSize", 10, 100_000),
        regularization=reader.named("regularization", _REGULARIZATIONS, "none"),
        regularization_rate=reader.number("regularizationRate", 0.0, 0.0, 1e6),
        train_share=share / 100.0,
    )


def _whole(reader: _Reader, key: str, default: int, high: int) -> int:
    """A whole number from 1 on."""
    typed = reader.values.get(key, str(default))
    number = _read(int, typed)
    if number is None or not 1 <= number <= high:
        raise _bad(key, f"a whole number from 1 to {high}", typed)
    return number


def _list_lost(reader: _Reader) -> None:
    """Lists what a link says besides, and the points and weights that its seed would give."""
    if "seed" in reader.values:
        reader.lost.append("its points and first weights: the same seed gives others here")
    for key, value in reader.values.items():
        plain = key.removesuffix("_hide")
        if key in _DEAD:
            if value == "true" or key == "tutorial":
                reader.lost += [_DEAD[key]] if _DEAD[key] else []
        elif plain == "problem" and key != plain:
            if value == "true":
                reader.lost.append("problem_hide: there is no such control here")
        elif key not in _KNOWN:
            reader.lost.append(f"the unknown key {shown(key)}")


def _read(kind: Callable[[str], T], text: str) -> T | None:
    try:
        # Python reads 1_0 too, and digits of other scripts.
        number = kind(text if text.isascii() and "_" not in text else "")
        return number if math.isfinite(float(number)) else None  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _bad(key: str, takes: str, typed: str) -> LinkError:
    return LinkError(f'In this link {key} takes {takes}, not "{shown(typed)}".')


# --- Writing -------------------------------------------------------------------------------------


def write_link(link: PlaygroundLink) -> str:
    """The link of a set-up.

    Raises:
        LinkError: If it can't be said in one; it lists what is in the way.
    """
    problems = list(_in_the_way(link))
    if problems:
        raise LinkError(f"No playground link can say this: {', '.join(problems)}.")
    data, network, training = link.data, link.network, link.training
    is_regression = data.name in _REGRESSIONS.values()
    inputs = network.inputs or ("x1", "x2")
    pairs: dict[str, str] = {
        "activation": _key_of(_ACTIVATIONS, _activation(network)),
        "regularization": _key_of(_REGULARIZATIONS, training.regularization),
        "batchSize": str(training.batch_size),
        "learningRate": _plain(training.learning_rate),
        "regularizationRate": _plain(training.regularization_rate),
        "noise": _percent(data.noise or 0.0),
        "networkShape": ",".join(map(str, network.hidden)),
        "seed": f"{data.seed / 10**_SEED_DIGITS:.{_SEED_DIGITS}f}",
        "showTestData": _word(link.shows_tests),
        "discretize": _word(link.discretized),
        "percTrainData": _percent(training.train_share),
        "problem": "regression" if is_regression else "classification",
        "initZero": _word(network.initializer == "zeros"),
        **{key: _word(name in inputs) for key, name in _INPUTS.items()},
        **{f"{key}_hide": "true" for key, name in _HIDDEN.items() if name in link.hidden},
    }
    if is_regression:
        pairs["regDataset"] = _key_of(_REGRESSIONS, data.name)
    else:
        pairs["dataset"] = data.name
    address = f"{ADDRESS}#{urlencode(pairs, safe=',')}"
    try:
        read_link(address)
    except LinkError as error:
        # A number out of the bounds that every link has.
        raise LinkError(f"No playground link can say this. {error}") from None
    return address


def _in_the_way(link: PlaygroundLink) -> Iterable[str]:
    """What that program does not have, in a few words each."""
    data, network, training = link.data, link.network, link.training
    if data.path is not None:
        yield "data of your own"
    elif data.name not in {*_DATASETS, *_REGRESSIONS.values()}:
        yield f"the data set {data.name}"
    if 100.0 * (data.noise or 0.0) > MOST_NOISE:
        yield f"noise above {MOST_NOISE:g} %"
    if data.added or data.removed:
        yield "samples added or removed by hand"
    if data.path is None and data.n_samples not in (None, data.entry.n_samples):
        yield f"{data.n_samples:,} samples"
    if data.seed != link.seed:
        yield "a seed for the samples and another for the weights"
    elif data.seed > 10**_SEED_DIGITS:
        yield f"the seed {data.seed}"
    others = [name for name in network.inputs if name not in _INPUTS.values()]
    if others:
        yield f"the input {others[0]}"
    if len(set(network.activations)) > 1:
        yield "an activation for each layer"
    elif _activation(network) not in _ACTIVATIONS:
        yield f"the activation {_activation(network)}"
    if network.output_activation != AUTO:
        yield f"the output activation {network.output_activation}"
    if network.initializer not in ("playground", "zeros"):
        yield f"the initializer {network.initializer}"
    usual = TrainingConfig()
    for name in ("optimizer", "schedule", "dtype"):
        if getattr(training, name) != getattr(usual, name):
            yield f"the {name} {getattr(training, name)}"
    if training.mistakes:
        yield "a planted bug"
    if training.rate_factors:
        yield "a rate factor for each layer"
    if not training.shuffle:
        yield "one order of the samples for all epochs"
    if training.stop_epochs or training.stop_loss or training.stop_patience:
        yield "a stop condition"
    if training.loss not in (AUTO, "squared_error"):
        yield f"the loss {training.loss.replace('_', ' ')}"


def _activation(network: NetworkSpec) -> str:
    """That of the hidden layers; without any it does not matter."""
    return network.activations[0] if network.hidden else "tanh"


def _key_of(names: dict[str, str], name: str) -> str:
    return next(key for key, known in names.items() if known == name)


def _plain(number: float) -> str:
    return repr(float(number)).removesuffix(".0")


def _percent(share: float) -> str:
    """A share in percent, so that it comes back to the bit."""
    near = 100.0 * share
    close = (round(near, 10), near, math.nextafter(near, 0.0), math.nextafter(near, math.inf))
    return _plain(next((percent for percent in close if percent / 100.0 == share), near))


def _word(is_so: bool) -> str:
    return "true" if is_so else "false"


_KNOWN: Final = frozenset(
    {
        *("activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate"),
        *("regularizationRate", "noise", "networkShape", "seed", "showTestData", "discretize"),
        *("percTrainData", "problem", "initZero", *_INPUTS, *_DEAD, "problem_hide"),
        *(f"{key}_hide" for key in _HIDDEN),
    }
)
