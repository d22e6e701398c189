"""`python -m memfence` is `memfence`."""

from .cli import main

main()
