"""The editor: what the panes ask to change goes through it, and so can be undone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from ..core import NetworkSpec, Session
from ..core.nn import Element, holds_element
from ..core.run import Command, Configure, Redo, Undo, WriteElements
from ..core.training.setup import Setup
from ..datasets import DataChoice, Dataset, choice_of

LESSON: Final = "The lesson "
LOCKED: Final = LESSON + "does not let you change the {}."


class Editor:
    """Submits edits to a session, and refuses those that do not fit in one sentence.

    Attributes:
        session: What is edited.
        refuse: Called with a sentence if an edit is impossible.
        locked: What may not be changed, see `limits.LOCKABLE`.
    """

    def __init__(
        self, session: Session, *, show: Callable[[], None], refuse: Callable[[str], None]
    ) -> None:
        """Edits a session.

        Args:
            session: What is edited.
            show: Called after each edit.
            refuse: Called with a sentence if an edit is impossible.
        """
        self.session = session
        self.refuse = refuse
        self.locked: frozenset[str] = frozenset()
        self._show = show

    @property
    def choice(self) -> DataChoice:
        """Where the session's data come from."""
        return choice_of(self.session.dataset)

    def configure(
        self,
        *,
        dataset: Dataset | None = None,
        network: NetworkSpec | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> bool:
        """Changes some of what is configured; says whether that was possible."""
        try:
            training = replace(self.session.training, **(changes or {}))
        except ValueError as error:
            self.refuse(str(error))
            return False
        return self.do(Configure(training, network, dataset))

    def walk(self, setting: str, stops: Sequence[float], by: int) -> float:
        """Sets a number to the next (by > 0) or the previous of its stops, and returns it."""
        value = getattr(self.session.training, setting)
        place = bisect_right(stops, value) if by > 0 else bisect_left(stops, value) - 1
        stop = stops[min(max(place, 0), len(stops) - 1)]
        self.configure(changes={setting: stop})
        return stop

    def write(
        self, numbers: Mapping[Element, float | None], frozen: Mapping[Element, bool]
    ) -> None:
        """Sets, freezes or unfreezes the weights and biases that the network still has."""
        sizes = self.session.sizes
        self.do(
            WriteElements(
                {e: n for e, n in numbers.items() if n is not None and holds_element(sizes, e)},
                {e: is_frozen for e, is_frozen in frozen.items() if holds_element(sizes, e)},
            )
        )

    def do(self, command: Command) -> bool:
        """Submits a command; says whether that was possible, and allowed."""
        try:
            if self.locked and (what := self._locked_change(command)):
                self.refuse(LOCKED.format(what))
                return False
            self.session.submit(command)
        except (ValueError, IndexError) as error:
            self.refuse(str(error))
            return False
        self._show()
        return True

    def allows(self, setting: str) -> bool:
        """Whether a setting of the training may be changed; says so if not."""
        if setting in self.locked:
            self.refuse(LOCKED.format(_words(setting)))
        return setting not in self.locked

    def allows_setup(self, setup: Setup) -> bool:
        """Whether the session may go on with another set-up; says so if not."""
        if what := locked_change(self.session.setup, setup, self.locked):
            self.refuse(LOCKED.format(what))
        return not what

    def _locked_change(self, command: Command) -> str:
        session = self.session
        if isinstance(command, Undo) and session.undoes_lanes:
            return ""
        return locked_change(session.setup, session.setup_after(command), self.locked)

    def go(self, by: int) -> bool:
        """Goes a mini-batch back (-1) or forward (1) in time; says whether there was one."""
        is_done = self.session.go_back() if by < 0 else self.session.go_forward()
        if is_done:
            self._show()
        return is_done

    def undo(self) -> bool:
        """Undoes the last edit; says whether there was one."""
        return self.session.can_undo and self.do(Undo())

    def redo(self) -> bool:
        """Redoes the edit last undone; says whether there was one."""
        return self.session.can_redo and self.do(Redo())


def locked_change(before: Setup, after: Setup, locked: frozenset[str]) -> str:
    """What a change of the set-up would do that is locked, in words; empty if nothing is."""
    if "data" in locked and after.dataset is not before.dataset:
        return "data"
    for old, new in ((before.network, after.network), (before.training, after.training)):
        for field in fields(old):
            name = field.name
            if name in locked and getattr(old, name) != getattr(new, name):
                return _words(name)
    return ""


def _words(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


_WORDS: Final = {
    "hidden": "hidden layers",
    "sabotage": "planted bugs",
    "hidden_sabotage": "planted bugs",
    "train_share": "split",
}
