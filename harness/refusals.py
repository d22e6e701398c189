"""The ways in which a wrapper says no.

They live below the wrappers so that the executor can recognise a refusal without knowing who raised it.
"""


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


class Truncated(Exception):  # noqa: N818 - what happened, in the words of its users
    """The store refuses a page big enough to hold all records; a short list would look like a whole one."""

    def __init__(self, *, known: int, asked: int) -> None:
        """Say how many records came (`known`) and how many were asked for (`asked`)."""
        super().__init__(f"the store gave {known} records and refused a page of {asked}; there are more than it lists")


class ErasureIncomplete(Exception):  # noqa: N818 - as above
    """Records of the bound scope are still there after `delete_all`."""

    def __init__(self, *, left: int) -> None:
        """Say how many records are `left`."""
        super().__init__(f"{left} records of the bound scope are still stored after delete_all; call it again")
