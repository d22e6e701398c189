"""What a user permits an audit to do to a target."""

from dataclasses import replace

from ..base.errors import TargetError
from .contract import Target


def permitted(target: Target, *, disposable: bool | None, allow_destructive: bool) -> Target:
    """Return the target with what its user says: whether it may be wiped, and that others' records may be deleted.

    Raises TargetError where the user allows what the target forbids.
    """
    if target.never_wiped and (allow_destructive or disposable):
        option = "--allow-destructive" if allow_destructive else "--disposable"
        msg = f"{target.name} holds others' records and is never wiped: leave out {option}"
        raise TargetError(msg)
    if disposable and target.disposable is False:
        msg = f"{target.name} says `disposable = False`: if it may be wiped, say so there, or leave out --disposable"
        raise TargetError(msg)
    # Who may delete from a target may read what it says.
    said = target.disposable if disposable is None else disposable
    return replace(target, disposable=said, shows_errors=allow_destructive)
