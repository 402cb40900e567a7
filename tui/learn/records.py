"""Records: what a learner has solved, in their state folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from ...datasets import FileError, read_file, write_file

FILE_NAME: Final = "chapters.json"
MOST_BYTES: Final = 1_000_000


class Record(Struct, frozen=True):
    """How something was solved for the first time.

    Attributes:
        at: When, as `2026-11-27T09:30:05`; empty where that is not known.
        hints: How many were asked for.
        wrong: How many answers were wrong.
    """

    at: Annotated[str, Meta(max_length=40)] = ""
    hints: int = 0
    wrong: int = 0

    @classmethod
    def now(cls, hints: int = 0, wrong: int = 0) -> Record:
        """Of this moment."""
        return cls(f"{datetime.now():%Y-%m-%dT%H:%M:%S}", hints, wrong)


_Kept = dict[str, Record] | list[str]


class Records:
    """What was solved: chapters, lessons of files, challenges.

    Args:
        folder: Where it is kept; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._records = self._read()

    @property
    def solved(self) -> set[str]:
        """The names of what was solved."""
        return set(self._records)

    @property
    def all(self) -> Mapping[str, Record]:
        """What was solved, and how."""
        return self._records

    def _read(self) -> dict[str, Record]:
        if self._path is None:
            return {}
        # A file that somebody else wrote counts for nothing.
        with suppress(FileError, msgspec.MsgspecError):
            kept = msgspec.json.decode(read_file(self._path, limit=MOST_BYTES), type=_Kept)
            return kept if isinstance(kept, dict) else dict.fromkeys(kept, Record())
        return {}

    def add(self, name: str, record: Record) -> None:
        """Keeps that something was solved; the first time counts.

        Raises:
            FileError: If it can't be written.
        """
        # Another window may have kept something meanwhile.
        self._records = self._read() | self._records
        if name not in self._records:
            self._records[name] = record
            self._write()

    def clear(self) -> None:
        """Forgets all.

        Raises:
            FileError: If it can't be written.
        """
        self._records.clear()
        self._write()

    def as_json(self) -> str:
        """All of it, to hand on."""
        return msgspec.json.format(msgspec.json.encode(self._records), indent=2).decode()

    def _write(self) -> None:
        if self._path is not None:
            write_file(self._path, self.as_json(), make_folder=True)
