"""AppConfig: what the application, or a training without a screen, begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core import NetworkSpec, Session, TrainingConfig
from .data_choice import DataChoice
from .learn.presets import Preset
from .learn.progress import name_of


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """Everything that the command line can preset.

    The defaults are the circle and what a newcomer begins with on it.

    Attributes:
        data: What is learned.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides initial weights, split and order.
        ascii: Draw without braille, blocks and symbols.
        preset: What the rest was taken from, if anything.
    """

    data: DataChoice = field(default_factory=DataChoice)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = 0
    ascii: bool = False
    preset: Preset | None = None

    def session(self) -> Session:
        """Loads the data and makes the session.

        Raises:
            ValueError: If data, network and training do not fit each other; in one sentence.
        """
        data, lesson = self.data.load(), name_of(self.preset)
        return Session(self.network, data, self.training, seed=self.seed, lesson=lesson)
