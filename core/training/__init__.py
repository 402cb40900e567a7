"""Training: what a user can set, what learns, and what may be seen of it."""

from typing import TYPE_CHECKING

from ... import import_when_wanted

if TYPE_CHECKING:
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
    from .evaluation import (
        ClassScores,
        FitScores,
        accuracy,
        class_scores,
        confusion_matrix,
        fit_scores,
        predicted_classes,
        residuals,
        wrong_rows,
    )
    from .features import available_features
    from .history import History
    from .projection import Projection, principal_components
    from .snapshot import Evaluation, Snapshot, TrainingFailure
    from .trace import Trace, layer_arrays, trace_point
    from .weight_transfer import Weights
else:
    __getattr__ = import_when_wanted(
        __name__,
        "config",
        "evaluation",
        "features",
        "history",
        "projection",
        "snapshot",
        "trace",
        "weight_transfer",
    )

__all__ = [
    "ENGINES",
    "LEARNING_RATES",
    "PACES",
    "REGULARIZATIONS",
    "REGULARIZATION_RATES",
    "ClassScores",
    "ConfigError",
    "Evaluation",
    "FitScores",
    "History",
    "NetworkSpec",
    "Projection",
    "Snapshot",
    "Trace",
    "TrainingConfig",
    "TrainingFailure",
    "Weights",
    "accuracy",
    "available_features",
    "class_scores",
    "confusion_matrix",
    "fit_scores",
    "layer_arrays",
    "predicted_classes",
    "principal_components",
    "residuals",
    "trace_point",
    "wrong_rows",
]
