"""Setup: network, data set and settings together, and whether they fit each other."""

from __future__ import annotations

from dataclasses import dataclass

from ...datasets.dataset import Dataset
from .config import (
    NetworkSpec,
    TrainingConfig,
    check_parameters,
    loss_name,
    output_activation_name,
)
from .features import features, finite_features
from .sabotage import sabotaged_activations


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that is configured.

    Two set-ups are equal if they have equal settings and shapes and the very same data set.

    Attributes:
        training: The settings.
        network: The shape of the network.
        dataset: What is learned.
        lesson: The name of the lesson it belongs to; empty for none.
    """

    training: TrainingConfig
    network: NetworkSpec
    dataset: Dataset
    lesson: str = ""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of the network, from the inputs to the outputs."""
        n_inputs = len(features(self.network.inputs, len(self.dataset.columns)))
        n_outputs = self.dataset.n_classes if self.dataset.n_classes > 2 else 1
        return (n_inputs, *self.network.hidden, n_outputs)

    @property
    def loss(self) -> str:
        """The name of the loss, "auto" resolved."""
        return loss_name(self.training.loss, self.dataset.task, self.dataset.n_classes)

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each layer, the output's too, as the network computes it."""
        output = output_activation_name(
            self.network.output_activation, self.loss, self.dataset.task
        )
        wanted = (*self.network.activations, output)
        mistakes = self.training.mistakes
        return sabotaged_activations(wanted, mistakes) if mistakes else wanted

    @property
    def problem_key(self) -> tuple[Dataset, tuple[str, ...], float]:
        """What decides the problem, besides the seed of its split; see `make_problem`."""
        return self.dataset, self.network.inputs, self.training.train_share

    def check(self, before: Setup | None = None) -> None:
        """Checks that network, data set and settings fit each other.

        Args:
            before: A set-up that was checked: what is the same in it is not checked again.

        Raises:
            ConfigError: If they do not fit; it says why and what to use instead.
        """
        loss_name(self.training.loss, self.dataset.task, self.dataset.n_classes)
        check_parameters(self.sizes)
        is_known = before is not None and (before.dataset, before.network.inputs) == (
            self.dataset,
            self.network.inputs,
        )
        if not is_known:
            columns = self.dataset.network_inputs()
            finite_features(features(self.network.inputs, columns.shape[1]), columns)
