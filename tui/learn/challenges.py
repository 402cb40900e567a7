"""Challenges: what a learner is asked to bring about, and the application checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...core import NetworkSpec, Snapshot, TrainingConfig
from ..data_choice import DataChoice
from .goals import (
    Goal,
    accuracy_at_least,
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
    """Something to bring about.

    Attributes:
        name: Its key in `CHALLENGES`.
        title: What is asked for, in a few words.
        why: What is hard about it, one line.
        advice: A hint, one line.
        start: What it begins with; everything but what the goals ask for may be changed.
        goals: To be met all at once.
    """

    name: str
    title: str
    why: str
    advice: str
    start: Start
    goals: tuple[Goal, ...]

    def is_solved(self, snapshot: Snapshot) -> bool:
        """Whether every goal is met by a network that has taken a step."""
        return snapshot.step > 0 and all(goal.look(snapshot).is_met for goal in self.goals)


_CHALLENGES = (
    Challenge(
        name="xor-two",
        title="XOR with two hidden neurons",
        why="Two tanh neurons bend the boundary along two lines, which gets nine points in ten.",
        advice="an activation that goes up and down again is more than a line. If it is stuck, "
        "press R.",
        start=Start(DataChoice(name="xor"), NetworkSpec(), TrainingConfig()),
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
        why="A neuron is a line, and it takes a few of them to close around a disc.",
        advice="three lines make a triangle; a higher learning rate bends its corners round.",
        start=Start(DataChoice(name="circle"), NetworkSpec(), TrainingConfig()),
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
        why="The network that comes with the spiral has 105 parameters and takes long.",
        advice="good inputs save neurons: which ones are waves already? And Adam saves time.",
        start=Start(DataChoice(name="spiral"), NetworkSpec(hidden=(8, 8)), TrainingConfig()),
        goals=(learns("spiral"), parameters_at_most(40), accuracy_at_least(0.97)),
    ),
    Challenge(
        name="bumps-30",
        title="Six bumps with 30 parameters",
        why="Three bumps up and three down: tanh needs a few neurons for each.",
        advice="bumps that repeat are a wave. Adam at learning rate 0.01 is patient enough.",
        start=Start(DataChoice(name="multi-gauss"), NetworkSpec(hidden=(4, 2)), TrainingConfig()),
        goals=(learns("multi-gauss"), parameters_at_most(30), tested_loss_at_most(0.01)),
    ),
    Challenge(
        name="vanish",
        title="Make layer 1 vanish",
        why="A gradient shrinks on its way back from layer to layer; here it shrinks too little.",
        advice="more layers, and an activation that is flat nearly everywhere.",
        start=Start(DataChoice(name="circle"), NetworkSpec(), TrainingConfig()),
        goals=(has_verdict("vanishing"),),
    ),
    Challenge(
        name="half-dead",
        title="Kill half of a layer's relus",
        why="These relus are well: small steps leave nearly all of them alive.",
        advice="what would throw a neuron far to one side in a single step?",
        start=Start(
            DataChoice(name="plane"),
            NetworkSpec(hidden=(8, 8), activation="relu", initializer="he"),
            TrainingConfig(learning_rate=0.01),
        ),
        goals=(has_verdict("dead"),),
    ),
    Challenge(
        name="overfit",
        title="Overfit on purpose",
        why="A small network on 250 clean points has nothing to learn by heart.",
        advice="noise, fewer points and more neurons; then give it time.",
        start=Start(DataChoice(name="circle"), NetworkSpec(), TrainingConfig()),
        goals=(learns("circle"), train_loss_at_most(0.05), tested_loss_at_least(0.25)),
    ),
)

CHALLENGES: Mapping[str, Challenge] = MappingProxyType({c.name: c for c in _CHALLENGES})
"""Every challenge, by name, in the order it is offered."""
