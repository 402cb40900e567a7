"""What can be exported: the graph, a picture of the screen, the program in Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from textual.widgets import Input, OptionList

from toygrad.tui.confirm import ConfirmScreen
from toygrad.tui.export_screen import ExportScreen
from toygrad.tui.microscope.export import picture_as_svg
from toygrad.tui.microscope.screen import MicroscopeScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Start, User

SIZE = (120, 40)


async def export(user: User, kind: int, path: Path | str) -> None:
    await user.press("x")
    user.app.screen.query_one(OptionList).highlighted = kind
    await user.settle()
    user.app.screen.query_one(Input).value = str(path)
    await user.press("s")


async def test_each_kind_is_saved_and_copied(start_small: Start, tmp_path: Path) -> None:
    async with start_small(SIZE) as user:
        await user.press("m", "f")
        await the_graph_is_saved_for_graphviz_with_what_is_known(user, tmp_path)
        await the_picture_is_of_the_screen_and_loads_nothing(user, tmp_path)
        await the_script_prints_what_the_screen_shows(user, tmp_path)
        for kind, begin in enumerate(("digraph", "<svg", "from toygrad.core import Value")):
            await user.press("x")
            user.app.screen.query_one(OptionList).highlighted = kind
            await user.settle()
            await user.press("c")
            assert user.app.clipboard.startswith(begin)
            assert "to the clipboard" in user.said[-1]


async def the_graph_is_saved_for_graphviz_with_what_is_known(user: User, folder: Path) -> None:
    await export(user, 0, folder / "graph.dot")
    assert isinstance(user.app.screen, MicroscopeScreen)
    assert f"Saved to {folder / 'graph.dot'}." in user.said
    text = (folder / "graph.dot").read_text()
    assert text.startswith("digraph")
    assert "data -8.0" in text
    assert "grad" not in text
    await user.press("b")
    await export(user, 0, folder / "all.dot")
    assert "data 2.0\\ngrad 6.0" in (folder / "all.dot").read_text()


async def the_picture_is_of_the_screen_and_loads_nothing(user: User, folder: Path) -> None:
    await export(user, 1, folder / "screen.svg")
    text = (folder / "screen.svg").read_text()
    ElementTree.fromstring(text)
    assert "Program" in text
    assert "escape&#160;closes" not in text
    for word in ("@font-face", "url(http", "cdn"):
        assert word not in text


async def the_script_prints_what_the_screen_shows(user: User, folder: Path) -> None:
    await export(user, 2, folder / "program.py")
    ran = subprocess.run(
        [sys.executable, str(folder / "program.py")],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert ran.stdout.splitlines() == [
        "L -8.0",
        "a 2.0 6.0",
        "b -3.0 -4.0",
        "c 10.0 -2.0",
        "f -2.0 4.0",
    ]


async def test_what_goes_wrong_is_a_sentence_and_no_file_is_lost(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "graph.dot"
    path.write_text("mine")
    async with start_small(SIZE) as user:
        await user.press("m")
        await export(user, 0, path)
        assert isinstance(user.app.screen, ConfirmScreen)
        assert "graph.dot already exists" in user.text()
        await user.press("escape")
        assert path.read_text() == "mine"
        assert isinstance(user.app.screen, ExportScreen)
        await user.press("s", "y")
        assert path.read_text().startswith("digraph")
        for typed, sentence in (
            ("", "Type a file name"),
            ("no/such/folder/graph.dot", "graph.dot: the file can't be written (the folder \""),
        ):
            await export(user, 0, typed)
            assert isinstance(user.app.screen, ExportScreen)
            assert sentence in user.text("#export") + user.said[-1]
            await user.press("escape")
            assert isinstance(user.app.screen, MicroscopeScreen)
        await user.press("M")
        await export(user, 2, tmp_path / "program.py")
        assert "Only a program has a Python script" in user.text("#export")
        assert not (tmp_path / "program.py").exists()


async def test_buttons_copy_and_save(
    start_small: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with start_small(SIZE) as user:
        await user.press("m", "x")
        await user.pilot.click("#export-copy")
        assert user.app.clipboard.startswith("digraph")
        await user.press("x", "enter")
        assert isinstance(user.app.focused, Input)
        await user.press("enter")
        assert (tmp_path / "graph.dot").exists()


def test_a_picture_without_fonts_is_left_as_it_is() -> None:
    assert picture_as_svg("<svg><style>a { b: c; }</style></svg>") == (
        "<svg><style>a { b: c; }</style></svg>"
    )
