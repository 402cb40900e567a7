"""What the terminal can show, as its variables say."""

import pytest

from toygrad.tui.command_line.terminal import lacks_symbols, terminal_depth
from toygrad.tui.drawing.depth import Depth


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "xterm-256color"}, Depth.CUBE),
        ({"TERM": "tmux-256color"}, Depth.CUBE),
        ({"TERM": "xterm-16color"}, Depth.SIXTEEN),
        ({"TERM": "screen"}, Depth.SIXTEEN),
        ({"TERM": "linux"}, Depth.SIXTEEN),
        ({"TERM": "xterm-kitty"}, Depth.TRUE),
        ({"TERM": "foot"}, Depth.TRUE),
        ({"TERM": "dumb"}, Depth.NONE),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, Depth.SIXTEEN),
    ],
    ids=str,
)
def test_a_terminal_has_as_many_colours_as_it_says(environ: dict[str, str], depth: Depth) -> None:
    assert terminal_depth(environ) is depth


@pytest.mark.parametrize(
    ("environ", "encoding", "lacks"),
    [
        ({"TERM": "xterm", "LANG": "en_GB.UTF-8"}, "utf-8", False),
        ({"TERM": "xterm", "LC_CTYPE": "UTF-8"}, "utf-8", False),
        ({"TERM": "xterm", "LANG": "C.utf8"}, None, False),
        ({"TERM": "xterm"}, "utf-8", False),
        ({"TERM": "linux", "LANG": "en_GB.UTF-8"}, "utf-8", True),
        ({"TERM": "vt220"}, "utf-8", True),
        ({"TERM": "dumb"}, "utf-8", True),
        ({"TERM": "xterm", "LC_ALL": "C", "LANG": "en_GB.UTF-8"}, "utf-8", True),
        ({"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"}, "utf-8", True),
        ({"TERM": "xterm", "LANG": "en_GB.UTF-8"}, "ascii", True),
    ],
    ids=str,
)
def test_a_terminal_without_symbols_is_known(
    environ: dict[str, str], encoding: str | None, lacks: bool
) -> None:
    assert lacks_symbols(environ, encoding) is lacks
