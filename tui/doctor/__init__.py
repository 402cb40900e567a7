"""The doctor: what would help a run, tried on copies of it."""
