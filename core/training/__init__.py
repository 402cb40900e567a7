"""Training: what a user can set, a session that learns, and what may be seen of it."""

from .config import ConfigError, NetworkSpec, TrainingConfig
from .history import History
from .session import Session
from .snapshot import Snapshot

__all__ = ["ConfigError", "History", "NetworkSpec", "Session", "Snapshot", "TrainingConfig"]
