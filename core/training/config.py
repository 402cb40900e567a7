"""NetworkSpec and TrainingConfig: frozen, validated, the whole of what a user can set."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..nn.names import ACTIVATION_NAMES, INITIALIZER_NAMES, LOSS_NAMES, OPTIMIZER_NAMES
from ..nn.parameters import count_parameters
from ..nn.schedules import SCHEDULES

if TYPE_CHECKING:
    from ..nn.optimizers import Constants

ENGINES = ("scalar", "array", "tape", "compiled", "auto")
DTYPES = ("float64", "float32")
REGULARIZATIONS = ("none", "l1", "l2")
AUTO = "auto"
TAPE, COMPILED = "tape", "compiled"
# What "auto" chooses from.
CHOICES = (TAPE, COMPILED)
# What each does is in sabotage.py.
SABOTAGE_NAMES = ("no_zero_grad", "assign", "wrong_sign", "no_activation", "dropped_layer")

# TensorFlow Playground's lists (playground-semantics.md), which the keys [ and ] walk along.
LEARNING_RATES = (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0)
REGULARIZATION_RATES = (0.0, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PACES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, math.inf)

# No network that fits in memory has more layers that matter.
MAX_RATE_FACTORS = 1_000
# Past this a picture of the weights alone would be gigabytes.
MAX_PARAMETERS = 20_000_000


class ConfigError(ValueError):
    """A setting that makes no sense, said in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSpec:
    """The shape of a network.

    Attributes:
        inputs: Names of features (see features.py); empty means every column of the data set.
        hidden: Neurons of each hidden layer.
        activation: One name for all hidden layers, or one for each; as many of one
            name are kept as that name.
        output_activation: A name, or "auto": tanh for classes learned by squared error, linear
            for everything else.
        initializer: How the first weights are drawn.

    Raises:
        ConfigError: If a name is unknown or a number is not positive.
    """

    inputs: tuple[str, ...] = ()
    hidden: tuple[int, ...] = (4, 2)
    activation: str | tuple[str, ...] = "tanh"
    output_activation: str = AUTO
    initializer: str = "playground"

    def __post_init__(self) -> None:
        if any(n < 1 for n in self.hidden):
            raise ConfigError("Every hidden layer needs at least one neuron.")
        if not isinstance(self.activation, str) and len(self.activation) != len(self.hidden):
            raise ConfigError(
                f"{len(self.hidden)} hidden layers need as many activations, "
                f"not {len(self.activation)}."
            )
        if len(set(self.activations)) == 1:
            # The two spellings of the same network are to be equal.
            object.__setattr__(self, "activation", self.activations[0])
        for name in self.activations:
            _check_name("activation", name, ACTIVATION_NAMES)
        _check_name("output activation", self.output_activation, (AUTO, *ACTIVATION_NAMES))
        _check_name("initializer", self.initializer, INITIALIZER_NAMES)
        widths = (max(len(self.inputs), 1), *self.hidden, 1)
        check_parameters(widths)

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        if isinstance(self.activation, str):
            return (self.activation,) * len(self.hidden)
        return self.activation


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """How a network is trained. All of it can be changed while it trains.

    Attributes:
        learning_rate: Multiplies every update; above 0.
        rate_factors: What the learning rate is multiplied by in each layer, the first one after the
            inputs first; 0 or above, 1 for layers left out. Those beyond the last layer wait until
            there are as many.
        batch_size: Samples a step; the last batch of an epoch takes what is left.
        loss: A name in `LOSSES`, or "auto": softmax cross-entropy for more than two classes,
            squared error for everything else.
        optimizer: A name in `OPTIMIZERS`.
        momentum: Of momentum and Nesterov, and Adam's beta1; in [0, 1).
        decay: Of RMSProp's mean of squares; in [0, 1).
        beta2: Of Adam's mean of squares; in [0, 1).
        epsilon: Keeps a division by a root away from zero; above 0.
        weight_decay: Of AdamW; 0 or above.
        schedule: A name in `SCHEDULES`.
        schedule_epochs: The schedule's period in epochs.
        regularization: "none", "l1" or "l2", of weights, not of biases.
        regularization_rate: 0 or above.
        train_share: The share of the samples that train, the others test; in (0, 1].
        shuffle: Whether each epoch has a new order; False keeps one random order for all.
        pace: Epochs a second at most; infinity for as fast as it goes.
        engine: "auto": the tape, then what is compiled, once that is worth it; "compiled": many
            steps at once in native code, where this machine and the network can; "tape": the step
            recorded once and replayed; "array": whole batches, the graph built again each step;
            "scalar": one Value a number, slow, as a textbook has it.
        stop_epochs: Training pauses after so many epochs; 0 for never.
        stop_loss: It pauses where the test loss (the training loss where nothing tests) falls to
            this; 0 for never.
        stop_patience: It pauses after so many epochs without a lower loss; 0 for never.
        sabotage: Names in `SABOTAGES`: mistakes to be made on purpose; none by default.
        hidden_sabotage: Likewise, but nothing that shows settings tells of them.
        dtype: "float64", or "float32" for speed, of the tape's steps; the parameters are kept in
            float64.

    Raises:
        ConfigError: If a number is out of range or a name unknown.
    """

    learning_rate: float = 0.03
    batch_size: int = 10
    loss: str = AUTO
    optimizer: str = "sgd"
    momentum: float = 0.9
    decay: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    schedule: str = "constant"
    schedule_epochs: int = 100
    regularization: str = "none"
    regularization_rate: float = 0.0
    train_share: float = 0.5
    shuffle: bool = True
    pace: float = 30.0
    engine: str = AUTO
    dtype: str = "float64"
    stop_epochs: int = 0
    stop_loss: float = 0.0
    stop_patience: int = 0
    sabotage: tuple[str, ...] = ()
    hidden_sabotage: tuple[str, ...] = ()
    rate_factors: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _check_positive("learning rate", self.learning_rate)
        _check_positive("epsilon", self.epsilon)
        if math.isnan(self.pace) or self.pace <= 0.0:
            raise ConfigError(f"The pace has to be above 0 epochs a second, not {self.pace:g}.")
        for name, number in (("batch size", self.batch_size), ("period", self.schedule_epochs)):
            if number < 1:
                raise ConfigError(f"The {name} has to be at least 1, not {number}.")
        for name in ("momentum", "decay", "beta2"):
            if not 0.0 <= getattr(self, name) < 1.0:
                value = getattr(self, name)
                raise ConfigError(f"The {name} has to be from 0 to below 1, not {value:g}.")
        for name, number in (("epochs", self.stop_epochs), ("patience", self.stop_patience)):
            if number < 0:
                raise ConfigError(f"The {name} to stop after have to be 0 or more, not {number}.")
        for name, rate in (
            ("loss to stop at", self.stop_loss),
            ("weight decay", self.weight_decay),
            ("regularization rate", self.regularization_rate),
        ):
            if not 0.0 <= rate < math.inf:
                raise ConfigError(f"The {name} has to be 0 or more, not {rate:g}.")
        if not 0.0 < self.train_share <= 1.0:
            raise ConfigError(
                f"The share of samples that train has to be above 0 and at most 1, "
                f"not {self.train_share:g}."
            )
        _check_name("loss", self.loss, (AUTO, *LOSS_NAMES))
        _check_name("optimizer", self.optimizer, OPTIMIZER_NAMES)
        _check_name("schedule", self.schedule, SCHEDULES)
        _check_name("regularization", self.regularization, REGULARIZATIONS)
        _check_name("engine", self.engine, ENGINES)
        _check_name("dtype", self.dtype, DTYPES)
        for field in ("sabotage", "hidden_sabotage"):
            for name in getattr(self, field):
                _check_name("sabotage", name, SABOTAGE_NAMES)
            # The order in which they were switched on makes no difference.
            object.__setattr__(self, field, tuple(sorted(set(getattr(self, field)))))
        if len(self.rate_factors) > MAX_RATE_FACTORS:
            raise ConfigError(f"There can be at most {MAX_RATE_FACTORS:,} rate factors.")
        for factor in self.rate_factors:
            if not 0.0 <= factor < math.inf:
                raise ConfigError(
                    f"The rate factor of a layer has to be 0 or more, not {factor:g}."
                )
        # The two spellings of the same factors are to be equal.
        object.__setattr__(self, "rate_factors", without_last_ones(self.rate_factors))

    @property
    def mistakes(self) -> tuple[str, ...]:
        """All that are made, shown and hidden."""
        return tuple(sorted({*self.sabotage, *self.hidden_sabotage}))

    def factors_of(self, n_layers: int) -> tuple[float, ...]:
        """The rate factor of each of so many layers."""
        return (*self.rate_factors[:n_layers], *[1.0] * n_layers)[:n_layers]

    @property
    def constants(self) -> Constants:
        """What the optimizer is told."""
        from ..nn.optimizers import Constants

        return Constants(
            momentum=self.momentum,
            decay=self.decay,
            beta2=self.beta2,
            epsilon=self.epsilon,
            weight_decay=self.weight_decay,
        )


