"""Attacks, one per file: `name.py` holds the scenario `name`."""
