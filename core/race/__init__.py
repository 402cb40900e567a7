"""Several runs that go on side by side, epoch by epoch, from one state."""

from typing import TYPE_CHECKING

from ... import import_when_wanted

if TYPE_CHECKING:
    from .lanes import MAX_LANES, Lanes
else:
    __getattr__ = import_when_wanted(__name__, "lanes")

__all__ = ["MAX_LANES", "Lanes"]
