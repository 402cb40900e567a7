"""`serve`: each visitor apart, in a folder of their own, whatever browsers do."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner, Result

pytest.importorskip("textual_serve", reason="textual-serve is not installed (extra serve)")

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from toygrad.tui.command_line import cli, serve
from toygrad.tui.command_line.pages import FULL, Pages
from toygrad.tui.command_line.visitors import (
    FOLDER_VARIABLE,
    MAX_FOLDERS,
    Visitors,
    is_token,
    new_token,
)
from toygrad.tui.options import CliArguments

from ..browser import CHROMIUM, PATIENCE_SECONDS, Chromium, Visit, serving, visitor


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["serve", *arguments])


def assert_refused(result: Result, words: str) -> None:
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def epoch_of(text: str) -> int:
    """The epoch on the screen; -1 if there is none."""
    found = re.search(r"epoch +([\d,]+)", text)
    return int(found[1].replace(",", "")) if found else -1


def is_ready(text: str) -> bool:
    return "ready" in text and "Train" in text


# --- What is typed -------------------------------------------------------------------------------


def test_without_the_package_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    assert_refused(run(), "pip install 'toygrad-tui[serve]'.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "65535"),
        (["--host", "192.0.2.1"], "192.0.2.1 is not an address of this machine"),
        (["--dataset", "cubes"], "No data set 'cubes'"),
        (["--data", "missing.csv"], "missing.csv: the file does not exist"),
        (["missing.toygrad"], "missing.toygrad: the file does not exist"),
        (["missing.toygrad", "--hidden", "3"], "omit --hidden"),
        (["--visitors", "0"], "--visitors"),
    ],
    ids=" ".join,
)
def test_what_is_impossible_is_said_in_a_sentence(arguments: list[str], words: str) -> None:
    assert_refused(run(*arguments), words)


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert_refused(run("--port", str(port)), f"Port {port} is in use: choose another one")


def test_every_option_reaches_the_visitors_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    samples: dict[str, Any] = {"str": "-a=b c", "int": 3, "float": -0.5, "bool": False}
    typed: dict[str, Any] = {}
    for option in fields(CliArguments):
        kind = str(option.type).split(" | ")[0]
        typed[option.name] = tmp_path / "my data.csv" if kind == "Path" else samples[kind]
    given, seen = CliArguments(**typed | {"ascii": True}), []

    def note(arguments: CliArguments) -> None:
        seen.append(arguments)
        raise ValueError("that is enough")

    monkeypatch.setattr(cli, "make_config", note)
    CliRunner().invoke(cli.app, serve.typed_again(given, None))
    assert seen == [given]
    assert serve.typed_again(CliArguments(), None) == []


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pc", False)],
)
def test_a_loopback_address_is_known(host: str, is_local: bool) -> None:
    assert serve.is_loopback(host) is is_local


# --- Visitors ------------------------------------------------------------------------------------


def test_visitors_have_folders_of_their_own_and_those_are_bounded(tmp_path: Path) -> None:
    visitors = Visitors(tmp_path / "visitors", most=2)
    mine, yours = new_token(), new_token()
    with visitors.visit(mine) as my_folder, visitors.visit(yours) as your_folder:
        assert my_folder != your_folder
        assert mine not in str(my_folder)
        assert visitors.is_full
        os.utime(my_folder, (0.0, 0.0))
        for i in range(MAX_FOLDERS + 20):
            with visitors.visit(f"{i:032x}"):
                pass
        assert my_folder.is_dir()
        assert len(list((tmp_path / "visitors").iterdir())) <= MAX_FOLDERS + 2
    assert not visitors.is_full
    with visitors.visit(mine) as again:
        assert again == my_folder


@pytest.mark.parametrize("text", ["", "../../etc", "0" * 31, "G" * 32, "0" * 32 + "\n"])
def test_only_what_the_server_made_is_a_token(text: str) -> None:
    assert not is_token(text)
    assert is_token(new_token())


# --- Requests ------------------------------------------------------------------------------------


@asynccontextmanager
async def pages(tmp_path: Path, program: str, *, most: int = 9) -> AsyncIterator[TestServer]:
    """The pages with another program in place of the playground."""
    arguments = [sys.executable, "-c", program]
    made = Pages(arguments, Visitors(tmp_path / "visitors", most), is_local=True)
    server = TestServer(made.application())
    async with server:
        yield server
        await made.close()


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}], ids=["page", "name"]
)
async def test_other_sites_cannot_use_the_server_of_their_visitor(
    headers: dict[str, str], tmp_path: Path
) -> None:
    async with pages(tmp_path, "") as server, ClientSession() as client:
        for path in ("/", "/ws", "/download/x"):
            async with client.get(server.make_url(path), headers=headers) as answer:
                assert answer.status == 403
    assert not (tmp_path / "visitors").exists()


ECHO = f"""
import os, sys
sys.stdout.buffer.write(b"__GANGLION__\\n")
def say(text):
    data = text.encode()
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()
say(os.environ["{FOLDER_VARIABLE}"] + " " + os.getcwd() + " " + os.path.expanduser("~"))
while packet := sys.stdin.buffer.read(5):
    say(packet[:1].decode() + sys.stdin.buffer.read(int.from_bytes(packet[1:], "big")).decode())
