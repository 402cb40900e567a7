"""Causes: why a run does not get where its data would let it, each with what to try.

A symptom alone is no cause: a saturated layer, dead relus or a small gradient are found in networks
that learn well too. So each needs a run that does not get there (`Progress`), and the limits were
chosen on a population of runs (tests/core/diagnosis/population.py) and tested on another one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..training.history import CURVES
from ..training.sabotage import SABOTAGES
from ..training.snapshot import Snapshot
from ..training.trace import layer_arrays
from .case import ADAPTIVE, VANISHING_SHARE, Case
from .progress import changed_at

# Points of the curve, one an epoch, before a thing is said: where the symptom is plain, where it
# might be a beginning, where little but a loss at rest shows it, and where nothing else does.
SOON, LATER, LATE, REST = 4, 10, 30, 50
# A loss that still falls by more than this may be on its way out of a plateau.
CRAWL = 0.02
# Less than this is rounding.
LEAST_MOVE = 1e-4
TOO_LOW, TOO_HIGH = "rate too low", "rate too high"
# Neurons that begin alike stay alike (Goodfellow et al. 2016, section 8.4).
ALIKE = 1e-3
# A relu that never fires no longer learns (Lu et al. 2019, arXiv:1903.06733): so many are enough,
# so many where the loss falls meanwhile, and so many where nothing else explains a rest.
DEAD_SHARE, MOST_DEAD, SOME_DEAD = 0.5, 0.55, 0.25
# Outputs far out on the flat ends (Glorot & Bengio 2010, section 3).
SATURATED_SHARE = 0.8
# An update of a thousandth of the weights is usual (Karpathy, "makemore" lecture 4): with so few of
# so small ones no weight can have moved far.
SMALL_UPDATE, SHORT_TRAVEL, LEAST_STEPS, STEADY = 5e-4, 0.5, 50, 0.15
# Below this it is the gradient that makes an update small, and not the rate; and there a schedule.
SMALL_GRADIENT, NO_UPDATE = 3e-3, 1e-9
# As a multiple of the first loss or a constant's, of a run that overshot; of one at rest there.
OVERSHOT, WORSE, NEAR_CONSTANT = 1.5, 1.02, 1.2
BOUNCING, RESTLESS = 0.15, 0.01
# Their authors' rate for Adam and its kin is a thousandth, and 0.01 is common.
HIGH_ADAPTIVE = 0.04
# What the regularization would gain by smaller weights, as a share of a constant's loss; and the
# size of a layer's weights that it has pulled to nothing.
STRONG_PULL, LEAST_PULLED, COLLAPSED = 0.05, 0.2, 0.03
# So far must the skills on both halves be apart, and the test loss above its minimum, as a multiple
# of it and as a share of a constant's.
OVERFIT_GAP, OVERFIT_RISE, LEAST_RISE = 0.17, 1.15, 0.08
# Fewer neurons than this in the widest layer is a small network.
FEW_NEURONS, FIRST_SKILL = 4, 0.1
# One of so few falls for long, ever more slowly.
FEWEST_NEURONS, SLOW_FALL = 3, 0.12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        word: The problem in a word or two: vanishing, dead, rate too high, ...
        sentence: What was seen, and what to try.
        layers: The layers that it is in, by number; none where it is no single layer's.
    """

    word: str
    sentence: str
    layers: tuple[int, ...] = ()


def find_causes(case: Case) -> tuple[Finding, ...]:
    """Every cause there is, the first one the most likely; a rate is not too low and too high."""
    causes: dict[str, Finding] = {}
    for find in _FINDERS:
        for finding in find(case):
            if not (finding.word == TOO_HIGH and TOO_LOW in causes):
                causes.setdefault(finding.word, finding)
    return tuple(causes.values())


def _alike(case: Case) -> Iterator[Finding]:
    arrays = layer_arrays(case.snapshot.sizes, case.snapshot.parameters)[:-1]
    alike = []
    for number, (weight, bias) in enumerate(arrays):
        columns = np.vstack([weight, bias])
        if columns.shape[1] > 1 and np.all(
            np.abs(columns - columns[:, :1]) <= ALIKE * np.abs(columns).max()
        ):
            alike.append(number)
    if alike and not case.progress.is_there and not _is_regularized(case.snapshot):
        name = case.layers[alike[0]].name
        yield Finding(
            "alike",
            f"All neurons of {name} are identical and get the same gradient, so they stay "
            "identical. Choose another initializer than zeros, then draw new initial weights.",
            tuple(alike),
        )


