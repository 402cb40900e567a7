"""A sweep: its cells by their numbers, none of them made before it is wanted."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from tests.core.sweep.cases import sweep
from toygrad.core.sweep.chunks import Chunks, Done
from toygrad.core.sweep.results_file import CellSet
from toygrad.core.sweep.sweep import Sweep
from toygrad.core.training import ConfigError
from toygrad.datasets import DataChoice


def test_every_combination_has_a_number_and_the_other_way_round() -> None:
    s = sweep("learning-rate=0.1,0.2,0.3", "width=2,4", "rate-1=0,1", n_seeds=2)
    assert s.n_cells == 24 and s.shape == (3, 2, 2)
    seen = set()
    for number in range(s.n_cells):
        cell = s.cell(number)
        assert s.number(s.places(number)) == number
        recipe = cell.recipe
        factor = cell.values["rate-1"]
        assert recipe.training.learning_rate == cell.values["learning-rate"]
        assert recipe.network.hidden == (cell.values["width"],)
        assert recipe.training.rate_factors == ((0.0,) if factor == 0.0 else ())
        assert recipe.data.seed == recipe.seed
        seen.add((*cell.values.values(), recipe.seed))
    assert len(seen) == 24


def test_cells_of_one_structure_follow_each_other_and_seeds_change_fastest() -> None:
    s = sweep("learning-rate=0.1,0.2,0.3", "width=2,4", n_seeds=2)
    widths = [s.cell(n).recipe.network.hidden for n in range(s.n_cells)]
    assert widths == [(2,)] * 6 + [(4,)] * 6
    assert [s.cell(n).recipe.seed for n in range(4)] == [0, 1, 0, 1]


def test_depth_comes_before_width_whatever_is_typed_first() -> None:
    for over in (("width=5", "depth=3"), ("depth=3", "width=5")):
        assert sweep(*over).cell(0).recipe.network.hidden == (5, 5, 5)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (("width=1", "width=2"), "width varies twice: give all its values at once."),
        (("hidden=4", "width=2"), "hidden says all of the width and the depth"),
        (("regularization-rate=0.1",), "give --regularization l1 or l2"),
        (("learning-rate=0.1..1:100000", "rate-1=0..1:100000"), "10,000,000,000 runs"),
        (tuple(f"rate-{n}=0,1" for n in range(1, 30)), "At most 20 fields can vary"),
    ],
)
def test_axes_that_do_not_go_together_are_refused(over: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        sweep(*over)
    assert said in str(caught.value)


def test_the_key_is_that_of_the_same_sweep_alone() -> None:
    s = sweep("learning-rate=0.1,0.2")
    assert s.key == sweep("learning-rate=0.1,0.20", pace=5.0).key
    others = [
        *(sweep("learning-rate=0.1,0.3"), sweep("rate-1=0.1,0.2"), replace(s, n_seeds=2)),
        *(replace(s, epochs=4), replace(s, curves=True), sweep("learning-rate=0.1,0.2", hidden=())),
        *(replace(s, base=replace(s.base, seed=1)), sweep("learning-rate=0.1,0.2", momentum=0.5)),
    ]
    assert len({s.key, *(other.key for other in others)}) == len(others) + 1


def test_another_content_of_the_file_makes_another_sweep(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    keys = set()
    for last in ("3", "4"):
        path.write_text(f"a,b\n1,2\n2,{last}\n", encoding="utf-8")
        s = sweep("learning-rate=0.1")
        data = DataChoice(path=path)
        keys.add(Sweep(replace(s.base, data=data), s.axes).with_data_hash().key)
    assert len(keys) == 2
    with pytest.raises(ConfigError, match="comes from a file"):
        Sweep(replace(s.base, data=data), sweep("noise=0,0.1").axes).check()


def test_ten_million_cells_take_two_megabytes() -> None:
    tracemalloc.start()
    s = sweep("learning-rate=0.001..10:1000:log", "rate-1=0..1:1000", n_seeds=10)
    done = CellSet(s.n_cells)
    chunks = Chunks(done.missing(), s.n_cells, n_workers=4)
    for number in range(0, 100_000, 2):
        done.add(number)
    handed: list[int] = []
    for chunk in islice(chunks, 2_000):
        handed += chunk
        chunks.note(Done([b""] * len(chunk), 0.1 * len(chunk)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert s.n_cells == 10_000_000 and peak < 2_500_000
    # The odd ones, in their order, ten cells of a tenth of a second at a time.
    assert handed == list(range(1, 2 * len(handed), 2)) and len(chunk) == 10


def test_chunks_grow_to_their_time_and_shrink_towards_the_end() -> None:
    chunks = Chunks(range(100), 100, n_workers=2, seconds=1.0)
    sizes = []
    while chunk := chunks.next():
        sizes.append(len(chunk))
        chunks.note(Done([b""] * len(chunk), 0.01 * len(chunk)))
    assert sizes[:2] == [1, 8] and max(sizes) <= 25 and sizes[-1] == 1 and sum(sizes) == 100
