"""What every test shares: hypothesis draws the same examples in every run, however slow."""

from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")
