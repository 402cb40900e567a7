"""Whatever bytes a run file holds: one sentence or a run that works, in bounded memory and time.

HOSTILE_EXAMPLES=10000 in the environment makes the random ones as many.
"""

from __future__ import annotations

import os
import random
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.run.file.taking_apart import (
    file_bytes,
    of_every_kind,
    opened,
    put_together,
    records,
    taken_apart,
    use,
    with_record,
)
from tests.core.run.steering import bits
from tests.core.run.test_determinism import new_session
from toygrad.core.run.file import (
    HEAD,
    RunFileError,
    document_from_bytes,
    document_to_bytes,
    pack,
)
from toygrad.core.run.file import frames as framing
from toygrad.core.run.file.arrays import array_bytes, array_of
from toygrad.core.run.file.frames import MAGIC, NUMBERS, PACK, RECORD, VERSION, frame
from toygrad.core.run.file.records import AnyRecord

FILE = file_bytes()
FRAMES = taken_apart(FILE)
EVERY_KIND = taken_apart(document_to_bytes(of_every_kind().document(), wanted_bytes=0))
many = settings(
    deadline=None,
    max_examples=int(os.environ.get("HOSTILE_EXAMPLES", "60")),
    suppress_health_check=list(HealthCheck),
)


def refusal(data: bytes) -> str:
    """The sentence with which some bytes are refused."""
    with pytest.raises(RunFileError) as error:
        document_from_bytes(data)
    sentence = str(error.value)
    assert sentence[0].isupper() and sentence.endswith(".") and sentence.isprintable()
    return sentence


def opens_or_is_refused(data: bytes, rng: random.Random, times: int = 12) -> None:
    """Opens a file, if it is not refused, and uses the run."""
    try:
        document = document_from_bytes(data)
    except RunFileError as error:
        assert str(error).isprintable() and len(str(error)) < 500
        return
    last = max((kept.tick for kept in document.checkpoints), default=0)
    # What takes long to train again is opened in slices; here there is nobody to stop it.
    if document.end <= last + 500:
        use(opened(document), rng, times)


def place_of(tag: str) -> tuple[int, dict[str, Any]]:
    """The last record of a kind."""
    return [(i, found) for i, found in records(FRAMES) if found["type"] == tag][-1]


def changed(tag: str, **fields: object) -> bytes:
    """The file with other fields in its last record of a kind."""
    place, found = place_of(tag)
    return with_record(FRAMES, place, {**found, **fields})


def test_a_state_with_an_engine_that_is_never_chosen_is_refused() -> None:
    assert "engine" in refusal(changed("state", engine="scalar"))


# --- Damage -------------------------------------------------------------------------------------


def test_a_file_that_ends_at_any_byte_is_refused() -> None:
    data = document_to_bytes(new_session().document())
    document_from_bytes(data)
    for end in range(len(data)):
        assert "ends too early" in refusal(data[:end]) or end == 0


