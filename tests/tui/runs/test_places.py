"""Where runs are kept as they go on."""

from pathlib import Path

import pytest

from toygrad.tui.runs.places import SITTINGS, is_sitting


def test_what_is_kept_is_known_by_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_sitting(tmp_path / SITTINGS / "a.toygrad", tmp_path)
    assert is_sitting(Path(SITTINGS, "a.toygrad"), tmp_path)
    assert not is_sitting(Path("a.toygrad"), tmp_path)
    assert not is_sitting(Path(SITTINGS, "a.toygrad"), None)
