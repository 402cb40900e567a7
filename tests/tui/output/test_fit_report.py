"""The numbers of a regression's report stand apart, however long they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.datasets import load_csv
from toygrad.tui.output.report import fit_report


@pytest.mark.parametrize("size", [1e-7, 1.0, 150_000.0, 1e12])
def test_no_two_numbers_of_a_fit_touch(size: float, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("a,price\n" + "".join(f"{k},{(k * k % 17 + 0.5) * size}\n" for k in range(40)))
    session = Session(NetworkSpec(hidden=(3,)), load_csv(path))
    report = fit_report(session.snapshot(grid=(1, 1)))
    names = ("", "samples", "mean error", "root mean sq.", "R^2")
    for name, line in zip(names, report.lines, strict=True):
        text = "".join(part for part, _ in line)
        assert text.startswith(name)
        assert len(text.removeprefix(name).split()) == 2
        assert text.removeprefix(name).startswith(" ")
