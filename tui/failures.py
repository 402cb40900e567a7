"""Failures: exit codes, the log file, and the sentences that say what happened."""

from __future__ import annotations

import logging
import math
from enum import IntEnum
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_log_path

from .key_words import with_keys

if TYPE_CHECKING:
    from ..core import Snapshot
    from ..core.training import TrainingFailure

MAX_BYTES = 200_000
BACKUPS = 1
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
APP_NAME = "toygrad-tui"


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """Something unexpected went wrong; the log file has the details."""
    USAGE = 2
    """Invalid options or data."""
    DIVERGED = 3
    """The loss is no longer a finite number."""


# --- Sentences ---------------------------------------------------------------------------------


def stop_sentence(stopped: str) -> str:
    """Why a stop condition paused training, and how to continue; empty if none did.

    Args:
        stopped: See `Snapshot.stopped`.
    """
    press = with_keys("Press space{train.toggle} to continue.")
    return f"{stopped} {press}" if stopped else ""


def failure_sentence(failure: TrainingFailure, *, advice: str, cause: str = "") -> str:
    """Why training failed, and what to do about it.

    Args:
        failure: What happened.
        advice: What to do, a sentence.
        cause: Another one than the learning rate, with what to do, in sentences.
    """
    if failure.can_resume:
        return (
            f"Something failed at step {failure.step}: {failure.error}. Nothing learned is lost. "
            + with_keys("Press space{train.toggle} to go on, or r{train.reset} to reset.")
        )
    if failure.error:
        return f"Training failed at step {failure.step}: {failure.error}. {advice}"
    became = "became infinite" if math.isinf(failure.loss) else "is no longer a number"
    if cause:
        return f"Loss {became} at step {failure.step}. {cause}"
    return (
        f"Loss {became} at step {failure.step}: learning rate {failure.learning_rate:g} is too "
        f"large for this network. {advice}"
    )


def other_cause(snapshot: Snapshot) -> str:
    """Why a run diverged and what to do, if it is not its learning rate alone; else empty."""
    # Not before it is needed: `--help` needs no NumPy, and the user waits for it.
    from ..core.diagnosis.causes import TOO_HIGH, why_diverged

    causes = why_diverged(snapshot) if snapshot.state == "diverged" else ()
    return " ".join(found.sentence for found in causes if found.word != TOO_HIGH)


def crash_sentence(error: Exception) -> str:
    """What to say of an error that nothing caught, once it is logged."""
    return f"Something went wrong inside ({error!r}); {where_it_is_logged()}."


def where_it_is_logged() -> str:
    """Half a sentence: where the details are, if they could be written."""
    path = log_path()
    return f"the details are in {path}" if path.exists() else f"{path} could not be written"


# --- The log file ------------------------------------------------------------------------------


def log_path() -> Path:
    """The log file; it need not exist."""
    return user_log_path(APP_NAME, appauthor=False) / f"{APP_NAME}.log"


class LogFile(RotatingFileHandler):
    """A log file that is created, with its folder, when the first line is written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True
        )
        self.setFormatter(logging.Formatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Does nothing: a full disk must not put a traceback on the screen."""


def start_logging() -> None:
    """Sends what the package logs to the file; calling it again changes nothing."""
    logger = logging.getLogger(__name__.partition(".")[0])
    if not any(isinstance(handler, LogFile) for handler in logger.handlers):
        logger.addHandler(LogFile(log_path()))
