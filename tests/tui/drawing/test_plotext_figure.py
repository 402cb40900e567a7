"""plotext's private parts are as the plot expects them, and its globals stay untouched."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import plotext
import pytest

from toygrad.tui.drawing.plotext_figure import BRAILLE, build_cells, new_figure

RED = (255, 0, 0)


def drawn() -> Any:
    figure = new_figure(12, 5)
    figure.xticks([0.0, 1.0], ["0", "1"])
    figure.yticks([0.0, 1.0], ["0", "1"])
    figure.scatter([0.0, 1.0], [0.0, 1.0], color=RED, marker="*")
    return figure


def test_this_version_of_plotext_still_has_what_is_used_of_it_in_private() -> None:
    installed = f"plotext {version('plotext')}"
    figure = new_figure(12, 5)
    for name in ("_limit_size", "_set_sizes", "_build_matrix", "monitor"):
        assert hasattr(figure, name), f"{installed}: its figure has no {name!r} "
    build_cells(drawn())
    matrix = figure.monitor.matrix
    for name in ("marker", "fullground"):
        assert hasattr(matrix, name), f"{installed}: the matrix of a figure has no {name!r}"
    glyphs, colors = build_cells(drawn())
    assert glyphs.shape == colors.shape == (5, 12), f"{installed}: the matrix is not rows of cells"
    rows = ["".join(map(chr, row)) for row in glyphs.tolist()]
    message = f"{installed}: the rows of the matrix are not from the bottom to the top"
    assert rows == plotext.uncolorize(drawn().build()).splitlines(), message


def test_each_cell_has_the_colour_that_was_given_and_others_none() -> None:
    glyphs, colors = build_cells(drawn())
    assert set(colors[glyphs == ord("*")].tolist()) == {0xFF0000}
    assert set(colors[glyphs != ord("*")].tolist()) == {-1}


def test_a_braille_marker_has_two_by_four_dots_a_cell() -> None:
    figure = new_figure(4, 4)
    figure.frame(False)
    figure.xlim(0.0, 1.0)
    figure.ylim(0.0, 1.0)
    figure.xticks([])
    figure.yticks([])
    figure.scatter([0.0, 1.0], [0.0, 1.0], color=RED, marker=BRAILLE)
    glyphs, _ = build_cells(figure)
    assert ["".join(map(chr, row)) for row in glyphs.tolist()] == ["   ⠈", "    ", "    ", "⡀   "]


@pytest.mark.parametrize("size", [(1, 1), (300, 90)])
def test_no_terminal_limits_its_size(size: tuple[int, int]) -> None:
    glyphs, _ = build_cells(new_figure(*size))
    assert glyphs.shape == size[::-1]


def test_the_figure_of_the_module_plotext_is_left_alone() -> None:
    plotext.clear_figure()
    before = plotext.build()
    build_cells(drawn())
    assert plotext.build() == before
