"""History: what was done in a race, so that it can be undone in its order."""

from __future__ import annotations

from dataclasses import dataclass

from .lane import Lane

MAX_DEEDS = 200
MAX_KEPT_LANES = 18


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """An edit that each of some lanes can undo by itself.

    Attributes:
        lanes: Which.
    """

    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Regrouped:
    """Other lanes race, or in another order.

    Attributes:
        before: Those that raced until then, in the order of the screen.
        after: Those that do now.
        chosen_before: The chosen one then.
        chosen_after: The chosen one now.
    """

    before: tuple[Lane, ...]
    after: tuple[Lane, ...]
    chosen_before: Lane
    chosen_after: Lane


Deed = tuple[Edited | Regrouped, ...]
"""What is undone together."""


class History:
    """What can be undone, and done again."""

    def __init__(self) -> None:
        self.done: list[Deed] = []
        self.undone: list[Deed] = []

    def note(self, *parts: Edited | Regrouped) -> None:
        """Something was done; what was undone before can't be done again."""
        self.done.append(parts)
        self.undone.clear()
        del self.done[:-MAX_DEEDS]
        while len(self.lanes) > MAX_KEPT_LANES and len(self.done) > 1:
            del self.done[0]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it, so that a lane's own history is enough."""
        return not self.done and not self.undone

    @property
    def lanes(self) -> set[Lane]:
        """Every lane that undoing or redoing can bring back."""
        found: set[Lane] = set()
        for deed in (*self.done, *self.undone):
            for part in deed:
                found.update(part.lanes if isinstance(part, Edited) else part.before + part.after)
        return found
