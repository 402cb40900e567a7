"""A page with the application in it: what it was sent, as a screen, and what is typed into it."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

PATIENCE_SECONDS = 40.0
COLUMNS, ROWS = 80, 24
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BINARY = 2
"""The opcode of a frame."""
# What a terminal is asked, which pyte takes for something else.
QUESTIONS = re.compile(rb"\x1b\[[<>=?][\d;]*[a-zA-Z$]+")


class Server:
    """`toygrad-tui serve` in a process of its own.

    Attributes:
        url: Of its page.
        process: Its process.
    """

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Ends it with a signal; its exit code."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)


def _obey_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@asynccontextmanager
async def serving(home: Path, *arguments: str) -> AsyncIterator[Server]:
    """A server at a port that was free."""
    environment = os.environ | {"XDG_STATE_HOME": str(home), "HOME": str(home)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "toygrad.tui", "serve", "--port", "0", *arguments),
        stdout=asyncio.subprocess.PIPE,
        env=environment,
        # Tests that run in the background ignore ctrl+c, and so would the server.
        preexec_fn=_obey_interrupts if os.name == "posix" else None,
    )
    assert process.stdout is not None
    try:
        said = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
        found = re.search(r"http://\S+", said.decode())
        assert found, said
        yield Server(process, found[0])
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        # Its pipe has to be read to its end, or Python warns.
        await process.communicate()


class Page:
    """What a page shows, from the bytes that it was sent."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._news = asyncio.Event()

    def resize(self, columns: int, rows: int) -> None:
        """Gives the screen another size."""
        self._screen.resize(rows, columns)

    def take(self, data: bytes) -> None:
        """Draws what came."""
        self._stream.feed(QUESTIONS.sub(b"", data))
        self._news.set()

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    async def wait_for(self, is_there: Callable[[str], bool]) -> str:
        """Waits until the screen is as wanted, and returns it."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not is_there(self.text):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(self.text) from None
        return self.text


class Visit(Page):
    """A page without a browser: the protocol alone.

    Attributes:
        told: The messages that came, besides what is drawn.
    """

    def __init__(self, socket: ClientWebSocketResponse, client: ClientSession) -> None:
        super().__init__()
        self.told: asyncio.Queue[list[Any]] = asyncio.Queue()
        self.client = client
        self._socket = socket
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                self.take(message.data)
            elif message.type is WSMsgType.TEXT:
                self.told.put_nowait(message.json())

    async def press(self, *keys: str) -> None:
        """Types."""
        for key in keys:
            await self._socket.send_json(["stdin", key])

    async def end(self) -> None:
        """Waits until the server closes it."""
        await asyncio.wait_for(self._reading, PATIENCE_SECONDS)

    async def close(self) -> None:
        """Goes away."""
        await self._socket.close()
        await self.end()


@asynccontextmanager
async def visitor(server: Server, *, token: str = "") -> AsyncIterator[Visit]:
    """Somebody at the page; a newcomer without a token."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        if token:
            client.cookie_jar.update_cookies({"toygrad-visitor": token})
        async with client.get(server.url) as answer:
            assert answer.status == 200
        address = f"{server.url}ws?width={COLUMNS}&height={ROWS}"
        async with client.ws_connect(address, max_msg_size=0) as socket:
            visit = Visit(socket, client)
            await socket.send_json(["focus"])
            try:
                yield visit
            finally:
                await visit.close()


# --- A real browser ----------------------------------------------------------------------------


class Tab(Page):
    """A tab of Chromium, with cookies of its own."""

    def __init__(self, browser: Chromium, session: str) -> None:
        super().__init__()
        self._browser = browser
        self.session = session

    async def press(self, *keys: str) -> None:
        """Presses keys that make a character."""
        for key in keys:
            for kind in ("keyDown", "keyUp"):
                await self._browser.do(
                    "Input.dispatchKeyEvent",
                    self.session,
                    type=kind,
                    key=key,
                    text=key if kind == "keyDown" else "",
                    windowsVirtualKeyCode=ord(key.upper()),
                )

    async def picture(self) -> bytes:
        """What it looks like, as a PNG."""
        shot = await self._browser.do("Page.captureScreenshot", self.session)
        return base64.b64decode(shot["data"])


class Chromium:
    """Debian's Chromium without a window, told what to do over the DevTools protocol."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: dict[str, Tab] = {}
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    @asynccontextmanager
    async def started(cls, folder: Path) -> AsyncIterator[Self]:
        """The browser, with a profile in a folder."""
        assert CHROMIUM is not None
        process = await asyncio.create_subprocess_exec(
            *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--remote-debugging-port=0", f"--user-data-dir={folder}", "--disable-dev-shm-usage"),
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stderr is not None
        try:
            address = b""
            while not address.startswith(b"DevTools listening on "):
                line = process.stderr.readline()
                address = await asyncio.wait_for(line, PATIENCE_SECONDS)
                assert address, "Chromium did not start"
            url = address.decode().split()[-1]
            async with ClientSession() as client, client.ws_connect(url, max_msg_size=0) as socket:
                yield cls(socket)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.communicate()

    async def do(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        """Does something; what it answers."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        order = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(order | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(self._answers[number], PATIENCE_SECONDS)

    async def open(self, url: str) -> Tab:
        """A tab of somebody who was never there."""
        context = await self.do("Target.createBrowserContext")
        target = await self.do("Target.createTarget", url="about:blank", **context)
        attached = await self.do("Target.attachToTarget", flatten=True, **target)
        tab = Tab(self, attached["sessionId"])
        self._tabs[tab.session] = tab
        await self.do("Network.enable", tab.session)
        await self.do(
            "Emulation.setDeviceMetricsOverride",
            tab.session,
            width=800,
            height=480,
            deviceScaleFactor=1,
            mobile=False,
        )
        await self.do("Page.navigate", tab.session, url=url)
        return tab

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said.get("result", {}))
            elif said["method"].startswith("Network.webSocketFrame"):
                tab, frame = self._tabs[said["sessionId"]], said["params"]["response"]
                if frame["opcode"] == BINARY:
                    tab.take(base64.b64decode(frame["payloadData"]))
                elif frame["payloadData"].startswith('["resize"'):
                    size = json.loads(frame["payloadData"])[1]
                    tab.resize(size["width"], size["height"])
