"""What a table contains is said column by column, and every decision can be changed."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from toygrad.datasets import (
    Column,
    CsvError,
    Survey,
    TableOptions,
    load_csv,
    read_table,
    survey,
)
from toygrad.datasets.csv import text

PEOPLE = """\
id,age,sex,port,born,fare,alive
1,22,male,S,1990-01-03,"1,200",no
2,,female,C,1985-02-03,900,yes
3,30,female,Q,1970-02-03,700,yes
4,41,male,S,1982-02-03,"3,700",no
5,35,male,C,1992-02-03,450,yes
6,29,female,S,1997-02-03,"2,150",no
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return file


def column(read: Survey, name: str) -> Column:
    (found,) = (column for column in read.columns if column.name == name)
    return found


def written(file: Path, content: str) -> Path:
    file.write_text(content)
    return file


def test_every_column_is_described(people: Path) -> None:
    read = survey(people)
    assert (read.name, read.n_rows, read.n_samples, read.n_inputs) == ("people.csv", 6, 6, 7)
    assert (read.target, read.target_is_guessed, read.task) == ("alive", True, "classification")
    assert [(c.name, c.kind, c.role, c.encoding or c.reason) for c in read.columns] == [
        ("id", "row numbers", "left out", "it only numbers the rows"),
        ("age", "number", "input", "its number, missing ones the median"),
        ("sex", "category", "input", "1 for male, 0 for female"),
        ("port", "category", "input", "one input for each of 3 values"),
        ("born", "date", "input", "its year"),
        ("fare", "number", "input", "its number"),
        ("alive", "yes/no", "target", "2 classes"),
    ]
    assert column(read, "port").values == ("S", "C", "Q")
    assert column(read, "port").histogram == (3, 2, 1)
    assert column(read, "age").missing == 1
    assert sum(column(read, "age").histogram) == 5
    assert len(column(read, "fare").histogram) == 10


def test_the_same_decisions_make_the_data_set(people: Path) -> None:
    dataset = load_csv(people)
    assert dataset.columns == ("age", "sex=male", "port=C", "port=Q", "port=S", "born", "fare")
    assert dataset.groups == ("age", "sex", "port", "port", "port", "born", "fare")
    assert dataset.points[1].tolist()[:5] == [30, 0, 1, 0, 0]
    assert dataset.places("port") == (2, 3, 4)
    assert dataset.places("port=Q") == (3,)
    assert dataset.places("fare") == (6,)
    assert dataset.places("cabin") == ()
    assert dataset.classes == ("no", "yes")
    for said in ('The target is "alive"', "Left out: id", "1 missing cell filled", "1,200"):
        assert said in dataset.note


def test_categories_stay_0_and_1_for_the_network(people: Path) -> None:
    dataset = load_csv(people)
    assert dataset.network_inputs()[0, 1:5].tolist() == [1, 0, 0, 1]
    assert abs(dataset.network_inputs()[:, 6].mean()) < 1e-12


def test_columns_are_left_out_and_taken(people: Path) -> None:
    options = TableOptions(left_out=("port", "born"), taken=("id",))
    read, dataset = survey(people, options), load_csv(people, options)
    assert dataset.columns == ("id", "age", "sex=male", "fare")
    assert column(read, "port").reason == "you left it out"
    assert "Left out" not in dataset.note


def test_rows_with_missing_cells_are_dropped(people: Path) -> None:
    dataset = load_csv(people, TableOptions(missing="drop"))
    assert dataset.n_samples == 5
    assert "1 row with missing cells dropped." in dataset.note
    kept = load_csv(people, TableOptions(missing="drop", left_out=("age",)))
    assert kept.n_samples == 6


@pytest.mark.parametrize(
    ("kind", "columns", "first"),
    [
        ("date", ("born",), [1990.0055]),
        ("year", ("born",), [1990]),
        ("month", ("born",), [1]),
        ("weekday", ("born=Monday", "born=Tuesday", "born=Wednesday", "born=Sunday"), [0, 0, 1, 0]),
    ],
)
def test_a_date_is_a_number_a_year_a_month_or_a_weekday(
    people: Path, kind: Any, columns: tuple[str, ...], first: list[float]
) -> None:
    others = ("age", "sex", "port", "fare")
    options = TableOptions(left_out=others, kinds=(("born", kind),))
    read, dataset = survey(people, options), load_csv(people, options)
    assert dataset.columns == columns
    assert dataset.points[0].tolist() == pytest.approx(first, abs=1e-3)
    assert column(read, "born").kinds[0] == kind
    assert sorted(column(read, "born").kinds) == ["category", "date", "month", "weekday", "year"]


