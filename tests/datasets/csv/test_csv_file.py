"""A good file loads whatever its dialect; a bad one gets one sentence with place and remedy."""

import csv
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toygrad.datasets import DATASETS, CsvError, Dataset, TableOptions, load_csv, save_csv


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


def load(file: Path, content: str | bytes, **options: Any) -> Dataset:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    standardise = options.pop("standardise", True)
    return load_csv(file, TableOptions(**options), standardise=standardise)


def sentence(file: Path, content: str | bytes, **options: Any) -> str:
    with pytest.raises(CsvError) as caught:
        load(file, content, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "a,b,kind\n1.5,2,no\n3,4.25,yes\n",
        "a;b;kind\n1.5;2;no\n3;4.25;yes\n",
        "a;b;kind\n1,5;2;no\n3;4,25;yes\n",
        "a\tb\tkind\n1,5\t2\tno\n3\t4,25\tyes\n",
        '"a";"b";"kind"\n"1,5";"2";"no"\n"3";"4,25";"yes"\n',
        '"a","b","kind"\n"1.5","2","no"\n"3","4.25","yes"\n',
        "a, b, kind\n1.5, 2, no\n 3 , 4.25 , yes \n",
        "a,b,kind\r\n1.5,2,no\r\n3,4.25,yes\r\n",
        "a,b,kind\r1.5,2,no\r3,4.25,yes\r",
        "a,b,kind\n1.5,2,no\n3,4.25,yes",
        "\n" * 50 + "a;b;kind\n1.5;2;no\n3;4.25;yes\n",
        "\n\na,b,kind\n\n1.5,2,no\n,,\n   \n3,4.25,yes\n\n",
        "\ufeffa,b,kind\n1.5,2,no\n3,4.25,yes\n",
        "a,b,kind\n15e-1,+2,no\n3.,4.25,yes\n",
    ],
)
def test_every_dialect_gives_the_same_data(file: Path, content: str) -> None:
    dataset = load(file, content)
    assert dataset.points.tolist() == [[1.5, 2.0], [3.0, 4.25]]
    assert dataset.columns == ("a", "b")
    assert dataset.classes == ("no", "yes")
    assert dataset.targets.tolist() == [-1.0, 1.0]
    assert dataset.name == "data"
    assert dataset.source == "data.csv"


def test_without_a_header_columns_are_numbered(file: Path) -> None:
    dataset = load(file, "1,2,a\n3,4,b\n")
    assert dataset.columns == ("column 1", "column 2")
    assert dataset.n_samples == 2


def test_a_delimiter_inside_quotes_divides_nothing(file: Path) -> None:
    dataset = load(file, '1,"a;b"\n2,"c,d"\n')
    assert dataset.classes == ("a;b", "c,d")


def test_names_over_several_lines_are_joined(file: Path) -> None:
    dataset = load(file, '"a\n(cm)",kind\n1,"big\tor\nso"\n2,small\n')
    assert dataset.columns == ("a (cm)",)
    assert dataset.classes == ("big or so", "small")


def test_a_decimal_comma_differs_from_a_delimiter_without_a_header(file: Path) -> None:
    assert load(file, "1,5;2,5;a\n2,5;1,5;b\n").points.tolist() == [[1.5, 2.5], [2.5, 1.5]]


def test_the_target_is_chosen_by_name(file: Path) -> None:
    dataset = load(file, "kind,a,b\nx,1,2\ny,3,4\n", target="kind")
    assert dataset.columns == ("a", "b")
    assert dataset.classes == ("x", "y")


@pytest.mark.parametrize(
    ("targets", "classes", "codes"),
    [
        (["b", "a", "b"], ("a", "b"), [1, -1, 1]),
        (["c", "a", "b"], ("a", "b", "c"), [2, 0, 1]),
        (["10", "9", "10"], ("9", "10"), [1, -1, 1]),
        (["1.0", "-1.0", "1"], ("-1", "1"), [1, -1, 1]),
        (["-0.0", "0", "1"], ("0", "1"), [-1, -1, 1]),
        (["2", "0", "1"], ("0", "1", "2"), [2, 0, 1]),
        (["blue", "orange", "blue"], ("orange", "blue"), [1, -1, 1]),
    ],
)
def test_names_and_few_whole_numbers_are_classes(
    file: Path, targets: list[str], classes: tuple[str, ...], codes: list[float]
) -> None:
    content = "\n".join(f"{row},{target}" for row, target in enumerate(targets))
    dataset = load(file, content)
    assert dataset.task == "classification"
    assert dataset.classes == classes
    assert dataset.targets.tolist() == codes


