"""The text of a CSV file, or an error in one sentence."""

import os
import re
import stat
from pathlib import Path

MAX_BYTES = 50_000_000
MAX_SHOWN = 40
"""Characters of a file's own text that a message repeats."""

_BYTES_IN_MB = 1_000_000
# Every control character but tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CsvError(ValueError):
    """A CSV file that is not a usable data set; ``str`` says where, why and what to do."""


def csv_error(name: str, line: int | None, problem: str, remedy: str) -> CsvError:
    """An error in one form: place, problem and remedy.

    Args:
        name: The file's name.
        line: From 1; None for the whole file.
        problem: What is wrong, without the full stop.
        remedy: What to do, without the full stop.
    """
    place = shown(name) if line is None else f"{shown(name)}, line {line:,}"
    return CsvError(f"{place}: {problem}. {remedy}.")


def shown(text: str) -> str:
    """Text from a file made safe for a message: short, on one line, all of it visible."""
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "?" for character in cut)


def read_text(path: Path) -> str:
    """The text of a regular UTF-8 file of at most 50 MB, with or without a byte order mark.

    All line ends become line feeds.

    Raises:
        CsvError: If the file does not exist, is not regular, not readable, empty, too large, not
            text, or not UTF-8.
    """
    data = _read_bytes(path)
    if len(data) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES // _BYTES_IN_MB} MB"
        raise csv_error(path.name, None, problem, "Keep fewer lines")
    # UTF-16 is full of zero bytes, and so is almost everything that is not text.
    if b"\0" in data:
        problem = "the file is not UTF-8 text"
        raise csv_error(path.name, None, problem, "Save it as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "this line is not UTF-8 text"
        raise csv_error(path.name, line, problem, "Save the file as UTF-8") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        problem = f"control character U+{ord(control.group()):04X} is not allowed"
        raise csv_error(path.name, line, problem, "Remove it")
    if not text.strip():
        remedy = "Add a line of numbers for each sample, with the target last"
        raise csv_error(path.name, None, "the file is empty", remedy)
    return text


def _read_bytes(path: Path) -> bytes:
    """At most one byte more than the limit, whatever size the file claims."""
    try:
        # Checked before opening: opening a FIFO waits for a writer, and a device may never end.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise csv_error(path.name or str(path), None, "this is a folder", "Choose a CSV file")
        if not stat.S_ISREG(mode):
            raise csv_error(path.name, None, "this is not a regular file", "Choose a CSV file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise csv_error(path.name, None, "the file does not exist", "Check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = f"the file can't be read ({reason})"
        raise csv_error(path.name, None, problem, "Check its permissions and the path") from None
    except CsvError:
        raise
    except ValueError:
        # What os.stat raises for a path with a zero byte.
        problem = "this is not a valid file name"
        raise csv_error(path.name, None, problem, "Check the path") from None