def test_a_number_is_a_category_if_it_is_wanted(people: Path) -> None:
    dataset = load_csv(people, TableOptions(kinds=(("age", "category"),)))
    assert dataset.columns[:2] == ("age=22", "age=29")
    assert "age=missing" in dataset.columns


def test_a_category_is_no_number_and_that_is_said(people: Path) -> None:
    options = TableOptions(kinds=(("port", "number"),))
    read = survey(people, options)
    expected = (
        'people.csv, line 2: column "port" contains "S", which is not a number. '
        "Correct it, remove the line, or leave this column out."
    )
    assert column(read, "port").fault == read.fault == expected
    with pytest.raises(CsvError) as caught:
        load_csv(people, options)
    assert str(caught.value) == expected


def test_a_faulty_column_that_is_left_out_does_no_harm(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "x,y,z\n1,2,0.5\nred,3,1.5\n3,4,2.5\n")
    assert "red" in survey(file).fault
    assert load_csv(file, TableOptions(left_out=("x",))).columns == ("y",)


@pytest.mark.parametrize(
    ("task", "classes", "n_notes"),
    [(None, ("1", "2"), 1), ("classification", ("1", "2"), 0), ("regression", (), 0)],
)
def test_whole_numbers_are_classes_or_numbers_and_a_guess_is_said(
    tmp_path: Path, task: Any, classes: tuple[str, ...], n_notes: int
) -> None:
    file = written(tmp_path / "a.csv", "x,y\n1.5,1\n2.5,2\n3.5,1\n")
    read = survey(file, TableOptions(task=task))
    assert load_csv(file, TableOptions(task=task)).classes == classes
    assert read.task_is_guessed == (task is None)
    assert sum("whole numbers" in note for note in read.notes) == n_notes


@pytest.mark.parametrize(
    ("kind", "value"), [(None, 1200), ("number", 1200), ("decimal comma", 1.2)]
)
def test_what_a_comma_means_can_be_settled(tmp_path: Path, kind: Any, value: float) -> None:
    file = written(tmp_path / "a.csv", 'x,y\n"1,200",0.5\n"2,300",1.5\n')
    kinds = (("x", kind),) if kind else ()
    assert load_csv(file, TableOptions(kinds=kinds)).points[0, 0] == value
    assert set(column(survey(file), "x").kinds) == {"number", "decimal comma", "category"}


@pytest.mark.parametrize(("kind", "month"), [("month", 1), ("day first", None)])
def test_what_a_date_means_can_be_settled(tmp_path: Path, kind: Any, month: int | None) -> None:
    file = written(tmp_path / "a.csv", "d,y\n01/02/2020,0.5\n03/06/2020,1.5\n")
    value = load_csv(file, TableOptions(kinds=(("d", kind),))).points[0, 0]
    assert value == (month or pytest.approx(2020 + 31 / 366))
    assert "day first" in column(survey(file), "d").kinds


@pytest.mark.parametrize(
    "options",
    [
        TableOptions(target="cabin"),
        TableOptions(left_out=("cabin",)),
        TableOptions(taken=("cabin",)),
        TableOptions(kinds=(("cabin", "number"),)),
    ],
)
def test_an_unknown_column_is_named_with_those_there_are(
    people: Path, options: TableOptions
) -> None:
    with pytest.raises(CsvError) as caught:
        survey(people, options)
    assert str(caught.value) == (
        'people.csv: there is no column "cabin". '
        "Choose one of: id, age, sex, port, born, fare, alive."
    )


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (
            "x,y\n1,a\n2,b\n",
            {"target": "y", "task": "regression"},
            'a.csv, line 2: the target "y" contains names, but regression needs numbers. '
            "Choose another column as the target.",
        ),
        (
            "x,y\n" + "".join(f"{row},name {row}\n" for row in range(101)),
            {"target": "y"},
            'a.csv: the target "y" has 101 classes; the limit is 100. '
            "Choose another column as the target.",
        ),
        (
            "x,y\n1,a\n2,b\n",
            {"left_out": ("x",)},
            'a.csv: no column is left as an input: "x" (you left it out). '
            "Take one of them, or choose another target.",
        ),
        (
            "x,y\n1,a\n,b\n2,\n",
            {"missing": "drop"},
            "a.csv: 1 of 3 rows can be learned, others have missing cells. "
            "Fill in targets first, then other cells, or leave columns out.",
        ),
        (
            "x,w,y\n6e99,6e99,a\n1,2,b\n",
            {},
            "a.csv, line 2: the numbers in this line are too large. Scale them down.",
        ),
        (
            "a,b,y\n" + "".join(f"w{row},v{row},{row}.5\n" for row in range(200)),
            {"taken": ("a", "b")},
            'a.csv: with the 200 values of "b" there are more than 255 inputs. '
            "Leave this column out, or others.",
        ),
        (
            "x,y\n1,a\n2,b\n",
            {"sample": 1},
            "a.csv: a sample of 1 rows is impossible. Take from 2 to 100,000.",
        ),
    ],
)
def test_options_that_leave_nothing_to_learn_get_one_sentence(
    tmp_path: Path, content: str, options: dict[str, Any], expected: str
) -> None:
    file = written(tmp_path / "a.csv", content)
    with pytest.raises(CsvError) as caught:
        load_csv(file, TableOptions(**options))
    assert str(caught.value) == expected


