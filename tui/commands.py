"""The command palette: every action, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.widget import Widget

from ..core.training.sabotage import SABOTAGES
from ..datasets import DATASETS
from .keys import own_bindings, written_keys
from .learn.challenges import CHALLENGES
from .learn.presets import PRESETS
from .microscope.examples import EXAMPLES
from .pane import Pane
from .training.pane import CHOICES
from .widgets.settings_list import SettingsList


class _Command(NamedTuple):
    title: str
    action: str
    help: str
    owner: Widget | None = None


class PlaygroundCommands(Provider):
    """The playground's actions, data sets and choices."""

    async def discover(self) -> Hits:
        for command in (*self._key_commands(), *self._pane_commands()):
            yield DiscoveryHit(command.title, self._run(command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in chain(self._key_commands(), self._pane_commands(), _other_commands()):
            score = matcher.match(command.title)
            if score > 0:
                title = matcher.highlight(command.title)
                yield Hit(score, title, self._run(command), help=command.help)

    def _run(self, command: _Command) -> Callable[[], Awaitable[None]]:
        if command.owner is not None:
            return partial(_run_there, command.owner, command.action)
        return partial(self.screen.run_action, command.action)

    def _key_commands(self) -> Iterator[_Command]:
        for binding in own_bindings(self.screen):
            yield _command_of(binding)

    def _pane_commands(self) -> Iterator[_Command]:
        """What the keys of a pane do, if only one of its widgets has them."""
        for pane in self.screen.query(Pane):
            # What the keys of a list do depends on where its cursor is.
            widgets = [w for w in (pane, *pane.query(Widget)) if not isinstance(w, SettingsList)]
            kinds = Counter(type(widget) for widget in widgets)
            for widget in widgets:
                if kinds[type(widget)] == 1 and "BINDINGS" in vars(type(widget)):
                    for binding in own_bindings(widget):
                        yield _command_of(binding, widget, f"{pane.TITLE}: ")


def _command_of(binding: Binding, owner: Widget | None = None, start: str = "") -> _Command:
    title = f"{start}{binding.description} ({written_keys(binding)})"
    return _Command(title, binding.action, binding.tooltip, owner)


async def _run_there(widget: Widget, action: str) -> None:
    pane = next(w for w in widget.ancestors_with_self if isinstance(w, Pane))
    await widget.screen.run_action(f"go_to('{pane.id}')")
    if widget.focusable:
        widget.focus()
    await widget.run_action(action)


def _other_commands() -> Iterator[_Command]:
    yield _Command("Show all controls", "app.show_controls", "Also those that a link has hidden")
    yield _Command("End the chapter", "app.learn_end", "Take its lesson off the screen")
    title = "Wall: the trainability picture"
    about = "The learning rates of two layers: where training converges, and where it diverges"
    yield _Command(title, "app.wall_trainability", about)
    yield _Command("Save the samples as CSV", "app.save_points", "To a file that toygrad can open")
    for name, entry in DATASETS.items():
        yield _Command(f"Data set: {name}", f"app.choose_dataset('{name}')", entry.description)
    for field, names in CHOICES.items():
        for name in names:
            title = f"{field.capitalize()}: {name.replace('_', ' ')}"
            yield _Command(title, f"app.set_training('{field}', '{name}')", "")
    for name, preset in PRESETS.items():
        yield _Command(f"Preset: {preset.title}", f"app.begin_preset('{name}')", preset.why)
    for name, challenge in CHALLENGES.items():
        title = f"Challenge: {challenge.title}"
        yield _Command(title, f"app.begin_challenge('{name}')", challenge.why)
    for name, sabotage in SABOTAGES.items():
        title = f"Plant a bug: {sabotage.title}"
        yield _Command(title, f"app.switch_sabotage('{name}')", sabotage.breaks)
    title = "Microscope: your network on the selected sample"
    yield _Command(title, "app.microscope_network", "Its graph, one number per node")
    for name in EXAMPLES:
        action = f"app.microscope_example({name!r})"
        yield _Command(f"Microscope example: {name}", action, "Its graph, step by step")
