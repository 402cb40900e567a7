"""Layers of a graph: netext still gives them, and leaves the program as it was."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

from toygrad.tui.microscope.layered import layered


def test_arrows_lead_to_the_right_and_nodes_of_a_column_do_not_overlap() -> None:
    heights = dict.fromkeys("abcdef", 4)
    arrows = [("a", "c"), ("b", "c"), ("c", "e"), ("d", "e"), ("e", "f"), ("a", "f")]
    places = layered(heights, arrows)
    assert set(places) == set(heights)
    assert all(places[source][0] < places[target][0] for source, target in arrows)
    for node, (column, middle) in places.items():
        others = [m for n, (c, m) in places.items() if c == column and n != node]
        assert all(abs(middle - other) >= 4 for other in others)


def test_nodes_without_arrows_are_placed_too() -> None:
    assert len(layered({"a": 1}, [])) == 1
    assert len(set(layered({"a": 1, "b": 1}, []).values())) == 2


def test_its_version_is_one_whose_layout_is_known() -> None:
    assert version("netext").startswith("0.5.")


def test_importing_it_leaves_tracebacks_alone() -> None:
    code = (
        "import sys; before = sys.excepthook; import toygrad.tui.microscope.layered; "
        "assert sys.excepthook is before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
