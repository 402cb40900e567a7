"""Presets: set-ups that work and set-ups that fail, each with its why and with what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ...core import NetworkSpec, Snapshot, TrainingConfig
from ..data_choice import DataChoice
from .goals import (
    Goal,
    accuracy_at_least,
    accuracy_below,
    diverges,
    has_no_verdict,
    has_verdict,
    tested_loss_at_least,
    tested_loss_at_most,
    train_loss_at_least,
    train_loss_at_most,
)


@dataclass(frozen=True, slots=True)
class Start:
    """All that is set before the first step.

    Attributes:
        data: What is learned; its seed is fixed, so that everybody sees the same points.
        network: The shape.
        training: The settings.
    """

    data: DataChoice
    network: NetworkSpec
    training: TrainingConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A set-up that shows one thing.

    Attributes:
        name: What `--preset` takes.
        title: What it shows, in a few words.
        why: Why it works or fails, one line.
        advice: What to try, one line.
        start: The set-up.
        epochs: After so many epochs it has come to what it promises.
        promise: What that is.
        cure: What `advice` comes to, for those that fail; a preset again.
    """

    name: str
    title: str
    why: str
    advice: str
    start: Start
    epochs: int
    promise: tuple[Goal, ...]
    cure: Preset | None = None

    def is_kept(self, snapshot: Snapshot) -> bool:
        """Whether a run has come to what is promised."""
        return all(goal.look(snapshot).is_met for goal in self.promise)


def _cured(
    failing: Start,
    *,
    network: NetworkSpec | None = None,
    training: TrainingConfig | None = None,
) -> Start:
    return replace(
        failing, network=network or failing.network, training=training or failing.training
    )


_XOR = Start(DataChoice(name="xor"), NetworkSpec(hidden=()), TrainingConfig())
_XOR_PRESET = Preset(
    name="xor-line",
    title="XOR without a hidden layer",
    why="Without a hidden layer the boundary is one straight line, and no straight line parts the "
    "four quadrants.",
    advice="give it the input x1*x2, whose sign is the class.",
    start=_XOR,
    epochs=100,
    promise=(accuracy_below(0.8), train_loss_at_least(0.4)),
    cure=Preset(
        name="xor-line",
        title="XOR with the input x1*x2",
        why="The product is positive in two quadrants and negative in the other two: now one "
        "weight is enough.",
        advice="untick x1 and x2 in the Data pane; it still learns.",
        start=_cured(_XOR, network=replace(_XOR.network, inputs=("x1", "x2", "x1*x2"))),
        epochs=50,
        promise=(accuracy_at_least(0.97), tested_loss_at_most(0.02)),
    ),
)

_SPIRAL_PRESET = Preset(
    name="spiral",
    title="Spiral in twenty seconds",
    why="sin x1 and sin x2 are waves already, so that two small layers can wind them around each "
    "other; Adam finds how, and a falling learning rate settles it.",
    advice="untick sin x1 and sin x2 in the Data pane, press r: it takes ten times as long.",
    start=Start(
        DataChoice(name="spiral"),
        NetworkSpec(inputs=("x1", "x2", "sin x1", "sin x2"), hidden=(8, 8)),
        TrainingConfig(
            optimizer="adam",
            learning_rate=0.03,
            schedule="cosine",
            schedule_epochs=300,
            train_share=0.7,
        ),
    ),
    epochs=200,
    promise=(accuracy_at_least(0.97),),
)

_SIGMOIDS = Start(
    DataChoice(name="circle"),
    NetworkSpec(hidden=(6,) * 7, activation="sigmoid", initializer="xavier"),
    TrainingConfig(learning_rate=0.1),
)
_VANISHING_PRESET = Preset(
    name="vanishing",
    title="A vanishing sigmoid stack",
    why="A sigmoid passes on at most a quarter of a gradient: after seven of them hardly anything "
    "reaches layer 1.",
    advice="take tanh, which passes on up to all of it, at learning rate 0.03.",
    start=_SIGMOIDS,
    epochs=50,
    promise=(has_verdict("vanishing"), train_loss_at_least(0.4)),
    cure=Preset(
        name="vanishing",
        title="The same stack of tanh",
        why="Around zero the slope of tanh is 1, so the gradient reaches layer 1 and every layer "
        "learns.",
        advice="add layers in the Network pane, and watch what is left of layer 1's gradient.",
        start=_cured(
            _SIGMOIDS,
            network=replace(_SIGMOIDS.network, activation="tanh"),
            training=replace(_SIGMOIDS.training, learning_rate=0.03),
        ),
        epochs=100,
        promise=(accuracy_at_least(0.97), has_no_verdict("vanishing")),
    ),
)

_EXPLODING = Start(
    DataChoice(name="plane"),
    NetworkSpec(hidden=(8,), activation="relu"),
    TrainingConfig(learning_rate=3.0),
)
_EXPLODING_PRESET = Preset(
    name="exploding",
    title="An exploding learning rate",
    why="Three times the gradient jumps far over the minimum, to where the gradient is larger "
    "still, and so on until the loss is infinite.",
    advice="lower the learning rate to 0.03 and start again.",
    start=_EXPLODING,
    epochs=5,
    promise=(diverges(),),
    cure=Preset(
        name="exploding",
        title="The same at learning rate 0.03",
        why="Each step is now shorter than the way to the minimum, so each one ends lower.",
        advice="press ] until it breaks: where is the limit?",
        start=_cured(_EXPLODING, training=replace(_EXPLODING.training, learning_rate=0.03)),
        epochs=20,
        promise=(tested_loss_at_most(0.02),),
    ),
)

