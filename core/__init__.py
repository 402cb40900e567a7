"""The engine and the learning: autograd, networks, training. No terminal, no files."""

if __name__ != "toygrad.core":
    raise ImportError(f"import this package as toygrad.core, not as {__name__}")

from typing import TYPE_CHECKING

from .. import import_when_wanted

if TYPE_CHECKING:
    from .autograd import GradcheckError, GradcheckResult, Value, compare_gradients, gradcheck
    from .nn import (
        ACTIVATIONS,
        INITIALIZERS,
        LOSSES,
        MLP,
        OPTIMIZERS,
        SCHEDULES,
        Layer,
        Linear,
        Module,
        Network,
        Neuron,
    )
    from .run import RunDocument, Session
    from .training import ConfigError, NetworkSpec, Snapshot, TrainingConfig
else:
    __getattr__ = import_when_wanted(
        __name__, "training.config", "nn", "autograd", "run", "training"
    )

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "MLP",
    "OPTIMIZERS",
    "SCHEDULES",
    "ConfigError",
    "GradcheckError",
    "GradcheckResult",
    "Layer",
    "Linear",
    "Module",
    "Network",
    "NetworkSpec",
    "Neuron",
    "RunDocument",
    "Session",
    "Snapshot",
    "TrainingConfig",
    "Value",
    "compare_gradients",
    "gradcheck",
]
