"""Defects on the way by which an LLM extracts facts."""
