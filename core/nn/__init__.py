"""Networks: layers on arrays and on scalars, losses, initializers, optimizers, schedules."""

from typing import TYPE_CHECKING

from ... import import_when_wanted

if TYPE_CHECKING:
    from .activations import ACTIVATIONS
    from .initializers import INITIALIZERS
    from .layers import Linear, Network
    from .losses import LOSSES, Loss
    from .module import Module
    from .optimizers import OPTIMIZERS, Optimizer
    from .parameters import Element, element_at, element_place, holds_element, parse_element
    from .scalar import MLP, Layer, Neuron
    from .schedules import SCHEDULES
else:
    __getattr__ = import_when_wanted(
        __name__,
        "schedules",
        "parameters",
        "activations",
        "initializers",
        "losses",
        "optimizers",
        "module",
        "layers",
        "scalar",
    )

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "MLP",
    "OPTIMIZERS",
    "SCHEDULES",
    "Element",
    "Layer",
    "Linear",
    "Loss",
    "Module",
    "Network",
    "Neuron",
    "Optimizer",
    "element_at",
    "element_place",
    "holds_element",
    "parse_element",
]
