"""From arrays to strips and strings: pure functions that need no running application."""
