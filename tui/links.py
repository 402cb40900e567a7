"""Links: a set-up or a run as text, from the command line or pasted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..datasets import shown
from .config import AppConfig

if TYPE_CHECKING:
    from ..core.links.playground import PlaygroundLink
    from ..core.run import RunDocument

OPENED = "Opened the link"
NO_LINK = "This is no link of TensorFlow Playground, and no line from toygrad: on: {}."


def is_text_to_open(text: str) -> bool:
    """Whether a text is meant as the link of a set-up, or as the line of a run."""
    # Here and below, because few sittings begin with a link.
    from ..core.links.playground import is_link

    return text.strip().startswith("toygrad:") or is_link(text)


def read_text(text: str) -> PlaygroundLink | RunDocument:
    """What a text holds.

    Raises:
        ValueError: If it is no link and no line, or damaged; in one sentence.
    """
    from ..core.links.playground import is_link, read_link
    from ..core.run.file.line import document_from_line, is_line

    if is_line(text):
        return document_from_line(text)
    if not is_link(text):
        raise ValueError(NO_LINK.format(shown(text)))
    return read_link(text)


def config_of(text: str) -> AppConfig:
    """What the application begins with for a link or a line.

    Raises:
        ValueError: As `read_text`.
    """
    from ..core.run import RunDocument

    found = read_text(text)
    if isinstance(found, RunDocument):
        return AppConfig.going_on(found)
    return AppConfig(
        data=found.data,
        network=found.network,
        training=found.training,
        seed=found.seed,
        hidden=found.hidden,
        shows_tests=found.shows_tests,
        discretized=found.discretized,
        said=what_is_lost(found),
    )


def start_of(text: str) -> AppConfig:
    """The set-up of a link or a line, to be trained from its start.

    Raises:
        ValueError: As `read_text`.
    """
    from ..core.run import RunDocument
    from ..core.run.journal import Journal
    from ..core.run.recipe import Recipe

    config = config_of(text)
    if config.document is None:
        if config.hidden or config.discretized or not config.shows_tests:
            lost = "Without a screen, the link's display settings are ignored."
            config = replace(config, said=" ".join(filter(None, (config.said, lost))))
        return config
    document = config.document
    setup = document.expected.setup
    recipe = Recipe(setup.network, setup.dataset, setup.training, document.recipe.seed)
    start = RunDocument(recipe, Journal(setup), 0)
    return replace(config, document=start)


def what_is_lost(link: PlaygroundLink) -> str:
    """A sentence on what could not be carried over; empty for nothing."""
    return f"Not carried over: {'; '.join(link.lost)}." if link.lost else ""
