"""Why findings belong together: what is wrong in one place shows in many scenarios, and is told once."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from .channels import Channel
from .credential_causes import CREDENTIAL_CAUSES, through_credential
from .findings import FindingClass, FindingGroup, Severity, Verdict
from .known_causes import CHECK_USER_ID, OVERRIDDEN, STORED_CAUSES, Cause
from .pairs import Fate
from .scenario_results import ScenarioResult
from .symptoms import is_odd

__all__ = ["BY_NAME", "CAUSES", "CHECK_USER_ID", "Cause", "Found", "causes", "in_order", "is_odd", "shapes"]

Found: TypeAlias = tuple[ScenarioResult, FindingGroup]

# A credential that was attacked is told before what it opened.
CAUSES = (*CREDENTIAL_CAUSES, *STORED_CAUSES)
BY_NAME = {cause.name: cause for cause in CAUSES}
_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_WORST = (Verdict.VIOLATED, Verdict.INCONCLUSIVE, Verdict.HELD)


def causes(found: Iterable[Found]) -> list[str]:
    """Return the cause of each finding by its name; where none is known, its oracle and its channel.

    What shows under ordinary ids, by who is signed in, is no matter of ids or credentials: the same under odd ones is
    put to it. Where nothing is scoped, the same by other calls says nothing more.
    """
    listed = [(scenario, group, _cause(scenario, group)) for scenario, group in found]
    ordinary = {
        _kind(group): cause
        for _, group, cause in listed
        if not is_odd(group) and not through_credential(group) and not _is_guessed(group) and cause != OVERRIDDEN
    }
    leading = {kind: cause for kind, cause in ordinary.items() if cause in BY_NAME and BY_NAME[cause].leads}
    return [
        (ordinary if is_odd(group) or through_credential(group) else leading).get(_kind(group), cause)
        for _, group, cause in listed
    ]


def in_order(found: Iterable[Found]) -> list[tuple[str, list[Found]]]:
    """Return the findings by cause, the one to tell first at the head.

    Violations before doubts, ordinary ids before odd ones, calls that were seen to show it before others, grave ones
    before others; of one cause the shortest story.
    """
    listed = list(found)
    alike: dict[tuple[str, object], list[Found]] = {}
    for cause, pair in zip(causes(listed), listed, strict=True):
        alike.setdefault((cause, pair[1].example.verdict), []).append(pair)
    ordered = [(cause, sorted(pairs, key=_of(cause))) for (cause, _), pairs in alike.items()]
    return sorted(ordered, key=lambda one: _gravity(*one))


def shapes(found: Sequence[Found]) -> list[str]:
    """Return the odd ids under which something leaked or was destroyed: `'*'`, `'<victim> '`."""
    told = [
        shape
        for scenario in {id(scenario): scenario for scenario, _ in found}.values()
        for shape, fates in scenario.pairs.shapes.items()
        if fates and max(fates) >= Fate.LEAKED
    ]
    return list(dict.fromkeys(told or [ascii(group.example.observer.id) for _, group in found if is_odd(group)]))


def _cause(scenario: ScenarioResult, group: FindingGroup) -> str:
    told = group.example
    # A time is a matter of its own; what is seen otherwise, and was not seen again, hangs on whatever went before.
    apart = told.klass is FindingClass.TIMING or (told.klass is FindingClass.INTERFERENCE and _is_guessed(group))
    # Who is answered otherwise through a credential of its own is no matter of what others came through.
    others = told.oracle == "noninterference" and not told.observer.opens_nothing
    possible = STORED_CAUSES if others else CAUSES
    known = None if apart else next((cause.name for cause in possible if cause.shows(scenario, group)), None)
    return known or f"{group.example.oracle} by {group.example.channel}"


def _kind(group: FindingGroup) -> tuple[str, Channel]:
    return group.example.oracle, group.example.channel


def _is_guessed(group: FindingGroup) -> bool:
    return group.retold is not None and bool(group.retold.why)


def _of(cause: str) -> Callable[[Found], tuple[object, ...]]:
    best = BY_NAME[cause].scenarios if cause in BY_NAME else ()

    def key(found: Found) -> tuple[object, ...]:
        scenario, group = found
        told = group.example
        grave = told.severity in _GRAVEST[:2]
        shown = (is_odd(group), _is_guessed(group), not grave, scenario.name not in best)
        return (*shown, len(told.witness), scenario.operations)

    return key


def _gravity(cause: str, pairs: Sequence[Found]) -> tuple[object, ...]:
    groups = [group for _, group in pairs]
    first = groups[0].example
    return (
        _WORST.index(first.verdict),
        all(map(is_odd, groups)),
        not (cause in BY_NAME and BY_NAME[cause].leads),
        min(_GRAVEST.index(group.example.severity) for group in groups),
        all(map(_is_guessed, groups)),
        # What somebody was shown, before what somebody lost by it.
        first.klass is not FindingClass.LEAK,
        len(first.witness),
        pairs[0][0].operations,
    )
