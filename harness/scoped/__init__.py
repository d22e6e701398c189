"""The product half: the correct call is the only call."""
