"""What works on Windows and macOS, as far as another system can tell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "checks.yml"
SYSTEMS = {"ubuntu": "POSIX :: Linux", "macos": "MacOS", "windows": "Microsoft :: Windows"}

# The packages of others look at the system when they are imported; ours, after that.
WINDOWS = r"""
import importlib, pkgutil, sys, types
import asyncio, logging.handlers, subprocess, tempfile, unittest.mock
import msgspec, numpy, platformdirs, plotext, textual.app, textual.widgets, typer
import textual.drivers.web_driver, textual.scrollbar, textual.command, rich.table
import aiohttp, textual_serve.app_service, textual_serve.download_manager
try:
    import llvmlite.binding
except ImportError:
    pass
import os, signal, sysconfig

sysconfig.get_config_vars()

held = set()

def locking(handle, mode, n_bytes):
    status = os.fstat(handle)
    if (place := (status.st_dev, status.st_ino)) in held:
        raise PermissionError(13, "Permission denied")
    if mode == 1:
        held.add(place)

sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_LOCK=1, LK_NBLCK=2)
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in ("SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 "
             "SIGWINCH pthread_sigmask pthread_kill sigwait").split():
    delattr(signal, name)
for name in ("O_NOCTTY O_NOFOLLOW O_NONBLOCK fchown fork getpgrp getuid geteuid killpg openpty "
             "sched_getaffinity setsid statvfs tcgetpgrp ttyname uname").split():
    delattr(os, name)
sys.platform = "win32"
"""

IMPORT_ALL = r"""
import toygrad
# What starts the program when it is imported, and what is for terminals that Windows has none of.
patches = "toygrad.tui.textual_patches"
left_out = {"toygrad.tui.__main__", f"{patches}.driver", f"{patches}.output"}
for module in pkgutil.walk_packages(toygrad.__path__, "toygrad."):
    if module.name not in left_out:
        importlib.import_module(module.name)
"""

USE = r"""
from pathlib import Path
from toygrad.core.run.autosave.lock import ProcessLock, is_held
from toygrad.datasets import read_file, write_file
from toygrad.tui.signals import obey_signals, signals_as_event

folder = Path(sys.argv[1])
for content in (b"first\r\n", b"second\n"):
    write_file(folder / "a file.csv", content)
    assert read_file(folder / "a file.csv", limit=99) == content
lock = ProcessLock(folder / "a.lock")
assert is_held(folder / "a.lock")
lock.release()
assert not is_held(folder / "a.lock")
obey_signals(None)
with signals_as_event() as interruption:
    assert not interruption.is_set()

from toygrad.tui.command_line.cli import main
for arguments in (["--version"], ["datasets"], ["presets"], [],
                  ["train", "--epochs", "1", "--save", str(folder / "a.toygrad")],
                  ["replay", str(folder / "a.toygrad")]):
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as end:
        assert end.code == (0 if arguments else 2), (arguments, end.code)
"""


@pytest.mark.timeout(180)
def test_on_windows_every_module_is_imported_and_the_commands_run(tmp_path: Path) -> None:
    program = WINDOWS + IMPORT_ALL + USE
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The playground needs a terminal" in done.stderr
    assert "Saved to" in done.stdout


def test_the_workflow_tests_every_system_and_python_that_the_package_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = WORKFLOW.read_text(encoding="utf-8")
    matrix = [re.findall(r"[\w.-]+", line) for line in re.findall(r"\[(.*)\]", workflow)]
    named = {f"Operating System :: {SYSTEMS[name.split('-')[0]]}" for name in matrix[1]}
    named |= {f"Programming Language :: Python :: {version}" for version in matrix[2]}
    found = {
        name
        for name in project["classifiers"]
        if name.startswith("Operating System") or re.search(r"Python :: 3\.", name)
    }
    assert named == found
    assert project["requires-python"] == f">={matrix[2][0]}"
