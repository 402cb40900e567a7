"""The pictures of the book show what the application shows, and the pages show all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.book.pages import PAGES
from tests.book.pictures import FOLDER, TITLES, WIDE, picture, sitting
from tests.book.svg import words_of
from toygrad.core.autograd.tape.compiler.native import why_not
from toygrad.tui.loss import pane as loss

if TYPE_CHECKING:
    from tests.tui.conftest import Start

if not FOLDER.exists():
    pytest.skip("there is no book here", allow_module_level=True)

SUFFIXES = ("dark", "light")


def test_the_pages_show_the_pictures_that_there_are() -> None:
    drawn = {f"{name}-{suffix}.svg" for name in TITLES for suffix in SUFFIXES}
    assert {path.name for path in FOLDER.iterdir()} == drawn
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"pictures/([\w-]+\.svg)", texts)) == drawn


@pytest.mark.skipif(bool(why_not()), reason="the pictures have the compiled engine on")
async def test_the_pictures_say_what_the_application_says(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    async with start(WIDE) as user:
        async for name in sitting(user):
            shown = words_of(picture(user, name))
            for suffix in SUFFIXES:
                drawn = words_of((FOLDER / f"{name}-{suffix}.svg").read_text(encoding="utf-8"))
                assert shown == drawn, f"{name}: python tests/book/pictures.py draws it again"
        assert user.said == []
