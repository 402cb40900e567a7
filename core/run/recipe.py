"""Recipe: what a run starts from."""

from __future__ import annotations

from dataclasses import dataclass

from ...datasets.dataset import Dataset
from ..training.config import NetworkSpec, TrainingConfig
from ..training.setup import Setup


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a run, until somebody changes it.

    Attributes:
        network: The shape of the network.
        dataset: What is learned.
        training: How it is trained.
        seed: Decides the first weights, the split and the order of the samples.
        lesson: The name of the lesson it belongs to; empty for none.
    """

    network: NetworkSpec
    dataset: Dataset
    training: TrainingConfig
    seed: int = 0
    lesson: str = ""

    @property
    def setup(self) -> Setup:
        """All but the seed."""
        return Setup(self.training, self.network, self.dataset, self.lesson)
