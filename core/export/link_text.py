"""The set-up as a link of TensorFlow Playground."""

from __future__ import annotations

from ...datasets.choice import DataChoice
from ..links.playground import LinkError, PlaygroundLink, write_link
from .trained import ExportError, TrainedRun


def export(
    run: TrainedRun,
    hidden: frozenset[str] = frozenset(),
    shows_tests: bool = True,
    discretized: bool = False,
) -> str:
    """The address.

    Args:
        run: Whose set-up.
        hidden: The controls that the link hides.
        shows_tests: Whether it shows test samples.
        discretized: Whether it shows the map in two colours.

    Raises:
        ExportError: If no such link can say it; it lists what is in the way.
    """
    origin, setup = run.dataset.origin, run.setup
    if not isinstance(origin, DataChoice):
        raise ExportError("No playground link can say this: data of your own.")
    link = PlaygroundLink(
        data=origin,
        network=setup.network,
        training=setup.training,
        seed=run.state.seed,
        hidden=hidden,
        shows_tests=shows_tests,
        discretized=discretized,
    )
    try:
        return write_link(link) + "\n"
    except LinkError as error:
        raise ExportError(str(error)) from None