@many
@given(st.integers(0, 8 * len(FILE) - 1))
def test_a_file_with_a_bit_flipped_is_refused(bit: int) -> None:
    data = bytearray(FILE)
    data[bit // 8] ^= 1 << bit % 8
    refusal(bytes(data))


@many
@given(st.binary(max_size=200), st.booleans())
def test_bytes_of_anything_are_refused(data: bytes, has_head: bool) -> None:
    refusal(HEAD * has_head + data)


def test_what_comes_after_the_end_is_refused() -> None:
    assert "after its end" in refusal(FILE + frame(NUMBERS, b"d"))
    assert refusal(FILE + b"\0")


# --- Lies ---------------------------------------------------------------------------------------


@many
@given(st.integers(0, 2**64))
def test_a_file_whose_checksums_are_right_is_refused_or_works(seed: int) -> None:
    rng = random.Random(seed)
    frames = list(rng.choice([FRAMES, EVERY_KIND]))
    for place in rng.sample(range(len(frames)), rng.choice([1, 1, 2, 4])):
        kind, body = frames[place]
        if rng.random() < 0.3:
            hurt = bytearray(body)
            hurt[rng.randrange(len(hurt))] = rng.randrange(256)
            frames[place] = (kind, bytes(hurt))
        elif kind == RECORD:
            found = msgspec.msgpack.decode(body)
            lie(found, rng)
            frames[place] = (kind, msgspec.msgpack.encode(found))
        elif body[:1] in (b"d", b"q") and len(body) > 1:
            numbers = array_of(body).copy()
            odd = [np.nan, np.inf, 1e308, -1.0, 0.0] if body[:1] == b"d" else [-1, 0, 7, 2**62]
            numbers[rng.randrange(len(numbers))] = rng.choice(odd)
            frames[place] = (kind, array_bytes(numbers))
    opens_or_is_refused(put_together(frames), rng)


def lie(found: Any, rng: random.Random) -> None:
    """Changes one value somewhere in a record."""
    inside, key = rng.choice([spot for spot in spots(found) if spot[1] != "type"] or [(found, "x")])
    value = inside[key] if inside is not found or key in found else None
    inside[key] = rng.choice([*ODD, *similar(value)])


def spots(found: Any) -> Iterator[tuple[Any, Any]]:
    keys = found if isinstance(found, dict) else range(len(found))
    for key in keys:
        yield found, key
        if isinstance(found[key], dict | list):
            yield from spots(found[key])


ODD: list[object] = [
    None,
    True,
    0,
    -1,
    2**63,
    1.5,
    float("nan"),
    "",
    "\x1b[2J",
    b"",
    [],
    {},
    [[[]]],
]
NAMES = ["x1", "sin x1", "relu", "adam", "scalar", "l2", "cosine", "undo", "redo", "regression"]


def similar(value: object) -> list[object]:
    match value:
        case bool():
            return [not value] * 9
        case int():
            return [min(value + 1, 2**64 - 1), value - 1, 1, 2, 3, 20, 2**31, 2**53] * 3
        case float():
            return [value * 2, -value, 0.0, 1.0, 1e308, 5e-324, float("inf")] * 3
        case str():
            return [*NAMES, value + "x"] * 3
        case list():
            return [value[1:], value[:-1], value[::-1], value * 2] * 5
        case bytes():
            return [value[::-1], bytes(len(value)), b"\xff" * len(value)] * 5
    return [1]


WRONG: list[object] = [None, 2**63, "?", [[]]]


def test_a_wrong_type_in_any_field_is_refused_or_works() -> None:
    rng, seen = random.Random(0), set()
    for place, found in records(EVERY_KIND):
        kind = (found["type"], *found)
        if kind in seen:
            continue
        seen.add(kind)
        for field in found:
            for wrong in rng.sample(WRONG, 2):
                if type(wrong) is not type(found[field]):
                    opens_or_is_refused(
                        with_record(EVERY_KIND, place, {**found, field: wrong}), rng
                    )
    assert {kind[0] for kind in seen} >= {tag for tag in TAGS if tag not in ("cut", "tick")}


TAGS = {part.__struct_config__.tag for part in get_args(AnyRecord)}


def test_what_is_unknown_is_refused_by_its_name_and_an_unknown_field_is_passed_over() -> None:
    place, found = place_of("state")
    assert "explode" in refusal(with_record(FRAMES, place, {**found, "type": "explode"}))
    with_more = document_from_bytes(with_record(FRAMES, place, {**found, "later": [1, {"a": 2}]}))
    assert bits(opened(with_more)) == bits(opened(document_from_bytes(FILE)))
    setup = place_of("setup")[1]
    for part, field, name in (
        ("training", "sabotage", ["set_fire"]),
        ("training", "optimizer", "magic"),
        ("network", "activation", "wobble"),
    ):
        hurt = {**setup[part], field: name}
        assert "There is no" in refusal(changed("setup", **{part: hurt}))


def test_a_field_that_an_older_file_does_not_have_gets_its_default() -> None:
    place, setup = place_of("setup")
    training = {name: value for name, value in setup["training"].items() if name != "dtype"}
    document_from_bytes(with_record(FRAMES, place, {**setup, "training": training}))


def test_numbers_and_names_that_no_picture_can_show_are_refused() -> None:
    table = place_of("dataset")[1]["table"]
    assert "too large a number" in refusal(
        changed("dataset", table={**table, "domain": [0, 1e300]})
    )
    for name in ("\x1b[2J", "\x07"):
        sentence = refusal(changed("dataset", table={**table, "name": name}))
        assert "damaged" in sentence


def test_a_newer_version_is_said_and_no_version_is_none() -> None:
    newer = MAGIC + struct.pack("<H", VERSION + 1) + FILE[len(HEAD) :]
    assert "newer version of toygrad-tui" in refusal(newer)
    refusal(MAGIC + bytes(2) + FILE[len(HEAD) :])
    assert "not a run" in refusal(b"x,y,class\n1,2,3\n")


def test_a_formula_as_an_input_is_bounded() -> None:
    network = place_of("setup")[1]["network"]
    for text in ("x1" * 101, "-" * 60 + "x1", "(" * 5_000, "x1" * 400_000):
        refusal(changed("setup", network={**network, "inputs": [text]}))


# --- Too much -----------------------------------------------------------------------------------


def test_sizes_that_are_only_said_take_no_memory() -> None:
    setup = place_of("setup")[1]
    network, training = setup["network"], setup["training"]
    origin = {"name": "circle", "n_columns": 2, "n_samples": 10**12}
    recipe = {"type": "dataset", "origin": origin, "hash": b""}
    table = place_of("dataset")[1]["table"]
    lies = [
        HEAD + struct.pack("<II", 2**32 - 1, 0) + b"r",
        HEAD + frame(RECORD, b"\xdd\xff\xff\xff\xff"),
        HEAD + frame(RECORD, b"\xdf\xff\xff\xff\xff"),
        HEAD + frame(RECORD, b"\x81\xa4type\xdb\xff\xff\xff\xff"),
        changed("setup", network={**network, "hidden": [10**9, 10**9]}),
        changed("setup", network={**network, "hidden": [1] * 100_000}),
        changed("setup", network={**network, "inputs": ["x1"] * 100_000}),
        changed("setup", training={**training, "batch_size": 2**70 // 2**10}) + b"\0",
        with_record(FRAMES, place_of("dataset")[0], recipe),
        changed("dataset", table={**table, "drawn": 2**50}),
        changed("state", history={**place_of("state")[1]["history"], "n_points": 2**50}),
    ]
    tracemalloc.start()
    for data in lies:
        refusal(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_UNPACKED_BYTES", 1_000_000)
    zeros = frame(PACK, zlib.compress(bytes(30_000_000)))
    halves = frame(PACK, zlib.compress(frame(NUMBERS, b"d" + bytes(600_000))))
    tracemalloc.start()
    for bomb in (zeros, halves * 2):
        assert "more than any run needs" in refusal(HEAD + bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert "inside another" in refusal(HEAD + pack(pack(b"")))


def test_a_file_that_asks_for_much_memory_by_few_bytes_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("toygrad.core.run.file.library.MAX_MEMORY_BYTES", 20_000_000)
    origin = {"name": "circle", "n_columns": 2, "n_samples": 100_000}
    dataset = msgspec.msgpack.encode({"type": "dataset", "origin": origin, "hash": b""})
    monkeypatch.setattr("toygrad.core.run.file.library.data_hash", lambda data: b"")
    started = time.monotonic()
    assert "more memory" in refusal(put_together([(RECORD, dataset)] * 10_000))
    # Six such data sets fill it; to make all of them takes minutes.
    assert time.monotonic() - started < 20.0
    states = [(RECORD, FRAMES[place_of("state")[0]][1])] * 10_000
    assert "more memory" in refusal(put_together([*FRAMES[:-1], *states]))


def test_deep_nesting_is_refused() -> None:
    for depth in (200, 1_000_000):
        deep = b"\x82\xa4type\xa5reset\xa1a" + b"\x91" * depth + b"\xc0"
        data = put_together([(RECORD, deep)])
        refusal(data)


def test_a_file_that_is_refused_leaves_the_run_that_is_on_untouched() -> None:
    session = new_session()
    session.advance(7)
    before = bits(session)
    for hurt in (FILE[:-1], changed("setup", lesson=3), changed("checkpoint", state=10**6)):
        with pytest.raises(RunFileError):
            session.open(document_from_bytes(hurt))
    assert bits(session) == before


@pytest.mark.parametrize(
    "lie", [{"name": "no such data"}, {"noise": float("nan")}, {"noise": 1e300}, {"n_samples": 1}]
)
def test_where_data_come_from_is_checked_though_they_are_inside(lie: dict[str, Any]) -> None:
    place, found = place_of("dataset")
    origin = {"name": "circle", "n_columns": 2, "path": b"mine.csv"}
    document_from_bytes(with_record(FRAMES, place, {**found, "origin": origin}))
    origin |= lie
    assert refusal(with_record(FRAMES, place, {**found, "origin": origin}))
