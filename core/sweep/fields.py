"""Fields: the settings of a recipe that a sweep can vary, by the names of `train`'s options."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from ...datasets.choice import DataChoice
from ..nn.names import ACTIVATION_NAMES, INITIALIZER_NAMES, LOSS_NAMES, OPTIMIZER_NAMES
from ..nn.schedules import SCHEDULES
from ..training.config import (
    AUTO,
    DTYPES,
    ENGINES,
    MAX_RATE_FACTORS,
    REGULARIZATIONS,
    SABOTAGE_NAMES,
    ConfigError,
    NetworkSpec,
    TrainingConfig,
)

Value = float | int | str | bool | tuple[Any, ...]
"""What a field is set to: a number, a name, widths of layers, ..."""

NO_LAYERS: Final = "none"
_RATE: Final = re.compile(r"rate-(\d{1,4})")
# What a screen alone uses, or what is no setting of a run.
_LEFT_OUT: Final = frozenset({"pace", "sabotage", "hidden_sabotage", "rate_factors"})
# What decides a step's code: cells with the same follow each other, so that it is compiled once.
_STRUCTURAL: Final = frozenset(
    {
        *("dataset", "samples", "inputs", "hidden", "depth", "width", "activation", "batch-size"),
        *("output-activation", "loss", "optimizer", "regularization", "train-share", "dtype"),
        *("engine", "sabotage"),
    }
)


@dataclass(frozen=True, slots=True)
class CellRecipe:
    """What one run is made from, its data not yet loaded.

    Attributes:
        data: Which samples.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides the first weights, the split and the order of the samples.
    """

    data: DataChoice
    network: NetworkSpec
    training: TrainingConfig
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A setting that can vary.

    Attributes:
        name: As it is typed.
        parse: Reads one value; raises a `ConfigError`.
        apply: The recipe with a value.
        is_number: Whether it takes ranges.
        is_whole: Whether its numbers are whole.
    """

    name: str
    parse: Callable[[str], Value]
    apply: Callable[[CellRecipe, Any], CellRecipe]
    is_number: bool = False
    is_whole: bool = False

    @property
    def is_structural(self) -> bool:
        """Whether other values may need other compiled code."""
        return self.name in _STRUCTURAL


def field_named(typed: str) -> Field:
    """The field of a name, typed with hyphens or underscores.

    Raises:
        ConfigError: If there is none; it lists those there are.
    """
    name = typed.strip().lower().replace("_", "-").removeprefix("--")
    if (found := _RATE.fullmatch(name)) is not None:
        return _rate_of_layer(int(found[1]))
    if name not in FIELDS:
        listed = ", ".join(FIELDS)
        raise ConfigError(
            f"A sweep can't vary {typed!r}: choose from {listed}, rate-1, rate-2, ..."
        )
    return FIELDS[name]


# --- Reading values ------------------------------------------------------------------------------


