"""What can be audited, one kind a file.

A file `name.py` here offers `open_target(wrap, wrap_async)`: an object that follows the target contract. `wrap` is a
function from client to make_memory, by which breakages take ScopedMemory's place; `wrap_async` the same for the
asynchronous client, None where there is none. What else it names, such as `page`, the proof says in small.
"""
