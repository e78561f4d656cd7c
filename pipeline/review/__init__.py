"""People's edits: folded into decisions, merged with takes, read from edited files."""
