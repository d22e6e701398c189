"""The harness failed. Never: the target leaked."""

import difflib
from collections.abc import Iterable

from .masking import masked


class HarnessError(Exception):
    """The audit could not be set up or carried on; the command line exits with 2."""

    def __str__(self) -> str:
        """Return what went wrong; what a stranger's error said in it of keys and passwords is masked."""
        return masked(super().__str__())


class UnknownNameError(HarnessError):
    """A name that the user gave is not one of the choices."""

    def __init__(self, name: str, *, kind: str, choices: Iterable[str]) -> None:
        """Say which choice is nearest, or which there are: `unknown scenario 'x'; choose from a, b`."""
        super().__init__(f"unknown {kind} {name!r}; {nearest(name, choices)}")


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return the end of a sentence that helps with an unknown name: `did you mean 'users'?`."""
    known = sorted(choices)
    close = difflib.get_close_matches(str(name), known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}"


class Spent(BaseException):
    """The target has said that nothing further may be begun; the campaign ends in order.

    No Exception, so that it passes by all that tells a refusal from a crash.
    """


class TargetError(HarnessError):
    """The target could not be imported, built or started; carries the user's own error in one line."""
