"""The one way to read a file and to write one, with every failure in words."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from .reach import MAX_BYTES, can_reach, can_read, has_room_for, own_folder

MAX_SHOWN = 40
"""Characters of a file's own text, or of its name, that a message repeats."""
READ_SECONDS = 20.0
"""A file that is not read by then has no end, or lies on a disk that doesn't answer."""

_CHUNK_BYTES = 1_000_000
_BYTES_IN_MB = 1_000_000
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_KINDS = (
    (stat.S_ISDIR, "this is a folder"),
    (stat.S_ISFIFO, "this is a pipe, not a file"),
    (stat.S_ISSOCK, "this is a socket, not a file"),
)
_OTHER_KIND = "this is a device, not a file"

# What is wrong, and what to do besides choosing another path.
_FREE = "Free some space"
_REASONS = {
    errno.ENOSPC: ("the disk is full", _FREE),
    errno.EDQUOT: ("your share of the disk is used up", _FREE),
    errno.EFBIG: ("the file is too large for the disk", _FREE),
    errno.EROFS: ("the disk is read-only", ""),
    errno.EACCES: ("permission denied", "Change its permissions"),
    errno.EPERM: ("permission denied", "Change its permissions"),
    errno.ENAMETOOLONG: ("the name is too long", "Shorten it"),
    errno.ELOOP: ("its links lead in a circle", "Repair them"),
    errno.ENOTDIR: ("part of the path is not a folder", ""),
    errno.EIO: ("the disk reports an error", ""),
}


class FileError(ValueError):
    """A file that can't be read or written; ``str`` says which, why and what to do."""


class FileExists(FileError):
    """A file that is already there and was not to be overwritten."""


def printable(text: str) -> str:
    """Text from outside on one line: what can't be shown, or is no text, becomes question marks."""
    return "".join(character if character.isprintable() else "?" for character in text)


