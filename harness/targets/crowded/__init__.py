"""Stores for crowds, one a file.

A file `name.py` here names its class as `STORE`: a CrowdedStore.
"""
