"""Defects in the store itself."""
