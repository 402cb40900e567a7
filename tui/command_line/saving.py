"""What a training leaves behind: the run, its curves, its predictions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...datasets import shown_path, write_file
from ..options import UsageError
from .runs import check_can_write, check_place

if TYPE_CHECKING:
    from ...core import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The files to write; None for those that nobody wants.

    Attributes:
        run: Can be opened and replayed.
        curve: One line per epoch, as CSV.
        predictions: One line per sample, as CSV.
    """

    run: Path | None = None
    curve: Path | None = None
    predictions: Path | None = None

    def check(self, data: Path | None) -> None:
        """Checks that they can be written, before something is learned that takes long.

        Args:
            data: The file that is learned, if any: none of them may take its place.

        Raises:
            UsageError: If one certainly can't.
        """
        if self.run is not None:
            check_place(self.run)
        tables = [path for path in (self.curve, self.predictions) if path is not None]
        files = [os.path.realpath(path) for path in (data, self.run, *tables) if path is not None]
        if len(set(files)) < len(files):
            raise UsageError(
                "The data, the run, the curve and the predictions must be different files."
            )
        for path in tables:
            check_can_write(path)

    def write(self, session: Session, *, silent: bool) -> Iterator[str]:
        """Writes them, and says where unless silent.

        Yields:
            A sentence for each that can't be written.
        """
        for path, write in self._writers(session):
            try:
                write(path)
            except ValueError as error:
                yield str(error)
            else:
                if not silent:
                    print(f"Saved to {shown_path(path)}.", flush=True)

    def _writers(self, session: Session) -> Iterator[tuple[Path, Callable[[Path], None]]]:
        # Here, because few trainings leave something behind.
        from ...core.export.curves_table import curves_csv
        from ...core.export.predictions_table import predictions_csv
        from ...core.run.file import save_run

        if self.run is not None and session.step:
            yield self.run, partial(save_run, session.document())
        snapshot = session.snapshot(grid=(1, 1))
        if self.curve is not None:
            yield self.curve, partial(write_file, content=curves_csv(snapshot.curves.points()))
        if self.predictions is not None:
            yield self.predictions, partial(write_file, content=predictions_csv(snapshot))
