"""Lines of the screen that make room for what they may remember once there is something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

CACHES: Final = {
    **{"_crop_cache": 16, "_style_cache": 16, "_divide_cache": 4, "_filter_cache": 4},
    **{"_line_length_cache": 4, "_crop_extend_cache": 4, "_offsets_cache": 4},
}
"""The caches of a strip, and how much each holds."""


def lighten_strips() -> None:
    """Makes strips quicker: a frame has thousands, and few need more than one of seven caches."""
    strips: Any = Strip
    strips.__init__ = _begin
    strips.__getattr__ = _new_cache


def _begin(self: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = None
    self._link_ids = None
    self._cell_count = None


def _new_cache(self: Strip, name: str) -> FIFOCache[Any, Any]:
    """The cache that is asked for the first time, which has no value yet in its slot."""
    if name not in CACHES:
        raise AttributeError(name)
    cache: FIFOCache[Any, Any] = FIFOCache(CACHES[name])
    setattr(self, name, cache)
    return cache
