"""Real stores under mem0, one a file.

A file `name.py` here offers `open_store(url)`, a Store that has opened nothing yet: `url` is the address of a server of
the user's, None where it needs none or where we start our own.
"""