def test_ten_whole_numbers_are_classes_and_eleven_a_quantity(file: Path) -> None:
    ten = load(file, "".join(f"{row},{row % 10}\n" for row in range(30)))
    eleven = load(file, "".join(f"{row},{row % 11}\n" for row in range(30)))
    assert ten.n_classes == 10
    assert eleven.task == "regression"


def test_other_numbers_are_a_quantity_and_standardised(file: Path) -> None:
    dataset = load(file, "1,0.5\n2,1\n3,1.5\n")
    assert dataset.task == "regression"
    assert dataset.targets.tolist() == [0.5, 1.0, 1.5]
    assert dataset.network_targets().std() == pytest.approx(1)
    assert dataset.network_inputs().std() == pytest.approx(1)
    assert dataset.note == (
        'The target is "column 2", the last column. '
        "Inputs and target standardised on the training samples: mean 0, deviation 1."
    )


def test_the_task_can_be_overridden(file: Path) -> None:
    assert load(file, "1,0\n2,1\n", task="regression").targets.tolist() == [0.0, 1.0]
    assert load(file, "1,0.5\n2,1\n", task="classification").classes == ("0.5", "1")
    assert load(file, "1,9\n2,A\n", task="classification").classes == ("9", "A")


def test_standardised_inputs_have_mean_zero_and_deviation_one_and_say_so(file: Path) -> None:
    content = "size,k,kind\n100,0.1,a\n200,0.1,b\n400,0.1,a\n"
    dataset = load(file, content, taken=("k",), target="kind")
    inputs = dataset.network_inputs()
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(inputs.std(axis=0), [1, 0], atol=1e-12)
    assert dataset.input_scale[1] == 1
    assert dataset.note == "Inputs standardised on the training samples: mean 0, deviation 1."


def test_on_request_the_network_sees_the_numbers_of_the_file(file: Path) -> None:
    dataset = load(file, "100,0.5\n200,2.5\n", standardise=False)
    assert dataset.network_inputs().tolist() == [[100.0], [200.0]]
    assert dataset.network_targets().tolist() == [0.5, 2.5]
    assert "standardised" not in dataset.note
    assert not dataset.fits_scaling


def test_one_column_and_two_of_similar_range_have_a_view(file: Path) -> None:
    assert load(file, "0,a\n10,b\n").domain == (-1.0, 11.0)
    assert load(file, "0,4,a\n10,8,b\n").domain == (-1.0, 11.0)
    assert load(file, "0,4,a\n1000,8,b\n").domain is None
    assert load(file, "0,4,1,a\n10,8,2,b\n").domain is None
    assert load(file, "x,y\n3,a\n3,b\n", taken=("x",)).domain is None


def test_text_repeated_from_a_file_is_short_and_safe(file: Path) -> None:
    content = "x,y\n1,a\n" + "\u202e" + "z" * 5000 + ",b\n"
    assert sentence(file, content) == (
        'data.csv, line 3: column "x" contains "?' + "z" * 38 + '…", which is not a number. '
        "Correct it, remove the line, or leave this column out."
    )


def test_the_line_of_a_field_over_several_lines_is_where_it_begins(file: Path) -> None:
    assert sentence(file, 'x,y\n1,"a\nb\nc"\nred,"d\ne"\n').startswith("data.csv, line 5: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='01,;\t\n\r". -eaxn_\ufeff\0', max_size=200).map(str.encode),
    )
)
def test_no_bytes_raise_anything_but_a_one_line_csv_error(file: Path, content: bytes) -> None:
    try:
        dataset = load(file, content)
    except CsvError as error:
        assert len(str(error).splitlines()) == 1
        assert str(error).startswith("data.csv")
    else:
        assert np.isfinite(dataset.network_inputs()).all()
        assert np.isfinite(dataset.network_targets()).all()


@pytest.mark.parametrize(
    "content",
    [
        "\n" * 3_000_000,
        ",,\n" * 5_000_000,
        '"\n",' * 3_000_000,
        "1;" + " " * 900_000,
        '"\n' * 500_000,
    ],
)
def test_a_file_made_to_be_slow_is_refused_quickly(file: Path, content: str) -> None:
    began = time.process_time()
    sentence(file, content)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_hundred_thousand_rows_load_within_two_seconds(file: Path, delimiter: str) -> None:
    values = np.random.default_rng(0).normal(size=(100_000, 5))
    rows = [delimiter.join(map(str, row)) for row in values.tolist()]
    if delimiter == ";":
        rows = [row.replace(".", ",") for row in rows]
    file.write_text("\n".join(rows))
    began = time.process_time()
    dataset = load_csv(file)
    assert time.process_time() - began < 2
    np.testing.assert_array_equal(dataset.points, values[:, :-1])


