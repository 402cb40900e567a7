"""A folder that the monkey can't get out of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from toygrad.datasets import files

_HOMES = ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


@contextmanager
def caged(folder: Path) -> Iterator[None]:
    """Makes a folder the current one and the user's; no file outside it is read or written."""
    inside = Path(os.path.realpath(folder))

    def within(function: Any, place: int) -> Any:
        def checked(*arguments: Any, **keywords: Any) -> Any:
            path = Path(os.path.realpath(arguments[place]))
            if not path.is_relative_to(inside):
                raise PermissionError(13, "outside the cage")
            return function(*arguments, **keywords)

        return checked

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(inside)
        for name in _HOMES:
            patch.setenv(name, str(inside))
        patch.setattr(files, "_read", within(files._read, 0))
        patch.setattr(files, "_part_of", within(files._part_of, 1))
        yield
