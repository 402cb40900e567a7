"""The file of a sweep: gone on with after any end, and never mistaken for another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.sweep.cases import sweep
from toygrad.core.sweep.chunks import run_chunk
from toygrad.core.sweep.results_file import ResultsFile, ResultsFileError
from toygrad.datasets import FileError

SWEEP = sweep("learning-rate=0.01,0.1,1e300", "activation=relu", loss="binary_cross_entropy")


def line_of(number: int) -> bytes:
    (line,) = run_chunk(SWEEP, (number,)).lines
    return line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the first two of three runs."""
    path = tmp_path / "runs.jsonl"
    with ResultsFile(path, SWEEP) as file:
        for number in (2, 0):
            assert file.add(number, line_of(number))
        assert not file.add(0, line_of(0))
    return path


def test_what_is_there_is_not_run_again(path: Path) -> None:
    file = ResultsFile(path, SWEEP)
    seen = list(file.read())
    assert [run.cell for run in seen] == [2, 0] and [run.diverged for run in seen] == [True, False]
    assert list(file.done.missing()) == [1] and file.done.count == 2


def test_half_a_line_at_the_end_is_cut_off_wherever_it_ends(path: Path) -> None:
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for end in (first, first + 1, first + 500, len(whole) - 1):
        path.write_bytes(whole[:end])
        file = ResultsFile(path, SWEEP)
        assert [run.cell for run in file.read()] == [2]
        with file:
            file.add(0, line_of(0))
        again = ResultsFile(path, SWEEP)
        assert [run.cell for run in again.read()] == [2, 0]
    for end in (1, 5, 300):
        path.write_bytes(whole[:end])
        assert list(ResultsFile(path, SWEEP).read()) == []
        assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,size\n1,2\n", "something else than the results of a sweep"),
        (b"no end of a line", "no results of a sweep"),
        (b'{"sweep": 3}\n', "something else"),
        (b"\x00\xff\n", "something else"),
        (b"[" * 5_000 + b"\n", "something else"),
        (b"\n", "something else"),
    ],
)
def test_a_file_of_something_else_is_refused_and_stays(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ResultsFileError, match=said):
        list(ResultsFile(path, SWEEP).read())
    assert path.read_bytes() == content


def test_the_results_of_another_sweep_are_refused_and_stay(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ResultsFileError, match="the results of another sweep: give --out"):
        list(ResultsFile(path, replace(SWEEP, epochs=2)).read())
    assert path.read_bytes() == before


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be read"):
        list(ResultsFile(tmp_path, SWEEP).read())
    with pytest.raises(FileError, match="can't be written"), ResultsFile(tmp_path, SWEEP):
        pass