def parse_number(text: str) -> float:
    """A finite number.

    Raises:
        ConfigError: If it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(f"{text!r} is not a number.")
    return number


def parse_whole(text: str) -> int:
    """A whole number.

    Raises:
        ConfigError: If it is none.
    """
    number = parse_number(text)
    if number != int(number):
        raise ConfigError(f"{text!r} is not a whole number.")
    return int(number)


def _dataset(text: str) -> str:
    name = _plain(text)
    try:
        DataChoice(name=name).check()
    except ValueError as error:
        raise ConfigError(str(error)) from None
    return name


def _one_of(what: str, names: Iterable[str]) -> Callable[[str], str]:
    known = tuple(names)

    def parse(text: str) -> str:
        plain = _plain(text)
        found = next((name for name in known if _plain(name) == plain), None)
        if found is None:
            raise ConfigError(f"There is no {what} {text!r}: take {', '.join(known)}.")
        return found

    return parse


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def _several(parse: Callable[[str], Any], separator: str) -> Callable[[str], Any]:
    """Several values in one, as 8x8 and relu+tanh; none for no value."""

    def parse_all(text: str) -> Any:
        if text.strip().lower() in (NO_LAYERS, "0"):
            return ()
        return tuple(parse(part.strip()) for part in text.split(separator))

    return parse_all


def _activations(text: str) -> str | tuple[str, ...]:
    names = _several(_one_of("activation", ACTIVATION_NAMES), "+")(text)
    return names[0] if len(names) == 1 else tuple(names)


def _switch(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if text.strip().lower() not in words:
        raise ConfigError(f"{text!r} is neither true nor false.")
    return words[text.strip().lower()]


# --- Setting them --------------------------------------------------------------------------------


def _data(name: str) -> Callable[[CellRecipe, Any], CellRecipe]:
    def apply(recipe: CellRecipe, value: Any) -> CellRecipe:
        if recipe.data.path is not None:
            raise ConfigError("What is learned comes from a file: a sweep can't vary it.")
        data = replace(recipe.data, **{name: value})
        data.check()
        return replace(recipe, data=data)

    return apply


def _network(name: str) -> Callable[[CellRecipe, Any], CellRecipe]:
    return lambda r, value: replace(r, network=replace(r.network, **{name: value}))


def _training(name: str) -> Callable[[CellRecipe, Any], CellRecipe]:
    return lambda r, value: replace(r, training=replace(r.training, **{name: value}))


def _with_layers(recipe: CellRecipe, hidden: tuple[int, ...]) -> CellRecipe:
    return replace(recipe, network=replace(recipe.network, hidden=hidden))


def _width(recipe: CellRecipe, value: int) -> CellRecipe:
    if value < 1:
        raise ConfigError(f"The width has to be at least 1, not {value}.")
    return _with_layers(recipe, (value,) * max(len(recipe.network.hidden), 1))


def _depth(recipe: CellRecipe, value: int) -> CellRecipe:
    if value < 0:
        raise ConfigError(f"The depth has to be 0 or more, not {value}.")
    return _with_layers(recipe, (recipe.network.hidden or NetworkSpec().hidden)[:1] * value)


def _rate_of_layer(layer: int) -> Field:
    if not 1 <= layer <= MAX_RATE_FACTORS:
        raise ConfigError(f"rate-{layer} is the rate factor of no layer: layers count from 1.")

    def apply(recipe: CellRecipe, value: float) -> CellRecipe:
        factors = list(recipe.training.rate_factors)
        factors += [1.0] * (layer - len(factors))
        factors[layer - 1] = value
        return replace(recipe, training=replace(recipe.training, rate_factors=tuple(factors)))

    return Field(f"rate-{layer}", parse_number, apply, is_number=True)


def _fields() -> Iterable[Field]:
    yield Field("dataset", _dataset, _data("name"))
    yield Field("samples", parse_whole, _data("n_samples"), is_number=True, is_whole=True)
    yield Field("noise", parse_number, _data("noise"), is_number=True)
    yield Field("inputs", _several(str, "+"), _network("inputs"))
    yield Field("hidden", _several(parse_whole, "x"), _network("hidden"))
    yield Field("depth", parse_whole, _depth, is_number=True, is_whole=True)
    yield Field("width", parse_whole, _width, is_number=True, is_whole=True)
    yield Field("activation", _activations, _network("activation"))
    output = _one_of("activation", (AUTO, *ACTIVATION_NAMES))
    yield Field("output-activation", output, _network("output_activation"))
    yield Field("initializer", _one_of("initializer", INITIALIZER_NAMES), _network("initializer"))
    names = {
        "loss": (AUTO, *LOSS_NAMES),
        "optimizer": OPTIMIZER_NAMES,
        "schedule": SCHEDULES,
        "regularization": REGULARIZATIONS,
        "engine": ENGINES,
        "dtype": DTYPES,
    }
    for field in fields(TrainingConfig):
        name, apply = field.name.replace("_", "-"), _training(field.name)
        if field.name in names:
            yield Field(name, _one_of(name, names[field.name]), apply)
        elif isinstance(field.default, bool):
            yield Field(name, _switch, apply)
        elif field.name not in _LEFT_OUT:
            is_whole = isinstance(field.default, int)
            parse = parse_whole if is_whole else parse_number
            yield Field(name, parse, apply, is_number=True, is_whole=is_whole)
    bugs = _several(_one_of("bug", SABOTAGE_NAMES), "+")
    yield Field("sabotage", bugs, _training("sabotage"))


FIELDS: Final[dict[str, Field]] = {field.name: field for field in _fields()}
"""Every field by its name, in the order in which they are set; and rate-1, rate-2, ... besides."""
