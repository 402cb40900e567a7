"""A file is written whole or not at all, read within bounds, or refused in one sentence."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.hostile_files import HOSTILE
from toygrad.datasets import (
    DATASETS,
    FileError,
    FileExists,
    check_writable,
    load_csv,
    read_file,
    save_csv,
    shown_path,
    write_file,
)

Write = Callable[[Path], None]
CIRCLE = DATASETS["circle"](10, rng=np.random.default_rng(0))
WRITERS: dict[str, Write] = {
    "text": lambda path: write_file(path, "new"),
    "bytes": lambda path: write_file(path, b"new"),
    "samples": lambda path: save_csv(CIRCLE, path),
}
READERS: dict[str, Callable[[Path], object]] = {
    "bytes": lambda path: read_file(path, limit=100),
    "samples": load_csv,
}


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest) -> Write:
    return WRITERS[request.param]


def refusal(act: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(FileError) as caught:
        act(path)
    said = str(caught.value)
    said.encode()
    assert said.isprintable()
    assert len(said) < 250
    assert said.endswith(".")
    return said


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The kind of everything in a folder, and what is in its files."""
    return {
        entry.name: (
            stat.S_IFMT(entry.lstat().st_mode),
            entry.read_bytes() if stat.S_ISREG(entry.lstat().st_mode) else b"",
        )
        for entry in folder.iterdir()
    }


# --- Writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_file_is_not_written_to(tmp_path: Path, kind: str, write: Write) -> None:
    make, words = HOSTILE[kind]
    path = make(tmp_path)
    before = contents(tmp_path)
    assert words in refusal(write, path)
    assert contents(tmp_path) == before


def test_a_file_is_made_and_replaced_and_nothing_is_left_beside_it(
    tmp_path: Path, write: Write
) -> None:
    path = tmp_path / "name"
    write(path)
    new = path.read_bytes()
    path.write_bytes(b"old")
    write(path)
    assert contents(tmp_path) == {"name": (stat.S_IFREG, new)}


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, write: Write) -> None:
    (tmp_path / "far").mkdir()
    target, link, second = tmp_path / "far" / "name", tmp_path / "link", tmp_path / "second"
    link.symlink_to("far/name")
    second.symlink_to(link)
    write(link)
    new = target.read_bytes()
    target.write_bytes(b"old")
    write(second)
    assert target.read_bytes() == new
    assert link.is_symlink() and second.is_symlink() and not target.is_symlink()
    assert len(list((tmp_path / "far").iterdir())) == 1


def test_a_new_file_has_the_usual_mode_and_an_old_one_keeps_its_own(
    tmp_path: Path, write: Write
) -> None:
    path = tmp_path / "name"
    before = os.umask(0o027)
    try:
        write(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        for mode in (0o600, 0o755, 0o666):
            path.chmod(mode)
            write(path)
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", [b"\xff.csv", b"caf\xe9", "naïve 中 🙂".encode(), b"x" * 255])
def test_any_name_that_the_disk_takes_works(tmp_path: Path, name: bytes, write: Write) -> None:
    path = tmp_path / os.fsdecode(name)
    write(path)
    assert os.listdir(os.fsencode(tmp_path)) == [name]
    shown_path(path).encode()


@pytest.mark.parametrize(
    ("function", "number", "words"),
    [
        ("open", errno.EACCES, "permission denied). Change its permissions, or choose another"),
        ("open", errno.EROFS, "the disk is read-only). Choose another path."),
        ("write", errno.ENOSPC, "the disk is full). Free some space, or choose another path."),
        ("write", errno.EDQUOT, "your share of the disk is used up). Free some space"),
        ("write", errno.EFBIG, "too large for the disk"),
        ("fsync", errno.EIO, "the disk reports an error"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("replace", errno.ENOSPC, "the disk is full"),
        ("replace", errno.EXDEV, "Invalid cross-device link"),
    ],
)
def test_a_write_that_fails_keeps_the_old_file_and_leaves_nothing_beside_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
    words: str,
    write: Write,
) -> None:
    path = tmp_path / "name"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        assert words in refusal(write, path)
    assert contents(tmp_path) == {"name": (stat.S_IFREG, b"old")}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, ""), MemoryError(), KeyboardInterrupt()])
def test_a_failure_in_mid_write_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path, write, written = tmp_path / "name", os.write, 0
    path.write_bytes(b"old")

    def fail_later(handle: int, data: memoryview) -> int:
        nonlocal written
        if written:
            raise error
        # As disks may do: not all of it at once.
        written = write(handle, data[:1000])
        return written

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail_later)
        with pytest.raises((FileError, KeyboardInterrupt)):
            write_file(path, b"x" * 3_000)
    assert contents(tmp_path) == {"name": (stat.S_IFREG, b"old")}


