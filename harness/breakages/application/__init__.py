"""Defects in the application around the memory."""
