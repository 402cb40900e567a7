"""Taking a saved run elsewhere: to standard output, or to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ...datasets import shown_path, write_file
from ..export_formats import FORMATS
from ..options import UsageError
from .output import write_bytes

if TYPE_CHECKING:
    from ...core.run import RunDocument


def format_named(typed: str) -> str:
    """The format that was meant.

    Raises:
        UsageError: If there is none of this name; in one sentence that lists the names.
    """
    name = typed.lower().replace("_", "-")
    if name not in FORMATS:
        raise UsageError(f"No format {typed!r}: choose from {', '.join(FORMATS)}.")
    return name


def run_export(document: RunDocument, name: str, out: Path | None) -> None:
    """Writes a run in a format.

    Args:
        document: The run.
        name: Of the format.
        out: The file; it must not exist yet. None for standard output.

    Raises:
        UsageError: If the format is binary and would go to a terminal, the run can't have it, or
            the file exists or can't be written.
        OutputError: If standard output takes no more.
    """
    kind = FORMATS[name]
    if out is None and kind.is_binary and is_terminal():
        raise UsageError(f"A terminal can't show {name}: add --out FILE{kind.ending}.")
    try:
        made = kind.export(document)
        if out is not None:
            write_file(out, made, overwrite=False)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if out is not None:
        print(f"Saved to {shown_path(out)}.", flush=True)
    elif is_terminal() and isinstance(made, str):
        sys.stdout.write(made)
    else:
        write_bytes(made.encode("utf-8") if isinstance(made, str) else made)


def is_terminal() -> bool:
    """Whether somebody reads standard output as it is written."""
    return sys.stdout.isatty()
