"""Remedies: changes that may help a run, each as one edit, so that one undo reverts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..nn.parameters import count_parameters
from ..run.edits import Configure, Edit, StartOver
from ..training.config import NetworkSpec, TrainingConfig
from ..training.setup import Setup
from .case import ADAPTIVE

ADAM_RATE = 0.01
ADAM: dict[str, Any] = {"optimizer": "adam", "learning_rate": ADAM_RATE}
ADAM_WORDS = f"adam {ADAM_RATE:g}"
WIDER, ENOUGH, SMALL, MOST_NEURONS, MOST_LAYERS, MOST_PARAMETERS = 2, 8, 16, 64, 6, 200_000
RELUS = ("relu", "leaky_relu")
STRENGTHS = (0.003, 0.03)
STRONG, FAVOUR = 0.03, 0.8


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that may help.

    Attributes:
        words: It, in a few words.
        edit: What does it; None for no change at all.
        is_repair: Whether it takes out a planted bug and nothing else. It comes first, and need not
            help by a margin.
        favour: What its loss is multiplied by where the best are chosen. Without a strong penalty
            a run has far to go: it has hardly begun where others rest a little lower.
    """

    words: str
    edit: Edit | None
    is_repair: bool = False
    favour: float = 1.0

    @property
    def restarts(self) -> bool:
        """Whether first weights are drawn again."""
        return isinstance(self.edit, StartOver)

    def with_seed(self, seed: int) -> Remedy:
        """The same with first weights of a seed, if it draws any."""
        if not isinstance(self.edit, StartOver):
            return self
        return replace(self, edit=replace(self.edit, seed=seed))


NOTHING = Remedy("as now", None)


def remedies(setup: Setup, *, knows_bugs: bool = True) -> list[Remedy]:
    """What could help a run with a set-up.

    Args:
        setup: What is in force.
        knows_bugs: Whether planted bugs may be removed, and so told.
    """
    if setup.training.sabotage and knows_bugs:
        return list(_repairs(replace(setup, training=replace(setup.training, sabotage=()))))
    return [*_rates(setup), *_optimizers(setup), *_penalties(setup), *_networks(setup)]


def _repairs(clean: Setup) -> Iterator[Remedy]:
    words = "without the bug"
    for repair in (_kept(clean, words), _restarted(clean, f"{words}, from epoch 0")):
        yield replace(repair, is_repair=True)
    for remedy in (*_rates(clean), *_optimizers(clean), *_penalties(clean)):
        yield replace(remedy, words=f"{words}, {remedy.words}")


def _rates(setup: Setup) -> Iterator[Remedy]:
    rate = setup.training.learning_rate
    for factor in (3.0, 10.0, 30.0, 1 / 3, 0.1):
        new = _rounded(rate * factor)
        yield _kept(setup, f"rate {new:g}", learning_rate=new)
    for factor in (0.1, 0.01, 0.001):
        new = _rounded(rate * factor)
        yield _restarted(setup, f"rate {new:g}, from epoch 0", learning_rate=new)


def _optimizers(setup: Setup) -> Iterator[Remedy]:
    if not _is_adaptive(setup):
        yield _kept(setup, ADAM_WORDS, **ADAM)
        yield _restarted(setup, f"{ADAM_WORDS}, from epoch 0", **ADAM)


def _penalties(setup: Setup) -> Iterator[Remedy]:
    training = setup.training
    kind, rate = training.regularization.upper(), training.regularization_rate
    if training.regularization != "none" and rate > 0.0:
        yield _kept(setup, f"without {kind}", regularization="none")
        lifted = [_restarted(setup, f"without {kind}, from epoch 0", regularization="none")]
        if not _is_adaptive(setup):
            words = f"without {kind}, {ADAM_WORDS}, from epoch 0"
            lifted.append(_restarted(setup, words, regularization="none", **ADAM))
        favour = FAVOUR if rate >= STRONG else 1.0
        yield from (replace(remedy, favour=favour) for remedy in lifted)
        smaller = _rounded(rate / 10.0)
        yield _kept(setup, f"{kind} {smaller:g}", regularization_rate=smaller)
        return
    for strength in STRENGTHS:
        changes = {"regularization": "l2", "regularization_rate": strength}
        yield _kept(setup, f"L2 {strength:g}", **changes)
        yield _restarted(setup, f"L2 {strength:g}, from epoch 0", **changes)


def _networks(setup: Setup) -> Iterator[Remedy]:
    network = setup.network
    yield _restarted(setup, "new weights")
    for activation, initializer in (("relu", "he"), ("tanh", "xavier")):
        if {activation} != set(network.activations) or network.initializer != initializer:
            new = replace(network, activation=activation, initializer=initializer)
            yield from _redrawn(setup, new, f"{activation} and {initializer} weights")
    hidden = network.hidden
    last = network.activations[-1] if hidden else "tanh"
    good = replace(network, initializer="he" if last in RELUS else "xavier")
    wider = tuple(max(n, min(max(WIDER * n, ENOUGH), MOST_NEURONS)) for n in hidden)
    one_more = (*(max(n, ENOUGH) for n in hidden), max((*hidden, ENOUGH)))
    sizes: dict[str, tuple[tuple[int, ...], str | tuple[str, ...]]] = {
        "wider layers": (wider, network.activation),
        "one more layer": (one_more, (*network.activations, last)),
    }
    if max(one_more) < SMALL:
        sizes["larger network"] = ((SMALL, SMALL), "tanh")
    for words, (layers, names) in sizes.items():
        if layers == hidden or len(layers) > MOST_LAYERS:
            continue
        new = replace(good, hidden=layers, activation=names)
        if _fits(replace(setup, network=new)):
            yield from _redrawn(setup, new, f"{words}: {', '.join(map(str, layers))}")


def _redrawn(setup: Setup, network: NetworkSpec, words: str) -> Iterator[Remedy]:
    made = replace(setup, network=network)
    yield _restarted(made, words)
    if not _is_adaptive(setup):
        yield _restarted(made, f"{words}, {ADAM_WORDS}", **ADAM)


def _is_adaptive(setup: Setup) -> bool:
    training = setup.training
    return training.optimizer in ADAPTIVE and training.learning_rate == ADAM_RATE


def _fits(setup: Setup) -> bool:
    return count_parameters(setup.sizes) < MOST_PARAMETERS


def _kept(setup: Setup, words: str, **changes: Any) -> Remedy:
    return Remedy(words, Configure(_changed(setup, changes)))


def _restarted(setup: Setup, words: str, **changes: Any) -> Remedy:
    training = _changed(setup, changes)
    return Remedy(words, StartOver(training, setup.network, setup.dataset, setup.lesson))


def _changed(setup: Setup, changes: dict[str, Any]) -> TrainingConfig:
    return replace(setup.training, **changes)


def _rounded(number: float) -> float:
    return float(f"{number:.2g}")
