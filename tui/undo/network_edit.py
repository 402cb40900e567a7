"""An edit of the network's layers, which says where each of them comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ...core import Session
from ...core.training.reshape import Origins
from .edits import BeforeEdit, PlaygroundState, SetupEdit


@dataclass(frozen=True, slots=True)
class NetworkEdit:
    """Gives the network other layers; it is an `Edit`.

    Attributes:
        setup: All that is configured, with the new network.
        origins: Where its hidden layers come from.
    """

    setup: PlaygroundState
    origins: Origins

    def apply(self, session: Session) -> None:
        """See `Edit`.

        Raises:
            ConfigError: If there can be no such network.
        """
        session.configure(network=self.setup.network, origins=self.origins)

    def inverse(self, present: BeforeEdit) -> SetupEdit:
        """See `Edit`; the weights that are lost come back with it."""
        return SetupEdit(self.setup).inverse(present)
