"""Does: operations to steps, in worlds of a target."""
