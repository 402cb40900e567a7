"""Reading and saving files off the screen's thread, and saying how it ended."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

from platformdirs import user_downloads_path
from textual.app import App
from textual.worker import WorkType

from ..core.training.failures import describe_error
from ..datasets import FileExists, own_folder, shown, shown_path, write_file
from .confirm import confirm

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

Say = Callable[[str], object]
"""Shows the user a sentence."""


class Write(Protocol):
    """Writes a file as `write_file` does."""

    def __call__(self, path: Path, content: str | bytes, *, overwrite: bool) -> None: ...


def run_job(
    app: App[Any],
    work: Callable[[], _Result],
    then: Callable[[_Result], object],
    refuse: Say,
    *,
    failed: str,
    group: str = "data",
    exclusive: bool = False,
    ended: Callable[[], object] = lambda: None,
) -> None:
    """Does work in a thread, then uses its result on the screen's thread.

    Quitting doesn't wait for it.

    Args:
        app: Runs it.
        work: What takes long; a ValueError is a sentence for the user.
        then: Uses the result.
        refuse: Says what went wrong, in either.
        failed: What to say before an error that is not a sentence: "The data could not be loaded".
        group: Of Textual's workers.
        exclusive: Whether the jobs of this group that still run are forgotten.
        ended: Called before its result is used, and when it is forgotten.
    """

    async def job() -> None:
        try:
            try:
                result = await _in_thread(work, daemon=True)
            finally:
                ended()
            then(result)
        except Exception as error:
            refuse(_sentence(error, failed))

    _start(app, job, group=group, exclusive=exclusive)


def save_file(
    app: App[Any],
    path: Path,
    content: Callable[[], str | bytes],
    *,
    what: str = "",
    then: Callable[[], object] = lambda: None,
    overwrite: bool = False,
    write: Write = write_file,
    why_ask: str = "already exists",
) -> None:
    """Writes a file in a thread, asks before it overwrites one, and says how it ended.

    Quitting waits for it, but not for a disk that takes longer than a second.

    Args:
        app: Runs it, asks, and notifies the user.
        path: See `write_file`.
        content: Makes what is written, in the thread; a ValueError is a sentence for the user.
        what: What is saved, as in "Saved 500 samples to /home/me/circle.csv."
        then: Called once it is saved.
        overwrite: Whether the user has agreed already.
        write: Writes it, in the thread.
        why_ask: What the question says of a file that is not to be overwritten unasked.
    """

    def work() -> str | bytes:
        made = content()
        write(path, made, overwrite=overwrite)
        return made

    async def job() -> None:
        try:
            made = await _in_thread(work, daemon=False)
        except FileExists:
            sentence = f"{shown(path.name)} {why_ask}. Saving overwrites it."
            confirm(app, sentence, "Overwrite", again)
        except Exception as error:
            said = _sentence(error, f"{shown(path.name)} was not saved")
            app.notify(said, title="Not saved", severity="error", markup=False)
        else:
            saved = f"Saved {what} to" if what else "Saved to"
            app.notify(f"{saved} {shown_path(path)}.", markup=False)
            if app.is_web:
                _send(app, path.name, made)
            then()

    def again() -> None:
        save_file(app, path, content, what=what, then=then, overwrite=True, write=write)

    _start(app, job, group="files")


def _send(app: App[Any], name: str, content: str | bytes) -> None:
    """Lets a browser download a file."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    # In a thread of the driver's, which asks for it piece by piece.
    app.deliver_binary(BytesIO(data), save_filename=name, save_directory=Path())


def save_folder() -> Path:
    """Where a file goes that the user named no folder for: one that exists and can be written."""
    if (own := own_folder()) is not None:
        return own
    folders = (user_downloads_path(), Path.home(), Path())
    usable = (folder for folder in folders if folder.is_dir() and os.access(folder, os.W_OK))
    return next(usable, Path())


def dated_name(what: str, suffix: str) -> str:
    """A file name that says when: "toygrad 2026-11-27 09.30.05.svg"."""
    return f"{what} {datetime.now():%Y-%m-%d %H.%M.%S}{suffix}"


def _start(app: App[Any], job: WorkType[None], *, group: str, exclusive: bool = False) -> None:
    # A coroutine made here would never be awaited if the app ends before the worker begins.
    app.run_worker(job, group=group, exclusive=exclusive)


def _sentence(error: Exception, failed: str) -> str:
    if isinstance(error, ValueError):
        return str(error)
    _log.error("a file job failed", exc_info=error)
    return f"{failed}: {describe_error(error)}."


async def _in_thread(work: Callable[[], _Result], *, daemon: bool) -> _Result:
    """Does work in a thread of its own: Textual's thread workers keep the app from ending."""
    future: Future[_Result] = Future()
    # From now on nobody cancels it: the thread ends its work, whoever still waits for it.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, name="file job", daemon=daemon).start()
    return await asyncio.wrap_future(future)
