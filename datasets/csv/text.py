"""The text of a file with a table, whatever it is packed and encoded in; or an error."""

import codecs
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from ..files import FileError, read_file, shown

MAX_BYTES = 250_000_000
"""Of a file, and of what is packed in it."""
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".dat", ".tab")
"""Files that are suggested as tables of data."""

_CHUNK = 1_000_000
_GZIP = b"\x1f\x8b"
_AS_CSV = "Save it as CSV"
_WITH_PANDAS = (
    'Convert it: python -c "import pandas; pandas.read_parquet({!r}).to_csv({!r}, index=False)"'
)
# How files begin that are no text, or no table.
_OTHER_FORMATS = (
    (b"PAR1", "this is a Parquet file", ""),
    (b"PK\x03\x04", "this is an Excel workbook or another zip archive", _AS_CSV),
    (b"\xd0\xcf\x11\xe0", "this is an old Excel workbook", _AS_CSV),
    (b"SQLite format 3", "this is a database", "Export a table of it as CSV"),
    (b"%PDF", "this is a PDF file", "Look for the table as CSV"),
    (b"\x89HDF", "this is an HDF5 file", _AS_CSV),
    (b"<", "this is a web page or XML", "Download the table itself as CSV"),
    (b"{", "this is JSON", _AS_CSV),
    (b"[{", "this is JSON", _AS_CSV),
)
# The longer mark first: the other one is its beginning.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# Every control character but tab and line feed.
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NO_CONTROL = _CONTROL.sub(b"", bytes(range(256)))
_OUTSIDE_ASCII = re.compile(rb"[\x80-\xff]+")


class CsvError(FileError):
    """A CSV file that is not a usable data set; ``str`` says where, why and what to do."""


@dataclass(frozen=True)
class Text:
    """A text in UTF-8, with line feeds alone, and how it was found; one sentence a note."""

    data: bytes
    notes: tuple[str, ...] = ()


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


def read_text(path: Path) -> Text:
    """The text of a regular file of at most 250 MB, packed with gzip or not.

    It is UTF-8, or what a byte order mark says, or UTF-16 or Latin-1 by its bytes.

    Raises:
        FileError: If the file can't be read or is too large.
        CsvError: If it is empty or not text.
    """
    name = path.name
    data = read_file(path, limit=MAX_BYTES)
    if data.startswith(_GZIP):
        data = _unpacked(data, name)
    _check_format(data, path)
    data, notes = _as_utf8(data, name)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # The end of a file, once.
    data = data.removesuffix(b"\x1a")
    # Taking all others out is faster than looking for them.
    if data.translate(None, _NO_CONTROL) and (control := _CONTROL.search(data)):
        problem = f"control character U+{ord(control.group()):04X} is not allowed"
        raise csv_error(name, _line_of(data, control.start()), problem, "Remove it")
    if not data or data.isspace():
        remedy = "Add a line of numbers for each sample, with the target last"
        raise csv_error(name, None, "the file is empty", remedy)
    return Text(data, notes)


def _unpacked(data: bytes, name: str) -> bytes:
    """What is packed with gzip, in one part or several, never more than `MAX_BYTES` of it."""
    parts, room = [], MAX_BYTES + 1
    while data.startswith(_GZIP) and room > 0:
        unpack = zlib.decompressobj(wbits=31)
        try:
            parts.append(unpack.decompress(data, room))
        except zlib.error:
            raise csv_error(name, None, "the file is damaged", "Fetch it again") from None
        room -= len(parts[-1])
        if room > 0 and not unpack.eof:
            raise csv_error(name, None, "the file ends too early", "Fetch it again")
        data = unpack.unused_data
    if room <= 0:
        problem = f"what is packed in the file is larger than {MAX_BYTES / 1e6:g} MB"
        raise csv_error(name, None, problem, "Choose a smaller one")
    return b"".join(parts)


def _check_format(data: bytes, path: Path) -> None:
    head = data[:100].lstrip()
    for begins, what, remedy in _OTHER_FORMATS:
        if head.startswith(begins):
            other = f"{shown(path.stem)}.csv"
            remedy = remedy or _WITH_PANDAS.format(shown(path.name), other)
            raise csv_error(path.name, None, what, remedy)


def _as_utf8(data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """The same text in UTF-8, and what it was found in."""
    marked = [(mark, codec, said) for mark, codec, said in _MARKS if data.startswith(mark)]
    mark, codec, said = marked[0] if marked else (b"", *_encoding_without_mark(data, name))
    data = data[len(mark) :]
    if codec != "utf-8":
        try:
            data = data.decode(codec).encode()
        except UnicodeError:
            problem = f"the file begins as {said} and goes on as something else"
            raise csv_error(name, None, problem, "Save it as CSV in UTF-8") from None
    elif (place := _first_fault(data)) is not None:
        problem = "this line is not UTF-8 text"
        raise csv_error(name, _line_of(data, place), problem, "Save the file as UTF-8")
    return data, (f"Read as {said}.",) if said else ()


def _encoding_without_mark(data: bytes, name: str) -> tuple[str, str]:
    if b"\0" in data:
        # Every other byte of Western text in UTF-16 is zero.
        half = len(data) // 2
        for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = data[first::2].count(0), data[1 - first :: 2].count(0)
            if not len(data) % 2 and zeros > 0.7 * half and others < 0.1 * half:
                return codec, "UTF-16"
        problem = "the file is not UTF-8 text"
        raise csv_error(name, None, problem, "Save it as CSV in UTF-8")
    if _first_fault(data) is not None and _is_western(data):
        return "cp1252", "Latin-1 (Windows-1252), because it is not UTF-8"
    return "utf-8", ""


def _is_western(data: bytes) -> bool:
    """Whether it can be Latin-1: what is outside ASCII has a meaning there and none in UTF-8."""
    runs = set(_OUTSIDE_ASCII.findall(data))
    return all(_decodes(run, "cp1252") for run in runs) and not any(
        _decodes(run, "utf-8") for run in runs
    )


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _first_fault(data: bytes) -> int | None:
    """Where it stops being UTF-8; None if it is all through."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        kept = len(decoder.getstate()[0])
        chunk = data[start : start + _CHUNK]
        try:
            decoder.decode(chunk, final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - kept + error.start
    return None


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
