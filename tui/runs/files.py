"""RunFiles: saves the run to a file, and opens another one in its place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.app import App

from ...core import Session
from ...core.run import RunDocument
from ...core.training.learner import describe_error
from ..confirm import confirm
from .open_screen import OpenScreen
from .recent import RecentFiles
from .save_screen import SaveScreen, first_name
from .words import printable, shown_path

_log = logging.getLogger(__name__)


class RunFiles:
    """What the user asks about files of runs.

    Attributes:
        path: The file that the run was saved to or opened from last; None for none.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        *,
        path: Path | None,
        state_folder: Path | None,
        show: Callable[[], None],
    ) -> None:
        """Begins with a run that is as its file has it.

        Args:
            app: Runs the threads that read and write files, and asks the user.
            session: What is saved, and goes on with what is opened.
            path: Its file; None if it has none.
            state_folder: Where the list of recent files is kept; None for nowhere.
            show: Called when another run was opened.
        """
        self.path = path
        self._app = app
        self._session = session
        self._show = show
        self._recent = RecentFiles(state_folder)
        self._saved = session.version if path is not None else None

    @property
    def name(self) -> str:
        """The name of the file; empty if there is none."""
        return "" if self.path is None else printable(self.path.name)

    @property
    def is_changed(self) -> bool:
        """Whether the run has changed since it was saved or opened."""
        return self._session.version != self._saved

    # --- Saving --------------------------------------------------------------------------------

    def save(self) -> None:
        """Writes the run to its file; asks which one the first time."""
        if self.path is None:
            self.save_as()
        else:
            self._start(partial(self._save, self.path))

    def save_as(self) -> None:
        """Asks for a file, and writes the run to it."""

        def answered(path: Path | None) -> None:
            if path is not None:
                self._save_first(path)

        name = str(self.path) if self.path is not None else first_name(self._session.dataset.name)
        self._app.push_screen(SaveScreen(name), answered)

    def _save_first(self, path: Path) -> None:
        run = partial(self._start, partial(self._save, path))
        if path != self.path and path.exists():
            sentence = f"{printable(path.name)} already exists. Saving overwrites it."
            confirm(self._app, sentence, "Overwrite", run)
        else:
            run()

    def _save(self, path: Path) -> None:
        # Here, because the application starts faster without it.
        from ...core.run.file import save_run

        try:
            # Here, in a thread: a slow step may be on its way.
            document = self._session.document()
            save_run(document, path)
        except ValueError as error:
            self._app.call_from_thread(self._refuse, str(error))
        else:
            self._recent.note(path)
            self._app.call_from_thread(self._saved_to, path, document)

    def _saved_to(self, path: Path, document: RunDocument) -> None:
        self.path, self._saved = path, document.version
        self._app.notify(f"Saved to {shown_path(path.absolute())}", markup=False)
        self._show()

    # --- Opening -------------------------------------------------------------------------------

    def ask_what_to_open(self) -> None:
        """Asks for a file, and goes on with the run in it."""

        def answered(path: Path | None) -> None:
            if path is not None:
                self._start(partial(self._read, path))

        self._app.push_screen(OpenScreen(self._recent), answered)

    def _read(self, path: Path) -> None:
        from ...core.run.file import read_run

        try:
            document = read_run(path)
        except ValueError as error:
            self._app.call_from_thread(self._refuse, str(error))
        else:
            self._recent.note(path)
            self._app.call_from_thread(self._open, path, document)

    def _open(self, path: Path, document: RunDocument) -> None:
        try:
            self._session.open(document)
        except ValueError as error:
            self._refuse(str(error))
            return
        self.path, self._saved = path, document.version
        self._app.notify(f"Opened {printable(path.name)}.", markup=False)
        self._show()

    # --- Both ----------------------------------------------------------------------------------

    def _start(self, work: Callable[[], None]) -> None:
        self._app.run_worker(
            partial(self._guarded, work), thread=True, group="files", exit_on_error=False
        )

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            _log.exception("a file could not be read or written")
            self._app.call_from_thread(self._refuse, f"That failed: {describe_error(error)}.")

    def _refuse(self, sentence: str) -> None:
        self._app.notify(sentence, severity="error", markup=False)
