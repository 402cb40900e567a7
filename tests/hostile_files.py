"""Paths that no file can be written to, whoever writes."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest


def _device(folder: Path) -> Path:
    try:
        # The null device, which nothing can harm.
        os.mknod(folder / "device", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except (OSError, AttributeError):
        pytest.skip("only root makes devices")
    return folder / "device"


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo")
    return folder / "fifo"


def _socket(folder: Path) -> Path:
    here = Path.cwd()
    # The name of a socket is limited to about 100 bytes, which a temporary path may exceed.
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind("socket")
    finally:
        os.chdir(here)
    return folder / "socket"


def _folder(folder: Path) -> Path:
    (folder / "folder").mkdir()
    return folder / "folder"


def _link(folder: Path, target: Path | str) -> Path:
    (folder / "link").symlink_to(target)
    return folder / "link"


def _under_a_file(folder: Path) -> Path:
    (folder / "file").write_text("precious")
    return folder / "file" / "name"


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "device": (_device, "a device, not a file"),
    "FIFO": (_fifo, "a pipe, not a file"),
    "socket": (_socket, "a socket, not a file"),
    "folder": (_folder, "this is a folder"),
    "link to a device": (lambda folder: _link(folder, _device(folder)), "a device, not a file"),
    "link to a FIFO": (lambda folder: _link(folder, _fifo(folder)), "a pipe, not a file"),
    "link to a folder": (lambda folder: _link(folder, _folder(folder)), "this is a folder"),
    "link to itself": (lambda folder: _link(folder, "link"), "its links lead in a circle"),
    "link into no folder": (lambda folder: _link(folder, "no/name"), 'no" does not exist'),
    "missing folder": (lambda folder: folder / "no" / "name", 'no" does not exist'),
    "under a file": (_under_a_file, "part of the path is not a folder"),
    "long name": (lambda folder: folder / ("é" * 128), "the name is too long"),
    "long path": (lambda folder: folder / Path(*["folder"] * 1000), "the name is too long"),
    "zero byte": (lambda folder: folder / "a\0b", "not a valid file name"),
    "half a character": (lambda folder: folder / "a\ud800b", "not a valid file name"),
}
"""By kind: makes such a path in a folder, and what is said of it."""
