"""Rows that are found without being split are those that are found one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toygrad.datasets import CsvError
from toygrad.datasets.csv import layout, plain
from toygrad.datasets.csv.layout import Cells, read_cells
from toygrad.datasets.csv.text import Text

FIELDS = st.sampled_from(["", " ", "1", "2.5", " 3 ", "a", "ä b", "#", "\u00a0", "1;2", "-"])
ENDS = st.sampled_from(["\n"] * 8 + ["\n\n", ",\n", "", " \n", ',"x"\n'])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Rows of three fields, some of them blank, too long or broken."""
    row = st.lists(FIELDS, min_size=3, max_size=3).map(",".join)
    head = draw(st.sampled_from(["a,b,c\n", "", "# of them\na,b,c\n", "\n\na,b,c\n"]))
    rows = draw(st.lists(st.tuples(row, ENDS), min_size=1, max_size=12))
    return (head + "1,2,3\n" + "".join(map("".join, rows))).encode()


def read(data: bytes, sample: int | None) -> Cells | str:
    try:
        return read_cells(Text(data), "data.csv", sample=sample)
    except CsvError as error:
        return str(error)


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(data=tables(), sample=st.sampled_from([None, 2, 5]))
def test_they_are_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, data: bytes, sample: int | None
) -> None:
    if not data.strip(b" \t\n,;|"):
        return
    with monkeypatch.context() as patch:
        # So small that a table has several.
        patch.setattr(plain, "_CHUNK", 16)
        found = read(data, sample)
        patch.setattr(layout, "plain_rows", lambda *_: None)
        assert read(data, sample) == found


def test_of_rows_that_are_not_drawn_none_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    split: list[plain.Row] = []

    def count(self: plain.PlainRows, places: Sequence[int] | slice) -> list[plain.Row]:
        rows = read_them(self, places)
        split.extend(rows)
        return rows

    read_them = plain.PlainRows.read
    monkeypatch.setattr(plain.PlainRows, "read", count)
    text = Text(b"x,y\n" + b"1,2.5\n2,3.5\n" * 500)
    cells = read_cells(text, "data.csv", sample=10)
    assert len(split) == len(cells.lines) == 10
    assert cells.notes == ("10 of 1,000 rows drawn at random.",)


def test_of_too_many_rows_the_offered_sample_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MAX_SAMPLES", 40)
    for rows, expected in ((40, None), (41, 30)):
        for row in (b"1,2.5\n", b'1,"2.5"\n'):
            cells = read_cells(Text(b"x,y\n" + row * rows), "data.csv", offered=30)
            assert cells.sample == expected
            assert len(cells.lines) == expected or rows


def test_what_progress_raises_ends_the_reading() -> None:
    def give_up(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_cells(Text(b"x,y\n1,2.5\n2,3.5\n"), "data.csv", progress=give_up)
