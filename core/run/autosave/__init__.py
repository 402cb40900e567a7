"""Autosave: what a sitting does is on the disk within seconds, and every edit at once."""

from typing import TYPE_CHECKING

from .... import import_when_wanted

if TYPE_CHECKING:
    from .autosave import Autosave
    from .sittings import Sitting, Sittings
else:
    __getattr__ = import_when_wanted(__name__, "autosave", "sittings")

__all__ = ["Autosave", "Sitting", "Sittings"]
