"""Whatever a table was damaged to, it loads or gets one sentence; nothing hangs.

``TOYGRAD_TABLES=10000`` tries more than the few of every run.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.datasets.csv.test_odd_files import ODD
from toygrad.datasets import CsvError, load_csv

BYTES = [text if isinstance(text, bytes) else text.encode() for text, _ in ODD]
PIECES = [
    *(b",", b";", b"\t", b"|", b" ", b"\n", b"\r\n", b'"', b"'", b"#", b"=", b"%", b"$", b"."),
    *(b"NA", b"nan", b"inf", b"-", b"?", b"1e400", b"1e99", b"0", b"1,5", b"1.200,5", b"yes"),
    *(b"2020-01-01", b"31.12.99", b"x", b"\xff", b"\xc3\xa4", b"\0", b"\x1a", b"\xef\xbb\xbf"),
    *(b"\xe2\x80\xae", b"\x1f\x8b", b"(", b")", b"_", b"\xd9\xa1", b"9" * 400, b"a" * 200),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An odd table with pieces put in, taken out, doubled or moved."""
    data = draw(st.sampled_from(BYTES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        change = draw(st.sampled_from(("put", "cut", "double", "move", "other")))
        part = data[start:end]
        if change == "put":
            part = draw(st.sampled_from(PIECES))
            end = start
        elif change == "cut":
            part = b""
        elif change == "double":
            part *= draw(st.integers(2, 30))
        elif change == "move":
            part = part[::-1]
        else:
            other = draw(st.sampled_from(BYTES))
            part = other[: draw(st.integers(0, len(other)))]
        data = data[:start] + part + data[end:]
    return gzip.compress(data, mtime=0) if draw(st.integers(0, 30)) == 0 else data


@settings(
    max_examples=int(os.environ.get("TOYGRAD_TABLES", "200")),
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(data=mutated())
def test_a_damaged_table_loads_or_gets_one_sentence(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(data)
    try:
        dataset = load_csv(file)
    except CsvError as error:
        assert str(error).startswith("data.csv")
        assert len(str(error).splitlines()) == 1
        assert str(error).isprintable()
    else:
        assert np.isfinite(dataset.network_inputs()).all()
        assert np.isfinite(dataset.network_targets()).all()
        assert all(name.isprintable() for name in (*dataset.columns, *dataset.classes))
