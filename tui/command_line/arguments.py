"""CliArguments: the options that the application and `train` share, each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

from typer import Option

from ...core import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from ...core.training import ENGINES, REGULARIZATIONS
from ...core.training.config import AUTO
from ...datasets import DATASETS
from ..learn.presets import PRESETS

_DATA, _NETWORK, _TRAINING = "Data", "Network", "Training"
_CHANCE, _DRAWING = "Chance", "Drawing"
_ALL_LOSSES = (AUTO, *LOSSES)


def _starting_with(names: Iterable[str]) -> Callable[[str], list[str]]:
    """Completes a word in the shell."""
    return lambda incomplete: [name for name in names if name.startswith(incomplete)]


@dataclass(frozen=True, kw_only=True)
class CliArguments:
    """The options as they were typed; None for what was not given.

    The help text of each says what it means; `make_config` checks them and fills in the rest.
    """

    preset: Annotated[
        str | None,
        Option(
            help="A set-up that shows one thing: a name from 'toygrad-tui presets'. The other "
            "options change it.",
            metavar="NAME",
            autocompletion=_starting_with(PRESETS),
            rich_help_panel=_DATA,
        ),
    ] = None
    dataset: Annotated[
        str | None,
        Option(
            help="What to learn: a name from 'toygrad-tui datasets' (circle).",
            metavar="NAME",
            autocompletion=_starting_with(DATASETS),
            rich_help_panel=_DATA,
        ),
    ] = None
    data: Annotated[
        Path | None,
        Option(help="A CSV file to learn instead.", metavar="FILE.csv", rich_help_panel=_DATA),
    ] = None
    target: Annotated[
        str | None,
        Option(
            help="The column of the CSV file to predict (the last).",
            metavar="COLUMN",
            rich_help_panel=_DATA,
        ),
    ] = None
    samples: Annotated[
        int | None,
        Option(
            help="How many points (the data set's own number).", metavar="N", rich_help_panel=_DATA
        ),
    ] = None
    noise: Annotated[
        float | None,
        Option(help="From 0 to 0.5 (the data set's own).", metavar="X", rich_help_panel=_DATA),
    ] = None
    train_share: Annotated[
        float | None,
        Option(
            help="The share of the points that train, above 0 and up to 1; the others test.",
            metavar="X",
            rich_help_panel=_DATA,
        ),
    ] = None
    inputs: Annotated[
        str | None,
        Option(
            help="The network's inputs, as x1,x2,x1^2,x1*x2,sinx1 (every column).",
            metavar="LIST",
            rich_help_panel=_NETWORK,
        ),
    ] = None
    hidden: Annotated[
        str | None,
        Option(
            help="Neurons of each hidden layer, as 4,2; none for no hidden layer.",
            metavar="LIST",
            rich_help_panel=_NETWORK,
        ),
    ] = None
    activation: Annotated[
        str | None,
        Option(
            help=f"Of all hidden layers, or a list with one for each: {', '.join(ACTIVATIONS)}.",
            metavar="NAME",
            autocompletion=_starting_with(ACTIVATIONS),
            rich_help_panel=_NETWORK,
        ),
    ] = None
    initializer: Annotated[
        str | None,
        Option(
            help=f"How the first weights are drawn: {', '.join(INITIALIZERS)}.",
            metavar="NAME",
            autocompletion=_starting_with(INITIALIZERS),
            rich_help_panel=_NETWORK,
        ),
    ] = None
    loss: Annotated[
        str | None,
        Option(
            help=f"What is minimized: {', '.join(_ALL_LOSSES)}.",
            metavar="NAME",
            autocompletion=_starting_with(_ALL_LOSSES),
            rich_help_panel=_TRAINING,
        ),
    ] = None
    optimizer: Annotated[
        str | None,
        Option(
            help=f"What turns gradients into updates: {', '.join(OPTIMIZERS)}.",
            metavar="NAME",
            autocompletion=_starting_with(OPTIMIZERS),
            rich_help_panel=_TRAINING,
        ),
    ] = None
    learning_rate: Annotated[
        float | None,
        Option(help="Multiplies every update.", metavar="X", rich_help_panel=_TRAINING),
    ] = None
    momentum: Annotated[
        float | None,
        Option(
            help="Of momentum and Nesterov, and Adam's beta1 (0.9).",
            metavar="X",
            rich_help_panel=_TRAINING,
        ),
    ] = None
    schedule: Annotated[
        str | None,
        Option(
            help=f"How the learning rate changes with time: {', '.join(SCHEDULES)}.",
            metavar="NAME",
            autocompletion=_starting_with(SCHEDULES),
            rich_help_panel=_TRAINING,
        ),
    ] = None
    schedule_epochs: Annotated[
        int | None,
        Option(
            help="The schedule's period in epochs (100).", metavar="N", rich_help_panel=_TRAINING
        ),
    ] = None
    batch_size: Annotated[
        int | None, Option(help="Samples a step.", metavar="N", rich_help_panel=_TRAINING)
    ] = None
    regularization: Annotated[
        str | None,
        Option(
            help=f"Of the weights, not the biases: {', '.join(REGULARIZATIONS)}.",
            metavar="NAME",
            autocompletion=_starting_with(REGULARIZATIONS),
            rich_help_panel=_TRAINING,
        ),
    ] = None
    regularization_rate: Annotated[
        float | None,
        Option(help="How strong it is, 0 or more.", metavar="X", rich_help_panel=_TRAINING),
    ] = None
    pace: Annotated[
        float | None,
        Option(
            help="Epochs a second on the screen; inf for as fast as it goes (30).",
            metavar="X",
            rich_help_panel=_TRAINING,
        ),
    ] = None
    stop_epochs: Annotated[
        int | None,
        Option(
            help="Pause after so many epochs (0, never).", metavar="N", rich_help_panel=_TRAINING
        ),
    ] = None
    stop_loss: Annotated[
        float | None,
        Option(
            help="Pause where the test loss has fallen to this (0, never).",
            metavar="X",
            rich_help_panel=_TRAINING,
        ),
    ] = None
    stop_patience: Annotated[
        int | None,
        Option(
            help="Pause after so many epochs without a lower test loss (0, never).",
            metavar="N",
            rich_help_panel=_TRAINING,
        ),
    ] = None
    engine: Annotated[
        str | None,
        Option(
            help=f"What computes the gradients: {', '.join(ENGINES)} (tape, the fastest).",
            metavar="NAME",
            autocompletion=_starting_with(ENGINES),
            rich_help_panel=_TRAINING,
        ),
    ] = None
    seed: Annotated[
        int,
        Option(
            help="Decides points, split, first weights and order.",
            metavar="N",
            rich_help_panel=_CHANCE,
        ),
    ] = 0
    shuffle: Annotated[
        bool | None,
        Option(
            "--shuffle/--no-shuffle",
            help="Whether the order is drawn anew each epoch (shuffle).",
            rich_help_panel=_CHANCE,
        ),
    ] = None
    ascii: Annotated[
        bool,
        Option("--ascii", help="Draw with plain characters alone.", rich_help_panel=_DRAWING),
    ] = False


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for every field of `CliArguments`.

    typer reads a command's options from its signature, so this makes one that has them all.

    Args:
        command: Takes `given` as a keyword, besides options of its own.

    Returns:
        The command as typer is to see it: `given` is gone, and its fields are there.
    """
    hints = get_type_hints(CliArguments, include_extras=True)
    shared = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(CliArguments)
    ]
    parameters = signature(command, eval_str=True).parameters.values()
    own = [parameter for parameter in parameters if parameter.name != "given"]

    @wraps(command)
    def with_options(**values: Any) -> None:
        given = CliArguments(**{parameter.name: values.pop(parameter.name) for parameter in shared})
        command(given=given, **values)

    cast(Any, with_options).__signature__ = Signature([*own, *shared])
    return with_options
