"""The command palette: every action there is, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from ..core import LOSSES, OPTIMIZERS, SCHEDULES
from ..core.training import ENGINES, REGULARIZATIONS
from ..datasets import DATASETS

_CHOICES = {
    "loss": tuple(LOSSES),
    "optimizer": tuple(OPTIMIZERS),
    "schedule": tuple(SCHEDULES),
    "regularization": REGULARIZATIONS,
    "engine": ENGINES,
}


class _Command(NamedTuple):
    title: str
    action: str
    help: str


class PlaygroundCommands(Provider):
    """The playground's actions, data sets and choices."""

    async def discover(self) -> Hits:
        """What is offered before anything is typed: the keys' actions."""
        for command in self._key_commands():
            yield DiscoveryHit(command.title, self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """All commands that match."""
        matcher = self.matcher(query)
        for command in (*self._key_commands(), *_data_commands(), *_choice_commands()):
            score = matcher.match(command.title)
            if score > 0:
                title = matcher.highlight(command.title)
                yield Hit(score, title, self._run(command), help=command.help)

    def _run(self, command: _Command) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, command.action)

    def _key_commands(self) -> Iterator[_Command]:
        for binding in type(self.screen).BINDINGS:
            if isinstance(binding, Binding):
                key = binding.key_display or binding.key
                title = f"{binding.description} ({key})"
                yield _Command(title, binding.action, binding.tooltip)


def _data_commands() -> Iterator[_Command]:
    for entry in DATASETS.values():
        yield _Command(
            f"Data set: {entry.name}", f"app.choose_dataset('{entry.name}')", entry.description
        )


def _choice_commands() -> Iterator[_Command]:
    for field, names in _CHOICES.items():
        for name in names:
            title = f"{field.capitalize()}: {name.replace('_', ' ')}"
            yield _Command(title, f"app.set_training('{field}', '{name}')", "")
