"""What the commands tell the shell."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """Something unexpected went wrong; the log file has the details."""
    USAGE = 2
    """AppConfig or data that cannot be used."""
    DIVERGED = 3
    """The loss is no longer a finite number."""
    INTERRUPTED = 130
    """Ctrl-C: 128 and the number of SIGINT, as shells have it."""
