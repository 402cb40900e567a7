"""What the commands share that take the file of a run."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument

from ...core.run import SUFFIX
from ...datasets import CSV_SUFFIXES, FileError, check_writable, confine, shown
from ..options import CliArguments, UsageError, flags_of
from ..runs.places import SITTINGS, is_sitting, state_folder
from .visitors import FOLDER_VARIABLE

if TYPE_CHECKING:
    from ...core.run import RunDocument
    from ...core.run.autosave import Sitting
    from ..config import AppConfig

FileArgument = Annotated[Path, Argument(metavar=f"FILE{SUFFIX}", help="A run that was saved.")]

# What says nothing about the run, and so goes with any.
_FREE = ("ascii", "theme", "fps")


def is_file(word: str) -> bool:
    """Whether a word means a file, where a command might stand."""
    is_path = os.path.dirname(word) != ""
    return is_path or word.endswith((SUFFIX, *CSV_SUFFIXES)) or os.path.exists(word)


def read_run_file(path: Path) -> RunDocument:
    """Reads a run.

    Raises:
        UsageError: If it can't be read, is damaged, or was saved by a newer version; in one
            sentence.
    """
    if path.name.endswith(CSV_SUFFIXES):
        name = shown(str(path))
        raise UsageError(f"{name} holds data, not a run: use --data {name}.")
    # Here, because most commands need no file.
    from ...core.run.file import read_run

    # What is kept as a run goes on has no end before the sitting has.
    tolerant = is_sitting(path, state_folder())
    try:
        return read_run(path, tolerant=tolerant)
    except ValueError as error:
        raise UsageError(str(error)) from error


def newest_sitting(state_folder: Path) -> Sitting:
    """The sitting to continue.

    Raises:
        UsageError: If there is none.
    """
    from ...core.run.autosave import Sittings

    sitting = Sittings(state_folder / SITTINGS).newest()
    if sitting is None:
        raise UsageError("Nothing to continue: start a new run, without resume.")
    return sitting


def as_visitor(options: AppConfig) -> AppConfig:
    """Confines the application to the folder of the visitor that it is for, if it is for one.

    What the visitor begins with may be read from elsewhere, but is never written to.
    """
    if folder := os.environ.get(FOLDER_VARIABLE):
        data = options.data.path
        confine(Path(folder), readable=() if data is None else (data,))
        options = replace(options, file=None)
    return options


def check_place(path: Path) -> None:
    """Checks that a file can be saved somewhere, before something is learned that takes long.

    Raises:
        UsageError: If it certainly can't.
    """
    if path.name.endswith(CSV_SUFFIXES):
        name = shown(path.with_suffix(SUFFIX).name)
        raise UsageError(f"{shown(path.name)} is a name for data: save the run as {name}.")
    check_can_write(path)


def check_can_write(path: Path) -> None:
    """Checks that a file can be written.

    Raises:
        UsageError: If it certainly can't.
    """
    try:
        check_writable(path)
    except FileError as error:
        raise UsageError(str(error)) from error


def refuse_options_of_a_run(*given: CliArguments) -> None:
    """Checks that nothing was set that a run brings with it.

    Raises:
        UsageError: If something was; it names the first option.
    """
    for arguments in given:
        for option in fields(CliArguments):
            value = getattr(arguments, option.name)
            if option.name not in _FREE and value != option.default:
                yes, no = flags_of(option)
                raise UsageError(
                    "A run or a link has its own data, network and settings: "
                    f"omit {no if value is False else yes}."
                )
