"""Figures that README and the book show: kept with machine and date, and put where they are shown.

A page shows one as a link to its file, with its name as the link's title:
`[21 us](figures/steps.json "2-16-16-1, batch 100: toygrad tape")`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SHOWN = re.compile(
    r'\[(?P<text>[^\]]+)\]\((?:docs/)?figures/(?P<file>[\w-]+\.json) "(?P<name>[^"]+)"\)'
)


def add_json_option(parser: ArgumentParser) -> None:
    """The option that keeps the figures."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures of the book")


def keep(path: Path, figures: Mapping[str, str]) -> None:
    """Writes figures, by name as they are to be shown, and renews the pages that show them."""
    script = Path(sys.argv[0]).resolve().relative_to(ROOT).as_posix()
    made = {
        "by": shlex.join(["python", script, *sys.argv[1:]]),
        "date": date.today().isoformat(),
        "machine": _machine(),
        "figures": figures,
    }
    path.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    for page in PAGES:
        before = page.read_text(encoding="utf-8")
        after = SHOWN.sub(lambda found: _renewed(found, path.name, figures), before)
        if after != before:
            page.write_text(after, encoding="utf-8")


def two_digits(number: float) -> str:
    """A number as the book shows it: 0.15, 9.5, 21, 33,000."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}"


def duration(seconds: float) -> str:
    """Seconds as the book shows them: 0.16 us, 21 us, 3.4 ms, 0.6 s."""
    if seconds < 1e-3:
        return f"{two_digits(1e6 * seconds)} us"
    return f"{two_digits(1e3 * seconds)} ms" if seconds < 0.1 else f"{two_digits(seconds)} s"


def _renewed(found: re.Match[str], file: str, figures: Mapping[str, str]) -> str:
    if found["file"] != file or found["name"] not in figures:
        return found[0]
    return found[0].replace(f"[{found['text']}]", f"[{figures[found['name']]}]", 1)


def _machine() -> str:
    parts = [
        f"{os.cpu_count()} cores of {_processor()}, load average {os.getloadavg()[0]:.1f}",
        f"{platform.system()}, Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("numpy", "llvmlite", "textual")),
    ]
    return ", ".join(parts)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    text = known.read_text(encoding="utf-8") if known.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1] if model else platform.processor() or platform.machine()