def planted_bugs(snapshot: Snapshot) -> tuple[Finding, ...]:
    """The mistakes that were switched on: what they do is no other cause's doing."""
    # What to do comes first: a narrow strip cuts the end.
    bugs = [SABOTAGES[name] for name in snapshot.training.sabotage]
    return tuple(
        Finding(
            "bug planted",
            f"{bug.title[0].upper()}{bug.title[1:]}: remove it in the Training pane. {bug.breaks}",
        )
        for bug in bugs
    )


def why_diverged(snapshot: Snapshot) -> tuple[Finding, ...]:
    """What made the loss infinite."""
    return (
        planted_bugs(snapshot)
        or tuple(_unstable_penalty(snapshot))
        or (
            Finding(
                TOO_HIGH,
                f"Learning rate {snapshot.learning_rate:g} is too high for this network.",
            ),
        )
    )


def _unstable_penalty(snapshot: Snapshot) -> Iterator[Finding]:
    product = snapshot.learning_rate * snapshot.training.regularization_rate
    limit = _stable_limit(snapshot)
    if snapshot.training.regularization == "l2" and product > limit:
        yield Finding(
            "over-regularized",
            f"Learning rate x regularization rate is {product:.2g}, above {limit:g}: each step "
            "pulls the weights past 0 and farther out. Lower one of the two.",
        )


def _over_regularized(case: Case) -> Iterator[Finding]:
    snapshot, training = case.snapshot, case.snapshot.training
    if not _is_regularized(snapshot):
        return
    strength, kind = training.regularization_rate, training.regularization
    yield from (unstable := tuple(_unstable_penalty(snapshot)))
    if not unstable and case.is_stuck and case.progress.points >= LATER and _pulls_hard(case):
        yield Finding(
            "over-regularized",
            f"The {kind} regularization of {strength:g} holds the weights so small that the "
            "network can't fit its samples. Lower the regularization rate.",
        )


def _is_regularized(snapshot: Snapshot) -> bool:
    training = snapshot.training
    return training.regularization != "none" and training.regularization_rate > 0.0


def _stable_limit(snapshot: Snapshot) -> float:
    """Above it w -= rate * l2 * w grows (Polyak 1964 with momentum); there is none for others."""
    optimizer = snapshot.training.optimizer
    if optimizer == "sgd":
        return 2.0
    return 2.0 * (1.0 + snapshot.training.momentum) if optimizer == "momentum" else math.inf


def _pulls_hard(case: Case) -> bool:
    snapshot = case.snapshot
    weights = [weight for weight, _ in layer_arrays(snapshot.sizes, snapshot.parameters)]
    smallest = min(float(np.sqrt(np.mean(np.square(weight)))) for weight in weights)
    # Under l1 weights that should be 0 go to and fro by a step.
    is_l1 = snapshot.training.regularization == "l1"
    step = snapshot.learning_rate * snapshot.training.regularization_rate if is_l1 else 0.0
    if case.progress.level > NEAR_CONSTANT:
        return False
    if smallest < max(COLLAPSED, 2.0 * step):
        return True
    if case.progress.peak > OVERSHOT:
        return False
    # The term is rate * w^2 / 2 or rate * |w|: what it changes by with the weights' size.
    term = snapshot.evaluation.regularization_term * (1.0 if is_l1 else 2.0)
    return term > STRONG_PULL * case.progress.constant and _has_pulled(snapshot)


def _has_pulled(snapshot: Snapshot) -> bool:
    """Whether it could have changed the weights by now: at first they are what they were drawn."""
    training = snapshot.training
    travel = snapshot.step * snapshot.learning_rate
    if training.optimizer in ADAPTIVE:
        # A step of theirs is about as long as the learning rate, whatever asks for it.
        return travel > LEAST_PULLED
    momentum = 0.0 if training.optimizer == "sgd" else training.momentum
    return travel / (1.0 - momentum) * training.regularization_rate > LEAST_PULLED


