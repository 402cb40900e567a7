"""Presets: setups that work and setups that fail, each with the reason and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ...core import NetworkSpec, TrainingConfig
from ...datasets import DataChoice
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
        data: What is learned; its seed is fixed, so that everybody sees the same samples.
        network: The shape.
        training: The settings.
    """

    data: DataChoice
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingConfig = field(default_factory=TrainingConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A setup that shows one thing.

    Attributes:
        name: What `--preset` takes.
        title: What it shows, in a few words.
        watch: What to look at or to guess, one line; it does not tell the end.
        why: Why it works or fails, one line, for when it has been seen.
        advice: What to try, one line.
        start: The setup.
        epochs: After this many it keeps its promise.
        promise: What the run has reached by then.
        cure: The setup that `advice` suggests, for those that fail; a preset again.
    """

    name: str
    title: str
    watch: str
    why: str
    advice: str
    start: Start
    epochs: int
    promise: tuple[Goal, ...]
    cure: Preset | None = None

    def with_cure(
        self,
        *,
        network: Mapping[str, Any] = MappingProxyType({}),
        training: Mapping[str, Any] = MappingProxyType({}),
        **texts_and_promise: Any,
    ) -> Preset:
        """This preset with a cure: the same setup, but for some fields of network and training."""
        start = replace(
            self.start,
            network=replace(self.start.network, **network),
            training=replace(self.start.training, **training),
        )
        return replace(self, cure=replace(self, start=start, **texts_and_promise))


_PRESETS = (
    Preset(
        name="xor-line",
        title="XOR without a hidden layer",
        watch="Only weights from the inputs to the output: which shapes can the boundary take?",
        why="Without a hidden layer the boundary is one straight line, and no straight line can "
        "separate the four quadrants.",
        advice="add the input x1*x2, whose sign is the class.",
        start=Start(
            DataChoice(name="xor", n_samples=1000), NetworkSpec(hidden=()), TrainingConfig()
        ),
        epochs=100,
        promise=(accuracy_below(0.8), train_loss_at_least(0.4)),
    ).with_cure(
        title="XOR with the input x1*x2",
        watch="One more input, their product: is it enough without a hidden layer?",
        why="The product is positive in two quadrants and negative in the other two: one "
        "weight is now enough.",
        advice="untick x1 and x2 in the Data pane; it still learns.",
        network={"inputs": ("x1", "x2", "x1*x2")},
        epochs=50,
        promise=(accuracy_at_least(0.97), tested_loss_at_most(0.02)),
    ),
    Preset(
        name="spiral",
        title="Spiral in twenty seconds",
        watch="Watch the maps of the neurons: how do waves become a spiral?",
        why="sin x1 and sin x2 are already waves, so two small layers can wind them around each "
        "other; Adam finds out how, and a falling learning rate lets it settle.",
        advice="untick sin x1 and sin x2 in the Data pane, then press r{train.reset}: it takes ten "
        "times as long.",
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
        epochs=300,
        promise=(accuracy_at_least(0.97),),
    ),
    Preset(
        name="vanishing",
        title="A vanishing sigmoid stack",
        watch="Seven layers of sigmoids. Press 7{go.gradients}: how much of the gradient "
        "reaches layer 1?",
        why="A sigmoid passes on at most a quarter of a gradient: after seven of them almost "
        "nothing reaches layer 1.",
        advice="use tanh, which can pass on all of it.",
        start=Start(
            DataChoice(name="circle", n_samples=1000),
            NetworkSpec(hidden=(6,) * 7, activation="sigmoid", initializer="xavier"),
            TrainingConfig(learning_rate=0.03),
        ),
        epochs=50,
        promise=(has_verdict("vanishing"), train_loss_at_least(0.4)),
    ).with_cure(
        title="The same stack of tanh",
        watch="Only the activation is different: what reaches layer 1 now?",
        why="Near zero the slope of tanh is 1, so the gradient reaches layer 1 and every layer "
        "learns.",
        advice="add layers in the Network pane, and watch what is left of layer 1's gradient.",
        network={"activation": "tanh"},
        epochs=100,
        promise=(accuracy_at_least(0.97), has_no_verdict("vanishing")),
    ),
    Preset(
        name="exploding",
        title="An exploding learning rate",
        watch="The learning rate is 3. Watch the loss of the first steps.",
        why="A step of 3 x gradient overshoots the minimum and lands where the gradient is even "
        "larger, and so on until the loss is infinite.",
        advice="lower the learning rate to 0.03 and restart.",
        start=Start(
            DataChoice(name="plane"),
            NetworkSpec(hidden=(8,), activation="relu"),
            TrainingConfig(learning_rate=3.0),
        ),
        epochs=5,
        promise=(diverges(),),
    ).with_cure(
        title="The same with learning rate 0.03",
        watch="Watch the loss again: a step is now a hundredth of what it was.",
        why="Each step is now shorter than the way to the minimum, so each one lowers the loss.",
        advice="press ]{rate.higher} until it diverges: where is the limit?",
        training={"learning_rate": 0.03},
        epochs=20,
        promise=(tested_loss_at_most(0.02),),
    ),
    Preset(
        name="zeros",
        title="All weights start at zero",
        watch="Every weight begins at 0. Which neuron will be the first to differ from the others?",
        why="Neurons that start alike get the same gradient and stay alike; with tanh none of them "
        "ever leaves zero.",
        advice="use the initializer xavier, which draws every weight at random.",
        start=Start(
            DataChoice(name="circle"),
            NetworkSpec(hidden=(8, 4), initializer="zeros"),
            TrainingConfig(learning_rate=0.1),
        ),
        epochs=50,
        promise=(has_verdict("alike"), train_loss_at_least(0.4)),
    ).with_cure(
        title="The same with xavier weights",
        watch="Every weight begins at random: watch the maps of the neurons part.",
        why="Every neuron starts at a different point, gets its own gradient and learns something "
        "of its own.",
        advice="press R{train.reseed} for other initial weights: it learns from all of them.",
        network={"initializer": "xavier"},
        epochs=100,
        promise=(accuracy_at_least(0.97), has_no_verdict("alike")),
    ),
    Preset(
        name="overfitting",
        title="Overfitting the noise",
        watch="A large network and few, noisy samples. Watch both losses: until when do they "
        "fall together?",
        why="337 parameters memorize 100 noisy samples, wrong labels included: the training loss "
        "falls and the test loss rises.",
        advice="add l2 regularization at rate 0.03, which makes wild boundaries expensive.",
        start=Start(
            DataChoice(name="circle", n_samples=400, noise=0.4),
            NetworkSpec(hidden=(16, 16), initializer="xavier"),
            TrainingConfig(
                # Its loss has no bound: to be sure and wrong of a test sample is expensive.
                loss="binary_cross_entropy",
                optimizer="adam",
                learning_rate=0.01,
                train_share=0.25,
                pace=60.0,
            ),
        ),
        epochs=400,
        promise=(
            train_loss_at_most(0.25),
            tested_loss_at_least(0.45),
            has_verdict("overfitting"),
        ),
    ).with_cure(
        title="The same with l2 regularization",
        watch="Large weights now cost something. Watch the test loss.",
        why="Large weights now cost more than they save, so the boundary stays smooth and follows "
        "the majority, not the outliers.",
        advice="set the regularization rate to 0.3: with too much of it, nothing is learned.",
        training={"regularization": "l2", "regularization_rate": 0.03},
        epochs=600,
        promise=(
            train_loss_at_least(0.15),
            tested_loss_at_most(0.55),
            has_no_verdict("overfitting"),
        ),
    ),
    Preset(
        name="dead-relus",
        title="Dead relus",
        watch="The learning rate is 1.6. Press 4{go.network} and look at the maps after a few "
        "epochs.",
        why="The first steps at learning rate 1.6 push most relus so far that they output 0 for "
        "every sample: no gradient passes through them, and they never recover.",
        advice="use leaky relu, whose slope is never 0, with learning rate 0.015.",
        start=Start(
            DataChoice(name="plane"),
            NetworkSpec(hidden=(4, 4), activation="relu", initializer="he"),
            TrainingConfig(learning_rate=1.6),
        ),
        epochs=10,
        promise=(has_verdict("dead"), tested_loss_at_least(0.05)),
    ).with_cure(
        title="The same with leaky relu",
        watch="Watch the maps: does any neuron stop for good?",
        why="Below 0 a leaky relu still has a small slope, so a neuron can recover.",
        advice="use relu again, but keep the learning rate: most of them survive.",
        network={"activation": "leaky_relu"},
        training={"learning_rate": 0.015},
        epochs=150,
        promise=(tested_loss_at_most(0.02), has_no_verdict("dead")),
    ),
    Preset(
        name="too-small",
        title="A learning rate that is too small",
        watch="Everything is right but one setting. Is it learning at all?",
        why="With learning rate 0.00001 the direction is right, but the steps are so short that "
        "even hours of them change nothing you can see.",
        advice="raise the learning rate to 0.1.",
        start=Start(
            DataChoice(name="circle"),
            NetworkSpec(hidden=(8, 4)),
            TrainingConfig(learning_rate=1e-5),
        ),
        epochs=20,
        promise=(has_verdict("rate too low"), train_loss_at_least(0.4)),
    ).with_cure(
        title="The same with learning rate 0.1",
        watch="The same network with longer steps: how far does it get in a hundred epochs?",
        why="The steps are ten thousand times longer, and still too short to overshoot.",
        advice="press ]{rate.higher} and see at which learning rate the loss begins to jump.",
        training={"learning_rate": 0.1},
        epochs=100,
        promise=(accuracy_at_least(0.97), tested_loss_at_most(0.02)),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _PRESETS})
"""Every preset, by the name that `--preset` takes, in the order it is offered."""
