"""`toygrad-tui serve`: the playground in browsers, a process for each visitor."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

from ..failures import ExitCode
from ..options import CliArguments, UsageError, flags_of
from ..runs.places import state_folder
from ..signals import exit_code, signals_as_event
from .visitors import Visitors

NEEDED = ("textual_serve", "aiohttp")
INSTALL = "Serving needs another package: pip install 'toygrad-tui[serve]'."
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_ANSWER = 1.0


def check_can_serve() -> None:
    """Checks that what serving needs is installed.

    Raises:
        UsageError: If not; it says what to install.
    """
    if not all(map(find_spec, NEEDED)):
        raise UsageError(INSTALL)


def typed_again(given: CliArguments, file: Path | None, **paths: Path | None) -> list[str]:
    """The options as a visitor's application is given them, whatever folder it begins in.

    Args:
        given: The options that all commands share.
        file: A run to begin with; None for none.
        paths: Options of files, by their names.
    """
    typed = [] if file is None else [str(file.absolute())]
    typed += [f"--{name}={path.absolute()}" for name, path in paths.items() if path is not None]
    for option in fields(CliArguments):
        value, (flag, no_flag) = getattr(given, option.name), flags_of(option)
        if value == option.default:
            continue
        if isinstance(value, bool):
            typed.append(flag if value else no_flag)
        else:
            value = value.absolute() if isinstance(value, Path) else value
            typed.append(f"{flag}={value}")
    return typed


def serve(arguments: Sequence[str], *, host: str, port: int, most: int) -> int:
    """Serves until a signal ends it; the visitors' applications end before it does.

    Args:
        arguments: What each application is given.
        host: Whose addresses to listen at.
        port: 0 for any that is free.
        most: How many applications may run at a time.

    Returns:
        The exit code.

    Raises:
        UsageError: If it can't listen there; in one sentence.
    """
    return asyncio.run(_serve(arguments, host, port, most))


async def _serve(arguments: Sequence[str], host: str, port: int, most: int) -> int:
    # Here, because it may not be installed.
    from aiohttp import web

    from .pages import Pages

    visitors = Visitors(state_folder() / "visitors", most)
    # Never a module from the folder of a visitor.
    program = [sys.executable, "-P", "-m", "toygrad.tui"]
    pages = Pages([*program, *arguments], visitors, is_local=is_loopback(host))
    runner = web.AppRunner(pages.application(), access_log=None, shutdown_timeout=SECONDS_TO_ANSWER)
    await runner.setup()
    try:
        with signals_as_event() as interruption:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise UsageError(_why_not(error, host, port)) from error
            url = f"http://{_shown_name(host)}:{runner.addresses[0][1]}/"
            print(f"The playground is at {url} (ctrl+c ends it).", flush=True)
            while not interruption.is_set():
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            await pages.close()
    finally:
        await runner.cleanup()
    # Its usual end.
    is_usual = interruption.number == signal.SIGINT
    return ExitCode.DONE if is_usual else exit_code(interruption.number)


def _shown_name(host: str) -> str:
    """How a browser names the server."""
    if host in ("0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return (
            f"{host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all it has."
        )
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: choose another one with --port, or 0 for any that is free."
    if isinstance(error, PermissionError):
        return f"Port {port} is not open to you: choose one from 1024 up with --port."
    return f"Port {port} of {host} can't be used ({error.strerror or error})."


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
