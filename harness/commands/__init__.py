"""What each command does when its options are read: one file a command; `cli` parses and picks the exit code."""
