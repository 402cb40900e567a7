"""The book is built without a warning, and every link in what is built leads somewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.book.pages import DOCS, ROOT

if find_spec("zensical") is None or not (ROOT / "zensical.toml").exists():
    pytest.skip("the extra 'docs' is not installed", allow_module_level=True)

LINKS = ("href", "src", "srcset")


class Html(HTMLParser):
    """Reads which links a page has, and which places in it have a name."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.names: set[str] = {""}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if value is not None and name in LINKS:
                self.links.add(value)
            elif value is not None and name == "id":
                self.names.add(value)


def test_the_book_is_built_without_a_warning_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    # Elsewhere, so that the repository stays as it is.
    shutil.copytree(DOCS, tmp_path / "docs")
    config = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    source = 'paths = [".src"]'
    assert source in config
    config = config.replace(source, f"paths = ['{ROOT / '.src'}']")
    (tmp_path / "zensical.toml").write_text(config, encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    said = built.stdout + built.stderr
    assert built.returncode == 0 and "No issues found" in said, said
    pages = {page: Html(page) for page in (tmp_path / "site").rglob("*.html")}
    assert len(pages) > 30
    for page, html in pages.items():
        for link in html.links if page.name != "404.html" else ():
            address, anchor = urldefrag(unquote(link))
            if "://" in address or address.startswith(("/", "mailto:")):
                continue
            target = (page.parent / address).resolve() if address else page
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), (page.name, link)
            # The theme has a button to what has no name: the top of the page.
            if target in pages and not anchor.startswith("__"):
                assert anchor in pages[target].names, (page.name, link)
