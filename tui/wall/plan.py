"""Plan: what the user types to begin a wall, and the presets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ...core import Session
from ...core.sweep.axis import Axis
from ...core.sweep.fields import CellRecipe, parse_whole
from ...core.sweep.live import MAX_LIVE_BYTES, MAX_LIVE_CELLS, bytes_of
from ...core.sweep.sweep import Sweep
from ...core.training import ConfigError
from ...datasets import DataChoice
from .measures import CONVERGENCE, LOSS, Measure

NOTHING: Final = (
    "Type what varies across, such as learning-rate=0.001..10:20:log or optimizer=sgd,adam."
)
NO_ORIGIN: Final = (
    "The wall draws new samples for each seed, and these can't be drawn again: choose a data set "
    "first."
)


def _as_it_is(base: CellRecipe) -> CellRecipe:
    return base


@dataclass(frozen=True, slots=True)
class Plan:
    """What is typed.

    Attributes:
        across: A field and its values, see `Axis.parse`.
        down: Likewise; empty for a single row.
        seeds: How many runs for each combination.
        epochs: How long each trains.
        title: Of the preset that it began as.
        about: What the preset shows.
        prepare: What the preset changes in the run on the screen.
        measure: What the cells are coloured by at first.
    """

    across: str
    down: str = ""
    seeds: str = "1"
    epochs: str = "200"
    title: str = ""
    about: str = ""
    prepare: Callable[[CellRecipe], CellRecipe] = _as_it_is
    measure: Measure = LOSS

    def sweep(self, base: CellRecipe) -> Sweep:
        """The sweep, each value checked; that may load data.

        Raises:
            ValueError: If it can't be; in one sentence.
        """
        axes = tuple(Axis.parse(text) for text in (self.across, self.down) if text.strip())
        if not axes:
            raise ConfigError(NOTHING)
        seeds, epochs = _whole("Seeds", self.seeds), _whole("Epochs", self.epochs)
        sweep = Sweep(self.prepare(base), axes, seeds, epochs)
        check_size(sweep)
        sweep.check()
        if (n_bytes := bytes_of(sweep)) > MAX_LIVE_BYTES:
            raise ConfigError(
                f"All these networks at a time need about {n_bytes / 1e9:.1f} GB, and a wall takes "
                f"at most {MAX_LIVE_BYTES / 1e9:g} GB: fewer or smaller ones, or fewer samples."
            )
        return sweep


def check_size(sweep: Sweep) -> None:
    """Checks that all runs have room, before anything is made.

    Raises:
        ConfigError: If not.
    """
    if sweep.n_cells > MAX_LIVE_CELLS:
        raise ConfigError(
            f"A wall has at most {MAX_LIVE_CELLS:,} runs, and these are {sweep.n_cells:,}: type "
            "fewer values or seeds, or use toygrad-tui sweep."
        )


def base_of(session: Session) -> CellRecipe:
    """What the run on the screen is made from.

    Raises:
        ConfigError: If its samples can't be drawn again.
    """
    choice = session.dataset.origin
    if not isinstance(choice, DataChoice):
        raise ConfigError(NO_ORIGIN)
    return CellRecipe(choice, session.network_spec, session.training, session.seed)


def _whole(what: str, text: str) -> int:
    try:
        number = parse_whole(text)
    except ConfigError as error:
        raise ConfigError(f"{what}: {error}") from None
    if number < 1:
        raise ConfigError(f"{what}: type 1 or more, not {text.strip()}.")
    return number


def _with_l2(base: CellRecipe) -> CellRecipe:
    return replace(base, training=replace(base.training, regularization="l2"))


# A batch of so many is all samples there are.
ALL_SAMPLES: Final = 1_000_000


def _trainability(base: CellRecipe) -> CellRecipe:
    """Full batches, one hidden layer, a linear output, squared error: nothing bounds the loss."""
    training = replace(
        base.training, learning_rate=1.0, batch_size=ALL_SAMPLES, optimizer="sgd",
        loss="squared_error", schedule="constant", regularization="none", rate_factors=(),
    )  # fmt: skip
    network = replace(
        base.network, hidden=(16,), activation="tanh", output_activation="linear",
        initializer="xavier",
    )  # fmt: skip
    return replace(base, training=training, network=network)


PRESETS: Final = (
    Plan(
        "learning-rate=0.001..10:20:log",
        "width=1..20:20",
        title="Learning rate and width",
        about="How large may a step be, and how many neurons does it take?",
    ),
    Plan(
        "learning-rate=0.001..10:20:log",
        "batch-size=1,2,5,10,20,50,100",
        title="Learning rate and batch size",
        about="Larger batches bear larger steps, and take fewer of them in an epoch.",
    ),
    Plan(
        "activation=tanh,relu,sigmoid,linear",
        "hidden=none,2,4,8,4x2,8x8",
        seeds="3",
        title="Activation and layers",
        about="Few enough to see each boundary: press v{wall.view} for pictures.",
    ),
    Plan(
        "learning-rate=0.001..1:12:log",
        "optimizer=sgd,momentum,nesterov,rmsprop,adam,adamw",
        seeds="3",
        title="Learning rate and optimizer",
        about="Each optimizer has its own range of rates.",
    ),
    Plan(
        "regularization-rate=0.0001..1:12:log",
        "noise=0..0.5:6",
        seeds="3",
        title="Regularization and noise",
        about="L2: does it help more where the samples are noisier?",
        prepare=_with_l2,
    ),
)
"""The first one is what the form begins with."""
CELLS_BY_LINES: Final = ((46, 40), (38, 32), (0, 20))
"""How many cells the trainability picture has across and down: all are seen."""


def trainability(lines: int) -> Plan:
    """The rate of one layer against that of the other, as many cells as fit.

    Args:
        lines: Of the terminal.
    """
    n = next(n for least, n in CELLS_BY_LINES if lines >= least)
    return Plan(
        f"rate-1=0.1..10000:{n}:log",
        f"rate-2=0.01..10:{n}:log",
        epochs="100",
        title="Trainability",
        about="The rates of both layers of a network with 16 tanh neurons, full batches, squared "
        "error: blue converges, orange diverges. The border is fractal (Sohl-Dickstein 2024): "
        "+{wall.zoom-in} zooms into it.",
        prepare=_trainability,
        measure=CONVERGENCE,
    )