def _overshot(case: Case) -> Iterator[Finding]:
    progress, rate = case.progress, case.snapshot.learning_rate
    if progress.peak > OVERSHOT and not progress.is_there and progress.points >= SOON:
        yield Finding(
            TOO_HIGH,
            f"The loss has jumped to {progress.peak:.2g} times where it began: learning rate "
            f"{rate:g} is too high. Lower it, then reset.",
        )


def _bouncing(case: Case) -> Iterator[Finding]:
    progress, rate = case.progress, case.snapshot.learning_rate
    is_falling = progress.fall > max(progress.noise, LEAST_MOVE)
    if progress.is_there or is_falling or case.has_vanished:
        return
    # A network that is too small bounces a little about what a constant reaches.
    fewest = _fewest_neurons(case.snapshot)
    worse = WORSE if fewest >= FEW_NEURONS else NEAR_CONSTANT
    # One without a hidden layer may rest at anything.
    is_far_out = fewest > 0 and progress.level > NEAR_CONSTANT
    is_restless = progress.jumps > RESTLESS or is_far_out
    is_worse = progress.level > worse and is_restless and progress.points >= LATER
    if is_worse or (progress.jumps > BOUNCING and progress.points >= 2 * LATER):
        yield Finding(
            TOO_HIGH,
            f"The loss jumps about and does not settle: learning rate {rate:g} is too high. "
            "Lower it, then reset.",
        )


def _dead(case: Case) -> Iterator[Finding]:
    progress = case.progress
    shares = [layer.activity.dead for layer in case.layers]
    is_late = progress.points >= LATE and case.is_stuck
    least = SOME_DEAD if is_late else DEAD_SHARE
    since = SOON if max(shares) == 1.0 else LATER
    is_on_its_way = not case.is_stuck and max(shares) < MOST_DEAD
    if max(shares) < least or progress.is_there or is_on_its_way or progress.points < since:
        return
    worst = int(np.argmax(shares))
    yield Finding(
        "dead",
        f"{_percent(shares[worst])} of the relu units in {case.layers[worst].name} output 0 for "
        "every sample and pass no gradient. Reset with a lower learning rate, or try leaky relu.",
        tuple(k for k, share in enumerate(shares) if share >= least),
    )


def _saturated(case: Case) -> Iterator[Finding]:
    # A few units may well be as steep as steps.
    sizes = case.snapshot.sizes[1:-1]
    shares = [
        layer.activity.saturated if size >= FEW_NEURONS else 0.0
        for layer, size in zip(case.layers[:-1], sizes, strict=True)
    ]
    if (
        max(shares, default=0.0) > SATURATED_SHARE
        and not case.progress.is_there
        and case.progress.points >= LATER
    ):
        worst = int(np.argmax(shares))
        yield Finding(
            "saturated",
            f"{_percent(shares[worst])} of {case.layers[worst].name}'s outputs lie on the flat "
            "ends of its activation, where almost no gradient passes. Draw new initial "
            "weights with a lower learning rate, or try relu.",
            tuple(
                number
                for number, layer in enumerate(case.layers[:-1])
                if layer.activity.saturated > SATURATED_SHARE
            ),
        )


def _vanishing(case: Case) -> Iterator[Finding]:
    is_constant = case.progress.level < NEAR_CONSTANT
    if case.is_stuck and is_constant and case.progress.points >= LATER and case.has_vanished:
        limit = case.layers[-1].gradient * VANISHING_SHARE
        yield Finding(
            "vanishing",
            f"Layer 1 gets only {case.share_of_gradient:.0e} of the last layer's gradient. Try "
            "relu, fewer layers, or the xavier initializer.",
            (0, *(k for k, layer in enumerate(case.layers) if k > 0 and layer.gradient < limit)),
        )


