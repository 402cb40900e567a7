"""Everything that uses or replaces private parts of Textual."""
