"""What can be exported of the microscope: the graph, a picture of the screen, the program."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ...core.explain.export import to_dot
from ...core.explain.graph import GraphView
from ...core.explain.stepper import Stepper
from ..export_screen import Export
from ..key_words import with_keys

_FONT_FACE: Final = re.compile(r"@font-face\s*\{[^}]*\}\s*")
NO_SCRIPT: Final = (
    "Only a program has a Python script: press g{microscope.source} to switch to the program."
)


def exports(graph: str, picture: str, script: str) -> list[Export]:
    """The forms; a script that is empty is none."""

    def made(text: str) -> Callable[[], str]:
        return lambda: text

    def made_script() -> str:
        if not script:
            raise ValueError(with_keys(NO_SCRIPT))
        return script

    return [
        Export("The graph, for Graphviz (DOT)", "graph.dot", made(graph)),
        Export("A picture of the screen (SVG)", "microscope.svg", made(picture)),
        Export("The program, as a Python script", "program.py", made_script),
    ]


def graph_as_dot(view: GraphView, stepper: Stepper) -> str:
    """The graph with the numbers computed so far."""
    return to_dot(
        view,
        data=lambda node: stepper.data(node.value),
        grad=lambda node: stepper.grad(node.value),
    )


def picture_as_svg(screenshot: str) -> str:
    """A picture of the screen that loads nothing from the network.

    Args:
        screenshot: From Textual, with web fonts; without them it uses the reader's own font.
    """
    return _FONT_FACE.sub("", screenshot)
