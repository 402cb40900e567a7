"""Autosave: writes what a session does to a log, in its thread, and flushes it in another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ....datasets.files import FileError, reason_of, shown_path
from ...training.failures import describe_error
from ..checkpoints import Checkpoint
from ..clock import Clock
from ..document import RunDocument
from ..file import Encoder
from ..journal import Entry
from ..observer import Observer
from ..past_runs import PastRuns
from ..session import Session
from .sitting_file import SittingFile
from .sittings import Sitting, Sittings

BEAT_SECONDS = 2.0
RETRY_SECONDS = 5.0
MAX_OWED_BYTES = 8_000_000
# Of the time, for checkpoints; the ticks between them are learned again from the last one.
CHECKPOINT_SHARE = 0.01
CHECKPOINT_BYTES_PER_SECOND = 200_000
TROUBLE = "Autosave failed in {}: {}. It tries again every few seconds."
_log = logging.getLogger(__name__)


class Autosave(Observer):
    """Keeps the log of a session in a folder.

    Every edit is written when it is done, so that it outlives the process, and is on the disk a
    moment later. What is learned is written every two seconds: a checkpoint, or where that takes
    long, the tick alone. The log goes on in another file when another document is opened.

    Args:
        session: What is saved.
        folder: Where to; made if it doesn't exist.
        say: Told in one sentence that nothing can be saved, once until it can be again. Called from
            the thread that saves.
        clock: Tells when to save; the machine's by default.
        continued: The sitting that the session already goes on with, if any.
    """

    def __init__(
        self,
        session: Session,
        folder: Path,
        *,
        say: Callable[[str], object] = lambda sentence: None,
        clock: Clock | None = None,
        continued: Sitting | None = None,
    ) -> None:
        self._session = session
        self._sittings = Sittings(folder)
        self._folder = folder
        self._say = say
        self._clock = clock or Clock()
        # Held for what changes the log and for what is written, never while it asks the session.
        self._lock = threading.Lock()
        # Held by who saves.
        self._saving = threading.Lock()
        self._file: SittingFile | None = None
        self._left: list[SittingFile] = []
        # Counts the cuts and the documents: what was taken before one is no longer so.
        self._generation = 0
        self._tick = 0
        # The sitting that is being opened; then the one that was.
        self._wanted = continued
        self._continued: Sitting | None = None
        self._trouble = self._said = ""
        self._next_checkpoint = self._next_try = self._next_rewrite = 0.0
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def path(self) -> Path | None:
        """The file that is written to now; None while there is none."""
        return None if self._file is None else self._file.path

    # --- Start and end -------------------------------------------------------------------------

    def start(self) -> None:
        """Begins the log with what the session is now, and a thread that saves."""
        self._session.observe(self)
        self._sittings.prune()
        self._thread = threading.Thread(target=self._save_until_stopped, name="autosave")
        # Should the application end without `close`, it must not wait for this.
        self._thread.daemon = True
        self._thread.start()

    def close(self) -> None:
        """Saves what was learned since, and ends; the sitting can be continued."""
        if self._stop.is_set():
            return
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.save()
        except Exception as error:
            _log.error("autosave failed at the end", exc_info=error)
        self._session.observe(Observer())
        with self._changing():
            if self._file is not None:
                self._file.end(self._tick)
            self._give_up()
        self._close_left()

    def resume(self, sitting: Sitting) -> None:
        """Opens a sitting; it is saved in a new file from now on, and kept until it is there.

        Raises:
            ConfigError: If it doesn't hold together.
        """
        self._wanted = sitting
        self._session.open(sitting.document)

    def _save_until_stopped(self) -> None:
        next_save = self._clock.now() + BEAT_SECONDS
        while not self._stop.is_set():
            self._clock.wait(self._wake, max(0.0, next_save - self._clock.now()))
            self._wake.clear()
            try:
                if self._clock.now() >= next_save:
                    next_save = self._clock.now() + BEAT_SECONDS
                    self.save()
                else:
                    self._flush()
            except Exception as error:
                _log.error("autosave failed", exc_info=error)

    # --- In the thread that owns the run -------------------------------------------------------

    def opened(self, document: RunDocument, left: RunDocument | None) -> None:
        """See `Observer`: the log goes on in another file."""
        with self._changing():
            file = self._file
            self._give_up()
            if file is not None and left is not None:
                file.end(left.end, left.checkpoints[-1:])
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = SittingFile(self._sittings.new_path(), document)
            self._tick = document.end
            self._continued, self._wanted = self._wanted, None

    def entered(self, entry: Entry) -> None:
        """See `Observer`."""
        self._append(lambda encoder: encoder.entry(entry), entry.tick)

    def cut(self, tick: int, n_entries: int) -> None:
        """See `Observer`."""
        self._append(lambda encoder: encoder.cut(tick, n_entries), tick, is_cut=True)

    def kept(self, past_runs: PastRuns) -> None:
        """See `Observer`."""
        self._append(lambda encoder: encoder.past_runs(past_runs), self._tick)

    def _append(
        self, encode: Callable[[Encoder], bytes], tick: int, *, is_cut: bool = False
    ) -> None:
        with self._changing():
            self._generation += is_cut
            if self._file is not None:
                self._tick = tick
                self._file.append(encode)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """For what is written: one at a time, never asking the session; failures are noted."""
        with self._lock:
            try:
                yield
                if self._file is not None and not self._file.n_owed:
                    self._trouble = ""
            except OSError as error:
                self._trouble = self._trouble_with(reason_of(error))
            except FileError as error:
                self._trouble = f"Autosave failed. {error}"
                self._give_up()
            except Exception as error:
                # Whatever it is: the edit was done, and training goes on.
                _log.error("autosave failed", exc_info=error)
                self._trouble = self._trouble_with(describe_error(error))
                self._give_up()
            if self._file is not None and self._file.n_owed > MAX_OWED_BYTES:
                self._give_up()
        self._wake.set()

    def _trouble_with(self, reason: str) -> str:
        return TROUBLE.format(shown_path(self._folder), reason)

    def _give_up(self) -> None:
        """Lets go of the file; another one will begin with all that there is."""
        self._generation += 1
        if self._file is not None:
            self._left.append(self._file)
            self._file = None

    # --- In the thread that saves --------------------------------------------------------------

    def save(self) -> None:
        """Writes what was learned since the last time, and flushes it."""
        with self._saving:
            self._save()

    def _save(self) -> None:
        self._mend()
        # Before the session is asked: a cut that comes meanwhile makes its answer void.
        generation, file = self._generation, self._file
        if file is not None and not file.n_owed:
            tick, checkpoint = self._session.last_tick, None
            if tick != self._tick and self._clock.now() >= self._next_checkpoint:
                checkpoint = self._session.last_checkpoint()
            with self._changing():
                if generation == self._generation and tick != self._tick:
                    self._write_moment(file, tick, checkpoint)
        self._flush()
        if file is not None and file.has_grown and self._clock.now() >= self._next_rewrite:
            self._rewrite(file)

    def _write_moment(self, file: SittingFile, tick: int, checkpoint: Checkpoint | None) -> None:
        # An edit may have come meanwhile, at a later tick.
        self._tick = max(self._tick, tick if checkpoint is None else checkpoint.tick)
        if checkpoint is None:
            file.append(lambda encoder: encoder.tick(tick))
            return
        began, size = self._clock.now(), file.n_bytes
        file.append(lambda encoder: encoder.checkpoint(checkpoint))
        now = self._clock.now()
        seconds_of_disk = (file.n_bytes - size) / CHECKPOINT_BYTES_PER_SECOND
        self._next_checkpoint = now + max((now - began) / CHECKPOINT_SHARE, seconds_of_disk)

    def _mend(self) -> None:
        """Writes what the disk didn't take, or begins again if there is no file."""
        file = self._file
        if file is not None and not file.exists():
            with self._changing():
                self._give_up()
        if self._file is None:
            if self._clock.now() >= self._next_try:
                self._next_try = self._clock.now() + RETRY_SECONDS
                self._session.observe(self)
        elif self._file.n_owed:
            with self._changing():
                self._file.append(lambda encoder: b"")

    def _flush(self) -> None:
        """Brings what was written to the disk, and says if something could not be."""
        # In this order: the file that a sitting goes on in is there before it counts as continued.
        continued, file, trouble = self._continued, self._file, ""
        try:
            if file is not None:
                file.flush()
                if continued is not None:
                    self._continued = None
                    self._sittings.note_continued(continued)
        except OSError as error:
            trouble = self._trouble_with(reason_of(error))
        self._close_left()
        trouble = self._trouble or trouble
        if trouble and not self._said:
            self._say(trouble)
        self._said = trouble

    def _close_left(self) -> None:
        with self._lock:
            left, self._left = self._left, []
        for file in left:
            file.close()

    def _rewrite(self, file: SittingFile) -> None:
        """Writes a log that grew long as short as it can be; not if something comes meanwhile."""
        # Before the next line: the session may go on in another file at any moment.
        generation, n_bytes = self._generation, file.n_bytes
        if file is not self._file:
            return
        document = self._session.document()
        try:
            encoder = file.rewrite(document)
        except FileError as error:
            self._next_rewrite = self._clock.now() + RETRY_SECONDS
            _log.warning("the log was not shortened: %s", error)
            return
        with self._changing():
            if (generation, n_bytes) == (self._generation, file.n_bytes):
                try:
                    file.become(encoder)
                except OSError:
                    self._give_up()
                    raise