def _rate_too_low(case: Case) -> Iterator[Finding]:
    progress, snapshot = case.progress, case.snapshot
    update = _largest_update(case)
    if (
        not progress.is_there
        and not case.has_vanished
        and progress.peak < OVERSHOT
        and max(layer.activity.dead for layer in case.layers) < DEAD_SHARE
        and max((layer.activity.saturated for layer in case.layers[:-1]), default=0.0)
        < SATURATED_SHARE
        and _hardly_moves(case)
        and not (_is_regularized(snapshot) and _pulls_hard(case))
        and progress.points >= LATER
        and snapshot.step >= LEAST_STEPS
        and update * snapshot.step < SHORT_TRAVEL
        # Slowly, but surely, and not to rest: elsewhere a small update is chance.
        and progress.fall > progress.noise
        and (progress.level > 1.0 or progress.late_share > STEADY)
    ):
        yield Finding(
            TOO_LOW,
            f"The loss falls, but a step moves no layer by more than {update:.0e} of its size: "
            f"learning rate {snapshot.learning_rate:g} is too low. Raise it.",
        )


def _overfitting(case: Case) -> Iterator[Finding]:
    progress, now = case.progress, case.snapshot.evaluation
    curves = case.snapshot.curves
    tests = curves.low[curves.epochs >= changed_at(curves), CURVES.index("test_loss")]
    tests = tests[np.isfinite(tests)]
    if len(tests) < LATER or progress.skill - progress.test_skill < OVERFIT_GAP:
        return
    least = float(tests.min())
    # Tiny losses may double.
    if now.test_loss > max(OVERFIT_RISE * least, least + LEAST_RISE * progress.constant):
        yield Finding(
            "overfitting",
            f"The test loss rose from {least:.3g} to {now.test_loss:.3g}, while the training loss "
            f"is {now.train_loss:.3g}. Try l2 regularization, fewer neurons or more samples.",
        )


def _too_small(case: Case) -> Iterator[Finding]:
    progress, n = case.progress, _fewest_neurons(case.snapshot)
    # One that has learned nothing may be on a plateau.
    since = LATE if progress.skill > FIRST_SKILL else REST
    is_slow = n < FEWEST_NEURONS and progress.points >= REST and progress.fall < SLOW_FALL
    is_stuck = case.is_stuck or (is_slow and not progress.is_there)
    if not is_stuck or progress.points < since or n >= FEW_NEURONS:
        return
    if not n:
        what = "Without a hidden layer the network is linear"
    else:
        what = f"A hidden layer of {n} neuron{'s' if n > 1 else ''} is too small for these data"
    yield Finding(
        "too small",
        f"{what}, and the loss {'rests' if case.is_stuck else 'hardly falls'}. "
        "Add neurons or a layer in the Network pane.",
    )


def why_stalled(case: Case) -> Finding:
    """What is said of a loss at rest that nothing else explains."""
    # A schedule may have lowered it by now.
    rate, optimizer = case.snapshot.training.learning_rate, case.snapshot.training.optimizer
    rests = "The loss rests far above what these data allow"
    if optimizer in ADAPTIVE and rate >= HIGH_ADAPTIVE:
        sentence = f"{rests}: learning rate {rate:g} is too high for {optimizer}."
        return Finding(TOO_HIGH, f"{sentence} Lower it, then reset.")
    if not case.has_vanished and not _is_regularized(case.snapshot) and _hardly_moves(case):
        return Finding(
            TOO_LOW,
            f"{rests}, and a step moves no layer by more than {_largest_update(case):.0e} of its "
            f"size: learning rate {rate:g} is too low. Raise it.",
        )
    return Finding(
        "stalled",
        f"{rests}. Try another learning rate or optimizer, or new initial weights.",
    )


def _fewest_neurons(snapshot: Snapshot) -> int:
    """Of a hidden layer; 0 without one."""
    return min(snapshot.sizes[1:-1], default=0)


def _largest_update(case: Case) -> float:
    return max(layer.update_ratio for layer in case.layers)


def _hardly_moves(case: Case) -> bool:
    """Whether its steps are tiny, and not for want of a gradient."""
    is_pushed = case.layers[-1].gradient > SMALL_GRADIENT
    return is_pushed and NO_UPDATE < _largest_update(case) < SMALL_UPDATE


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


_FINDERS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _alike,
    _over_regularized,
    _rate_too_low,
    _dead,
    _saturated,
    _overshot,
    _vanishing,
    _bouncing,
    _too_small,
    _overfitting,
)
