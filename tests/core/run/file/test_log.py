"""A log of a run: appended record by record, read up to the first that is not whole."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tests.core.run.file.taking_apart import opened, played
from tests.core.run.steering import bits
from tests.core.run.test_determinism import new_session
from toygrad.core.run import Reset, RunDocument
from toygrad.core.run.file import (
    HEAD,
    Encoder,
    RunFileError,
    document_from_bytes,
    pack,
)
from toygrad.core.run.file.spread import spread


def logged(document: RunDocument) -> tuple[bytes, list[int]]:
    """A document as a log, and where each of its records ends."""
    encoder = Encoder()
    parts = [HEAD, encoder.recipe(document.recipe)]
    done = 0
    for checkpoint in document.checkpoints:
        for entry in document.journal.entries[done : checkpoint.n_entries]:
            parts.append(encoder.entry(entry))
        done = checkpoint.n_entries
        parts.append(pack(encoder.checkpoint(checkpoint)))
    parts += [encoder.entry(entry) for entry in document.journal.entries[done:]]
    parts += [encoder.past_runs(document.past_runs), encoder.tick(document.end)]
    ends = [sum(map(len, parts[: k + 1])) for k in range(len(parts))]
    return b"".join(parts), ends


@pytest.mark.parametrize("seed", range(3))
def test_a_log_is_the_run(seed: int) -> None:
    session = played(seed, 20)
    data, _ = logged(session.document())
    session.seek(10**6)
    assert bits(opened(document_from_bytes(data, tolerant=True))) == bits(session)


def test_a_log_that_ends_anywhere_gives_all_that_was_whole() -> None:
    document = played(4, 15).document()
    data, ends = logged(document)
    ticks = [entry.tick for entry in document.journal.entries]
    for n_whole in range(2, len(ends)):
        whole = document_from_bytes(data[: ends[n_whole - 1]], tolerant=True)
        opened(whole)
        assert [entry.tick for entry in whole.journal.entries] == ticks[
            : len(whole.journal.entries)
        ]
        for cut in (ends[n_whole - 1] + 1, ends[n_whole - 1] + 9, ends[n_whole] - 1):
            found = document_from_bytes(data[:cut], tolerant=True)
            assert (found.end, len(found.journal.entries), len(found.checkpoints)) == (
                whole.end,
                len(whole.journal.entries),
                len(whole.checkpoints),
            )


@pytest.mark.parametrize("rest", [bytes(4096), b"\xff" * 4096, b"\x01"])
def test_what_a_power_cut_leaves_at_the_end_of_a_log_is_passed_over(rest: bytes) -> None:
    session = played(2, 20)
    data, _ = logged(session.document())
    session.seek(10**6)
    assert bits(opened(document_from_bytes(data + rest, tolerant=True))) == bits(session)


def test_damage_in_a_log_costs_what_comes_after_it_alone() -> None:
    document = played(4, 20).document()
    data, ends = logged(document)
    rng = random.Random(0)
    for _ in range(60):
        place = rng.randrange(ends[1], len(data))
        hurt = bytearray(data)
        hurt[place] ^= 1 << rng.randrange(8)
        found = document_from_bytes(bytes(hurt), tolerant=True)
        n_whole = sum(end <= place for end in ends)
        cut = document_from_bytes(data[: ends[n_whole - 1]], tolerant=True)
        assert (found.end, len(found.journal.entries)) == (cut.end, len(cut.journal.entries))


def test_a_log_without_a_beginning_is_said() -> None:
    for data in (HEAD, HEAD + Encoder().tick(3)):
        with pytest.raises(RunFileError, match="ends too early"):
            document_from_bytes(data, tolerant=True)


def test_a_branch_in_a_log_leaves_the_future_that_was() -> None:
    session = new_session()
    encoder = Encoder()
    session.advance(20)
    session.submit(Reset())
    session.advance(20)
    session.set_frozen([], True)
    before = session.document()
    data = HEAD + encoder.recipe(before.recipe)
    data += b"".join(map(encoder.entry, before.journal.entries))
    data += b"".join(map(encoder.checkpoint, before.checkpoints)) + encoder.tick(before.end)
    session.seek(12)
    session.advance(3)
    session.set_parameters({"layer1.bias": [0.5] * 3})
    after = session.document()
    assert len(after.journal.entries) == 1
    data += encoder.cut(12, 0) + encoder.entry(after.journal.entries[0])
    data += encoder.checkpoint(after.checkpoints[-1]) + encoder.past_runs(after.past_runs)
    found = document_from_bytes(data, tolerant=True)
    assert (found.end, len(found.journal.entries)) == (15, 1)
    assert max(kept.tick for kept in found.checkpoints) == 15
    assert bits(opened(found)) == bits(session)


def test_no_array_is_written_twice() -> None:
    session = new_session()
    session.advance(50)
    encoder = Encoder()
    document = session.document()
    encoder.recipe(document.recipe)
    first = encoder.checkpoint(document.checkpoints[-1])
    assert len(encoder.checkpoint(document.checkpoints[-1])) < len(first) / 2


def test_the_last_moment_is_kept_first_and_older_ones_farther_apart() -> None:
    ticks = list(range(0, 100_000, 500))
    chosen = list(spread(ticks))
    assert sorted(chosen) == list(range(200))
    kept = sorted(ticks[i] for i in chosen[:8])
    assert kept[-1] == ticks[-1]
    gaps = [later - earlier for earlier, later in pairwise(kept)]
    assert gaps == sorted(gaps, reverse=True)
    assert list(spread([])) == []
    assert list(spread([3, 7, 7])) == [2, 0, 1]
