"""TensorFlow Playground's baselines, each opened by its link and trained.

For every row of the table the median test loss over fifteen seeds, beside the median that the
playground itself comes to, and its best and worst where they are known.

    python tests/benchmarks/links.py [--seeds 15]
"""

from __future__ import annotations

import argparse
from statistics import median

from toygrad.core import Session
from toygrad.core.links.playground import ADDRESS, read_link

ALL_INPUTS = "xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
ROWS = (
    ("circle 4,2 tanh", "dataset=circle", 200, 0.0046, 0.0027, 0.182),
    ("circle 4,2 relu", "dataset=circle&activation=relu", 200, 0.0024, 0.0010, 0.0041),
    (
        "circle, no hidden, x1^2 x2^2",
        "dataset=circle&networkShape=&x=false&y=false&xSquared=true&ySquared=true",
        *(200, 0.0023, None, None),
    ),
    ("xor 4,2 tanh", "dataset=xor", 200, 0.0048, None, 0.254),
    (
        "xor, no hidden, x1*x2",
        "dataset=xor&networkShape=&x=false&y=false&xTimesY=true",
        *(200, 0.0025, None, None),
    ),
    ("gauss 4,2", "dataset=gauss", 100, 0.0005, None, None),
    ("spiral 8,8 x1 x2", "dataset=spiral&networkShape=8,8", 1000, 0.148, None, None),
    ("spiral 8,8,8 x1 x2", "dataset=spiral&networkShape=8,8,8", 1000, 0.118, None, None),
    (
        "spiral 8,8 all seven inputs",
        f"dataset=spiral&networkShape=8,8&{ALL_INPUTS}",
        *(300, 0.041, None, None),
    ),
    ("plane 4,2", "problem=regression&regDataset=reg-plane", 100, 0.0004, None, None),
    (
        "multi-gauss 8,8",
        "problem=regression&regDataset=reg-gauss&networkShape=8,8",
        *(300, 0.0125, None, None),
    ),
)
"""Name, link, epochs; the playground's median, best and worst test loss over 15 seeds."""


def test_loss(fragment: str, epochs: int, seed: int) -> float:
    """What a link comes to with a seed."""
    link = read_link(f"{ADDRESS}#{fragment}&seed={seed / 100_000:.5f}")
    session = Session(link.network, link.data.load(), link.training, seed=link.seed)
    session.advance_epochs(epochs)
    return session.evaluate().test_loss


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=15)
    seeds = range(parser.parse_args().seeds)
    print(f"{'':<30} {'here':>8} {'best':>8} {'worst':>8}   {'there':>8} {'best':>8} {'worst':>8}")
    for name, fragment, epochs, there, best, worst in ROWS:
        losses = sorted(test_loss(fragment, epochs, seed) for seed in seeds)
        here = median(losses)
        known = " ".join("       -" if x is None else f"{x:8.4f}" for x in (best, worst))
        is_within = here <= (worst if worst is not None else 1.5 * there)
        print(
            f"{name:<30} {here:8.4f} {losses[0]:8.4f} {losses[-1]:8.4f}   {there:8.4f} {known}"
            f"   {'within' if is_within else 'ABOVE'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
