"""Challenges: goals for a learner to reach, which the application checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...core import NetworkSpec, TrainingConfig
from ...datasets import DataChoice
from .goals import (
    Goal,
    accuracy_at_least,
    half_a_layer_dead,
    has_verdict,
    hidden_neurons_at_most,
    learns,
    parameters_at_most,
    plain_inputs,
    tested_loss_at_least,
    tested_loss_at_most,
    train_loss_at_most,
)
from .presets import Start


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Goals to reach from a start.

    Attributes:
        name: Its key in `CHALLENGES`.
        title: What is asked for, in a few words.
        why: What is hard about it, one line.
        advice: A hint, one line.
        start: Where it begins; everything that no goal asks for may be changed.
        goals: All of them have to be met at once.
    """

    name: str
    title: str
    why: str
    advice: str
    start: Start
    goals: tuple[Goal, ...]


_CHALLENGES = (
    Challenge(
        name="xor-two",
        title="XOR with two hidden neurons",
        why="Two tanh neurons bend the boundary along two lines: nine samples in ten are right.",
        advice="an activation that rises and falls again does more than a line. If training is "
        "stuck, press R{train.reseed}.",
        start=Start(DataChoice(name="xor")),
        goals=(
            learns("xor"),
            plain_inputs(),
            hidden_neurons_at_most(2),
            accuracy_at_least(0.97),
        ),
    ),
    Challenge(
        name="circle-three",
        title="Circle with three hidden neurons",
        why="Each neuron draws a line, and it takes a few of them to enclose a disc.",
        advice="three lines make a triangle; a higher learning rate rounds its corners.",
        start=Start(DataChoice(name="circle")),
        goals=(
            learns("circle"),
            plain_inputs(),
            hidden_neurons_at_most(3),
            accuracy_at_least(0.97),
        ),
    ),
    Challenge(
        name="spiral-40",
        title="Spiral with 40 parameters",
        why="The network that the spiral starts with has 105 parameters and is slow to learn.",
        advice="good inputs save neurons: which ones are already waves? And Adam saves time.",
        start=Start(DataChoice(name="spiral"), NetworkSpec(hidden=(8, 8))),
        goals=(learns("spiral"), parameters_at_most(40), accuracy_at_least(0.97)),
    ),
    Challenge(
        name="bumps-30",
        title="Six bumps with 30 parameters",
        why="Three bumps point up and three down: tanh needs a few neurons for each.",
        advice="bumps that repeat form a wave. Adam with learning rate 0.01 is patient enough.",
        start=Start(DataChoice(name="multi-gauss"), NetworkSpec(hidden=(4, 2))),
        goals=(learns("multi-gauss"), parameters_at_most(30), tested_loss_at_most(0.01)),
    ),
    Challenge(
        name="vanish",
        title="Make layer 1 vanish",
        why="A gradient shrinks on its way back through the layers; here it shrinks too little.",
        advice="add layers, and use an activation that is flat almost everywhere.",
        start=Start(DataChoice(name="circle")),
        goals=(has_verdict("vanishing"),),
    ),
    Challenge(
        name="half-dead",
        title="Kill half of a layer's relus",
        why="These relus are healthy: small steps keep almost all of them alive.",
        advice="what would push a neuron far to one side in a single step?",
        start=Start(
            DataChoice(name="plane"),
            NetworkSpec(hidden=(8, 8), activation="relu", initializer="he"),
            TrainingConfig(learning_rate=0.01),
        ),
        goals=(half_a_layer_dead(),),
    ),
    Challenge(
        name="overfit",
        title="Overfit on purpose",
        why="A small network on 250 clean samples has nothing to memorize.",
        advice="use noise, fewer samples and more neurons; then give it time.",
        start=Start(DataChoice(name="circle")),
        goals=(learns("circle"), train_loss_at_most(0.05), tested_loss_at_least(0.25)),
    ),
)

CHALLENGES: Mapping[str, Challenge] = MappingProxyType({c.name: c for c in _CHALLENGES})
"""Every challenge, by name, in the order it is offered."""
