"""The engine and the learning: autograd, networks, training. No terminal."""

if __name__ != "toygrad.core":
    raise ImportError(f"import this package as toygrad.core, not as {__name__}")

from typing import TYPE_CHECKING

from .. import import_when_wanted

if TYPE_CHECKING:
    from .autograd import (
        GradcheckError,
        GradcheckResult,
        Op,
        Tape,
        Value,
        compare_gradients,
        gradcheck,
        topological_order,
    )
    from .explain.drawing import Drawing, draw
    from .explain.stepper import Step, StepError, Stepper
    from .nn import (
        ACTIVATIONS,
        INITIALIZERS,
        LOSSES,
        MLP,
        OPTIMIZERS,
        SCHEDULES,
        Layer,
        Linear,
        Loss,
        Module,
        Network,
        Neuron,
        Optimizer,
    )
    from .run import RunDocument, Session
    from .run.file import RunFileError
    from .training import ConfigError, Evaluation, NetworkSpec, Snapshot, TrainingConfig
else:
    __getattr__ = import_when_wanted(
        __name__,
        "training.config",
        "nn",
        "autograd",
        "run",
        "training",
        "explain.drawing",
        "explain.stepper",
        "run.file",
    )

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "MLP",
    "OPTIMIZERS",
    "SCHEDULES",
    "ConfigError",
    "Drawing",
    "Evaluation",
    "GradcheckError",
    "GradcheckResult",
    "Layer",
    "Linear",
    "Loss",
    "Module",
    "Network",
    "NetworkSpec",
    "Neuron",
    "Op",
    "Optimizer",
    "RunDocument",
    "RunFileError",
    "Session",
    "Snapshot",
    "Step",
    "StepError",
    "Stepper",
    "Tape",
    "TrainingConfig",
    "Value",
    "compare_gradients",
    "draw",
    "gradcheck",
    "topological_order",
]
