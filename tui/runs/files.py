"""RunFiles: saves the run to a file, and opens another one in its place."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from textual.app import App

from ...core.race import Lanes
from ...core.race.lane import Lane
from ...core.run import SUFFIX, RunDocument, ready_document
from ...core.run.document import UNTOUCHED, Version
from ...datasets import printable, read_file, write_file
from ..file_jobs import run_job, save_file
from ..key_words import with_keys
from .places import is_sitting
from .recent import RecentFiles

if TYPE_CHECKING:
    from ...core.export.formats import Format

_log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
"""What is another one once a file has been written again."""
RACE_ENDED = " The race has ended: ctrl+z{edit.undo} brings it back."


@dataclass(slots=True)
class KeptFile:
    """The file of a run.

    Attributes:
        path: Where it was saved to or opened from last; None for nowhere.
        saved: What it was then.
        left_as: The file as it was left: another program, or another window of this one, may
            write to it meanwhile.
    """

    path: Path | None = None
    saved: Version | None = None
    left_as: tuple[Path | None, Stamp | None] = (None, None)


class RunFiles:
    """What the user asks about files of runs."""

    def __init__(
        self,
        app: App[None],
        session: Lanes,
        *,
        path: Path | None,
        state_folder: Path | None,
        show: Callable[[], None],
        show_name: Callable[[], None],
        kept_in: Callable[[], Path | None],
    ) -> None:
        """Begins with a run that is as its file has it.

        Args:
            app: Runs the threads that read and write files, and asks the user.
            session: What is saved, and goes on with what is opened.
            path: Its file; None if it has none.
            state_folder: Where the list of recent files is kept; None for nowhere.
            show: Called when another run was opened.
            show_name: Called when the name of the file, or whether it is changed, is another.
            kept_in: Returns where the present run is kept as it goes on, if anywhere.
        """
        self._app = app
        self._session = session
        self._show = show
        self._show_name = show_name
        self._kept_in = kept_in
        self._state_folder = state_folder
        self._recent = RecentFiles(state_folder)
        # Every lane of a race has a file of its own.
        first = (
            KeptFile() if path is None else KeptFile(path, session.version, (path, _stamp(path)))
        )
        self._kept: dict[Lane, KeptFile] = {session.chosen: first}
        # Counts the runs that were opened.
        self._n_opened = 0
        self._writing = Lock()

    @property
    def path(self) -> Path | None:
        """The file that the run was saved to or opened from last; None for none."""
        return self._file.path

    @property
    def _file(self) -> KeptFile:
        return self._file_of(self._session.chosen)

    def _file_of(self, lane: Lane) -> KeptFile:
        return self._kept.setdefault(lane, KeptFile())

    @property
    def name(self) -> str:
        """The name of the file, without its suffix; empty if there is none."""
        return "" if self.path is None else printable(self.path.name.removesuffix(SUFFIX))

    @property
    def is_changed(self) -> bool:
        """Whether the run has changed since it was saved or opened."""
        return self._session.version != self._file.saved

    # --- Saving --------------------------------------------------------------------------------

    def save(self) -> None:
        """Writes the run to its file; asks which one the first time."""
        if self.path is None:
            self.save_as()
        else:
            self._save(self.path)

    def save_as(self) -> None:
        """Asks for a file, and writes the run to it."""
        from .save_screen import SaveScreen, first_name

        def answered(path: Path | None) -> None:
            if path is not None:
                self._save(path)

        name = str(self.path) if self.path is not None else first_name(self._session.dataset.name)
        self._app.push_screen(SaveScreen(name), answered)

    def _save(self, path: Path) -> None:
        written: list[RunDocument] = []
        n_opened, lane = self._n_opened, self._session.chosen

        def content() -> bytes:
            # Here, because the application starts faster without it.
            from ...core.run.file import document_to_bytes

            # A slow step may be on its way: the screen must not wait for it.
            written[:] = [lane.session.document()]
            return document_to_bytes(written[0])

        def saved() -> None:
            if n_opened == self._n_opened:
                self._goes_on_in(lane, path, written[0])
            else:
                # Another run was opened meanwhile: this file is not its own.
                self._note_recent([(path, "")])

        save_file(
            self._app,
            path,
            content,
            then=saved,
            write=partial(self._write, self._file_of(lane)),
            why_ask="has changed on the disk" if path == self.path else "already exists",
        )

    def _write(self, file: KeptFile, path: Path, content: str | bytes, *, overwrite: bool) -> None:
        # One after the other: the second would take the file of the first for somebody else's.
        with self._writing:
            is_ours = path == file.path and (path, _stamp(path)) == file.left_as
            write_file(path, content, overwrite=overwrite or is_ours)
            file.left_as = path, _stamp(path)

    def export(self, formats: Iterable[Format]) -> None:
        """Asks for one of the formats and a file, and writes the run in it."""
        from ..export_screen import Export, ExportScreen
        from .save_screen import plain_name

        def made(kind: Format) -> str | bytes:
            # A slow step may be on its way: the screen must not wait for it.
            return kind.export(self._session.document())

        name = plain_name(self._session.dataset.name)
        exports = [
            Export(kind.title, f"{name}{kind.ending}", partial(made, kind)) for kind in formats
        ]
        self._app.push_screen(ExportScreen(exports))

    # --- Opening -------------------------------------------------------------------------------

    def ask_what_to_open(self) -> None:
        """Asks for a file, and goes on with the run in it."""

        def answered(path: Path | None) -> None:
            if path is not None:
                run_job(
                    self._app,
                    partial(self._read, path),
                    lambda read: self._open(path, *read),
                    partial(self._refuse, path),
                    failed=f"{printable(path.name)} was not opened",
                    # Data that were chosen before, and are still being loaded, are not wanted here.
                    exclusive=True,
                )

        from .open_screen import OpenScreen

        self._app.push_screen(OpenScreen(self._recent), answered)

    def _read(self, path: Path) -> tuple[RunDocument, Stamp | None]:
        from ...core.run.file import MAX_FILE_BYTES, document_from_bytes

        stamp = _stamp(path)
        data = read_file(path, limit=MAX_FILE_BYTES)
        # What is kept as a run goes on has no end before the sitting has.
        document = ready_document(document_from_bytes(data, tolerant=self._is_sitting(path)))
        return document, stamp

    def _is_sitting(self, path: Path) -> bool:
        return is_sitting(path, self._state_folder)

    def _open(self, path: Path, document: RunDocument, stamp: Stamp | None = None) -> None:
        left, was_racing = self._left(), self._session.is_racing
        self._session.open(document)
        self._n_opened += 1
        self._file.left_as = path, stamp
        kept = None if self._is_sitting(path) else path
        self._goes_on_in(self._session.chosen, kept, document, *left)
        self._show()
        said = with_keys(" The previous run is kept: ctrl+o{run.open} lists it.") if left else ""
        said = with_keys(RACE_ENDED) if was_racing else said
        self._app.notify(f"Opened {printable(path.name)}.{said}", markup=False)

    def open_document(self, document: RunDocument, what: str) -> None:
        """Goes on with a run that is in no file.

        Args:
            document: The run, as it was read.
            what: Where it is from, for messages.
        """

        def show(ready: RunDocument) -> None:
            left = self._left()
            self._session.open(ready)
            self.show_continued(ready)
            self._note_recent(left)
            said = with_keys(" The previous run is kept: ctrl+o{run.open} lists it.")
            self._app.notify(f"Opened {what}.{said if left else ''}", markup=False)

        run_job(
            self._app,
            partial(ready_document, document),
            show,
            partial(self._refuse, Path(what)),
            failed=f"{what} was not opened",
            exclusive=True,
        )

    def _left(self) -> list[tuple[Path, str]]:
        """Where the run that is left is kept, and its name, if no file has it as it is."""
        session, path = self._session, self._kept_in()
        if path is None or not self.is_changed or session.version == UNTOUCHED:
            return []
        name = printable(session.dataset.name)
        return [(path, f"{name}, epoch {session.epoch:,}, not saved")]

    def show_continued(self, document: RunDocument) -> None:
        """Shows that the session goes on with another run, which is in no file."""
        self._n_opened += 1
        self._goes_on_in(self._session.chosen, None, document)
        self._show()

    def _refuse(self, path: Path, sentence: str) -> None:
        title = f"{printable(path.name)} not opened"
        self._app.notify(sentence, title=title, severity="error", markup=False)

    # --- Both ----------------------------------------------------------------------------------

    def _goes_on_in(
        self, lane: Lane, path: Path | None, document: RunDocument, *others: tuple[Path, str]
    ) -> None:
        """Notes the file of a run; it and others, with names, are the recent ones."""
        file = self._file_of(lane)
        file.path, file.saved = path, document.version
        self._show_name()
        self._note_recent([*([] if path is None else [(path, "")]), *others])

    def note_others(self, files: Iterable[tuple[Path, str]]) -> None:
        """Lists files of runs, by their names, among the recent ones; here and now."""
        for file, name in files:
            try:
                self._recent.note(file, name)
            except ValueError as error:
                _log.warning("a lane is not listed: %s", error)

    def _note_recent(self, files: list[tuple[Path, str]]) -> None:
        def note() -> None:
            for file, name in files:
                self._recent.note(file, name)

        run_job(
            self._app,
            note,
            lambda _: None,
            _log.warning,
            failed="The list of recent files was not written",
            group="recent",
        )


def _stamp(path: Path) -> Stamp | None:
    """What is another one once a file has been written again; None if there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
