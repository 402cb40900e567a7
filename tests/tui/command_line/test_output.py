"""Output that nobody can take is said in one sentence, with an exit code."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from toygrad.tui.command_line.output import Output, OutputError

TRAIN = ("train", "--epochs", "1", "--samples", "20")


def shell(arguments: tuple[str, ...], where: str) -> subprocess.CompletedProcess[str]:
    """Runs the program in a shell, its streams redirected; what the shell says is its exit code."""
    program = " ".join([sys.executable, "-m", "toygrad.tui", *arguments])
    return subprocess.run(
        ["sh", "-c", f"({program}; echo $? >&3) 3>&1 {where}"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=50,
        check=False,
    )


FULL = "The output can't be written (No space left on device). Send it somewhere else.\n"
CLOSED = "The output can't be written (it is closed). Send it somewhere else.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize(
    ("arguments", "where", "said"),
    [
        (TRAIN, ">/dev/full", FULL),
        ((*TRAIN, "--json"), ">/dev/full", FULL),
        (("datasets",), ">/dev/full", FULL),
        (("--help",), ">/dev/full", FULL),
        (TRAIN, ">&-", CLOSED),
        (TRAIN, ">/dev/full 2>/dev/full", ""),
        (TRAIN, ">&- 2>&-", ""),
    ],
)
def test_output_that_goes_nowhere_is_said(
    arguments: tuple[str, ...], where: str, said: str
) -> None:
    result = shell(arguments, where)
    assert (result.stdout, result.stderr) == ("1\n", said)


def test_what_fails_is_named_and_everything_else_is_the_streams_own(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        output: Any = Output(stream)
        assert output.encoding == "utf-8"
        assert not output.isatty()
        output.write("text")
        output.flush()
        assert (tmp_path / "out").read_text() == "text"


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_the_reason_is_named() -> None:
    with pytest.raises(OutputError, match=r"\(Input/output error\)"):
        Output(Broken()).write("text")
