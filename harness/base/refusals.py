"""The ways in which a wrapper says no.

They live below the wrappers so that the executor can recognise a refusal without knowing who raised it.
"""

from collections.abc import Iterable


class ScopeError(ValueError):
    """The call names a scope of its own, or an id that cannot be one; nothing was sent to the store."""


class RecordNotFoundError(LookupError):
    """No record of this id in the bound scope: unknown and foreign ids get this same answer."""

    def __init__(self) -> None:
        """Take no id: a message that varied with it could tell foreign from unknown."""
        super().__init__("no record of this id in the bound scope")


class IsolationError(Exception):
    """The store answered with a record that is not labelled with the bound scope; nothing of it is passed on."""

    def __init__(self, operation: str) -> None:
        """Name the operation alone: the foreign record's content stays out of messages and logs."""
        super().__init__(
            f"{operation}: the store answered with a record outside the bound scope; "
            "the whole reply was withheld. Check what stands between ScopedMemory and the store."
        )


class UnexpectedReplyError(Exception):
    """The client's reply is none of mem0's: to take it for an empty one would be a lie."""

    def __init__(self, kind: str) -> None:
        """Name the reply's type alone: its content may be anybody's."""
        super().__init__(f"the client answered with a {kind} where mem0 gives records; is it a mem0 client?")


class Truncated(Exception):  # noqa: N818 - what happened, in the words of its users
    """The store gives no page big enough to hold all records; a short list would look like a whole one."""

    def __init__(self, *, known: int, asked: int, answer: str) -> None:
        """Say how many records came (`known`), how many were `asked` for next, and what the `answer` was."""
        super().__init__(f"the store gave {known} records, and asked for {asked} gave {answer}: there may be more")


class ErasureIncomplete(Exception):  # noqa: N818 - as above
    """Something of the bound scope may still be there after `delete_all`."""

    def __init__(self, left: Iterable[str] | None) -> None:
        """Say what is `left`, such as `3 rows of history`; None where that cannot be verified."""
        if left is None:
            super().__init__(
                "the records were deleted, but erasure cannot be verified on this client: its history and messages "
                "are out of reach; pass verify=False to take its word"
            )
        else:
            super().__init__(f"after delete_all these are still stored: {', '.join(left)}; call it again")


class KeyNotFoundError(KeyError):
    """Nothing is stored under this key in the bound scope: an unknown key and a foreign one get this same answer."""

    def __init__(self) -> None:
        """Take no key: as for a record, the message is the same for every one."""
        super().__init__("nothing is stored under this key in the bound scope")

    def __str__(self) -> str:
        """Return the message as it is: a KeyError puts it in quotes."""
        return str(self.args[0])


class FileMissingError(KeyNotFoundError, FileNotFoundError):
    """The key has no file in the bound scope: a KeyError as for other resources, and a FileNotFoundError."""


class SessionEnded(PermissionError):  # noqa: N818 - as above
    """No session is open under this token: unknown, altered, ended and expired ones get this same answer."""

    def __init__(self) -> None:
        """Take no token: the message is the same for every one, and a token belongs in no log."""
        super().__init__("no session is open under this token: sign in again")
