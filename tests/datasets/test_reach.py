"""Where strangers use the program, only one folder is in reach, whatever path is typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from toygrad.datasets import DataChoice, FileError, files, reach
from toygrad.datasets.files import read_file, shown_path, write_file
from toygrad.tui.widgets.path_field import matching_paths


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only folder in reach, beside one with a secret and a file that may be read."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("secret.csv", "given.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n3,4\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "outside").symlink_to(tmp_path)
    monkeypatch.chdir(folder)
    reach.confine(folder, readable=[tmp_path / "given.csv"])
    yield folder
    reach.confine(None)


@pytest.mark.parametrize(
    "typed",
    ["../secret.csv", "link.csv", "outside/secret.csv", "/etc/hostname", "x/../../secret.csv", "~"],
)
def test_what_lies_outside_is_neither_read_nor_written_nor_listed(own: Path, typed: str) -> None:
    path = Path(typed).expanduser()
    for use in (lambda: read_file(path, limit=1000), lambda: write_file(path, "x")):
        with pytest.raises(FileError, match="only files of your own folder can be used here"):
            use()
    assert (own.parent / "secret.csv").read_text() == "a,b\n1,2\n3,4\n"
    for folder in ("../", "outside/", "/", "~/"):
        assert matching_paths(folder, (".csv",), 9) == []


def test_what_lies_inside_is_as_ever_and_named_from_there(own: Path) -> None:
    write_file("mine.csv", "a,b\n1,2\n")
    write_file("mine.csv", "a,b\n1,2\n3,4\n")
    assert DataChoice(path=own / "mine.csv").load().n_samples == 2
    assert [match.name for match in matching_paths("m", (".csv",), 9)] == ["mine.csv"]
    assert shown_path(Path("mine.csv")) == "mine.csv"


def test_what_everybody_is_given_can_be_read_but_not_written(own: Path) -> None:
    assert DataChoice(path=own.parent / "given.csv").load().n_samples == 2
    with pytest.raises(FileError, match="only files of your own folder"):
        write_file(own.parent / "given.csv", "x")


def test_what_cannot_be_a_path_is_not_in_reach(own: Path) -> None:
    assert not reach.can_reach("a\0b")
    assert not reach.can_read("a\0b")


def test_a_full_folder_says_so(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reach, files):
        monkeypatch.setattr(module, "MAX_BYTES", 2_000_000)
    write_file("first.csv", b" " * 1_500_000)
    with pytest.raises(FileError, match=r"your folder is full \(2 MB\)"):
        write_file("second.csv", b" " * 1_500_000)