finite = st.floats(-1e98, 1e98)


@st.composite
def tables(draw: st.DrawFn) -> Dataset:
    n_columns = draw(st.integers(1, 4))
    n_samples = draw(st.integers(3, 12))
    point = st.lists(finite, min_size=n_columns, max_size=n_columns)
    points = draw(st.lists(point, min_size=n_samples, max_size=n_samples))
    name = st.text(alphabet="abcéΩ中🙂 ,;\"_'", min_size=1, max_size=6).filter(
        lambda text: text == text.strip()
    )
    columns = draw(st.lists(name, min_size=n_columns, max_size=n_columns, unique=True))
    common: dict[str, Any] = {"name": "data", "points": points, "columns": tuple(columns)}
    if draw(st.booleans()):
        targets = draw(st.lists(finite, min_size=n_samples, max_size=n_samples))
        return Dataset(task="regression", targets=np.array(targets), **common)
    classes = sorted(draw(st.lists(name, min_size=2, max_size=3, unique=True)))
    codes = [-1.0, 1.0] if len(classes) == 2 else [0.0, 1.0, 2.0]
    more = draw(st.lists(st.sampled_from(codes), min_size=n_samples, max_size=n_samples))
    return Dataset(
        task="classification",
        targets=np.array(codes + more[len(codes) :]),
        classes=tuple(classes),
        **common,
    )


def assert_same(left: Dataset, right: Dataset) -> None:
    np.testing.assert_array_equal(left.points, right.points)
    np.testing.assert_array_equal(left.targets, right.targets)
    assert left.columns == right.columns
    assert left.classes == right.classes
    assert left.task == right.task


def as_saved(dataset: Dataset, file: Path) -> TableOptions:
    """Its target is the last column, and no column is left out, whatever is in them."""
    target = next(csv.reader(file.read_text().splitlines()))[-1]
    return TableOptions(target=target, task=dataset.task, taken=dataset.columns)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(dataset=tables())
def test_what_is_saved_loads_back_the_same(file: Path, dataset: Dataset) -> None:
    save_csv(dataset, file)
    assert_same(load_csv(file, as_saved(dataset, file)), dataset)


@pytest.mark.parametrize("name", DATASETS)
def test_every_set_of_the_package_is_saved_and_loads_back_the_same(file: Path, name: str) -> None:
    dataset = DATASETS[name](rng=np.random.default_rng(0))
    save_csv(dataset, file)
    assert_same(load_csv(file), dataset)


def planar() -> Dataset:
    return DATASETS["circle"](10, rng=np.random.default_rng(0))


def test_a_saved_file_reads_as_a_table(file: Path) -> None:
    dataset = Dataset(
        name="drawn",
        points=np.array([[0.5, -1.0], [2.0, 0.1]]),
        targets=np.array([-1.0, 1.0]),
        columns=("x1", "class"),
        classes=("orange", "blue"),
        task="classification",
    )
    save_csv(dataset, file)
    assert file.read_bytes() == b"x1,class,class 2\n0.5,-1.0,orange\n2.0,0.1,blue\n"


def test_saving_replaces_a_file_and_leaves_nothing_beside_it(file: Path) -> None:
    file.write_text("old")
    save_csv(planar(), file)
    assert load_csv(file).n_samples == 10
    assert [entry.name for entry in file.parent.iterdir()] == ["data.csv"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"columns": ("1", "b")}, "a column named 1 would be read as a number"),
        ({"columns": ("a", " b")}, "the name ' b' would not come back"),
        ({"columns": ("a", "")}, "the name '' would not come back"),
        ({"classes": ("a\nb", "c")}, "would not come back"),
        ({"classes": ("a" * 101, "c")}, "longer than 100 characters"),
        ({"points": [[0.0, 1.0]], "targets": [1.0]}, "room for 2 to 100,000 samples"),
        (
            {"points": np.zeros((2, 256)), "columns": tuple(f"c{place}" for place in range(256))},
            "room for 255 input columns",
        ),
        ({"classes": tuple(f"c{place}" for place in range(101))}, "room for 100 classes"),
    ],
)
def test_what_would_not_load_is_not_saved(
    file: Path, changes: dict[str, Any], expected: str
) -> None:
    fields: dict[str, Any] = {
        "name": "data",
        "points": [[0.0, 1.0], [2.0, 3.0]],
        "targets": [1.0, 1.0],
        "columns": ("a", "b"),
        "classes": ("c", "d"),
        "task": "classification",
    }
    with pytest.raises(ValueError, match=expected):
        save_csv(Dataset(**(fields | changes)), file)
    assert not file.exists()
