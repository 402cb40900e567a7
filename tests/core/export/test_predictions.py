"""What was exported with its weights predicts as the run does, in an interpreter of its own."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.export import plain_onnx
from tests.core.export.cases import (
    FORMULAS,
    RUN,
    asked_of,
    in_its_own_interpreter,
    named,
    predicting,
)
from toygrad.core import NetworkSpec, Session
from toygrad.core.export.formats import FORMATS
from toygrad.core.expression.vocabulary import FUNCTIONS
from toygrad.datasets import Dataset


@pytest.fixture(scope="module")
def sessions() -> dict[str, Session]:
    return predicting()


@pytest.mark.parametrize("name", ["numpy", "pytorch"])
def test_a_script_predicts_the_same_alone(
    name: str, sessions: dict[str, Session], tmp_path: Path
) -> None:
    if name == "pytorch" and importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is in the dependency group bench")
    lines = []
    for place, session in enumerate(sessions.values()):
        path = tmp_path / f"{place}.py"
        text = FORMATS[name].export(session.document())
        assert isinstance(text, str)
        path.write_text(text, encoding="utf-8")
        lines.append((str(path), asked_of(session).tolist()))
    answers = in_its_own_interpreter(RUN, *lines)
    needed = {"numpy": [], "pytorch": ["torch"]}[name]
    for (case, session), answer in zip(sessions.items(), answers, strict=True):
        assert_same(case, session, answer[0], answer[1])
        assert answer[2] == needed


def test_a_model_for_onnx_predicts_the_same(sessions: dict[str, Session]) -> None:
    pytest.importorskip("onnx", reason="it is in the dependency group bench")
    runtime = pytest.importorskip("onnxruntime", reason="it is in the dependency group bench")
    for case, session in sessions.items():
        points = asked_of(session)
        model = runtime.InferenceSession(FORMATS["onnx"].export(session.document()))
        outputs, *classes = model.run(None, {"points": points})
        predicted = classes[0].tolist() if classes else outputs[:, 0].tolist()
        # A name that is no Unicode has no place in a model.
        predicted = ["\ud800" if name == "?" else name for name in predicted]
        assert_same(case, session, outputs, predicted)


def test_the_graph_for_onnx_computes_the_same(
    sessions: dict[str, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = plain_onnx.install(monkeypatch)
    for case, session in sessions.items():
        assert FORMATS["onnx"].export(session.document()) == b"a model"
        found = plain_onnx.run(graphs.pop(), asked_of(session))
        classes = [name.decode() for name in found.get("classes", ())]
        classes = ["\ud800" if name == "?" else name for name in classes]
        assert_same(case, session, found["outputs"], classes or found["outputs"][:, 0].tolist())


def assert_same(case: str, session: Session, outputs: Any, predicted: list[Any]) -> None:
    points = asked_of(session)
    own = session.predict(points)
    np.testing.assert_allclose(outputs, own, rtol=1e-6, atol=1e-6, err_msg=case)
    if session.dataset.classes:
        assert predicted == named(session, points), case
    else:
        np.testing.assert_allclose(predicted, own[:, 0], rtol=1e-6, atol=1e-6, err_msg=case)


def test_every_function_of_a_formula_is_among_the_cases() -> None:
    assert all(any(name in formula for formula in FORMULAS) for name in FUNCTIONS)


NAMES = st.text(st.characters(), max_size=12)


@settings(max_examples=25, deadline=None, database=None, derandomize=True)
@given(st.lists(NAMES, min_size=5, max_size=5, unique=True))
def test_no_name_gets_out_of_its_place_in_a_script(names: list[str]) -> None:
    for name in SCRIPTS:
        found, shape = shape_of(name, names)
        assert shape == PLAIN[name]
        assert found == (names[1:] if name != "toygrad" else [])


def shape_of(name: str, names: list[str]) -> tuple[list[str], str]:
    """The names in a script, and what it is without its texts."""
    dataset = Dataset(
        name=names[0],
        points=np.arange(8.0).reshape(4, 2),
        targets=np.array([1.0, -1.0, 1.0, -1.0]),
        columns=(names[1], names[2]),
        classes=(names[3], names[4]),
        task="classification",
    )
    session = Session(NetworkSpec(hidden=()), dataset)
    text = FORMATS[name].export(session.document())
    assert isinstance(text, str)
    text.encode("utf-8")
    tree = ast.parse(text)
    said = {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(target := node.targets[0], ast.Name)
        and target.id in ("COLUMNS", "CLASSES")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return [*said.get("COLUMNS", ()), *said.get("CLASSES", ())], ast.dump(tree)


SCRIPTS = ("numpy", "pytorch", "toygrad")
PLAIN = {name: shape_of(name, [*"abcde"])[1] for name in SCRIPTS}
