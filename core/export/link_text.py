"""The set-up as a link of TensorFlow Playground."""

from __future__ import annotations

from ...datasets.choice import DataChoice
from ..links.playground import LinkError, PlaygroundLink, write_link
from .trained import ExportError, TrainedRun


def export(run: TrainedRun) -> str:
    """The address.

    Raises:
        ExportError: If no such link can say it; it lists what is in the way.
    """
    origin, setup = run.dataset.origin, run.setup
    if not isinstance(origin, DataChoice):
        raise ExportError("No playground link can say this: data of your own.")
    link = PlaygroundLink(
        data=origin, network=setup.network, training=setup.training, seed=run.state.seed
    )
    try:
        return write_link(link) + "\n"
    except LinkError as error:
        raise ExportError(str(error)) from None
