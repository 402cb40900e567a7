"""Every format that a run can be exported in: those of core, and a command that begins it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.export.formats import FORMATS as CORE_FORMATS
from ..core.export.formats import Format
from .command import command_of

if TYPE_CHECKING:
    from ..core.run import RunDocument


class CommandFormat(Format):
    """The set-up as a command."""

    def export(self, document: RunDocument) -> str:
        """The command.

        Raises:
            LinkError: If no options say it; it lists what is in the way.
        """
        # Here, because a list of the formats needs no NumPy.
        from ..core.export.trained import trained_run
        from ..datasets.choice import choice_of

        run = trained_run(document)
        choice = choice_of(run.setup.dataset)
        return command_of(choice, run.setup.network, run.setup.training, run.state.seed) + "\n"


@dataclass(frozen=True)
class SeenLink(Format):
    """The set-up as a playground link, with what is seen of it."""

    hidden: frozenset[str] = frozenset()
    shows_tests: bool = True
    discretized: bool = False

    def export(self, document: RunDocument) -> str:
        """The link.

        Raises:
            ExportError: If no such link can say it; it lists what is in the way.
        """
        from ..core.export.link_text import export
        from ..core.export.trained import trained_run

        return export(trained_run(document), self.hidden, self.shows_tests, self.discretized)


FORMATS: Final[dict[str, Format]] = {
    **CORE_FORMATS,
    "command": CommandFormat("A command that begins this set-up", "_command.txt", ""),
}
"""Every format, by its name."""


def formats_seen(hidden: frozenset[str], shows_tests: bool, discretized: bool) -> dict[str, Format]:
    """Every format, the link with what is hidden on the screen and how the map is shown."""
    link = FORMATS["link"]
    seen = SeenLink(
        link.title,
        link.ending,
        link.module,
        hidden=hidden,
        shows_tests=shows_tests,
        discretized=discretized,
    )
    return {**FORMATS, "link": seen}