def test_a_table_is_read_once_and_understood_often(people: Path) -> None:
    table = read_table(people)
    people.unlink()
    assert table.survey().target == "alive"
    assert table.survey(TableOptions(target="fare")).task == "regression"
    assert table.dataset(TableOptions(target="port")).classes == ("C", "Q", "S")


def test_a_sample_is_drawn_by_the_seed_and_keeps_the_order(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "x,y\n" + "".join(f"{n},{n}.5\n" for n in range(1000)))
    options = TableOptions(sample=50)
    one, same, other = (load_csv(file, options, seed=seed) for seed in (1, 1, 2))
    x = one.points[:, 0].tolist()
    assert x == sorted(set(x)) == same.points[:, 0].tolist()
    assert len(x) == 50
    assert x != other.points[:, 0].tolist()
    assert "50 of 1,000 rows drawn at random." in one.note


def test_every_row_is_as_likely_in_a_sample(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "x,y\n" + "".join(f"{n},{n}.5\n" for n in range(20)))
    drawn = [
        load_csv(file, TableOptions(sample=5), seed=seed).points[:, 0].tolist()
        for seed in range(200)
    ]
    counts = [sum(n in x for x in drawn) for n in range(20)]
    assert min(counts) > 25
    assert max(counts) < 80


def test_too_many_rows_are_refused_and_a_sample_offered(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "x,y\n" + "1,2.5\n2,3.5\n" * 50_001)
    with pytest.raises(CsvError) as caught:
        load_csv(file)
    assert str(caught.value) == (
        "a.csv, line 100,002: there are more than 100,000 samples. "
        "Keep fewer, or read a sample of them: --sample 100000."
    )
    assert load_csv(file, TableOptions(sample=100)).n_samples == 100


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "x,y\n" + "1,2.5\n2,3.5\n" * 25_000)
    told: list[float] = []
    load_csv(file, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert 0.0 < told[0] < 1.0


def test_what_is_packed_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"x,y\n" + b"1,2.5\n" * 1_000_000))
    monkeypatch.setattr(text, "MAX_BYTES", 1_000_000)
    with pytest.raises(CsvError) as caught:
        load_csv(file)
    assert str(caught.value) == (
        "a.csv.gz: what is packed in the file is larger than 1 MB. Choose a smaller one."
    )


def test_a_packed_file_has_the_name_of_its_table(tmp_path: Path) -> None:
    file = tmp_path / "flats.csv.gz"
    file.write_bytes(gzip.compress(PEOPLE.encode()))
    assert load_csv(file).name == "flats"


def test_many_classes_can_be_a_target_that_nobody_chose(tmp_path: Path) -> None:
    rows = "".join(f"{n % 83},{n / 7:.2f},word {n % 60}\n" for n in range(600))
    read = survey(written(tmp_path / "a.csv", f"x,w,word\n{rows}"))
    assert (read.target, read.task, read.fault) == ("word", "classification", "")


def test_a_column_of_few_values_is_a_category_for_one_that_is_no_number(tmp_path: Path) -> None:
    rows = "".join(f"{(4, 6, 8)[n % 3] if n != 7 else 'rotary'},{n}.5\n" for n in range(40))
    read = survey(written(tmp_path / "a.csv", f"cylinders,y\n{rows}"))
    assert column(read, "cylinders").encoding == "one input for each of 4 values"
    assert '"cylinders" is a category, for "rotary" is no number.' in read.notes


def test_a_series_is_learned_from_the_numbers_of_its_rows(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", ",flow\n" + "".join(f"{n},{n % 7}.5\n" for n in range(9)))
    assert load_csv(file).columns == ("column 1",)
    assert 'The input "column 1" numbers the rows: there is no other.' in survey(file).notes


def test_an_empty_target_is_a_fault_in_words(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("a,b,e\n1,2,\n2,3,\n3,4,\n", encoding="utf-8")
    for task in ("classification", "regression"):
        found = read_table(path).survey(TableOptions(target="e", task=task))
        assert "0 of 3 rows can be learned" in found.fault