"""


async def test_a_full_server_says_so_and_nonsense_ends_only_its_own_visit(tmp_path: Path) -> None:
    async with pages(tmp_path, ECHO, most=1) as server, ClientSession() as client:
        async with client.ws_connect(server.make_url("/ws?width=-1&height=9999999")) as socket:
            first = (await socket.receive_bytes()).decode().split()
            assert first == [str(next((tmp_path / "visitors").iterdir()))] * 3
            async with client.get(server.make_url("/")) as answer:
                assert (answer.status, await answer.text()) == (503, FULL)
            await socket.send_json(["stdin", "ä"])
            assert (await socket.receive_bytes()).decode() == "Dä"
            await socket.send_json(["resize", {"width": "x", "height": None}])
            await socket.send_json(["resize", {"width": -3, "height": 10**9}])
            said = (await socket.receive_bytes()).decode()
            assert said == 'M{"type": "resize", "width": 1, "height": 1000}'
            await socket.send_str("[")
            await socket.receive()
            assert socket.closed
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await client.get(server.make_url("/"))).status != 200:
                await asyncio.sleep(0.01)
        async with client.get(server.make_url("/download/x")) as answer:
            assert answer.status == 404


STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdout.buffer.write(b"__GANGLION__\\n" + b"D" + (1).to_bytes(4, "big") + b"x")
sys.stdout.buffer.flush()
while True:
    sys.stdout.buffer.write(b"D" + (9000).to_bytes(4, "big") + b"x" * 9000)
"""


async def test_a_process_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toygrad.tui.textual_patches.served_process.SECONDS_TO_END", 0.1)
    before = set(psutil.Process().children())
    async with pages(tmp_path, STUBBORN) as server, ClientSession() as client:
        socket = await client.ws_connect(server.make_url("/ws"))
        await socket.receive()
        started = set(psutil.Process().children()) - before
        assert len(started) == 1
        await socket.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(child.is_running() for child in started):
                await asyncio.sleep(0.01)


# --- The playground ------------------------------------------------------------------------------


async def fetched(visit: Visit, server_url: str) -> tuple[str, bytes]:
    """What the page is told to download: its name and what is in it."""
    kind, key = await asyncio.wait_for(visit.told.get(), PATIENCE_SECONDS)
    assert kind == "deliver_file_start"
    async with visit.client.get(f"{server_url}download/{key}") as answer:
        name = re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"])
        assert name
        return name[1], await answer.read()


@pytest.mark.timeout(180)
async def test_visitors_are_apart_keep_their_run_and_reach_only_their_own_folder(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n3,4\n")
    async with serving(tmp_path, "--learning-rate", "0.05") as server:
        token = new_token()
        async with visitor(server, token=token) as one, visitor(server) as other:
            await asyncio.gather(one.wait_for(is_ready), other.wait_for(is_ready))
            assert "lr 0.05" in one.text
            await one.press("e")
            await one.wait_for(lambda text: epoch_of(text) == 1)
            # Saved, and downloaded by the browser.
            await one.press("\x13")
            await one.wait_for(lambda text: "Save this run" in text)
            assert str(tmp_path) not in one.text
            await one.press("\r")
            name, content = await fetched(one, server.url)
            assert name.startswith("circle-") and name.endswith(".toygrad")
            (saved,) = tmp_path.rglob(name)
            assert saved.read_bytes() == content
            # Nothing of the server's own.
            await other.press("\x0f")
            await other.wait_for(lambda text: "Open a run" in text)
            await other.press(str(secret), "\r")
            await other.wait_for(lambda text: "only files of" in text)
            await other.wait_for(lambda text: epoch_of(text) == 0)
        async with visitor(server, token=token) as again:
            await again.wait_for(lambda text: "ctrl+r" in text and "epoch 1" in text)
            children = psutil.Process(server.process.pid).children()
            await again.press("q")
            await again.end()
            assert await server.end(signal.SIGINT) == 0
            assert not any(child.is_running() for child in children)
    assert len(list((tmp_path / "toygrad-tui" / "visitors").iterdir())) == 2


@pytest.mark.timeout(180)
@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "not reading"])
def test_the_playground_ends_with_its_server(is_killed: bool, tmp_path: Path) -> None:
    environment = os.environ | {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "XDG_STATE_HOME": str(tmp_path),
        "COLUMNS": "240",
        "ROWS": "70",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "toygrad.tui"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            # Not all of the first picture: it has to wait for a reader.
            assert len(process.stdout.read(20_000)) == 20_000
            if is_killed:
                process.stdin.close()
                process.stdout.close()
            else:
                process.terminate()
            assert process.wait(PATIENCE_SECONDS) == (0 if is_killed else 143)
        finally:
            process.kill()


@pytest.mark.timeout(180)
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
async def test_in_chromium_it_opens_trains_answers_a_key_and_keeps_visitors_apart(
    tmp_path: Path,
) -> None:
    async with (
        serving(tmp_path, "--pace", "10") as server,
        Chromium.started(tmp_path / "profile") as chromium,
    ):
        one, other = await asyncio.gather(chromium.open(server.url), chromium.open(server.url))
        await asyncio.gather(one.wait_for(is_ready), other.wait_for(is_ready))
        await one.press(" ")
        await one.wait_for(lambda text: "training" in text and epoch_of(text) > 0)
        await other.press("?")
        await other.wait_for(lambda text: "Start or pause training" in text)
        await other.press("q")
        assert is_ready(await other.wait_for(is_ready))
        picture = await one.picture()
        assert picture.startswith(b"\x89PNG")
