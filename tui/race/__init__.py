"""The race: several runs that go on side by side."""
