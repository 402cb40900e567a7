"""Iris and digits are the published tables, whole or a part of them."""

import numpy as np
import pytest

from toygrad.datasets import Dataset
from toygrad.datasets.tables import digits, iris


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_iris_has_the_published_means_and_fifty_flowers_a_species() -> None:
    dataset = iris(rng=rng())
    assert dataset.points.shape == (150, 4)
    np.testing.assert_allclose(dataset.points.mean(axis=0), [5.843, 3.057, 3.758, 1.199], atol=1e-3)
    np.testing.assert_array_equal(np.bincount(dataset.labels), [50, 50, 50])
    assert dataset.classes == ("setosa", "versicolor", "virginica")
    assert dataset.columns == ("sepal length", "sepal width", "petal length", "petal width")


def test_iris_rows_35_and_38_are_fishers() -> None:
    points = iris(rng=rng()).points
    assert points[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert points[37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_iris_is_standardised_for_the_network() -> None:
    inputs = iris(rng=rng()).network_inputs()
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(inputs.std(axis=0), 1)


def test_digits_has_the_published_number_of_each_digit() -> None:
    dataset = digits(rng=rng())
    assert dataset.points.shape == (1797, 64)
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    np.testing.assert_array_equal(np.bincount(dataset.labels), counts)
    assert dataset.classes == tuple("0123456789")
    assert dataset.columns[0] == "pixel 0,0"
    assert dataset.columns[-1] == "pixel 7,7"


def test_the_network_sees_digits_from_zero_to_one() -> None:
    dataset = digits(rng=rng())
    assert (dataset.points.min(), dataset.points.max()) == (0, 16)
    inputs = dataset.network_inputs()
    assert (inputs.min(), inputs.max()) == (0, 1)


def test_the_first_digit_is_drawn_as_a_zero() -> None:
    image = digits(rng=rng()).points[0].reshape(8, 8)
    assert image[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert image[:, 2].argmin() == 7 or image[3:5, 3:5].sum() == 0


def rows_of(dataset: Dataset) -> set[tuple[float, ...]]:
    return {(*point, target) for point, target in zip(dataset.points, dataset.targets, strict=True)}


def test_a_subset_is_drawn_at_random_and_scaled_like_the_whole() -> None:
    whole, part = digits(rng=rng()), digits(100, rng=rng())
    assert part.n_samples == 100
    assert len(rows_of(part)) == 100
    assert rows_of(part) <= rows_of(whole)
    assert not np.array_equal(part.points, digits(100, rng=rng(1)).points)
    np.testing.assert_array_equal(iris(30, rng=rng()).input_scale, iris(rng=rng()).input_scale)


def test_noise_is_a_fraction_of_each_columns_deviation() -> None:
    clean, noisy = iris(rng=rng()), iris(noise=0.5, rng=rng())
    moved = (noisy.points - clean.points).std(axis=0)
    np.testing.assert_allclose(moved, 0.5 * clean.points.std(axis=0), rtol=0.2)
    np.testing.assert_array_equal(noisy.targets, clean.targets)


def test_noise_leaves_a_pixel_that_never_changes_alone() -> None:
    assert (digits(noise=0.5, rng=rng()).points[:, 0] == 0).all()


def test_moving_the_noise_takes_the_same_rows() -> None:
    clean, noisy = digits(50, rng=rng()), digits(50, noise=0.2, rng=rng())
    np.testing.assert_array_equal(clean.targets, noisy.targets)


def test_more_rows_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 2 to 150, not 151"):
        iris(151, rng=rng())
