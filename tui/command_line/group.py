"""Commands: how every command begins, and how it says what went wrong, with which exit code."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from typing import Any, Final

import typer
from typer.core import TyperGroup

from ..failures import ExitCode, crash_sentence, start_logging
from ..links import is_text_to_open
from ..options import UsageError
from ..signals import Ended, ended_sentence, exit_code
from .output import OutputError, ReaderGone, silence
from .plain_options import read_plain_options
from .runs import is_file

PROGRAM = "toygrad-tui"
OPEN, OPEN_LINK = "open", "open-link"

_log = logging.getLogger(__name__)


class Commands(TyperGroup):
    """The commands, which report every error in one sentence on standard error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs a command and exits with its exit code.

        Raises:
            SystemExit: Always.
        """
        start_logging()
        read_plain_options()
        try:
            code = super().main(args, PROGRAM, complete_var, False, windows_expand_args, **extra)
            sys.stdout.flush()
        except ReaderGone:
            code = _code_of("SIGPIPE")
        except OutputError as error:
            complain(str(error))
            code = ExitCode.FAILED
        except UsageError as error:
            complain(str(error))
            code = ExitCode.USAGE
        except Ended as ended:
            complain(ended_sentence(ended.number))
            code = exit_code(ended.number)
        except typer.TyperException as error:
            complain(_value_sentence(error) or error.format_message())
            code = error.exit_code
        except Exception as error:
            _log.exception("a command failed")
            code = ExitCode.FAILED
            if not complain(crash_sentence(error)):
                code = _code_of("SIGHUP")
        sys.exit(code or ExitCode.DONE)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that was typed; one that opens a run or a link where it is one."""
        if self.get_command(ctx, args[0]) is None:
            if is_text_to_open(args[0]):
                args = [OPEN_LINK, *args]
            elif is_file(args[0]):
                args = [OPEN, *args]
        return super().resolve_command(ctx, args)


# What an option takes, by the kind of fault that Typer's checks find.
_TAKES: Final = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
}


def _value_sentence(error: typer.TyperException) -> str:
    """What an option takes and what was typed; nothing for other errors."""
    find_faults = getattr(error.__cause__, "errors", None)
    parameter = getattr(error, "param", None)
    if find_faults is None or parameter is None:
        return ""
    fault = find_faults()[0]
    takes = _TAKES.get(fault["type"], "").format(**fault.get("ctx", {}))
    typed = str(fault["input"]) or "nothing"
    return takes and f"{parameter.opts[0]} takes {takes}, not {typed}."


def _code_of(name: str) -> int:
    """The exit code of a signal, where it exists."""
    number = signal.Signals.__members__.get(name)
    return ExitCode.FAILED if number is None else exit_code(number)


def complain(sentence: str) -> bool:
    """Prints what is wrong on standard error, as a sentence on one line.

    Returns:
        Whether it could be printed: the terminal may be gone.
    """
    line = " ".join(sentence.split())
    try:
        print(line if line.endswith((".", "?", "!")) else f"{line}.", file=sys.stderr, flush=True)
    except OSError:
        # There is nowhere left to say it; the exit code still does.
        silence(sys.stderr)
        return False
    return True
