"""Millions of users in one store: shards of a few thousand, done by any process, each resumed by its name."""
