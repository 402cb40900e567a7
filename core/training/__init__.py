"""Training: what a user can set, a session that learns, and what may be seen of it."""

from .config import (
    ENGINES,
    LEARNING_RATES,
    PACES,
    REGULARIZATION_RATES,
    REGULARIZATIONS,
    ConfigError,
    NetworkSpec,
    TrainingConfig,
)
from .diagnostics import VERDICTS, verdicts
from .features import available_features
from .history import History
from .session import Session
from .snapshot import Evaluation, Snapshot, Trouble, confusion_matrix, predicted_classes

__all__ = [
    "ENGINES",
    "LEARNING_RATES",
    "PACES",
    "REGULARIZATIONS",
    "REGULARIZATION_RATES",
    "VERDICTS",
    "ConfigError",
    "Evaluation",
    "History",
    "NetworkSpec",
    "Session",
    "Snapshot",
    "TrainingConfig",
    "Trouble",
    "available_features",
    "confusion_matrix",
    "predicted_classes",
    "verdicts",
]
