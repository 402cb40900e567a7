"""A Python script with the network as a PyTorch module, its weights, and how it was trained."""

from __future__ import annotations

from string import Template

from ..training.update import has_rate_factors
from .network_source import INPUTS, NETWORK, PREDICTION, Library
from .source import array_source, indented, number_source
from .trained import TrainedRun, layers_of

ACTIVATIONS = {
    "linear": "return x",
    "relu": "return torch.relu(x)",
    "leaky_relu": "return nn.functional.leaky_relu(x, 0.01)",
    "tanh": "return torch.tanh(x)",
    "sigmoid": "return torch.sigmoid(x)",
    "elu": "return nn.functional.elu(x)",
    "gelu": 'return nn.functional.gelu(x, approximate="tanh")',
    "silu": "return nn.functional.silu(x)",
    # PyTorch's own is linear from 20 on.
    "softplus": "return torch.logaddexp(x, torch.zeros_like(x))",
    "sin": "return torch.sin(x)",
}
"""The body of each, by its name."""

PYTORCH = Library(
    module="torch",
    activations=ACTIVATIONS,
    lacks=("softplus", "elu"),
    stack="torch.stack([{}], dim=1)",
    largest="outputs(points).argmax(dim=1)",
)

LOSSES = {
    "squared_error": "return 0.5 * ((outputs - targets) ** 2).sum() / len(outputs)",
    "binary_cross_entropy": (
        "margins = -outputs * targets\n"
        "return torch.logaddexp(margins, torch.zeros_like(margins)).sum() / len(outputs)"
    ),
    "softmax_cross_entropy": "return nn.functional.cross_entropy(outputs, targets.argmax(dim=1))",
    "hinge": "return torch.relu(1.0 - outputs * targets).sum() / len(outputs)",
}
"""The body of each, by its name."""

OPTIMIZERS = {
    "sgd": "torch.optim.SGD($parameters, lr=$learning_rate)",
    "momentum": "torch.optim.SGD($parameters, lr=$learning_rate, momentum=$momentum)",
    "nesterov": "torch.optim.SGD(\n"
    "    $parameters, lr=$learning_rate, momentum=$momentum, nesterov=True\n)",
    "rmsprop": "torch.optim.RMSprop(\n"
    "    $parameters, lr=$learning_rate, alpha=$decay, eps=$epsilon\n)",
    "adam": "torch.optim.Adam(\n"
    "    $parameters, lr=$learning_rate, betas=($momentum, $beta2), eps=$epsilon\n)",
    "adamw": "torch.optim.AdamW(\n"
    "    $parameters,\n"
    "    lr=$learning_rate,\n"
    "    betas=($momentum, $beta2),\n"
    "    eps=$epsilon,\n"
    "    weight_decay=$weight_decay,\n)",
}
"""Each, with its settings, by its name."""

LAYER_RATES = """
# Each layer has a learning rate of its own.
layer_rates = [
    {"params": layer.parameters(), "lr": $learning_rate * factor}
    for layer, factor in zip(network.layers, $factors)
]"""

SCHEDULES = {
    "constant": "1.0",
    "step": "0.5 ** (epoch // $period)",
    "cosine": "0.5 * (1.0 + math.cos(math.pi * min(epoch / $period, 1.0)))",
    "1/t": "1.0 / (1.0 + epoch / $period)",
}
"""The factor of the learning rate at an epoch."""

L2 = """
    loss = loss + 0.5 * $rate * sum((layer.weight**2).sum() for layer in network.layers)"""
L1_BEFORE = """
    before = [layer.weight.detach().clone() for layer in network.layers]"""
L1_AFTER = """
    # L1 moves each weight towards zero, where it stops.
    groups = optimizer.param_groups
    with torch.no_grad():
        for place, (layer, old) in enumerate(zip(network.layers, before)):
            by = groups[min(place, len(groups) - 1)]["lr"] * $rate
            shrunk = layer.weight - by * old.sign()
            layer.weight[:] = torch.where(layer.weight * shrunk < 0.0, 0.0, shrunk)"""
FROZEN_BEFORE = """
    held = [parameter.detach().clone() for parameter in network.parameters()]"""
FROZEN_AFTER = """
    with torch.no_grad():
        for parameter, old, frozen in zip(network.parameters(), held, FROZEN):
            parameter[frozen] = old[frozen]"""

