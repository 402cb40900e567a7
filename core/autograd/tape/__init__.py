"""A graph recorded once and replayed every step."""

from .tape import Tape

__all__ = ["Tape"]
