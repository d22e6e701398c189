"""Generated histories: alone knows Hypothesis."""
