"""The text of a CSV file, or the one sentence that says why there is none."""

import os
import re
import stat
from pathlib import Path

MAX_BYTES = 50_000_000
MAX_SHOWN = 40
"""So many characters of a file's own text are repeated in a message."""

_BYTES_IN_MB = 1_000_000
# Every control character but tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CsvError(ValueError):
    """A CSV file that cannot be learned from; ``str`` says where, why and what to do."""


def csv_error(name: str, line: int | None, problem: str, remedy: str) -> CsvError:
    """An error in one form: the place, a colon, the problem, and what to do.

    Args:
        name: The file's name.
        line: Counted from 1; None if the whole file is meant.
        problem: What is wrong, without a full stop.
        remedy: What to do, without a full stop.
    """
    place = shown(name) if line is None else f"{shown(name)}, line {line:,}"
    return CsvError(f"{place}: {problem}. {remedy}.")


def shown(text: str) -> str:
    """Text of a stranger made fit for a message: short, on one line, nothing invisible in it."""
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "?" for character in cut)


def read_text(path: Path) -> str:
    """The text of a regular file in UTF-8, with or without a byte order mark.

    Every line ends in a line feed, whatever it ends in in the file.

    Args:
        path: At most 50 MB are read.

    Raises:
        CsvError: If there is no such file, it is no regular file, cannot be read, is empty, too
            large, not text, or not UTF-8.
    """
    data = _read_bytes(path)
    if len(data) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES // _BYTES_IN_MB} MB"
        raise csv_error(path.name, None, problem, "Keep a part of its lines")
    # A text in UTF-16 is full of zero bytes, and so is nearly everything that is not text.
    if b"\0" in data:
        problem = "this is not a text file in UTF-8"
        raise csv_error(path.name, None, problem, "Save the table as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "this line is not text in UTF-8"
        raise csv_error(path.name, line, problem, "Save the file again as UTF-8") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        problem = f"the control character U+{ord(control.group()):04X} has no place in a table"
        raise csv_error(path.name, line, problem, "Remove it")
    if not text.strip():
        remedy = "Give it a line of numbers for each sample, the target last"
        raise csv_error(path.name, None, "the file is empty", remedy)
    return text


def _read_bytes(path: Path) -> bytes:
    """One byte more than the limit at most, so that no size a file claims need be believed."""
    try:
        # Asked before opening: opening a FIFO waits for a writer, and a device may never end.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise csv_error(path.name or str(path), None, "this is a folder", "Choose a CSV file")
        if not stat.S_ISREG(mode):
            raise csv_error(path.name, None, "this is not an ordinary file", "Choose a CSV file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise csv_error(path.name, None, "there is no such file", "Check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = f"the file cannot be read ({reason})"
        raise csv_error(path.name, None, problem, "Check its permissions and the path") from None
    except CsvError:
        raise
    except ValueError:
        # What os.stat says of a path with a zero byte in it.
        problem = "no file can have this name"
        raise csv_error(path.name, None, problem, "Check the path") from None
