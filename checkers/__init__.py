"""The rules: each one looks for one kind of harm in a drafted claim, and says what it saw."""
