"""The log file, where tracebacks go instead of the screen."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_log_path

MAX_BYTES = 200_000
BACKUPS = 1
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_APP_NAME = "toygrad-tui"


def log_path() -> Path:
    """The log file; it need not exist."""
    return user_log_path(_APP_NAME, appauthor=False) / f"{_APP_NAME}.log"


class LogFile(RotatingFileHandler):
    """A log file that comes into being, with its folder, when there is something to say."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True
        )
        self.setFormatter(logging.Formatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Does nothing: a disk that is full must not put a traceback on the screen."""


def start_logging() -> None:
    """Sends what the package logs to the file; calling it again changes nothing."""
    logger = logging.getLogger(__name__.partition(".")[0])
    if not any(isinstance(handler, LogFile) for handler in logger.handlers):
        logger.addHandler(LogFile(log_path()))


def where_it_is_logged() -> str:
    """Half a sentence for a message: where the details are, if they could be written."""
    path = log_path()
    return f"the details are in {path}" if path.exists() else f"{path} could not be written"
