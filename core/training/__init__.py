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
from .trace import Trace, layer_arrays, trace_point
from .transplant import Weights

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
    "Trace",
    "TrainingConfig",
    "Trouble",
    "Weights",
    "available_features",
    "confusion_matrix",
    "layer_arrays",
    "predicted_classes",
    "trace_point",
    "verdicts",
]
