"""ServedProcess: one visitor's application, which always ends when the visit does."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual_serve.app_service import AppService

# It is asked, then told, then killed; each may take it so long to save.
SECONDS_TO_END = 3.0


class ServedProcess(AppService):
    """An application in a process of its own, with a browser for a terminal.

    Textual's own begins a shell, gives every visitor the same environment, and waits for ever, or
    leaves behind, a process that waits for a browser that is gone.

    Args:
        arguments: The program and what it is given.
        environment: What it gets besides the server's own.
        folder: Where it begins.
        browser: See `AppService`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: dict[str, str],
        folder: Path,
        **browser: Any,
    ) -> None:
        super().__init__(arguments[0], **browser)
        self._arguments = arguments
        self._own_environment = environment
        self._folder = folder

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self._folder,
            env=self._build_environment(width, height) | self._own_environment,
        )
        self._stdin = self._process.stdin
        return self._process

    async def stop(self) -> None:
        """Ends the process, which saves first, whatever it is doing."""
        task, self._task, process = self._task, None, self._process
        if task is None or process is None:
            return
        await self._download_manager.cancel_app_downloads(self.app_service_id)
        task.cancel()
        await asyncio.wait([task])
        # Its end of input: it has nobody to draw for any more.
        self.stdin.close()
        # It may be waiting until somebody reads.
        ending = asyncio.ensure_future(process.communicate())
        for insist in (process.terminate, process.kill, None):
            await asyncio.wait([ending], timeout=SECONDS_TO_END)
            if ending.done() or insist is None:
                break
            insist()
