"""What was not tried, or not enough, why, and what would let it be."""

from collections.abc import Iterator

from ..model.channels import Channel
from ..performing.contract import Target
from .generation.stages import TargetStage
from .ways_out import permission

_WRITES = (Channel.UPDATE, Channel.DELETE, Channel.DELETE_ALL)
# A store that filters behind its search fetches some hundreds first, if it is careful.
_PILED = 1000
_LET = "`disposable = True` and a `start()` on it"


def too_few(piled: int) -> Iterator[str]:
    """Yield a sentence where so many records of others are too few to push out one's own everywhere."""
    if piled < _PILED:
        yield (
            f"{piled} records of others were piled up around a user's own: a store that fetches the best of all users "
            "and then filters may hide a user's own among more; `--crowd 2000` piles up more"
        )


def left_out(target: Target, stage: TargetStage) -> Iterator[str]:
    """Yield a sentence for each thing, with the true reason: a permission, a method, or a start."""
    missing = [channel.value for channel in _WRITES if channel not in stage.available]
    if len(missing) == len(_WRITES):
        yield f"nothing was updated or deleted: the target has no {', '.join(missing[:-1])} and no {missing[-1]}"
    elif not stage.may_destroy:
        yield f"nothing was updated or deleted: the target is not disposable; {permission(target)}"
    elif missing:
        yield f"not tried: {' and '.join(missing)}; the target has no such method"
    if not target.disposable:
        let = "`disposable = true` and a `reset` in its file" if target.by_file else _LET
        yield (
            f"users came under ordinary ids alone: the target is not disposable; {let} let ids that are an attack be "
            "tried"
        )
    elif not stage.tries_hostile_ids:
        told = "no `reset` in its file" if target.by_file else "no `start()`"
        yield (
            f"users came under ordinary ids alone: the target is disposable and has {told}; with one, that opens "
            "a fresh empty world, ids that are an attack are tried"
        )
