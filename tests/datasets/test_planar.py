"""The planar sets follow their formulas, and noise moves only what it should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toygrad.datasets import DATASETS, Dataset, FloatArray

PLAYGROUND = ["circle", "xor", "gauss", "spiral", "plane", "multi-gauss"]
PLANAR = [*PLAYGROUND, "moons"]
POINTS_STAY = ["circle", "xor", "plane", "multi-gauss"]


def make(name: str, n_samples: int = 500, noise: float = 0.0, seed: int = 0) -> Dataset:
    return DATASETS[name](n_samples, noise=noise, rng=np.random.default_rng(seed))


def radius(points: FloatArray) -> FloatArray:
    return np.hypot(points[:, 0], points[:, 1])


@given(
    name=st.sampled_from(PLANAR),
    n_samples=st.integers(2, 60),
    noise=st.floats(0, 0.5),
    seed=st.integers(0, 99),
)
def test_every_set_has_the_requested_size_and_depends_only_on_the_seed(
    name: str, n_samples: int, noise: float, seed: int
) -> None:
    dataset = make(name, n_samples, noise, seed)
    again = make(name, n_samples, noise, seed)
    assert dataset.points.shape == (n_samples, 2)
    np.testing.assert_array_equal(dataset.points, again.points)
    np.testing.assert_array_equal(dataset.targets, again.targets)


@pytest.mark.parametrize("name", PLANAR)
def test_another_seed_gives_other_samples(name: str) -> None:
    assert not np.array_equal(
        make(name, noise=0.1, seed=1).points, make(name, noise=0.1, seed=2).points
    )


@pytest.mark.parametrize("name", POINTS_STAY)
def test_noise_changes_some_targets_and_no_input(name: str) -> None:
    clean, noisy = make(name, noise=0.0), make(name, noise=0.5)
    np.testing.assert_array_equal(clean.points, noisy.points)
    assert not np.array_equal(clean.targets, noisy.targets)


@pytest.mark.parametrize("name", ["gauss", "spiral", "moons"])
def test_noise_moves_inputs_along_fixed_directions_and_changes_no_label(name: str) -> None:
    clean, some, more = (make(name, noise=noise).points for noise in (0.0, 0.2, 0.4))
    assert not np.array_equal(clean, some)
    if name != "gauss":
        np.testing.assert_allclose(more - clean, 2 * (some - clean), atol=1e-12)
    np.testing.assert_array_equal(make(name).targets, make(name, noise=0.4).targets)


@pytest.mark.parametrize("name", PLAYGROUND)
def test_the_playground_is_seen_from_minus_six_to_six(name: str) -> None:
    dataset = make(name)
    assert dataset.domain == (-6.0, 6.0)
    assert dataset.columns == ("x1", "x2")
    np.testing.assert_array_equal(dataset.network_inputs(), dataset.points)


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "spiral", "moons"])
def test_orange_is_minus_one_and_blue_plus_one(name: str) -> None:
    dataset = make(name)
    assert dataset.classes == ("orange", "blue")
    assert set(dataset.targets.tolist()) == {-1.0, 1.0}


def test_circle_is_blue_inside_and_orange_in_the_ring() -> None:
    dataset = make("circle")
    inside = radius(dataset.points) < 2.5
    assert inside.sum() == 250
    np.testing.assert_array_equal(dataset.targets, np.where(inside, 1, -1))
    assert (radius(dataset.points)[~inside] >= 3.5).all()
    assert (radius(dataset.points) <= 5).all()


def test_xor_is_blue_where_the_signs_agree_and_keeps_off_the_axes() -> None:
    dataset = make("xor")
    assert (np.abs(dataset.points) >= 0.3).all()
    assert (np.abs(dataset.points) <= 5.3).all()
    np.testing.assert_array_equal(dataset.targets, np.sign(dataset.points.prod(axis=1)))


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.1, 1.2), (0.5, 4.0)])
def test_gauss_widens_from_variance_a_half_to_four(noise: float, variance: float) -> None:
    dataset = make("gauss", n_samples=40_000, noise=noise)
    blue = dataset.points[dataset.targets > 0]
    orange = dataset.points[dataset.targets < 0]
    assert len(blue) == 20_000
    np.testing.assert_allclose(blue.mean(axis=0), [2, 2], atol=0.06)
    np.testing.assert_allclose(orange.mean(axis=0), [-2, -2], atol=0.06)
    np.testing.assert_allclose(blue.var(axis=0), variance, rtol=0.05)


def test_spiral_winds_out_evenly_and_one_arm_is_the_other_turned_by_half() -> None:
    dataset = make("spiral")
    blue = dataset.points[dataset.targets > 0]
    orange = dataset.points[dataset.targets < 0]
    np.testing.assert_allclose(radius(blue), np.arange(250) * 5 / 250, atol=1e-12)
    np.testing.assert_allclose(blue, -orange, atol=1e-12)
    angle = 1.75 * 2 * np.pi * 100 / 250
    np.testing.assert_allclose(blue[100], [2 * np.sin(angle), 2 * np.cos(angle)])


def test_spiral_noise_is_bounded_by_its_size() -> None:
    moved = make("spiral", noise=0.3).points - make("spiral").points
    assert 0.28 < np.abs(moved).max() <= 0.3


def test_moons_lie_on_half_circles() -> None:
    dataset = DATASETS["moons"](noise=0.0, rng=np.random.default_rng(0))
    upper = dataset.points[dataset.targets < 0]
    lower = dataset.points[dataset.targets > 0]
    np.testing.assert_allclose(radius(upper), 1)
    np.testing.assert_allclose(radius(lower - [1, 0.5]), 1)
    assert (upper[:, 1] >= -1e-12).all()
    assert (lower[:, 1] <= 0.5 + 1e-12).all()
    np.testing.assert_allclose(lower[0], [0, 0.5])


def test_moons_noise_has_the_deviation_asked_for() -> None:
    moved = make("moons", 20_000, noise=0.2).points - make("moons", 20_000).points
    assert moved.std() == pytest.approx(0.2, rel=0.02)
    assert make("moons").domain == (-2.5, 3.5)


def test_plane_is_the_sum_over_ten_and_not_clamped() -> None:
    dataset = make("plane", 1200)
    np.testing.assert_allclose(dataset.targets, dataset.points.sum(axis=1) / 10)
    assert np.abs(dataset.points).max() > 5.9
    assert dataset.targets.max() > 1


def test_plane_noise_is_bounded_by_its_formula() -> None:
    moved = make("plane", 5000, noise=0.5).targets - make("plane", 5000).targets
    assert 0.5 < np.abs(moved).max() <= 0.6


def bump(x: float, y: float) -> float:
    """The formula of multi-gauss one bump after the other."""
    best = 0.0
    for centre_x, centre_y, sign in [
        (-4, 2.5, 1),
        (0, 2.5, -1),
        (4, 2.5, 1),
        (-4, -2.5, -1),
        (0, -2.5, 1),
        (4, -2.5, -1),
    ]:
        distance = np.hypot(x - centre_x, y - centre_y)
        value = sign * min(max(1 - distance / 2, 0.0), 1.0)
        best = value if abs(value) > abs(best) else best
    return best


def test_multi_gauss_is_the_largest_of_six_bumps() -> None:
    dataset = make("multi-gauss", 1200)
    expected = [bump(x, y) for x, y in dataset.points.tolist()]
    np.testing.assert_allclose(dataset.targets, expected, atol=1e-12)
    assert dataset.targets.max() > 0.8
    assert dataset.targets.min() < -0.8
    assert (dataset.targets == 0).any()


@pytest.mark.parametrize(
    ("name", "blue", "orange"), [("gauss", 3, 4), ("spiral", 3, 4), ("circle", 3, 4)]
)
def test_an_odd_number_gives_the_second_half_the_odd_sample(
    name: str, blue: int, orange: int
) -> None:
    targets = make(name, 7).targets
    assert ((targets > 0).sum(), (targets < 0).sum()) == (blue, orange)
