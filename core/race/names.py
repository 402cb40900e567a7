"""What the lanes of a race are called: by what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..training.changes import changes
from ..training.setup import Setup

SAME = "same settings"


class LaneName(NamedTuple):
    """What a lane is called.

    Attributes:
        full: `learning rate 0.03`.
        short: `0.03`, where all lanes differ in that setting alone; empty where none differs; else
            the same as `full`.
    """

    full: str
    short: str


def lane_names(setups: Sequence[Setup], seeds: Sequence[int]) -> list[LaneName]:
    """The names of lanes: every setting in which any two of them differ, with its value.

    Args:
        setups: The set-up of each.
        seeds: The seed of the first weights of each.
    """
    settings = _differing(setups)
    if len(set(seeds)) > 1:
        settings["seed"] = list(map(str, seeds))
    names = []
    for lane in range(len(setups)):
        words = [f"{name} {values[lane]}".strip() for name, values in settings.items()]
        full = ", ".join(filter(None, words)) or SAME
        alone = next(iter(settings.values()))[lane] if len(settings) == 1 else ""
        names.append(LaneName(full, alone or ("" if full == SAME else full)))
    return names


def _differing(setups: Sequence[Setup]) -> dict[str, list[str]]:
    """The settings that are not the same everywhere: name -> the value of each lane."""
    first, *others = setups
    found: dict[str, list[str]] = {}
    for lane, setup in enumerate(others, start=1):
        for change in changes(first, setup):
            values = found.setdefault(change.name, [change.old] * len(setups))
            values[lane] = change.new
            if change.new == change.old == "":
                # It has no value: only that it differs can be said.
                values[lane] = "changed"
    return found
