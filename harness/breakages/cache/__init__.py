"""Defects in a cache before the store."""
