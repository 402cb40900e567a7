"""What the user changes in the list of a table's columns: other options from those in force."""

from __future__ import annotations

from dataclasses import replace

from ...datasets import COLUMN_KINDS, Column, Survey, TableOptions, shown
from ..key_words import with_keys


def toggled(options: TableOptions, column: Column) -> TableOptions:
    """A column as an input, or left out if it was one; twice is the same as not at all.

    Raises:
        ValueError: If it can be only one of them.
    """
    name = column.name
    if name == options.target or (options.target is None and column.role == "target"):
        choose = with_keys("press t{columns.target} on another column first.")
        raise ValueError(f'"{shown(name)}" is the target: {choose}')
    _check_not_empty(column, "an input")
    if name in options.left_out:
        return replace(options, left_out=_without(options.left_out, name))
    if name in options.taken:
        return replace(options, taken=_without(options.taken, name))
    if column.role == "input":
        return replace(options, left_out=(*options.left_out, name))
    return replace(options, taken=(*options.taken, name))


def with_target(options: TableOptions, column: Column) -> TableOptions:
    """A column as the target; what is learned of it is open again if it was not.

    Raises:
        ValueError: If it is empty.
    """
    name = column.name
    _check_not_empty(column, "the target")
    return replace(
        options,
        target=name,
        left_out=_without(options.left_out, name),
        taken=_without(options.taken, name),
        task=options.task if name == options.target else None,
    )


def read_otherwise(options: TableOptions, column: Column) -> TableOptions:
    """A column read as the next of what it can be read as.

    Raises:
        ValueError: If it is only one thing.
    """
    kinds = sorted(column.kinds, key=COLUMN_KINDS.index)
    if len(kinds) < 2:
        raise ValueError(f'"{shown(column.name)}" can be read as nothing else.')
    chosen = dict(options.kinds)
    now = chosen.get(column.name, column.kinds[0])
    chosen[column.name] = kinds[(kinds.index(now) + 1) % len(kinds)]
    return replace(options, kinds=tuple(chosen.items()))


def with_other_task(options: TableOptions, survey: Survey) -> TableOptions:
    """Classes learned instead of numbers, or numbers instead of classes."""
    is_classes = (options.task or survey.task) == "classification"
    return replace(options, task="regression" if is_classes else "classification")


def with_other_missing(options: TableOptions) -> TableOptions:
    """Rows with missing cells dropped instead of filled, or filled instead of dropped."""
    return replace(options, missing="drop" if options.missing == "fill" else "fill")


def _check_not_empty(column: Column, what: str) -> None:
    if column.kind == "empty":
        raise ValueError(f'"{shown(column.name)}" can\'t be {what}: every cell is empty.')


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)
