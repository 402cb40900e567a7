"""Networks: layers on arrays and on scalars, losses, initializers, optimizers."""

from .activations import ACTIVATIONS
from .elements import Element, element_at, element_place, holds_element, parse_element
from .initializers import INITIALIZERS
from .losses import LOSSES, Loss
from .modules import MLP, Linear, Module
from .neuron import Layer, Neuron, ScalarMLP
from .optimizers import OPTIMIZERS, Optimizer
from .schedules import SCHEDULES

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
    "Neuron",
    "Optimizer",
    "ScalarMLP",
    "element_at",
    "element_place",
    "holds_element",
    "parse_element",
]
