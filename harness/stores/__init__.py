"""Real stores, one a file: how to open, empty and remove it."""
