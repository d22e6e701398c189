"""Knows mem0: its signatures, its private tables, the stores and models under it."""
