"""A set-up as the command that begins it."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from ..core import NetworkSpec, TrainingConfig
from ..core.links.playground import LinkError
from ..datasets import DataChoice
from .options import CliArguments, flags_of, make_config

PROGRAM = "toygrad-tui"


def command_of(data: DataChoice, network: NetworkSpec, training: TrainingConfig, seed: int) -> str:
    """The command that begins a set-up, quoted for a shell.

    Args:
        data: Which samples.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides samples, split, first weights and order.

    Raises:
        LinkError: If no options say it; it lists what is in the way.
    """
    if data.added or data.removed:
        raise _in_the_way(["samples added or removed by hand"])
    if data.seed != seed:
        raise _in_the_way(["a seed for the samples and another for the weights"])
    given = _of_data(data, seed)
    usual = make_config(given)
    changes = {
        **_changed(training, usual.training, lists=("rate_factors",)),
        **_changed(network, usual.network, lists=("inputs", "hidden", "activation")),
    }
    known = {option.name for option in fields(CliArguments)}
    given = replace(given, **{k: v for k, v in changes.items() if k in known})
    made = make_config(given)
    others = [*_others(training, made.training), *_others(network, made.network)]
    if others:
        raise _in_the_way(others)
    return shlex.join([PROGRAM, *_words(given)])


def _in_the_way(what: Iterable[str]) -> LinkError:
    return LinkError(f"No command can say this: {', '.join(what)}.")


def _of_data(data: DataChoice, seed: int) -> CliArguments:
    if data.path is None:
        return CliArguments(dataset=data.name, samples=data.n_samples, noise=data.noise, seed=seed)
    table = data.table
    kinds = [f"{name}={kind}" for name, kind in table.kinds]
    return CliArguments(
        data=data.path,
        target=table.target,
        drop=_list(table.left_out),
        take=_list(table.taken),
        read_as=_list(kinds),
        missing=None if table.missing == "fill" else table.missing,
        classify={None: None, "classification": True, "regression": False}[table.task],
        sample=table.sample,
        seed=seed,
    )


def _changed(wanted: Any, usual: Any, lists: Iterable[str] = ()) -> dict[str, Any]:
    """What differs from what is usual, as it is typed."""
    changed = {}
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if value != getattr(usual, field.name):
            is_list = field.name in lists and not isinstance(value, str)
            changed[field.name] = (_list(map(str, value)) or "none") if is_list else value
    return changed


def _others(wanted: Any, made: Any) -> Iterator[str]:
    """The names of what no option says; which bug is hidden stays so."""
    for field in fields(wanted):
        if field.name == "hidden_sabotage" and wanted.hidden_sabotage:
            yield "a planted bug"
        elif getattr(wanted, field.name) != getattr(made, field.name):
            yield f"the {field.name.replace('_', ' ')} {getattr(wanted, field.name)}"


def _list(names: Iterable[str]) -> str | None:
    """Names in one option; those with a comma in them in quotes."""
    row = list(names)
    if not row:
        return None
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row)
    return text.getvalue()


def _words(given: CliArguments) -> Iterator[str]:
    for option in fields(CliArguments):
        value = getattr(given, option.name)
        if value == option.default:
            continue
        yes, no = flags_of(option)
        if isinstance(value, bool):
            yield yes if value else no
        else:
            yield from (yes, repr(value) if isinstance(value, float) else str(value))
