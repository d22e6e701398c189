"""Embedding models that run offline, one a file, in the form that mem0's factory loads."""
