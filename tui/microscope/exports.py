"""What the microscope gives away: a Graphviz graph, a picture of the screen, a Python script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...core.explain.export import to_dot
from ...core.explain.graph import GraphView
from ...core.explain.stepper import Stepper

_FONT_FACE: Final = re.compile(r"@font-face\s*\{[^}]*\}\s*")


@dataclass(frozen=True, slots=True)
class Exports:
    """The three texts.

    Attributes:
        dot: The graph for Graphviz.
        svg: The picture of the screen.
        script: The program in Python; empty where there is none.
    """

    dot: str
    svg: str
    script: str


def graph_as_dot(view: GraphView, stepper: Stepper) -> str:
    """The graph with the numbers that are known at this step."""
    return to_dot(
        view,
        data=lambda node: stepper.data(node.value),
        grad=lambda node: stepper.grad(node.value),
    )


def picture_as_svg(screenshot: str) -> str:
    """A picture of the screen that loads nothing from anywhere.

    Args:
        screenshot: As Textual makes it, with fonts that would be fetched from a server; without
            them it is drawn in the reader's own monospaced font.
    """
    return _FONT_FACE.sub("", screenshot)


def save_text(text: str, path: Path) -> None:
    """Writes a file, in UTF-8.

    Raises:
        ValueError: With a sentence, if it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ValueError(f"{path} was not saved: {reason}. Type another path.") from error
