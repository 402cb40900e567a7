"""AppConfig: what the application, or a training without a screen, begins with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core import ConfigError, NetworkSpec, TrainingConfig
from ..datasets import DataChoice, choice_of
from .drawing.depth import Depth
from .learn.presets import Preset
from .learn.progress import name_of

if TYPE_CHECKING:
    from ..core import Session
    from ..core.run import RunDocument
    from ..core.run.autosave import Sitting
    from ..datasets import Progress
    from .learn.chapters import Course


FRAMES_PER_SECOND = 17
MOST_FRAMES_PER_SECOND = 60


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """Everything that the command line can preset.

    The defaults are the circle and what a newcomer begins with on it.

    Attributes:
        data: What is learned.
        network: The shape of the network.
        training: How it is trained.
        seed: Decides initial weights, split and order.
        ascii: Draw without braille, blocks and symbols.
        depth: How many colours the terminal has.
        theme: The name of the theme; None for the one that was chosen last.
        fps: How often a second the screen may change while training.
        preset: What the rest was taken from, if anything.
        document: A run to go on with, in place of all the rest; None for a new one.
        file: Where it was read from; None if from nowhere.
        sitting: The sitting that it is from, if any.
        hidden: Names of controls that are not shown.
        shows_tests: Whether the map shows test samples.
        discretized: Whether the map has two colours.
        said: A sentence to begin with; empty for none.
        course: The lessons to choose from; None for the chapters that come with it.
        chapter: The name of the one to begin with; empty for none.
        report: A file that gets a line for each thing that a learner does; None for none.
    """

    data: DataChoice = field(default_factory=DataChoice)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = 0
    ascii: bool = False
    depth: Depth = Depth.TRUE
    theme: str | None = None
    fps: int = FRAMES_PER_SECOND
    preset: Preset | None = None
    document: RunDocument | None = None
    file: Path | None = None
    sitting: Sitting | None = None
    hidden: frozenset[str] = frozenset()
    shows_tests: bool = True
    discretized: bool = False
    said: str = ""
    course: Course | None = None
    chapter: str = ""
    report: Path | None = None

    @classmethod
    def going_on(
        cls,
        document: RunDocument,
        *,
        file: Path | None = None,
        sitting: Sitting | None = None,
        ascii: bool = False,
        theme: str | None = None,
        fps: int | None = None,
    ) -> AppConfig:
        """To go on with a run.

        Args:
            document: The run.
            file: Where it was read from; None if from nowhere.
            sitting: The sitting that it is from, if any.
            ascii: Draw without braille, blocks and symbols.
            theme: The name of the theme; None for the one that was chosen last.
            fps: How often a second the screen may change while training; None for as usual.

        Raises:
            ConfigError: If it can't change so often.
        """
        setup = document.expected.setup
        return cls(
            data=choice_of(setup.dataset),
            training=setup.training,
            ascii=ascii,
            theme=theme,
            fps=checked_fps(fps),
            document=document,
            file=file,
            sitting=sitting,
        )

    def session(self, progress: Progress | None = None) -> Session:
        """Loads the data and makes the session, or opens the document.

        Args:
            progress: Is told the share of a file of data that was read.

        Raises:
            ValueError: If data, network and training do not fit each other; in one sentence.
        """
        # Here, because a bad option and `--help` need no NumPy.
        from ..core.run.session import Session
        from ..core.training.features import features_named

        if self.document is not None:
            return Session.from_document(self.document)
        data, lesson = self.data.load(progress), name_of(self.preset)
        network = replace(self.network, inputs=features_named(self.network.inputs, data))
        return Session(network, data, self.training, seed=self.seed, lesson=lesson)


def checked_fps(fps: int | None) -> int:
    """The number itself, or the usual one.

    Raises:
        ConfigError: If there can't be so many frames a second.
    """
    if fps is None:
        return FRAMES_PER_SECOND
    if not 1 <= fps <= MOST_FRAMES_PER_SECOND:
        raise ConfigError(f"--fps takes 1 to {MOST_FRAMES_PER_SECOND}, not {fps}.")
    return fps


def first_network(choice: DataChoice) -> NetworkSpec:
    """The network that a newcomer to some data begins with."""
    start = choice.start
    return NetworkSpec(
        hidden=start.hidden, activation=start.activation, initializer=start.initializer
    )


def first_settings(choice: DataChoice) -> dict[str, Any]:
    """The fields of `TrainingConfig` that a newcomer to some data begins with."""
    start = choice.start
    return {
        "learning_rate": start.learning_rate,
        "batch_size": start.batch_size,
        "train_share": start.train_share,
        "optimizer": start.optimizer,
        "loss": "auto",
    }
