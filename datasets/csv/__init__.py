"""CSV files: read, checked, and written back."""
