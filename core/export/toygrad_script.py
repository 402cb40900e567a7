"""A Python script that trains the run again with toygrad.core, every edit with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from string import Template

import numpy as np

from ... import core, datasets
from ...datasets.choice import DataChoice
from ...datasets.dataset import Dataset
from .. import nn, run
from ..run.file.data import is_made_by_its_origin
from ..run.journal import Entry, Kind
from ..run.recipe import Recipe
from .source import array_source, call_source, indented, number_source
from .trained import TrainedRun

SCRIPT = Template('''\
"""A run of toygrad, trained again: the same data, network, settings and edits.

On the machine that trained it the numbers are the same to the bit; elsewhere the last digits may
differ.
"""

# $facts

import numpy as np

$imports

$data
session = Session(
    $recipe,
    chooses_engine=False,
)


def train_until(tick):
    """Trains until this many steps were taken in all, those before resets included."""
    while session.tick < tick:
        before = session.tick
        session.advance(tick - before)
        if session.tick == before:
            raise SystemExit(f"Training can't continue after step {before}.")


$steps

# The losses of the original run, on its training and its test samples.
TRAIN_LOSS = $train_loss
TEST_LOSS = $test_loss

if __name__ == "__main__":
    result = session.evaluate()
    print("train loss", result.train_loss, "test loss", result.test_loss)
    losses = result.train_loss, result.test_loss
    if not np.allclose(losses, (TRAIN_LOSS, TEST_LOSS), rtol=1e-6, equal_nan=True):
        raise SystemExit(f"The run came to {TRAIN_LOSS} and {TEST_LOSS}.")
''')


def export(run: TrainedRun) -> str:
    """The script."""
    writer = _Writer()
    recipe = writer.recipe(run.document.recipe)
    steps = "\n".join(writer.steps(run))
    return SCRIPT.substitute(
        facts=run.facts,
        recipe=recipe.replace("\n", "\n    "),
        steps=steps,
        data="\n".join(writer.data),
        imports="\n".join(writer.imports()),
        train_loss=number_source(run.evaluation.train_loss),
        test_loss=number_source(run.evaluation.test_loss),
    )


class _Writer:
    """Writes values, and notes the names and the data sets that they need.

    Attributes:
        data: The data sets, each with a name.
    """

    def __init__(self) -> None:
        self.data: list[str] = []
        self._data_names: dict[int, str] = {}
        self._used: dict[str, str] = {}
        self._use("Session")

    def recipe(self, recipe: Recipe) -> str:
        """The arguments of the session."""
        parts = [self.value(recipe.network), self.value(recipe.dataset)]
        return ",\n".join([*parts, self.value(recipe.training), f"seed={recipe.seed}"])

    def steps(self, run: TrainedRun) -> Iterator[str]:
        """What was done, line by line."""
        document, tick = run.document, 0
        end, n_entries = document.place
        for entry in document.journal.entries[:n_entries]:
            if entry.tick > tick:
                yield f"train_until({entry.tick})"
                tick = entry.tick
            yield self._edit(entry)
        if end > tick:
            yield f"train_until({end})"

    def _edit(self, entry: Entry) -> str:
        if entry.kind is not Kind.EDIT:
            return f"session.{entry.kind.value}()"
        return call_source("session.submit", [self.value(entry.edit)])

    def imports(self) -> Iterator[str]:
        """The lines that import what was used."""
        for module in dict.fromkeys(self._used.values()):
            names = sorted(name for name, of in self._used.items() if of == module)
            yield f"from {module} import {', '.join(names)}"

    def _use(self, name: str, module: str = "") -> str:
        public = (package.__name__ for package in _PACKAGES if name in package.__all__)
        self._used[name] = next(public, module)
        return name

    def value(self, value: object) -> str:
        """The source of a value."""
        match value:
            case Dataset():
                return self._dataset(value)
            case float():
                return number_source(value)
            case np.ndarray():
                return array_source(value)
            case tuple() if hasattr(value, "_fields"):
                names = zip(value._fields, value, strict=True)
                parts = [f"{name}={self.value(part)}" for name, part in names]
                return call_source(self._use(type(value).__name__), parts)
            case tuple():
                parts = [f"{self.value(part)}," for part in value]
                return f"({' '.join(parts)})"
            case Mapping():
                pairs = "".join(
                    f"{self.value(key)}: {self.value(part)},\n" for key, part in value.items()
                )
                return f"{{\n{indented(pairs)}}}" if pairs else "{}"
        if is_dataclass(value):
            return self._call(value)
        return repr(value)

    def _call(self, value: object) -> str:
        kind = type(value)
        parts = [
            f"{field.name}={self.value(getattr(value, field.name))}"
            for field in fields(value)  # type: ignore[arg-type]
            if not _is_default(field, getattr(value, field.name))
        ]
        return call_source(self._use(kind.__name__, kind.__module__), parts)

    def _dataset(self, dataset: Dataset) -> str:
        """The name of a data set, which is written the first time."""
        name = self._data_names.get(id(dataset))
        if name is None:
            name = f"data{len(self.data) + 1}"
            self._data_names[id(dataset)] = name
            self.data.append(f"{name} = {self._made(dataset)}\n")
        return name

    def _made(self, dataset: Dataset) -> str:
        if is_made_by_its_origin(dataset):
            return f"{self._call(dataset.origin)}.load()"
        # Its file may have changed, or be elsewhere.
        return self._call(dataset)


_PACKAGES = (core, datasets, run, nn)


def _is_default(field: Field[object], value: object) -> bool:
    if isinstance(value, DataChoice):
        # Where a data set comes from that is written out.
        return True
    if isinstance(value, np.ndarray) or field.default is MISSING:
        made = field.default_factory
        return made is not MISSING and isinstance(value, Mapping) and value == made()
    return bool(value == field.default)
