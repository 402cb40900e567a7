"""Orders of samples that cells with the same seed and samples share, each drawn once."""

from __future__ import annotations

import threading
from typing import Final

from ..training.batches import Rows
from ..training.epochs import order_generator

MAX_BYTES: Final = 16_000_000
"""Orders beyond these are not kept; each cell draws its own."""


class SharedOrders:
    """The orders that a run with a seed draws, epoch by epoch."""

    def __init__(self, seed: int, rows: Rows) -> None:
        """Draws nothing yet.

        Args:
            seed: The run's.
            rows: The samples that it trains on.
        """
        self._generator, self._rows = order_generator(seed), rows
        self._orders: list[Rows] = []
        self._lock = threading.Lock()

    def can_serve(self, epochs: int) -> bool:
        """Whether so many epochs, and the one after them, have room."""
        return (epochs + 1) * self._rows.nbytes <= MAX_BYTES

    def order(self, epoch: int) -> Rows:
        """The order of an epoch."""
        if epoch >= len(self._orders):
            with self._lock:
                while epoch >= len(self._orders):
                    order = self._generator.permutation(self._rows)
                    order.setflags(write=False)
                    self._orders.append(order)
        return self._orders[epoch]


class OrderReader:
    """Reads shared orders; see `Orders`.

    Attributes:
        state: The number of the next epoch.
    """

    def __init__(self, shared: SharedOrders, state: int = 0) -> None:
        self._shared = shared
        self.state = state

    def next(self, rows: Rows) -> Rows:
        """See `Orders`."""
        self.state += 1
        return self._shared.order(self.state - 1)

    def copy(self) -> OrderReader:
        """See `Orders`."""
        return OrderReader(self._shared, self.state)