def without_last_ones(factors: Iterable[float]) -> tuple[float, ...]:
    """Factors without those at the end that change nothing."""
    kept = [float(factor) for factor in factors]
    while kept and kept[-1] == 1.0:
        kept.pop()
    return tuple(kept)


def loss_name(loss: str, task: str, n_classes: int) -> str:
    """Resolves "auto", and refuses a loss that does not fit the task.

    Raises:
        ConfigError: If the loss needs classes and there are none, or needs more than two.
    """
    from ..nn.losses import LOSSES

    if loss == AUTO:
        return "softmax_cross_entropy" if n_classes > 2 else "squared_error"
    if task == "regression" and LOSSES[loss].classification_only:
        raise ConfigError(
            f"{LOSSES[loss].title.capitalize()} needs classes and this data set has numbers to "
            "predict: take squared error."
        )
    if loss == "softmax_cross_entropy" and n_classes == 2:
        raise ConfigError(
            "Softmax cross-entropy needs an output for each class and two classes share one here: "
            "take binary cross-entropy, which is the same thing for two."
        )
    return loss


def output_activation_name(output_activation: str, loss: str, task: str) -> str:
    """Resolves "auto": tanh for labels of -1 and +1 under squared error, else linear."""
    if output_activation != AUTO:
        return output_activation
    from ..nn.losses import LOSSES

    return "tanh" if task == "classification" and not LOSSES[loss].from_logits else "linear"


def check_parameters(sizes: tuple[int, ...]) -> None:
    """Bounds how many parameters a network of these sizes has.

    Raises:
        ConfigError: If they are too many.
    """
    if count_parameters(sizes) > MAX_PARAMETERS:
        raise ConfigError(
            f"That network has more than {MAX_PARAMETERS:,} parameters: use smaller layers."
        )


def _check_positive(what: str, number: float) -> None:
    if not 0.0 < number < math.inf:
        raise ConfigError(f"The {what} has to be a number above 0, not {number:g}.")


def _check_name(what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ConfigError(f"There is no {what} {name!r}: take {', '.join(known)}.")
