"""What can be taken out of a run, to be used without the application."""
