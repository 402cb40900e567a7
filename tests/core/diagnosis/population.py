"""A population of runs, healthy ones and ill ones of known illnesses, drawn from a seed.

What a run is was not decided by what is to be tested: a healthy one reaches at its end, by its
accuracy or its R squared, what its data set allows. An ill one has the illness by construction, and
does not get there; it is drawn again if it does all the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from toygrad.core import NetworkSpec, Session, Snapshot, TrainingConfig
from toygrad.core.diagnosis.diagnosis import WELL, diagnose
from toygrad.datasets import DATASETS, Dataset

GRID = (2, 2)
SNAPSHOTS = 20
MAX_DRAWS = 60
# What counts as there, and as far away from it: accuracy between that of the majority's class and
# 1, or R squared.
REACHED, FAR = 0.92, 0.7
# A run that gains so much skill in its last quarter is slow, not ill.
ON_ITS_WAY = 0.1
# So many neurons in a layer are not what is wrong.
ENOUGH = 4
# So much more accurate a run that overfits is on the samples that it learns from.
OVERFIT = 0.1


@dataclass(frozen=True, kw_only=True)
class Case:
    """A run before its first step.

    Attributes:
        illness: Its name; empty for a healthy one.
        spoil: Done to the first weights.
    """

    illness: str
    dataset: Dataset
    network: NetworkSpec
    training: TrainingConfig
    seed: int
    epochs: int
    spoil: Callable[[Session], None] | None = None

    def __str__(self) -> str:
        """What is needed to see it again."""
        t, n = self.training, self.network
        return (
            f"{self.illness or 'healthy'}: {self.dataset.name} x{self.dataset.n_samples} "
            f"{list(n.hidden)} {n.activation} {n.initializer} {t.optimizer} {t.learning_rate:g} "
            f"batch {t.batch_size} {t.loss} {t.regularization} {t.regularization_rate:g}"
        )

    def snapshots(self, count: int = SNAPSHOTS) -> list[Snapshot]:
        """What a screen would get, evenly along the run; fewer if it diverges."""
        session = Session(self.network, self.dataset, self.training, seed=self.seed)
        if self.spoil is not None:
            self.spoil(session)
        session.advance(1)
        seen = [session.snapshot(grid=GRID)]
        for k in range(1, count):
            goal = round(k * self.epochs / (count - 1))
            session.advance_epochs(max(goal - session.epoch, 1))
            seen.append(session.snapshot(grid=GRID))
            if session.failure is not None:
                break
        return seen


def skill(snapshot: Snapshot, *, test: bool = False) -> float:
    """0 for what a constant reaches, 1 for perfect: of the accuracy, or R squared."""
    rows = snapshot.test_rows if test else snapshot.train_rows
    dataset = snapshot.dataset
    if dataset.task == "classification":
        e = snapshot.evaluation
        accuracy = e.test_accuracy if test else e.train_accuracy
        majority = np.bincount(dataset.labels[rows]).max() / len(rows)
        return float(((accuracy or 0.0) - majority) / (1.0 - majority))
    targets = dataset.network_targets()[rows]
    with np.errstate(all="ignore"):
        error = float(np.mean((snapshot.outputs[rows, 0] - targets) ** 2))
    return 1.0 - error / float(targets.var()) if math.isfinite(error) else -math.inf


# --- Healthy runs --------------------------------------------------------------------------------

Rng = np.random.Generator
EASY = ("circle", "xor", "gauss", "moons", "plane", "parabola", "square", "iris")
HARD = ("spiral", "multi-gauss", "x-sin-x", "digits")
ACTIVATIONS = ("tanh", "relu", "leaky_relu", "sigmoid", "elu", "gelu", "silu", "softplus")
RATES = {
    "sgd": (0.01, 0.3),
    "momentum": (0.001, 0.03),
    "nesterov": (0.001, 0.03),
    "rmsprop": (0.001, 0.03),
    "adam": (0.001, 0.03),
    "adamw": (0.001, 0.03),
}
LOSSES = ("auto", "squared_error", "binary_cross_entropy", "hinge")


def _pick(rng: Rng, names: tuple[str, ...]) -> str:
    return str(names[rng.integers(len(names))])


def _between(rng: Rng, low: float, high: float) -> float:
    return float(f"{math.exp(rng.uniform(math.log(low), math.log(high))):.2g}")


def _dataset(rng: Rng, name: str, *, noise: float, low: int = 120, high: int = 400) -> Dataset:
    entry = DATASETS[name]
    n = min(int(rng.integers(low, high)), entry.max_samples)
    return entry(n, noise=noise, rng=rng)


def draw(rng: Rng, *, least: int = 2) -> Case:
    """A run that may well be healthy.

    Args:
        rng: Draws everything.
        least: Neurons of a layer.
    """
    name = _pick(rng, (*EASY, *EASY, *HARD))
    entry = DATASETS[name]
    depth = int(rng.choice([0 if least < ENOUGH else 1, 1, 1, 2, 2, 3, 4, 6]))
    activation = _pick(rng, ACTIVATIONS)
    optimizer = _pick(rng, tuple(RATES))
    loss = "auto"
    if entry.task == "classification" and len(entry.classes) == 2:
        loss = _pick(rng, LOSSES)
    hidden = tuple(int(n) for n in rng.integers(least, 13, depth))
    if name in HARD:
        hidden = (*(n + 8 for n in hidden[:3]),)
    inputs = ("x1", "x2", "sin x1", "sin x2") if name == "spiral" else ()
    return Case(
        illness="",
        dataset=_dataset(rng, name, noise=float(rng.choice([0.0, 0.0, 0.05]))),
        network=NetworkSpec(
            inputs=inputs,
            hidden=hidden,
            activation=activation,
            initializer="he" if activation in ("relu", "leaky_relu") else "xavier",
        ),
        training=TrainingConfig(
            engine="tape",
            optimizer=optimizer,
            learning_rate=_between(rng, *RATES[optimizer]),
            batch_size=int(rng.choice([5, 10, 20, 30])),
            loss=loss,
            train_share=float(rng.choice([0.5, 0.7, 0.8])),
            schedule=_pick(rng, ("constant",) * 4 + ("cosine",)),
            regularization=_pick(rng, ("none",) * 4 + ("l2",)),
            regularization_rate=1e-3,
        ),
        seed=int(rng.integers(1 << 30)),
        epochs=int(rng.integers(40, 160)),
    )


def is_healthy(case: Case, seen: list[Snapshot]) -> bool:
    """Whether it reached what there is to reach, on both halves of the samples."""
    last = seen[-1]
    return (
        last.failure is None
        and skill(last) > REACHED
        and skill(last) - skill(last, test=True) < OVERFIT
    )


# --- Illnesses -----------------------------------------------------------------------------------


def _is_far(case: Case, seen: list[Snapshot]) -> bool:
    if seen[-1].failure is not None:
        # Whatever else is wrong with it, its rate is too high for that.
        return case.illness == "rate too high"
    now, before = skill(seen[-1]), skill(seen[-1 - SNAPSHOTS // 4])
    is_on_its_way = now - before > ON_ITS_WAY and case.illness != "rate too low"
    return not now > FAR and not is_on_its_way


def _overfits(case: Case, seen: list[Snapshot]) -> bool:
    last = seen[-1]
    tests = [snapshot.evaluation.test_loss for snapshot in seen]
    return skill(last) - skill(last, test=True) > 2 * OVERFIT and tests[-1] > 1.2 * min(tests)


def _always(case: Case, seen: list[Snapshot]) -> bool:
    return True


def _trained(case: Case, illness: str, **changes: object) -> Case:
    return replace(case, illness=illness, training=replace(case.training, **changes))  # type: ignore[arg-type]


def _rate_too_high(rng: Rng, case: Case) -> Case:
    rate = case.training.learning_rate * _between(rng, 10.0, 1000.0)
    return _trained(case, "rate too high", learning_rate=rate, regularization="none")


def _rate_too_low(rng: Rng, case: Case) -> Case:
    rate = case.training.learning_rate / _between(rng, 100.0, 3000.0)
    return _trained(case, "rate too low", learning_rate=rate, schedule="constant")


def _vanishing(rng: Rng, case: Case) -> Case:
    network = replace(
        case.network,
        hidden=tuple(rng.integers(4, 9, rng.integers(5, 9)).tolist()),
        activation="sigmoid",
        initializer=_pick(rng, ("xavier", "playground")),
    )
    rate = _between(rng, 0.03, 0.3)
    spoiled = _trained(
        case, "vanishing", optimizer="sgd", learning_rate=rate, regularization="none"
    )
    return replace(spoiled, network=network)


def _dead(rng: Rng, case: Case) -> Case:
    network = replace(case.network, activation="relu", initializer="he")
    layer = int(rng.integers(len(network.hidden))) + 1
    size = network.hidden[layer - 1]
    n_dead = int(rng.integers((size + 1) // 2, size + 1))

    def spoil(session: Session) -> None:
        bias = session.parameters()[f"layer{layer}.bias"].copy()
        bias[:n_dead] = -50.0
        session.set_parameters({f"layer{layer}.bias": bias})

    return replace(_trained(case, "dead", regularization="none"), network=network, spoil=spoil)


def _saturated(rng: Rng, case: Case) -> Case:
    network = replace(case.network, activation=_pick(rng, ("tanh", "sigmoid")))
    factor = _between(rng, 30.0, 300.0)

    def spoil(session: Session) -> None:
        session.set_parameters(
            {
                name: array * factor
                for name, array in session.parameters().items()
                if f"layer{len(network.hidden) + 1}" not in name
            }
        )

    return replace(_trained(case, "saturated", regularization="none"), network=network, spoil=spoil)


def _symmetric(rng: Rng, case: Case) -> Case:
    start = float(rng.choice([0.0, 0.3]))

    def spoil(session: Session) -> None:
        if start:
            session.set_parameters(
                {name: np.full_like(a, start) for name, a in session.parameters().items()}
            )

    return replace(
        _trained(case, "symmetric", regularization="none"),
        network=replace(case.network, initializer="zeros"),
        spoil=spoil,
    )


def _too_small(rng: Rng, case: Case) -> Case:
    name = _pick(rng, ("circle", "xor", "spiral", "multi-gauss", "x-sin-x"))
    hidden = ((), (1,), (2,), (2, 1))[rng.integers(4)]
    optimizer, rate = (("sgd", 0.03), ("momentum", 0.01), ("adam", 0.02))[rng.integers(3)]
    return replace(
        _trained(
            case,
            "too small",
            regularization="none",
            loss="auto",
            optimizer=optimizer,
            learning_rate=rate,
            schedule="constant",
            batch_size=10,
        ),
        dataset=_dataset(rng, name, noise=0.0, low=300, high=500),
        network=NetworkSpec(hidden=hidden, activation="tanh", initializer="xavier"),
        epochs=int(rng.integers(120, 240)),
    )


def _overfitting(rng: Rng, case: Case) -> Case:
    name = _pick(rng, ("circle", "xor", "moons", "gauss"))
    optimizer = _pick(rng, ("adam", "rmsprop", "momentum"))
    return replace(
        _trained(
            case,
            "overfitting",
            optimizer=optimizer,
            learning_rate=0.01,
            loss=_pick(rng, LOSSES),
            regularization="none",
            schedule="constant",
            batch_size=5,
        ),
        dataset=_dataset(rng, name, noise=float(rng.uniform(0.25, 0.5)), low=60, high=200),
        network=NetworkSpec(
            hidden=(16,) * int(rng.integers(2, 4)),
            activation=_pick(rng, ("tanh", "relu", "gelu")),
            initializer="xavier",
        ),
        epochs=int(rng.integers(200, 400)),
    )


def _over_regularized(rng: Rng, case: Case) -> Case:
    kind = _pick(rng, ("l1", "l2"))
    rate = _between(rng, 0.03, 10.0)
    return _trained(case, "over-regularized", regularization=kind, regularization_rate=rate)


def _sabotaged(name: str) -> Callable[[Rng, Case], Case]:
    def spoil(rng: Rng, case: Case) -> Case:
        spoiled = _trained(case, name, sabotage=(name,))
        if name != "assign":
            return spoiled
        # One number at a time is slow.
        network = replace(case.network, hidden=(3,), activation="tanh", initializer="xavier")
        dataset = _dataset(rng, "circle", noise=0.0, low=20, high=40)
        return replace(spoiled, network=network, dataset=dataset, epochs=3)

    return spoil


SABOTAGED = ("no_zero_grad", "wrong_sign", "assign")
ILLNESSES: dict[str, Callable[[Rng, Case], Case]] = {
    "rate too high": _rate_too_high,
    "rate too low": _rate_too_low,
    "vanishing": _vanishing,
    "dead": _dead,
    "saturated": _saturated,
    "symmetric": _symmetric,
    "too small": _too_small,
    "overfitting": _overfitting,
    "over-regularized": _over_regularized,
    **{name: _sabotaged(name) for name in SABOTAGED},
}


def healthy_runs(seed: int, count: int) -> Iterator[tuple[Case, list[Snapshot]]]:
    """Healthy runs with their snapshots, one after another."""
    for k in range(count):
        rng = np.random.default_rng([seed, 0, k])
        yield _drawn(lambda rng=rng: draw(rng), is_healthy)  # type: ignore[misc]


def ill_runs(seed: int, count: int) -> Iterator[tuple[Case, list[Snapshot]]]:
    """Ill runs with their snapshots, the illnesses in turn."""
    for k in range(count):
        rng = np.random.default_rng([seed, 1, k])
        name = list(ILLNESSES)[k % len(ILLNESSES)]
        is_ill = _is_far if name not in SABOTAGED else _always
        is_ill = _overfits if name == "overfitting" else is_ill
        make = ILLNESSES[name]
        yield _drawn(lambda make=make, rng=rng: make(rng, draw(rng, least=ENOUGH)), is_ill)  # type: ignore[misc]


def _drawn(
    make: Callable[[], Case], fits: Callable[[Case, list[Snapshot]], bool]
) -> tuple[Case, list[Snapshot]]:
    for _ in range(MAX_DRAWS):
        case = make()
        seen = case.snapshots()
        if fits(case, seen):
            return case, seen
    raise AssertionError(f"no run fits in {MAX_DRAWS} draws, the last one {case}")


NAMES: dict[str, tuple[str, ...]] = {
    # What a rate that is too high does to a network in its first steps outlasts it.
    "rate too high": ("rate too high", "dead", "saturated"),
    "symmetric": ("alike",),
    **dict.fromkeys(SABOTAGED, ("bug planted",)),
}
"""What an illness may be called, where it is not its name."""
NO_CAUSE = ("too early to say", "learning", "learned", "stalled")


@dataclass
class Tally:
    """Counts what is said of runs."""

    snapshots: int = 0
    alarms: int = 0
    well: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, case: Case, seen: list[Snapshot]) -> None:
        """Judges a run: a healthy one at every snapshot, an ill one by the last."""
        said = [diagnose(snapshot) for snapshot in seen]
        words = [d.findings[0].word if d.findings else d.condition for d in said]
        if case.illness:
            is_right = words[-1] in NAMES.get(case.illness, (case.illness,))
            self.runs[case.illness] += 1
            self.right[case.illness] += is_right
            self.wrong[case.illness] += not is_right and words[-1] not in NO_CAUSE
            self.misses += [] if is_right else [f"{words[-1]}: {case}"]
            return
        self.snapshots += len(said)
        self.well += sum(d.condition in WELL for d in said)
        false = [w for w, d in zip(words, said, strict=True) if d.condition not in QUIET]
        self.alarms += len(false)
        self.misses += [f"{len(false)} x {false[-1]}: {case}"] if false else []


QUIET = (*WELL, "too early to say")