def shown(text: str) -> str:
    """Text from outside made safe for a message: short, on one line, all of it visible."""
    return printable(text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…")


def shown_path(path: Path) -> str:
    """A whole path for a message; from the folder that everything is confined to, if one is."""
    whole = path.absolute()
    if (own := own_folder()) is not None and whole.is_relative_to(own):
        whole = whole.relative_to(own)
    return printable(str(whole))


def read_file(path: str | os.PathLike[str], *, limit: int, seconds: float = READ_SECONDS) -> bytes:
    """The content of a regular file.

    Args:
        path: Links are followed.
        limit: How many bytes it may have; no more are ever held in memory.
        seconds: After these the reading is given up.

    Raises:
        FileError: If it doesn't exist, is not a regular file, is too large, has no end, or can't be
            read.
    """
    file = Path(path)
    with _failures_in_words(file, "read"):
        _check_reach(file, can_read(file))
        data = _within(seconds, lambda: _read(file, limit))
    if len(data) > limit:
        raise _too_large(file, limit)
    return data


def write_file(
    path: str | os.PathLike[str],
    content: str | bytes,
    *,
    overwrite: bool = True,
    make_folder: bool = False,
) -> None:
    """Writes a regular file, all of it or nothing: what was there stays until all is on the disk.

    Args:
        path: A link is followed: the file it leads to is replaced, with the same permissions.
        content: Text is written as UTF-8.
        overwrite: Whether a file that is already there is replaced.
        make_folder: Whether to create its folder.

    Raises:
        FileExists: If there is one already and `overwrite` is false.
        FileError: If the path leads to a folder, a device, a pipe or a socket, or the file can't be
            written.
    """
    file = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    with _failures_in_words(file, "written"):
        target = Path(os.path.realpath(file))
        _check_reach(file, can_reach(target))
        if not has_room_for(len(data)):
            problem = f"your folder is full ({MAX_BYTES // _BYTES_IN_MB} MB)"
            raise _error(file, problem, "Overwrite a file that you no longer need")
        if make_folder:
            target.parent.mkdir(parents=True, exist_ok=True)
        with _part_of(file, target, data, overwrite=overwrite) as part:
            os.replace(part, target)
        flush_folder(target.parent)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Checks that a file can be written, before work that takes long; leaves everything as it is.

    Raises:
        FileError: As `write_file`, but for a disk that is too full for what is to be written.
    """
    file = Path(path)
    with _failures_in_words(file, "written"), _part_of(file, Path(os.path.realpath(file)), b""):
        pass


# --- Reading -----------------------------------------------------------------------------------


def _within(seconds: float, work: Callable[[], bytes]) -> bytes:
    """Does work in a thread that nobody has to wait for.

    Raises:
        TimeoutError: If it takes too long.
    """
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="read a file", daemon=True).start()
    return future.result(seconds)


def _read(file: Path, limit: int) -> bytes:
    """At most one byte more than the limit, whatever size the file claims."""
    # Before opening: that alone can wait for a writer, or set a device in motion.
    _check_regular(file, os.stat(file))
    # Without waiting: something else may have come there meanwhile.
    handle = os.open(file, _READ_FLAGS)
    try:
        status = os.fstat(handle)
        _check_regular(file, status)
        if status.st_size > limit:
            raise _too_large(file, limit)
        chunks = []
        left = limit + 1
        while left and (chunk := os.read(handle, min(_CHUNK_BYTES, left))):
            chunks.append(chunk)
            left -= len(chunk)
        return b"".join(chunks)
    finally:
        os.close(handle)


# --- Writing -----------------------------------------------------------------------------------


@contextmanager
def _part_of(file: Path, target: Path, data: bytes, *, overwrite: bool = True) -> Iterator[Path]:
    """A new file beside the target, with all its data, that may take its place; else it goes."""
    _check_target(file, overwrite=overwrite)
    part = target.parent / f".{secrets.token_hex(4)}.part"
    try:
        replaced = _status(file)
        _write(part, data, replaced)
        # Something else may have come there meanwhile.
        _check_target(file, overwrite=overwrite)
        # A new file could replace one that is read-only, but it is so for a reason.
        if replaced is not None and not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, "")
        yield part
    finally:
        with suppress(OSError):
            part.unlink()


def _status(file: Path) -> os.stat_result | None:
    """What is at a path, links followed; None if nothing is."""
    try:
        return os.stat(file)
    except FileNotFoundError:
        return None


def _check_target(file: Path, *, overwrite: bool) -> None:
    status = _status(file)
    if status is None:
        return
    _check_regular(file, status)
    if not overwrite:
        raise FileExists(f"{shown(file.name)} already exists. Choose another name.")


def _write(part: Path, data: bytes, replaced: os.stat_result | None) -> None:
    """Writes a new file to the disk, with the owner and the mode of the one it replaces."""
    mode = 0o666 if replaced is None else stat.S_IMODE(replaced.st_mode)
    handle = os.open(part, _NEW_FLAGS, mode)
    try:
        if replaced is not None and sys.platform != "win32":
            with suppress(OSError):
                os.fchown(handle, replaced.st_uid, replaced.st_gid)
            os.fchmod(handle, mode)
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left[:_CHUNK_BYTES]) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Brings new names in a folder to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- Words -------------------------------------------------------------------------------------


def _shown_end(path: Path) -> str:
    """The end of a path for a message, which is where one differs from another."""
    text = str(path)
    return printable(text if len(text) <= MAX_SHOWN else "…" + text[1 - MAX_SHOWN :])


def _error(file: Path, problem: str, remedy: str) -> FileError:
    return FileError(f"{shown(file.name or str(file))}: {problem}. {remedy}.")


def _too_large(file: Path, limit: int) -> FileError:
    problem = f"the file is larger than {limit / _BYTES_IN_MB:g} MB"
    return _error(file, problem, "Choose a smaller one")


def _check_reach(file: Path, is_within: bool) -> None:
    if not is_within:
        raise _error(file, "only files of your own folder can be used here", "Type just a name")


def _check_regular(file: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kinds = (words for is_kind, words in _KINDS if is_kind(status.st_mode))
        raise _error(file, next(kinds, _OTHER_KIND), "Choose a file")


@contextmanager
def _failures_in_words(file: Path, done: str) -> Iterator[None]:
    """Turns whatever fails into a `FileError`; `done` is "read" or "written"."""
    try:
        yield
    except (TimeoutError, BlockingIOError) as error:
        problem = "the file has no end, or its disk doesn't answer"
        raise _error(file, problem, "Choose another path") from error
    except OSError as error:
        raise _error(file, *_reason(file, done, error)) from error
    except MemoryError as error:
        problem = f"the file can't be {done} (there is not enough memory)"
        raise _error(file, problem, "Close other programs, or choose a smaller file") from error
    except FileError:
        raise
    except ValueError as error:
        # A zero byte, or a character that the system's file names can't have.
        raise _error(file, "this is not a valid file name", "Choose another one") from error


def reason_of(error: OSError) -> str:
    """Why the disk refused, in a few words."""
    return _reason_and_remedy(error)[0]


def _reason_and_remedy(error: OSError) -> tuple[str, str]:
    plain = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, (plain, ""))


def _reason(file: Path, done: str, error: OSError) -> tuple[str, str]:
    """The problem and the remedy."""
    if isinstance(error, FileNotFoundError):
        if done == "read":
            return "the file does not exist", "Check the path"
        folder = file.parent
        with suppress(OSError):
            # Where a link leads; the current folder may be gone.
            folder = Path(os.path.realpath(file)).parent
        reason, remedy = f'the folder "{_shown_end(folder)}" does not exist', "Create it"
        # A relative one is the current folder, which is gone.
        if folder.is_absolute() and folder.is_dir():
            # As those have in which the system shows itself.
            reason, remedy = f'the folder "{_shown_end(folder)}" takes no files', ""
    else:
        reason, remedy = _reason_and_remedy(error)
    other = f"{remedy}, or choose another path" if remedy else "Choose another path"
    return f"the file can't be {done} ({reason})", other
