"""Every format that a run can be exported in: those of core, and a command that begins it."""

from __future__ import annotations

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
        from ..datasets.choice import choice_of

        recipe, setup = document.recipe, document.expected.setup
        choice = choice_of(setup.dataset)
        return command_of(choice, setup.network, setup.training, recipe.seed) + "\n"


FORMATS: Final[dict[str, Format]] = {
    **CORE_FORMATS,
    "command": CommandFormat("A command that begins this set-up", "_command.txt", ""),
}
"""Every format, by its name."""
