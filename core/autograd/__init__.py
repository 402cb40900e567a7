"""The autograd engine: operations as data, a graph of Values, and the chain rule backwards."""

from .gradcheck import GradcheckError, GradcheckResult, compare_gradients, gradcheck
from .ops import OPS, Op
from .tape import Tape
from .value import Value, topological_order

__all__ = [
    "OPS",
    "GradcheckError",
    "GradcheckResult",
    "Op",
    "Tape",
    "Value",
    "compare_gradients",
    "gradcheck",
    "topological_order",
]
