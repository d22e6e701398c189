"""Defects in what stands between a user and mem0."""
