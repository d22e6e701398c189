"""Defects of keyed resources: files under paths, values in a cache."""