def test_a_file_that_is_written_in_parts_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, write = os.urandom(5_000), os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: write(handle, data[:999]))
        write_file(tmp_path / "name", content)
    assert (tmp_path / "name").read_bytes() == content


def test_a_read_only_file_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "name"
    path.write_bytes(b"old")
    path.chmod(0o444)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda *_: False)
    assert "permission denied" in refusal(WRITERS["text"], path)
    assert path.read_bytes() == b"old"


def test_a_file_is_overwritten_only_if_that_was_agreed(tmp_path: Path) -> None:
    path = tmp_path / "name"
    write_file(path, "first", overwrite=False)
    with pytest.raises(FileExists, match=r"^name already exists"):
        write_file(path, "second", overwrite=False)
    assert path.read_text() == "first"


def test_a_file_that_comes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flush = tmp_path / "name", os.fsync

    def flush_slowly(handle: int) -> None:
        flush(handle)
        path.write_text("theirs")

    monkeypatch.setattr(os, "fsync", flush_slowly)
    with pytest.raises(FileExists):
        write_file(path, "ours", overwrite=False)
    assert contents(tmp_path) == {"name": (stat.S_IFREG, b"theirs")}


def test_what_can_not_be_written_is_known_before_and_checking_changes_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    old = tmp_path / "old"
    old.write_text("old", encoding="utf-8")
    hostile = [tmp_path, tmp_path / "none" / "x", tmp_path / ("x" * 300), tmp_path / "loop"]
    # Where the system shows itself; elsewhere than on Linux it doesn't exist.
    for path in (*hostile, Path("/proc/x")):
        with pytest.raises(FileError) as written:
            write_file(path, "new")
        with pytest.raises(FileError) as checked:
            check_writable(path)
        assert str(checked.value) == str(written.value)
        assert path.parent.exists() != ("does not exist" in str(checked.value))
    check_writable(old)
    check_writable(tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["loop", "old"]
    assert old.read_text(encoding="utf-8") == "old"


def test_a_folder_is_made_if_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "name"
    write_file(path, "new", make_folder=True)
    assert path.read_text() == "new"


def test_in_a_folder_that_was_deleted_nothing_is_written_and_nothing_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "does not exist" in refusal(WRITERS["text"], Path("name"))
    assert "does not exist" in refusal(READERS["bytes"], Path("name"))


# --- Real disks ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root mounts disks")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_or_read_only_is_said_and_keeps_the_old_file(small_disk: Path) -> None:
    path = small_disk / "name"
    write_file(path, "old")
    said = refusal(lambda path: write_file(path, b"x" * 100_000), path)
    assert said == (
        "name: the file can't be written (the disk is full). Free some space, or choose another "
        "path."
    )
    assert contents(small_disk) == {"name": (stat.S_IFREG, b"old")}
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for writer in WRITERS.values():
        assert "the disk is read-only" in refusal(writer, path)
    assert path.read_text() == "old"


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: str, reader: str) -> None:
    make, words = HOSTILE[kind]
    said = refusal(READERS[reader], make(tmp_path))
    assert words in said or "the file does not exist" in said


def test_a_file_is_read_whole_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "name"
    for size in (0, 1, 99, 100):
        content = os.urandom(size)
        path.write_bytes(content)
        assert read_file(path, limit=100) == content
    path.write_bytes(b"x" * 101)
    assert "larger than 0.0001 MB" in refusal(READERS["bytes"], path)


def test_a_file_of_terabytes_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    with path.open("wb") as stream:
        stream.truncate(2**42)
    said = refusal(load_csv, path)
    assert said == "data.csv: the file is larger than 250 MB. Choose a smaller one."


def test_a_file_that_grows_while_it_is_read_stays_within_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "name"
    path.write_bytes(b"")
    monkeypatch.setattr(os, "read", lambda handle, size: b"x" * size)
    assert "larger than" in refusal(READERS["bytes"], path)


def test_a_source_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "name"
    path.write_bytes(b"some")
    ended = threading.Event()

    def wait(*_: object) -> bytes:
        ended.wait(10)
        return b""

    def nothing_yet(*_: object) -> bytes:
        raise BlockingIOError(errno.EAGAIN, "")

    for read in (wait, nothing_yet):
        with monkeypatch.context() as patch:
            patch.setattr(os, "read", read)
            said = refusal(lambda path: read_file(path, limit=100, seconds=0.02), path)
            ended.set()
        assert "the file has no end, or its disk doesn't answer" in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, ""), "can't be read (permission denied)"),
        (OSError(errno.EIO, ""), "the disk reports an error"),
        (OSError(errno.ESTALE, "Stale file handle"), "Stale file handle"),
        (MemoryError(), "there is not enough memory"),
    ],
)
def test_any_error_of_a_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, words: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x,y\n1,a\n2,b\n")

    def fail(*_: Any) -> bytes:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, "read", fail)
        for reader in READERS.values():
            assert words in refusal(reader, path)
