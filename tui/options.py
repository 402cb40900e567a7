"""Options: what the application, or a training without a screen, begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core import NetworkSpec, Session, TrainingConfig
from .data_choice import DataChoice


@dataclass(frozen=True, kw_only=True)
class Options:
    """Everything the command line can preset.

    Attributes:
        data: What is learned.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides first weights, split and order.
        ascii: Draw without braille, blocks and symbols.
    """

    data: DataChoice = field(default_factory=DataChoice)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = 0
    ascii: bool = False

    def session(self) -> Session:
        """Loads the data and makes the session.

        Raises:
            ValueError: If data, network and training cannot go together; in one sentence.
        """
        return Session(self.network, self.data.load(), self.training, seed=self.seed)
