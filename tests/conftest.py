"""What every test shares: the same examples in every run, and nothing in the user's folders."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator

# Textual reads it when it is imported; styles remember how they were written to a terminal first.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"

import pytest
from hypothesis import settings

# Each process of pytest would compile all tests again, and each that a test starts the package.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: some tests wait for a terminal or a thread."""
    return (os.cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    """Ends the process at once: Python would look through all that the tests have left."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def state_home() -> Iterator[None]:
    """A folder for logs, sittings, recent files and the key map, of processes tests start too."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", os.path.realpath(folder))
        patch.setenv("XDG_CONFIG_HOME", os.path.realpath(folder))
        yield
