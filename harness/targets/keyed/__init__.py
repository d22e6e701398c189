"""What stands between a user and a keyed resource: the plain code that most would write, and ours. One file a kind."""
