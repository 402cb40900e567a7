"""Tables, JSON, safetensors and pictures hold what the run came to."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.export.cases import hostile_data, trained
from toygrad.core import Session
from toygrad.core.export.formats import FORMATS
from toygrad.core.export.trained import ExportError
from toygrad.datasets import DataChoice

DOCS = Path(__file__).parents[3] / "docs" / "exports.md"
NEEDS_NUMBERS = ("numpy", "pytorch", "safetensors")


@pytest.fixture(scope="module")
def session() -> Session:
    session = trained("iris", 2000, hidden=(3,), pace=float("inf"), learning_rate=0.05)
    session.advance_epochs(40)
    return session


@pytest.fixture(scope="module")
def spoiled() -> Session:
    """A session that diverged so far that its weights are no numbers."""
    session = trained("plane", 1, learning_rate=1.7e308, output_activation="linear", hidden=())
    session.advance(5)
    assert session.state == "diverged"
    parameters = session.snapshot((1, 1)).parameters
    assert not np.isfinite(parameters).all()
    return session


def text_of(session: Session, name: str) -> str:
    text = FORMATS[name].export(session.document())
    assert isinstance(text, str)
    return text


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def documented_keys() -> list[str]:
    """The keys in the table of docs/exports.md."""
    text = DOCS.read_text(encoding="utf-8")
    rows = text.partition("| key | what it has |")[2].splitlines()[2:]
    cells = [row.split("|")[1] for row in rows if row.startswith("|")]
    return [key for cell in cells for key in re.findall("`([^`]+)`", cell)]


def test_every_format_is_made_as_what_it_says(session: Session) -> None:
    for name, kind in FORMATS.items():
        assert kind.title and "." in kind.ending
        assert f"| `{name}` |" in DOCS.read_text(encoding="utf-8")
        if name == "link":
            with pytest.raises(ExportError, match="No playground link can say this"):
                kind.export(session.document())
        elif name != "onnx":
            assert isinstance(kind.export(session.document()), bytes) == kind.is_binary


def test_safetensors_are_what_their_own_library_reads(session: Session) -> None:
    data = FORMATS["safetensors"].export(session.document())
    assert isinstance(data, bytes)
    n = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + n])
    assert (8 + n) % 8 == 0
    metadata = header.pop("__metadata__")
    assert all(isinstance(text, str) for text in metadata.values())
    assert json.loads(metadata["sizes"]) == [4, 3, 3]
    assert json.loads(metadata["recipe"])["training"]["learning_rate"] == 0.05
    for name, array in session.parameters().items():
        start, end = header[name]["data_offsets"]
        assert header[name]["dtype"] == "F64"
        found = np.frombuffer(data[8 + n + start : 8 + n + end], "<f8")
        np.testing.assert_array_equal(found.reshape(header[name]["shape"]), array)
    assert 8 + n + session.network.n_parameters * 8 == len(data)
    library: Any = pytest.importorskip("safetensors.numpy")
    for name, array in library.load(data).items():
        np.testing.assert_array_equal(array, session.parameters()[name])


def test_json_holds_the_whole_recipe_the_weights_and_the_curves(session: Session) -> None:
    data = json.loads(text_of(session, "json"))
    assert set(data) == {"schema", *documented_keys()}
    assert data["schema"] == 1 and data["versions"]["numpy"] == np.__version__
    assert (data["seed"], data["engine"]) == (1, session.engine)
    assert data["training"]["pace"] == "inf"
    assert data["network"]["sizes"] == [4, 3, 3]
    assert data["dataset"]["origin"]["name"] == "iris"
    assert data["results"]["test_loss"] == pytest.approx(session.evaluate().test_loss)
    weights = [np.array(layer["weight"]) for layer in data["layers"]]
    np.testing.assert_array_equal(weights[1], session.parameters()["layer2.weight"])
    curves = data["curves"]
    assert {len(values) for values in curves.values()} == {len(curves["epoch"])}


def test_tables_hold_curves_and_parameters(session: Session) -> None:
    rows = rows_of(text_of(session, "csv"))
    snapshot = session.snapshot((1, 1))
    assert float(rows[0]["epoch"]) == 0.0
    epochs = [float(row["epoch"]) for row in rows]
    assert epochs == sorted(set(epochs))
    assert float(rows[-1]["train_loss"]) == snapshot.curves.recent[-1, 0]
    parameters = rows_of(text_of(session, "csv-parameters"))
    assert [row["name"] for row in parameters] == snapshot.parameter_names()
    assert [float(row["value"]) for row in parameters] == snapshot.parameters.tolist()
    assert (parameters[12]["from"], parameters[12]["to"]) == ("", "0")


def test_without_test_samples_there_is_an_empty_cell() -> None:
    session = trained("circle", 40, train_share=1.0)
    assert rows_of(text_of(session, "csv"))[1]["test_loss"] == ""
    assert json.loads(text_of(session, "json"))["results"]["test_loss"] is None
    assert "test loss" not in text_of(session, "svg")


def test_rows_of_a_users_own_table_are_in_the_script_that_needs_them_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    rows = np.random.default_rng(0).normal(size=(30, 2)).round(6)
    lines = [f"{a},{b},{'yes' if a > b else 'no'}" for a, b in rows.tolist()]
    path.write_text("\n".join(["height,weight,bought", *lines]), encoding="utf-8")
    dataset = DataChoice(path=path).load().with_points([(1.234567, 7.654321)], [1.0])
    session = trained(dataset, 60, hidden=(2,))
    private = [*map(str, rows.ravel().tolist()), "1.234567", str(tmp_path)]
    for name, kind in FORMATS.items():
        if name == "onnx":
            continue
        if name in ("link", "line"):
            with pytest.raises(ValueError, match="of your own"):
                kind.export(session.document())
            continue
        made = kind.export(session.document())
        text = made if isinstance(made, str) else made.decode("latin-1")
        found = [number for number in private if number in text]
        assert found == (private[:-1] if name == "toygrad" else []), name


def test_a_picture_is_xml_that_loads_nothing_whatever_the_names(session: Session) -> None:
    for shown in (session, trained(hostile_data(), hidden=(2,))):
        text = text_of(shown, "svg")
        root = ElementTree.fromstring(text)
        kinds = {element.tag.split("}")[-1] for element in root.iter()}
        assert kinds == {"svg", "title", "rect", "text", "path", "polyline"}
        assert "href" not in text and "nan" not in text
        text.encode("utf-8")


def test_weights_that_are_no_numbers_are_refused_and_the_rest_is_told(spoiled: Session) -> None:
    for name in NEEDS_NUMBERS:
        with pytest.raises(ExportError, match="diverged and its weights are no longer numbers"):
            FORMATS[name].export(spoiled.document())
    data = json.loads(text_of(spoiled, "json"))
    assert data["diverged"] and data["layers"][0]["weight"] == [["inf"], ["-inf"]]
    assert len(rows_of(text_of(spoiled, "csv-parameters"))) == 3
    script: dict[str, Any] = {"__name__": "__main__"}
    exec(text_of(spoiled, "toygrad"), script)


def test_a_run_without_a_curve_has_no_picture() -> None:
    with pytest.raises(ExportError, match="train it for two epochs"):
        text_of(trained("circle", 0), "svg")
