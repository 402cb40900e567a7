"""Pages: what a browser gets from `toygrad-tui serve`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any
from urllib.parse import urlsplit

import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.download_manager import DownloadManager

from ..textual_patches.served_process import ServedProcess
from .serve import is_loopback
from .visitors import Visitors, environment_of, is_token, new_token

FULL = "All places are taken. Try again later."
COOKIE = "toygrad-visitor"
COOKIE_SECONDS = 180 * 24 * 3600
# A browser on a slow line answers late.
HEARTBEAT_SECONDS = 40.0
# No more than this waits on its way, so that a slow line is not seconds behind.
BYTES_ON_THEIR_WAY = 65_536
SECONDS_TO_CLOSE = 1.0
MOST_CELLS = 1000
PAGE = Path(__file__).with_name("serve.html")
STATIC = Path(textual_serve.__file__).parent / "static"
HEADERS = {"Content-Security-Policy": "frame-ancestors 'self'", "Cache-Control": "no-store"}
SAVED_HEADERS = {**HEADERS, "X-Content-Type-Options": "nosniff"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Pages:
    """The page with a terminal, and what it asks for.

    Args:
        arguments: What each application is given.
        visitors: Who is there.
        is_local: Whether only this machine reaches the server.
    """

    def __init__(self, arguments: Sequence[str], visitors: Visitors, *, is_local: bool) -> None:
        self._arguments = arguments
        self._visitors = visitors
        self._is_local = is_local
        self._downloads = DownloadManager()
        self._visits: dict[asyncio.Task[Any], web.WebSocketResponse] = {}
        self._endings: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        """What answers requests."""
        application = web.Application(middlewares=[self._guard])
        application.router.add_get("/", self.index)
        application.router.add_get("/ws", self.visit)
        application.router.add_get("/download/{key}", self.download)
        application.router.add_static("/static", STATIC)
        return application

    async def close(self) -> None:
        """Ends all visits, and waits until their applications have saved."""
        visits = dict(self._visits)
        if visits:
            await asyncio.gather(*(socket.close() for socket in visits.values()))
            await asyncio.wait(visits)
        if self._endings:
            await asyncio.wait(self._endings)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # Other sites could ask for it under a name of theirs that leads here, or from their pages.
        origin = request.headers.get("Origin")
        name = urlsplit(f"//{request.host}").hostname
        if self._is_local and not is_loopback(name or ""):
            raise web.HTTPForbidden(text="Use the address that the server printed.")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="Another site asks for this.")
        return await handler(request)

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page; it gives a newcomer a token."""
        if self._visitors.is_full:
            raise web.HTTPServiceUnavailable(text=FULL)
        response = web.Response(
            text=PAGE.read_text(encoding="utf-8"), content_type="text/html", headers=HEADERS
        )
        token = _token_of(request) or new_token()
        response.set_cookie(COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, samesite="Strict")
        return response

    async def visit(self, request: web.Request) -> web.StreamResponse:
        """The terminal of a page: an application that lives as long as the connection."""
        if self._visitors.is_full:
            raise web.HTTPServiceUnavailable(text=FULL)
        task = asyncio.current_task()
        assert task is not None
        # Without a cookie a visit is its own.
        with self._visitors.visit(_token_of(request) or new_token()) as folder:
            socket = web.WebSocketResponse(
                heartbeat=HEARTBEAT_SECONDS, timeout=SECONDS_TO_CLOSE, compress=False
            )
            _keep_close(request)
            await socket.prepare(request)
            self._visits[task] = socket
            try:
                await self._run(request, socket, folder)
            finally:
                del self._visits[task]
        return socket

    async def _run(self, request: web.Request, socket: web.WebSocketResponse, folder: Path) -> None:
        process = ServedProcess(
            self._arguments,
            environment=environment_of(folder),
            folder=folder,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,
            download_manager=self._downloads,
        )
        try:
            await process.start(_cells(request, "width", 80), _cells(request, "height", 24))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _pass_on(message.json(), process, socket)
        except (ValueError, TypeError, LookupError):
            # No page of ours says such things.
            await socket.close()
        finally:
            # A connection that breaks cancels this, but not the end of the process.
            ending = asyncio.ensure_future(process.stop())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            await asyncio.shield(ending)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file that a visitor saved."""
        key = request.match_info["key"]
        try:
            download = await self._downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound(text="This file was fetched already: save it again.") from None
        name = re.sub(r"[^\w.-]+", "-", download.file_name, flags=re.ASCII)
        response = web.StreamResponse(headers=SAVED_HEADERS)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.content_type = "application/octet-stream"
        # The visitor may cancel it.
        with suppress(ConnectionResetError):
            await response.prepare(request)
            async for chunk in self._downloads.download(key):
                await response.write(chunk)
        return response


def _keep_close(request: web.Request) -> None:
    """Makes an application wait for its browser, instead of drawing what is seen much later."""
    if request.transport is not None:
        line = request.transport.get_extra_info("socket")
        line.setsockopt(SOL_SOCKET, SO_SNDBUF, BYTES_ON_THEIR_WAY)


def _token_of(request: web.Request) -> str | None:
    token = request.cookies.get(COOKIE, "")
    return token if is_token(token) else None


def _cells(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return _possible(int(text)) if text.isdecimal() and len(text) < 9 else default


def _possible(cells: int) -> int:
    return min(max(cells, 1), MOST_CELLS)


async def _pass_on(said: Any, process: ServedProcess, socket: web.WebSocketResponse) -> None:
    """Does what a page asks for."""
    match said:
        case ["stdin", str(typed)]:
            await process.send_bytes(typed.encode())
        case ["resize", {"width": int(width), "height": int(height)}]:
            await process.set_terminal_size(_possible(width), _possible(height))
        case ["ping", data]:
            await socket.send_json(["pong", data])
        case ["focus", *_]:
            await process.focus()
        case ["blur", *_]:
            await process.blur()