_ZEROS = Start(
    DataChoice(name="circle"),
    NetworkSpec(initializer="zeros"),
    TrainingConfig(learning_rate=0.1),
)
_ZEROS_PRESET = Preset(
    name="zeros",
    title="All weights begin at zero",
    why="Neurons that begin alike get the same gradient and stay alike; with tanh none of them "
    "ever leaves zero.",
    advice="take the initializer xavier, which draws every weight by itself.",
    start=_ZEROS,
    epochs=50,
    promise=(has_verdict("alike"), train_loss_at_least(0.4)),
    cure=Preset(
        name="zeros",
        title="The same with first weights by xavier",
        why="Every neuron begins somewhere else, gets a gradient of its own and learns something "
        "of its own.",
        advice="press R for other first weights: it learns from nearly all of them.",
        start=_cured(_ZEROS, network=replace(_ZEROS.network, initializer="xavier")),
        epochs=100,
        promise=(accuracy_at_least(0.97), has_no_verdict("alike")),
    ),
)

_NOISY = Start(
    DataChoice(name="circle", n_samples=200, noise=0.4),
    NetworkSpec(hidden=(16, 16), initializer="xavier"),
    TrainingConfig(optimizer="adam", learning_rate=0.01, pace=60.0),
)
_OVERFITTING_PRESET = Preset(
    name="overfitting",
    title="Overfitting the noise",
    why="337 parameters learn 100 noisy points by heart, wrong labels too: the training loss falls "
    "and the test loss rises.",
    advice="add l2 regularization at rate 0.03, which makes wild boundaries costly.",
    start=_NOISY,
    epochs=400,
    promise=(train_loss_at_most(0.1), tested_loss_at_least(0.25)),
    cure=Preset(
        name="overfitting",
        title="The same with l2 regularization",
        why="Large weights now cost more than they save, so the boundary stays smooth and follows "
        "the many, not the odd one out.",
        advice="take a rate of 0.3: too much of it, and nothing is learned at all.",
        start=_cured(
            _NOISY,
            training=replace(_NOISY.training, regularization="l2", regularization_rate=0.03),
        ),
        epochs=400,
        promise=(
            train_loss_at_least(0.1),
            tested_loss_at_most(0.25),
            has_no_verdict("overfitting"),
        ),
    ),
)

_DEAD = Start(
    DataChoice(name="plane"),
    NetworkSpec(hidden=(8, 8), activation="relu", initializer="he"),
    TrainingConfig(learning_rate=1.0),
)
_DEAD_PRESET = Preset(
    name="dead-relus",
    title="Dead relus",
    why="The first steps at learning rate 1 throw most relus so far that they are 0 for every "
    "point: no gradient passes them, and they never come back.",
    advice="take leaky relu, whose slope is never 0, at learning rate 0.03.",
    start=_DEAD,
    epochs=10,
    promise=(has_verdict("dead"), tested_loss_at_least(0.05)),
    cure=Preset(
        name="dead-relus",
        title="The same with leaky relu",
        why="Below 0 a leaky relu still has a small slope, so that a neuron can find its way back.",
        advice="take relu again, but keep the learning rate: mostly they survive.",
        start=_cured(
            _DEAD,
            network=replace(_DEAD.network, activation="leaky_relu"),
            training=replace(_DEAD.training, learning_rate=0.03),
        ),
        epochs=20,
        promise=(tested_loss_at_most(0.02), has_no_verdict("dead")),
    ),
)

_CRAWLING = Start(DataChoice(name="circle"), NetworkSpec(), TrainingConfig(learning_rate=1e-5))
_CRAWLING_PRESET = Preset(
    name="too-small",
    title="Too small a learning rate",
    why="At learning rate 0.00001 the gradient points the right way, but a step is so short that "
    "hours of them are not to be seen.",
    advice="raise the learning rate to 0.1.",
    start=_CRAWLING,
    epochs=20,
    promise=(has_verdict("too small"), train_loss_at_least(0.4)),
    cure=Preset(
        name="too-small",
        title="The same at learning rate 0.1",
        why="Ten thousand times the step, and still short enough not to overshoot.",
        advice="press ] and watch at which rate the loss begins to jump.",
        start=_cured(_CRAWLING, training=replace(_CRAWLING.training, learning_rate=0.1)),
        epochs=100,
        promise=(accuracy_at_least(0.97), tested_loss_at_most(0.02)),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            _XOR_PRESET,
            _SPIRAL_PRESET,
            _VANISHING_PRESET,
            _EXPLODING_PRESET,
            _ZEROS_PRESET,
            _OVERFITTING_PRESET,
            _DEAD_PRESET,
            _CRAWLING_PRESET,
        )
    }
)
"""Every preset, by the name that `--preset` takes, in the order it is offered."""
