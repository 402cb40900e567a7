"""Fan-in: what one neuron adds up for one point, input by input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..autograd.numerics import FloatArray
from .trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class FanIn:
    """A neuron's sum, term by term, in the order of its inputs.

    Attributes:
        weights: Of each input, shape (inputs,).
        inputs: What comes in, shape (inputs,).
        products: Weight times input, shape (inputs,).
        order: The places of the inputs, those with the largest product first, either sign; what
            is no number comes last, shape (inputs,).
        bias: The neuron's bias.
        total: The sum of the products and the bias.
        output: What the activation makes of the sum.
    """

    weights: FloatArray
    inputs: FloatArray
    products: FloatArray
    order: NDArray[np.intp]
    bias: float
    total: float
    output: float


def fan_in(trace: Trace, layer: int, neuron: int) -> FanIn:
    """Takes one neuron out of a trace.

    Args:
        trace: One point on its way through a network.
        layer: The neuron's layer, 0 for the first after the inputs.
        neuron: Its number in the layer.

    Raises:
        IndexError: If there is no such neuron.
    """
    weights = trace.weights[layer][:, neuron]
    inputs = trace.outputs[layer]
    with np.errstate(all="ignore"):
        products = weights * inputs
        order = np.argsort(-np.abs(products), kind="stable")
    return FanIn(
        weights=weights,
        inputs=inputs,
        products=products,
        order=order,
        bias=float(trace.biases[layer][neuron]),
        total=float(trace.sums[layer][neuron]),
        output=float(trace.outputs[layer + 1][neuron]),
    )
