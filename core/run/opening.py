"""Opening a document: whatever is wrong with it shows here, before a session goes on with it."""

from __future__ import annotations

import numpy as np

from ..training.failures import describe_error
from .clock import Clock
from .document import RunDocument
from .run import Run

OPEN_SECONDS = 20.0


def ready_document(
    document: RunDocument, *, seconds: float = OPEN_SECONDS, clock: Clock | None = None
) -> RunDocument:
    """A document that a session can open at once, without training.

    A file may lack the state at its end; then it is trained again, from the last one it has.

    Args:
        document: From anywhere.
        seconds: How long that may take.
        clock: Tells the time; the machine's by default.

    Raises:
        ValueError: If it does not hold together, or takes too long; in one sentence.
    """
    clock = clock or Clock()
    until = clock.now() + seconds

    def is_late() -> bool:
        return clock.now() > until

    try:
        document.recipe.setup.check()
        run = Run(document.recipe, is_late, clock)
        with np.errstate(all="ignore"):
            for _ in run.open(document):
                if is_late():
                    break
            ready = run.document()
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"This run can't be opened: {describe_error(error)}.") from error
    if is_late():
        raise ValueError(
            "This run can't be opened: training it again up to where it was saved takes too long."
        )
    return ready
