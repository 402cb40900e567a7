"""The two columns that predict the targets best."""

import numpy as np
import pytest

from toygrad.datasets import DATASETS, Dataset, informative_columns


def table(columns: list[list[float]], targets: list[float], task: str) -> Dataset:
    classes = ("a", "b") if task == "classification" else ()
    return Dataset(
        name="table",
        points=np.array(columns).T,
        targets=np.array(targets),
        columns=tuple(f"c{number}" for number in range(len(columns))),
        classes=classes,
        task=task,  # type: ignore[arg-type]
    )


def test_the_petals_are_the_informative_columns_of_iris() -> None:
    iris = DATASETS["iris"](rng=np.random.default_rng(0))
    assert [iris.columns[column] for column in informative_columns(iris)] == [
        "petal length",
        "petal width",
    ]


def test_columns_that_differ_between_classes_are_found() -> None:
    columns = [[1.0, 2.0, 1.0, 2.0], [5.0, 5.1, 9.0, 9.1], [0.0] * 4, [-1.0, -1.0, 1.0, 1.0]]
    assert informative_columns(table(columns, [-1.0, -1.0, 1.0, 1.0], "classification")) == (1, 3)


def test_columns_that_correlate_with_a_number_are_found() -> None:
    columns = [[1.0, -1.0, 1.0, -1.0], [4.0, 3.0, 2.0, 1.0], [7.0] * 4, [1.0, 2.0, 3.0, 5.0]]
    assert informative_columns(table(columns, [0.1, 0.2, 0.3, 0.4], "regression")) == (1, 3)


@pytest.mark.parametrize("targets", [[2.5, 2.5], [1.5, 2.5]])
def test_uninformative_columns_come_in_order(targets: list[float]) -> None:
    assert informative_columns(table([[1.0, 1.0]] * 3, targets, "regression")) == (0, 1)


def test_one_column_is_not_enough() -> None:
    with pytest.raises(ValueError, match="has only one column"):
        informative_columns(table([[1.0, 2.0]], [0.5, 0.7], "regression"))