SCRIPT = Template(
    '''\
"""A network that was trained with toygrad, as a PyTorch module with its weights.

Import predict() from here, or go on training with train(). Run this file for a few predictions.
"""

# $facts$note

import math

import numpy as np
import torch
from torch import nn

'''
    + NETWORK
    + "$frozen\n\n"
    + INPUTS
    + '''

class Network(nn.Module):
    """Points in their own units, shape (samples, columns), to outputs, (samples, outputs)."""

    def __init__(self):
        super().__init__()
        self.register_buffer("input_shift", torch.from_numpy(INPUT_SHIFT))
        self.register_buffer("input_scale", torch.from_numpy(INPUT_SCALE))
        self.layers = nn.ModuleList()
        self.activations = [activation for _, _, activation in LAYERS]
        for weight, bias, _ in LAYERS:
            layer = nn.Linear(*weight.shape, dtype=torch.float64)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(weight.T))
                layer.bias.copy_(torch.from_numpy(bias))
            self.layers.append(layer)

    def forward(self, points):
        x = features((points - self.input_shift) / self.input_scale)
        for layer, activation in zip(self.layers, self.activations):
            x = activation(layer(x))
        return x


def rate_factor(epoch):
    """What the learning rate is multiplied by in an epoch."""
    return $schedule


network = Network()$layer_rates
optimizer = $optimizer
# It has already been trained for this many epochs.
EPOCHS = $epochs
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: rate_factor(EPOCHS + n))


def loss_of(outputs, targets):
    """What was minimized, the mean over the samples."""
$loss


def train_step(points, targets):
    """Learns one mini-batch, and returns its loss before that.

    The targets are what the network should output, shape (samples, outputs):
    $targets.
    """$before
    optimizer.zero_grad()
    loss = loss_of(network(points), targets)
    value = loss.item()$term
    loss.backward()
    optimizer.step()$after
    return value


def train(points, targets, epochs=1, batch_size=$batch_size):
    """Learns samples, in another order each epoch; arguments as train_step() has them."""
    for _ in range(epochs):
        for rows in torch.randperm(len(points)).split(batch_size):
            train_step(points[rows], targets[rows])
        schedule.step()


def outputs(points):
    """The network's outputs, shape (samples, outputs)."""
    points = torch.as_tensor(points, dtype=torch.float64).reshape(-1, len(COLUMNS))
    with torch.no_grad():
        return network(points) * TARGET_SCALE + TARGET_SHIFT


'''
    + PREDICTION
)

TARGETS = {
    0: "(numbers - TARGET_SHIFT) / TARGET_SCALE",
    2: "-1 for the first class, 1 for the second",
}
"""By the number of classes."""
TARGETS_OF_MANY = "1 for the sample's class, -1 for the others"


def export(run: TrainedRun) -> str:
    """The script.

    Bugs that were planted are left out. The optimizer begins with nothing remembered; momentum
    and Nesterov apply a changed learning rate to all of their velocity, which toygrad doesn't.

    Raises:
        ExportError: If a weight is not finite.
    """
    training = run.setup.training
    settings = {
        name: number_source(getattr(training, name))
        for name in ("learning_rate", "momentum", "decay", "beta2", "epsilon", "weight_decay")
    }
    has_factors = has_rate_factors(training, len(run.setup.activations))
    settings["parameters"] = "layer_rates" if has_factors else "network.parameters()"
    settings["period"] = str(training.schedule_epochs)
    before, term, after = _around_a_step(run)
    return SCRIPT.substitute(
        PYTORCH.parts(run),
        note="\n# Bugs that were planted are left out." if training.mistakes else "",
        frozen=_frozen(run),
        layer_rates=_layer_rates(run, settings["learning_rate"]) if has_factors else "",
        optimizer=Template(OPTIMIZERS[training.optimizer]).substitute(settings),
        schedule=Template(SCHEDULES[training.schedule]).substitute(settings),
        loss=indented(LOSSES[run.setup.loss]),
        targets=TARGETS.get(run.dataset.n_classes, TARGETS_OF_MANY),
        epochs=run.state.epoch,
        batch_size=training.batch_size,
        before=before,
        term=term,
        after=after,
    )


def _layer_rates(run: TrainedRun, learning_rate: str) -> str:
    """A group of parameters for each layer, with its learning rate."""
    factors = run.setup.training.factors_of(len(run.setup.activations))
    listed = f"[{', '.join(map(number_source, factors))}]"
    return Template(LAYER_RATES).substitute(learning_rate=learning_rate, factors=listed)


def _around_a_step(run: TrainedRun) -> tuple[str, str, str]:
    """What comes before a step, what is added to its loss, and what comes after it."""
    training = run.setup.training
    rate = {"rate": number_source(training.regularization_rate)}
    before, term, after = "", "", ""
    kind = training.regularization if training.regularization_rate else "none"
    if kind == "l2":
        term = Template(L2).substitute(rate)
    elif kind == "l1":
        before, after = L1_BEFORE, Template(L1_AFTER).substitute(rate)
    if run.state.frozen.any():
        before, after = before + FROZEN_BEFORE, after + FROZEN_AFTER
    return before, term, after


def _frozen(run: TrainedRun) -> str:
    """The masks of parameters that training leaves alone, as PyTorch has their shapes."""
    if not run.state.frozen.any():
        return ""
    masks = layers_of(run.setup, run.state.frozen)
    lines = ",\n".join(
        f"    torch.from_numpy({array_source(mask)})"
        for layer in masks
        for mask in (layer.weight.T, layer.bias)
    )
    return f"\nFROZEN = [\n{lines},\n]\n"
