"""Sweep: a recipe, what varies in it, and every cell by its number, none of them made before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any, Final

import msgspec

from ...datasets.files import read_file
from ..training.config import ConfigError
from .axis import Axis, value_text
from .fields import CellRecipe, Value

MAX_CELLS: Final = 1_000_000_000
MAX_AXES: Final = 20
# What a file of data is read to at most for its hash.
_MAX_DATA_BYTES: Final = 2_000_000_000
_LAYERS: Final = ("hidden", "width", "depth")


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of a sweep.

    Attributes:
        number: From 0.
        recipe: What it is made from.
        values: By the names of the axes.
    """

    number: int
    recipe: CellRecipe
    values: dict[str, Value]

    @property
    def text(self) -> str:
        """`learning-rate 0.1, hidden 8x8, seed 3`."""
        named = [f"{name} {value_text(value)}" for name, value in self.values.items()]
        return ", ".join([*named, f"seed {self.recipe.seed}"])


@dataclass(frozen=True, slots=True)
class Sweep:
    """Every combination of the axes' values, with some seeds each.

    Attributes:
        base: What they have in common.
        axes: What varies, in the order in which they were given.
        n_seeds: How many seeds, that of the base first; one decides the samples too.
        epochs: How long each trains.
        curves: Whether the curves of each are kept.
        data_hash: Of the file that is learned; empty without one.
        key: Tells it from other sweeps: 16 hexadecimal digits.

    Raises:
        ConfigError: If the axes do not fit each other, or are too many.
    """

    base: CellRecipe
    axes: tuple[Axis, ...]
    n_seeds: int = 1
    epochs: int = 200
    curves: bool = False
    data_hash: str = ""
    key: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = [axis.name for axis in self.axes]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"{name} varies twice: give all its values at once.")
        if len(names) > MAX_AXES:
            raise ConfigError(f"At most {MAX_AXES} fields can vary at a time, not {len(names)}.")
        if "hidden" in names and len(set(names) & set(_LAYERS)) > 1:
            raise ConfigError("hidden says all of the width and the depth: vary it without them.")
        if self.n_seeds < 1 or self.epochs < 1:
            raise ConfigError("A sweep has at least one seed and one epoch.")
        if self.n_cells > MAX_CELLS:
            raise ConfigError(
                f"That is {self.n_cells:,} runs, and at most {MAX_CELLS:,} can be: vary less."
            )
        is_varied = {"regularization", "regularization-rate"} & {*names}
        if is_varied == {"regularization-rate"} and self.base.training.regularization == "none":
            raise ConfigError("To vary regularization-rate, give --regularization l1 or l2.")
        object.__setattr__(self, "key", self._key())

    @property
    def n_cells(self) -> int:
        """How many runs there are."""
        return prod((len(axis) for axis in self.axes), start=self.n_seeds)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes, in their order."""
        return tuple(map(len, self.axes))

    def check(self) -> None:
        """Checks every value by itself, and the first run as a whole.

        Raises:
            ValueError: If one can't be; in one sentence.
        """
        # Here, because it needs the engine.
        from .cell import setup_of

        for axis in self.axes:
            for value in axis.values:
                try:
                    axis.field.apply(self.base, value)
                except ValueError as error:
                    raise ConfigError(f"{axis.name}={value_text(value)}: {error}") from None
        setup_of(self.cell(0).recipe)
        self._check_layers()

    def _check_layers(self) -> None:
        """Checks that a layer whose rate varies exists, where all runs have as many."""
        names = [axis.name for axis in self.axes]
        n_layers = len(self.base.network.hidden) + 1
        for name in names:
            layer = name.removeprefix("rate-")
            if layer.isdecimal() and int(layer) > n_layers and not set(names) & set(_LAYERS):
                raise ConfigError(f"{name}: this network has {n_layers} layers of weights.")

    def places(self, number: int) -> tuple[int, ...]:
        """Of a cell, the place of its value on each axis, then that of its seed.

        The seed changes fastest, and slowest what decides the code of a step.
        """
        number, seed = divmod(number, self.n_seeds)
        places = [0] * len(self.axes)
        for n in reversed(self._order):
            number, places[n] = divmod(number, len(self.axes[n]))
        return (*places, seed)

    def number(self, places: tuple[int, ...]) -> int:
        """The number of a cell, see `places`."""
        number = 0
        for n in self._order:
            number = number * len(self.axes[n]) + places[n]
        return number * self.n_seeds + places[-1]

    @property
    def _order(self) -> list[int]:
        """The axes, the slowest first."""
        return sorted(range(len(self.axes)), key=lambda n: self.axes[n].order)

    def cell(self, number: int) -> Cell:
        """A cell.

        Raises:
            ConfigError: If its values do not fit each other.
        """
        *places, seed = self.places(number)
        values = {a.name: a.values[p] for a, p in zip(self.axes, places, strict=True)}
        recipe = self.seeded(seed)
        for n in self._applied:
            recipe = self.axes[n].field.apply(recipe, self.axes[n].values[places[n]])
        return Cell(number, recipe, values)

    def seeded(self, place: int) -> CellRecipe:
        """The base with one of the seeds, as `--seed` has it: of the samples too."""
        seed = self.base.seed + place
        return replace(self.base, data=replace(self.base.data, seed=seed), seed=seed)

    def zoomed(self, number: int) -> Sweep:
        """As many cells over smaller ranges around one of them; lists of names stay."""
        *places, _ = self.places(number)
        axes = [axis.zoomed(place) for axis, place in zip(self.axes, places, strict=True)]
        return replace(self, axes=tuple(axes))

    @property
    def _applied(self) -> list[int]:
        """The axes in the order in which they are set: the depth before the width."""
        return sorted(range(len(self.axes)), key=lambda n: self.axes[n].order[1])

    def with_data_hash(self) -> Sweep:
        """This sweep, with the hash of its file if it has one.

        Raises:
            FileError: If the file can't be read.
        """
        path = self.base.data.path
        return self if path is None else replace(self, data_hash=_hash_of(path))

    def _key(self) -> str:
        training = msgspec.to_builtins(self.base.training)
        del training["pace"]
        parts: list[Any] = [
            *(msgspec.to_builtins(self.base.data, enc_hook=str), self.data_hash),
            *(msgspec.to_builtins(self.base.network), training, self.base.seed),
            *([(axis.name, axis.values) for axis in self.axes], self.n_seeds),
            *(self.epochs, self.curves),
        ]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:16]


def _hash_of(path: Path) -> str:
    return hashlib.sha256(read_file(path, limit=_MAX_DATA_BYTES)).hexdigest()
