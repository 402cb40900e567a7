"""The text of a CSV file, or an error in one sentence."""

import re
from pathlib import Path

from ..files import FileError, read_file, shown

MAX_BYTES = 50_000_000

# Every control character but tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CsvError(FileError):
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


def read_text(path: Path) -> str:
    """The text of a regular UTF-8 file of at most 50 MB, with or without a byte order mark.

    All line ends become line feeds.

    Raises:
        FileError: If the file can't be read or is too large.
        CsvError: If it is empty, not text, or not UTF-8.
    """
    data = read_file(path, limit=MAX_BYTES)
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
