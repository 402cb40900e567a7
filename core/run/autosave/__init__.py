"""Autosave: what a sitting does is on the disk within seconds, and every edit at once."""

from .autosave import Autosave
from .sittings import Sitting, Sittings

__all__ = ["Autosave", "Sitting", "Sittings"]
